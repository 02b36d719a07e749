import path from 'node:path';
import * as vscode from 'vscode';
import { Choices } from '../../src/extension/golden/choices';
import { FolderSets } from '../../src/extension/golden/folderSets';
import { GoldenDocuments } from '../../src/extension/golden/goldenDocuments';
import { Reader } from '../../src/extension/golden/reader';
import { ROOT } from '../unit/support/fixtures';

/** The reading part of the extension, apart from the one that VS Code runs. */
export function documentsForTest(): GoldenDocuments {
  const memory = new Map<string, unknown>();
  const memento = { keys: () => [...memory.keys()], get: (key: string, value?: unknown) => memory.get(key) ?? value, update: (key: string, value: unknown) => Promise.resolve(void memory.set(key, value)) } as vscode.Memento;
  const log = vscode.window.createOutputChannel('TileScope test', { log: true });
  const reader = new Reader(path.join(ROOT, 'dist/reader.js'), log);
  return new GoldenDocuments(new FolderSets(reader, log), new Choices(memento), reader, log);
}

/** What `probe` gives once it gives something, or undefined after ten seconds. */
export async function waitFor<T>(probe: () => T | undefined | false | Promise<T | undefined | false>): Promise<T | undefined> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

/** TileScope's diagnostics of a file whose rule is this. */
export function findingsOf(file: string, rule: string): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(vscode.Uri.file(file)).filter(({ source, code }) => source === 'TileScope' && (typeof code === 'object' ? code.value : code) === rule);
}
