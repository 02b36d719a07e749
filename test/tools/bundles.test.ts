import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
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

  it('no program starts with the schema of tilescope.json', () => {
    for (const name of ['extension.js', 'worker.js', 'cli.js']) assert.ok(!bundle(name).includes('Clipping threshold'), name);
    assert.ok(bundle('configValidator.js').includes('Clipping threshold'));
  });
});
