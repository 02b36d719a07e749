import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { NamedFile } from '../../check/present/discoverPairs';
import { pairsIn } from '../../check/present/discoverPairs';
import { WORD_ENDINGS, isDumpName } from '../../vectors/fileNames';
import { textShape } from '../../vectors/textShape';

const EXCLUDED = '**/{node_modules,.git,.vscode-test,dist}/**';
const MOST_FILES = 2000;
/** Larger files are compared when somebody asks. */
const MOST_BYTES = 2 ** 20;

/**
 * Dumps that stand beside the one golden file of their kind, tile and size. Cautious: a test that nobody asked for must not fail by mistake.
 * @param covered dumps that a configuration names
 */
export async function discoverPairs(covered: ReadonlySet<string>): Promise<{ golden: string; dump: string }[]> {
  const found = (await vscode.workspace.findFiles(`**/*.{${WORD_ENDINGS.join(',')}}`, EXCLUDED, MOST_FILES)).map(({ fsPath }) => fsPath);
  const byFolder = new Map<string, string[]>();
  for (const file of found) byFolder.set(path.dirname(file), [...(byFolder.get(path.dirname(file)) ?? []), path.basename(file)]);
  const pairs: { golden: string; dump: string }[] = [];
  for (const [folder, names] of byFolder) {
    if (!names.some((name) => isDumpName(name) && !covered.has(path.join(folder, name)))) continue;
    const files = await Promise.all(names.map((name) => sized(folder, name)));
    for (const { golden, dump } of pairsIn(files.filter((file) => file !== undefined))) {
      if (!covered.has(path.join(folder, dump))) pairs.push({ golden: path.join(folder, golden), dump: path.join(folder, dump) });
    }
  }
  return pairs.sort((a, b) => a.dump.localeCompare(b.dump, 'en', { numeric: true }));
}

async function sized(folder: string, name: string): Promise<NamedFile | undefined> {
  const file = path.join(folder, name);
  try {
    if ((await fs.stat(file)).size > MOST_BYTES) return undefined;
    return { name, lines: textShape(await fs.readFile(file, 'utf8')).dataLines.length };
  } catch (error) {
    // It went away between listing and reading: the next look will tell
    if (typeof error === 'object' && error !== null && 'code' in error) return undefined;
    throw error;
  }
}
