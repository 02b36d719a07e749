import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { ROOT } from '../unit/support/fixtures';
import { removeTestFolders, testFolder } from '../unit/support/workspace';

/** How every WebAssembly module begins, in base64. */
const MODULE = 'AGFzbQ';

function bundle(name: string): string {
  return fs.readFileSync(path.join(ROOT, 'dist', name), 'utf8');
}

describe('bundles', () => {
  after(removeTestFolders);

  it('the bundle of the extension host holds no kernel', () => {
    assert.ok(!bundle('extension.js').includes(MODULE), 'src/extension computes nothing: find the import that brings the kernel in');
  });

  it('the processes that compute hold one', () => {
    for (const name of ['worker.js', 'cli.js', 'reader.js']) assert.ok(bundle(name).includes(MODULE), name);
  });

  it('the bundle of the extension host takes the names of VS Code once, however many of its files import them', () => {
    let taken = 0;
    const code = bundle('extension.js');
    const names = [...new Set([...code.matchAll(/\bvscode\d*\.(\w+)/g)].map(([, name]) => name!))];
    const any: object = new Proxy(function () { return undefined; }, { get: (target, key) => (key === 'prototype' ? (Reflect.get(target, key) as object) : any), apply: () => any, construct: () => ({}) });
    const vscode = new Proxy(Object.fromEntries(names.map((name) => [name, any])), {
      ownKeys: (target) => {
        taken++;
        return Reflect.ownKeys(target);
      },
      get: () => any,
    });
    const module = { exports: {} };
    const loaded = createRequire(path.join(ROOT, 'dist/extension.js'));
    const run = compileFunction(code, ['require', 'module', 'exports', '__dirname']) as (...given: unknown[]) => void;
    run((name: string) => (name === 'vscode' ? vscode : (loaded(name) as unknown)), module, module.exports, path.join(ROOT, 'dist'));
    assert.ok('activate' in module.exports);
    assert.equal(taken, 1);
  });

  it('a comparison of files starts without processes, sockets and digests', () => {
    const folder = testFolder();
    for (const name of ['psum.txt', 'psum_dump.txt']) folder.write(name, `${'0000000000000101'.repeat(8)}\n`.repeat(9));
    const listed = folder.write('list.cjs', `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(folder.file('modules.json'))}, JSON.stringify(process.moduleLoadList)));`);
    // A pipe would be a socket
    execFileSync(process.execPath, ['--require', listed, path.join(ROOT, 'dist/cli.js'), 'check', 'psum.txt', 'psum_dump.txt'], { cwd: folder.path, stdio: 'ignore' });
    const loaded = JSON.parse(folder.read('modules.json')) as string[];
    assert.ok(loaded.includes('NativeModule fs'));
    assert.deepEqual(loaded.filter((name) => /^NativeModule (?:child_process|net|dgram|crypto)$/.test(name)), []);
  });

  it('no program starts with the schema of tilescope.json', () => {
    for (const name of ['extension.js', 'worker.js', 'cli.js']) assert.ok(!bundle(name).includes('Clipping threshold'), name);
    assert.ok(bundle('configValidator.js').includes('Clipping threshold'));
  });
});
