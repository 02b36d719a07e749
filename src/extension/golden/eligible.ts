import type * as vscode from 'vscode';

/** Endings of files that may be golden files. */
const ENDINGS = /\.(?:txt|mem|memb|memh|hex|dat|list)$/i;
export const GOLDEN_GLOB = '**/*.{txt,mem,memb,memh,hex,dat,list}';
/** The documents that providers are asked for; which of them are golden files their content decides. */
export const GOLDEN_SELECTOR: vscode.DocumentSelector = { pattern: GOLDEN_GLOB };

/** VS Code itself stops colouring there, and a file beyond it is no longer read as a whole. */
const MOST_LINES = 300_000;
const MOST_CHARACTERS = 20_000_000;

export function isGoldenName(path: string): boolean {
  return ENDINGS.test(path);
}

/** Could this document be a golden file, going by its name and size? A quiet no for everything else. */
export function isEligible(document: vscode.TextDocument): boolean {
  if (document.isClosed || !isGoldenName(document.uri.path) || !['file', 'vscode-remote', 'vscode-vfs'].includes(document.uri.scheme)) return false;
  if (/\.txt$/i.test(document.uri.path) && document.languageId !== 'plaintext') return false;
  if (document.lineCount === 0 || document.lineCount > MOST_LINES) return false;
  return document.offsetAt(document.lineAt(document.lineCount - 1).range.end) <= MOST_CHARACTERS;
}
