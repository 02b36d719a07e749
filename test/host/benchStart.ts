// How long VS Code waits for the extension, by VS Code's own clock: node out/test/host/benchStart.js [windows]
// Opens windows on a folder without golden files, where it must not start at all, and on one with a golden file; prints each figure
// of "Developer: Show Running Extensions" and the median.
import fs from 'node:fs';
import path from 'node:path';
import { testFolder } from '../unit/support/workspace';
import { writeFigures } from './figures';
import { ROOT } from './paths';
import { Window } from './window';
import type { Workbench } from './workbench';

const REST_MS = 4000;
const ROW = '.runtime-extensions-editor .monaco-list-row';
const NAME = /\bTileScope\b/;
const FIGURE = /Activation: (\d+)ms/;

async function main(windows: number): Promise<void> {
  const window = await Window.start();
  try {
    const other = testFolder();
    other.write('main.c', 'int main(void) { return 0; }\n');
    other.write('notes.txt', 'psum: to be written\n');
    const idle = await window.open(other.path, 'main.c');
    await idle.page.waitForTimeout(REST_MS);
    if ((await running(idle)).some((row) => NAME.test(row))) throw new Error('The extension starts without any file of its own.');
    await idle.page.close();
    const folder = testFolder();
    fs.copyFileSync(path.join(ROOT, 'test/fixtures/check/psum.txt'), folder.file('psum.txt'));
    const figures: number[] = [];
    for (let i = 0; i < windows; i++) figures.push(await activation(await window.open(folder.path)));
    const sorted = [...figures].sort((a, b) => a - b);
    writeFigures('start', { activation: figures });
    console.log('Without a file of its own open: not started.');
    console.log(`A golden file is opened: activation takes ${figures.join(', ')} ms; median ${sorted[Math.floor(sorted.length / 2)]!} ms, best ${sorted[0]!} ms.`);
  } finally {
    await window.stop();
  }
}

async function activation(workbench: Workbench): Promise<number> {
  await workbench.openFile('psum.txt');
  await workbench.page.locator('.part.statusbar .statusbar-item', { hasText: 'int16' }).first().waitFor();
  const row = (await running(workbench)).find((text) => NAME.test(text));
  const figure = FIGURE.exec(row ?? '')?.[1];
  if (figure === undefined) throw new Error(`VS Code gives no activation time: ${row ?? 'the extension is not running'}`);
  await workbench.page.close();
  return Number(figure);
}

async function running(workbench: Workbench): Promise<string[]> {
  await workbench.runCommand('Developer: Show Running Extensions');
  await workbench.page.locator(ROW).first().waitFor();
  const rows = await workbench.page.locator(ROW).allInnerTexts();
  return rows.map((row) => row.replaceAll('\n', ' '));
}

main(Number(process.argv[2] ?? 5)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
