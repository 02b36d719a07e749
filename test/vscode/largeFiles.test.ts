import assert from 'node:assert/strict';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { Choices } from '../../src/extension/golden/choices';
import { LargeDocument } from '../../src/extension/pages/largeDocument';
import type { PagesAnswer, PagesQuestion } from '../../src/protocol/pages';
import { ROOT } from '../unit/support/fixtures';
import { HEADER_LINES, writePsums, writeSparse } from '../unit/support/largeFiles';
import { removeTestFolders, testFolder } from '../unit/support/workspace';
import { waitFor } from './support';

const TEN_GIGABYTES = 10 * 2 ** 30;

function documentOf(file: string): LargeDocument {
  const memento = { keys: () => [], get: (_: string, value?: unknown) => value, update: () => Promise.resolve() } as vscode.Memento;
  return new LargeDocument(vscode.Uri.file(file), path.join(ROOT, 'dist/pages.js'), new Choices(memento), vscode.window.createOutputChannel('TileScope test', { log: true }));
}

async function ask<T extends PagesAnswer['type']>(document: LargeDocument, question: PagesQuestion, type: T): Promise<Extract<PagesAnswer, { type: T }>> {
  const answer = await document.ask(question).answer;
  assert.equal(answer.type, type);
  return answer as Extract<PagesAnswer, { type: T }>;
}

function activeViewer(): vscode.TabInputCustom | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom && input.viewType === 'tilescope.largeFile' ? input : undefined;
}

const megabytes = (): number => Math.round(process.memoryUsage().rss / 2 ** 20);

describe('VS Code: large files', function () {
  this.timeout(120_000);
  after(removeTestFolders);
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('10 GB of which only the ends were written: first rows, the hole, the end, the memory it takes', async () => {
    const file = testFolder().file('psum.txt');
    const { lines } = writeSparse(file, TEN_GIGABYTES);
    const before = megabytes();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const started = performance.now();
    const document = documentOf(file);
    const { info, rows } = await document.opened;
    const opened = performance.now() - started;
    assert.deepEqual([info.lines, info.regular, rows[HEADER_LINES]!.words!.length], [lines, true, 24]);
    const times: number[] = [];
    for (let step = 0; step < 100; step++) {
      const start = performance.now();
      const from = Math.floor((step * (lines - 128)) / 100);
      assert.equal((await ask(document, { type: 'rows', from, count: 128 }, 'rows')).rows.length, 128);
      times.push(performance.now() - start);
    }
    const hole = await ask(document, { type: 'rows', from: Math.floor(lines / 2), count: 3 }, 'rows');
    assert.deepEqual(hole.rows.map(({ note, text, values }) => [note, text, values]), [1, 2, 3].map(() => ['unreadable', '', undefined]));
    const end = await ask(document, { type: 'rows', from: lines - 2, count: 9 }, 'rows');
    assert.equal(end.rows.length, 2);
    assert.ok(end.rows.every(({ values }) => values !== undefined));
    delay.disable();
    times.sort((a, b) => a - b);
    console.log(`10 GB: first 128 rows after ${opened.toFixed(0)} ms; 128 rows anywhere: median ${times[50]!.toFixed(1)} ms, worst ${times.at(-1)!.toFixed(1)} ms; extension host ${before} MB before, ${megabytes()} MB now, blocked ${(delay.max / 1e6).toFixed(0)} ms at most`);
    document.dispose();
  });

  it('200 MB of psums: regular, and the coordinates of its last word', async () => {
    const file = testFolder().file('psum.txt');
    const count = 1_600_000;
    writePsums(file, count);
    const before = megabytes();
    const started = performance.now();
    const document = documentOf(file);
    const { info } = await document.opened;
    const opened = performance.now() - started;
    assert.deepEqual([info.lines, info.regular], [count + HEADER_LINES, true]);
    const known = await waitFor(() => document.latest !== undefined && document.latest.checked === document.latest.size);
    console.log(`200 MB: first 128 rows after ${opened.toFixed(0)} ms, all lines looked at ${known === true ? `after ${(performance.now() - started).toFixed(0)} ms` : 'later than 10 s'}; extension host ${before} MB before, ${megabytes()} MB now`);
    document.dispose();
  });

  it('the viewer opens a file by command, and a file that changes is opened again', async () => {
    const folder = testFolder();
    const file = folder.file('psum.txt');
    writePsums(file, 900);
    await vscode.commands.executeCommand('tilescope.openLargeFile', vscode.Uri.file(file));
    assert.equal((await waitFor(activeViewer))?.uri.fsPath, file);
    await vscode.commands.executeCommand('tilescope.goToCoordinate', 'kij 3 nij 2');
    const document = documentOf(file);
    assert.equal((await document.opened).info.lines, 900 + HEADER_LINES);
    const changed = new Promise<void>((resolve) => { document.onDidChange(resolve); });
    writePsums(file, 300);
    await changed;
    assert.equal((await document.opened).info.lines, 300 + HEADER_LINES);
    document.dispose();
  });

  it('a file that is not there is a problem, and the thread goes on', async () => {
    const folder = testFolder();
    const document = documentOf(folder.file('none.txt'));
    await assert.rejects(document.opened, /does not exist/);
    document.dispose();
  });
});
