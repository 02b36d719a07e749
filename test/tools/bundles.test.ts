import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { ROOT } from '../unit/support/fixtures';

/** How every WebAssembly module begins, in base64. */
const MODULE = 'AGFzbQ';

function bundle(name: string): string {
  return fs.readFileSync(path.join(ROOT, 'dist', name), 'utf8');
}

describe('bundles', () => {
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

  it('no program starts with the schema of tilescope.json', () => {
    for (const name of ['extension.js', 'worker.js', 'cli.js']) assert.ok(!bundle(name).includes('Clipping threshold'), name);
    assert.ok(bundle('configValidator.js').includes('Clipping threshold'));
  });
});
