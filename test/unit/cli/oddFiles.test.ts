import assert from 'node:assert/strict';
import fs from 'node:fs';
import { runDecode } from '../../../src/cli/decode';
import { runLint } from '../../../src/cli/lint';
import { ODD_FILES, PSUM, randomBytes } from '../support/oddFiles';
import type { TestFolder } from '../support/workspace';
import { ORT_SCRIPT, removeTestFolders, testFolder } from '../support/workspace';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(folder: TestFolder, command: 'decode' | 'lint', name: string): Promise<Outcome> {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = { out: (text: string) => out.push(text), err: (text: string) => err.push(text), signal: new AbortController().signal, cwd: folder.path, ortScript: ORT_SCRIPT };
  const code = command === 'lint' ? await runLint(terminal, { paths: [name], json: false, verbose: false }) : await runDecode(terminal, { file: name, json: false, csv: false, verbose: false });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** A result, findings, or a message that says what to do: never a failure of TileScope itself. */
async function endsWell(folder: TestFolder, name: string): Promise<void> {
  for (const command of ['decode', 'lint'] as const) {
    const { code, out, err } = await run(folder, command, name);
    assert.ok([0, 1, 2].includes(code), `${command}: ${code} ${err}`);
    assert.equal(err === '', code < 2, err);
    assert.ok(code < 2 ? out !== '' : /Next: .*\[(?:usage|text-format)\]/.test(err), err);
  }
}

describe('odd files on the command line', () => {
  after(removeTestFolders);

  for (const [what, bytes] of Object.entries(ODD_FILES)) {
    it(what, async () => {
      const folder = testFolder();
      fs.writeFileSync(folder.file('psum.txt'), bytes);
      await endsWell(folder, 'psum.txt');
    });
  }

  it('random bytes', async () => {
    const folder = testFolder();
    for (let seed = 1; seed <= 40; seed++) {
      fs.writeFileSync(folder.file('psum.txt'), randomBytes(seed, 1 + seed * 97));
      await endsWell(folder, 'psum.txt');
    }
  });

  it('a file cut off anywhere', async () => {
    const folder = testFolder();
    for (let length = 1; length < PSUM.length; length += 101) {
      folder.write('psum.txt', PSUM.slice(0, length));
      await endsWell(folder, 'psum.txt');
    }
  });

  it('a folder named like a file', async () => {
    const folder = testFolder();
    folder.write('x.txt/psum.txt', PSUM);
    assert.match((await run(folder, 'decode', 'x.txt')).err, /x\.txt is a folder, not a file\. Next: Check the path\./);
    assert.deepEqual(await run(folder, 'lint', 'x.txt'), { code: 0, out: '1 file: nothing found.', err: '' });
  });

  it('300 MB in one line: too large, and said so before it is read', async () => {
    const folder = testFolder();
    folder.write('psum.txt', '');
    // Takes no room on the disk
    fs.truncateSync(folder.file('psum.txt'), 300 * 2 ** 20);
    const before = process.memoryUsage().rss;
    assert.match((await run(folder, 'decode', 'psum.txt')).err, /psum\.txt is larger than 64 MB\. Next: Cut out the part that you want to see\./);
    assert.match((await run(folder, 'lint', 'psum.txt')).out, /psum\.txt: not looked at, because it is larger than 64 MB\./);
    assert.ok(process.memoryUsage().rss - before < 150 * 2 ** 20);
  });

  it('60 MB in one line is no table of words', async () => {
    const folder = testFolder();
    fs.writeFileSync(folder.file('psum.txt'), Buffer.alloc(60 * 2 ** 20, '0'));
    assert.match((await run(folder, 'decode', 'psum.txt')).err, /A line has more than 65536 characters: it is a stream/);
  });
});
