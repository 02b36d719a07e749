import assert from 'node:assert/strict';
import type { StampedFile } from '../../../src/extension/golden/folderReadings';
import { FolderReadings } from '../../../src/extension/golden/folderReadings';
import { GivenUp, ReaderFailed } from '../../../src/extension/golden/reader';
import type { FileData, FilePath } from '../../../src/protocol/reading';

const file = (name: string, stamp = '1'): StampedFile => ({ path: `/set/${name}`, name, stamp });
const FILES = ['a', 'b', 'hard', 'z'].map((name) => file(name));
const data = (one: FilePath): FileData => ({ ...one, text: '', digest: '', form: '', candidates: [] });

/** A thread that ends over some sets of files, and what it was asked. */
function readings(fails: (names: string) => boolean | Error): { folders: FolderReadings; asked: string[]; warnings: string[] } {
  const asked: string[] = [];
  const warnings: string[] = [];
  const ask = ({ files }: { files: readonly FilePath[] }): Promise<{ files: FileData[] }> => {
    const names = files.map(({ name }) => name).join('');
    asked.push(names);
    const failed = fails(names);
    if (failed !== false) return Promise.reject(failed === true ? new ReaderFailed('30 s') : failed);
    return Promise.resolve({ files: files.map(data) });
  };
  return { folders: new FolderReadings(ask, { warn: (message: string) => warnings.push(message) }), asked, warnings };
}

const namesOf = (files: readonly FileData[]): string => files.map(({ name }) => name).join('');

describe('the files of a folder, read together or alone', () => {
  it('one file that ends the thread costs its neighbours nothing, and is asked about once until it changes', async () => {
    const { folders, asked, warnings } = readings((names) => names.includes('hard'));
    assert.equal(namesOf(await folders.read('/set', FILES, true)), 'abz');
    assert.deepEqual(asked.splice(0), ['abhardz', 'a', 'b', 'hard', 'z', 'abz']);
    assert.equal(warnings.length, 2);
    assert.match(warnings[1]!, /\/set\/hard/);
    assert.equal(namesOf(await folders.read('/set', FILES, true)), 'abz');
    assert.equal(namesOf(await folders.read('/set', [...FILES, file('new')], true)), 'abznew');
    assert.deepEqual(asked.splice(0), ['abz', 'abznew']);
    await folders.read('/set', FILES.with(2, file('hard', '2')), true);
    assert.equal(asked[0], 'abhardz');
  });

  it('files that only together take too long are read alone, and not together again until one of them changes', async () => {
    const { folders, asked } = readings((names) => names.length > 4);
    assert.equal(namesOf(await folders.read('/set', FILES, true)), 'abhardz');
    assert.deepEqual(asked.splice(0), ['abhardz', 'a', 'b', 'hard', 'z']);
    assert.equal(namesOf(await folders.read('/set', FILES, true)), 'abhardz');
    assert.deepEqual(asked, []);
    await folders.read('/set', FILES.with(0, file('a', '2')), true);
    assert.deepEqual(asked, ['abhardz', 'a']);
  });

  it('a question that is given up is no failure, and a folder without files is no question', async () => {
    const { folders, asked, warnings } = readings(() => new GivenUp());
    assert.deepEqual(await folders.read('/set', FILES, true), []);
    assert.deepEqual(await folders.read('/set', FILES, true), []);
    assert.deepEqual(await folders.read('/empty', [], true), []);
    assert.deepEqual([asked, warnings], [['abhardz', 'abhardz'], []]);
  });
});
