import type * as vscode from 'vscode';

/** Endings of files that may be golden files. */
const ENDINGS = /\.(?:txt|mem|memb|memh|hex|dat|list)$/i;
export const GOLDEN_GLOB = '**/*.{txt,mem,memb,memh,hex,dat,list}';
/** The documents that providers are asked for; which of them are golden files their content decides. */
export const GOLDEN_SELECTOR: vscode.DocumentSelector = { pattern: GOLDEN_GLOB };

export function isGoldenName(path: string): boolean {
  return ENDINGS.test(path);
}

/**
 * Could this document be a golden file, going by its name? A quiet no for everything else. Size is no matter: VS Code itself keeps files of
 * more than 50 MB from extensions.
 */
export function isEligible(document: vscode.TextDocument): boolean {
  if (document.isClosed || !isGoldenName(document.uri.path) || !['file', 'vscode-remote', 'vscode-vfs'].includes(document.uri.scheme)) return false;
  return !/\.txt$/i.test(document.uri.path) || document.languageId === 'plaintext';
}
