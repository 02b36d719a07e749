import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
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
