import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parseConfig } from '../../../../src/project/config';
import { findEntries } from '../../../../src/project/entry';
import { generate } from '../../../../src/project/generate';
import { openSubject } from '../../../../src/project/inspect/openSubject';
import { ROOT } from '../../support/fixtures';
import { ORT_SCRIPT, removeTestFolders, testFolder } from '../../support/workspace';

describe('a set of a workspace that is not trusted', () => {
  after(removeTestFolders);

  it('is read from its files: the model that its configuration names is not run', async () => {
    const folder = testFolder();
    for (const name of ['tilescope.json', 'model.onnx', 'images.npy']) fs.copyFileSync(path.join(ROOT, 'examples/digits', name), folder.file(name));
    const { config } = parseConfig(fs.readFileSync(folder.file('tilescope.json'), 'utf8'), folder.file('tilescope.json'));
    await generate(findEntries(config!, ['conv5'])[0]!, { ortScript: ORT_SCRIPT });
    const subject = { type: 'set', folder: folder.file('golden/conv5') } as const;
    // A script that is not there: whoever wants to run the model fails
    const careful = await openSubject({ ...subject, filesOnly: true }, { ortScript: folder.file('none.js') });
    assert.ok(careful.notes.some((note) => /captured from a model, which is not run here/.test(note)), careful.notes.join('\n'));
    const full = await openSubject(subject, { ortScript: ORT_SCRIPT });
    assert.ok(!full.notes.some((note) => /not run here/.test(note)));
    assert.deepEqual([careful.mapping.tiling.icTiles, careful.mapping.conv.kijCount, careful.weightTiles], [full.mapping.tiling.icTiles, full.mapping.conv.kijCount, full.weightTiles]);
  });
});
