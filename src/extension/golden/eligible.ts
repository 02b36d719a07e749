import type * as vscode from 'vscode';
import { GOLDEN_ENDINGS, isGoldenName } from '../../vectors/fileNames';

export const GOLDEN_GLOB = `**/*.{${GOLDEN_ENDINGS.join(',')}}`;
/** The documents that providers are asked for; which of them are golden files their content decides. */
export const GOLDEN_SELECTOR: vscode.DocumentSelector = { pattern: GOLDEN_GLOB };

export { isGoldenName } from '../../vectors/fileNames';

/**
 * Could this document be a golden file, going by its name? A quiet no for everything else. Size is no matter: VS Code itself keeps files of
 * more than 50 MB from extensions.
 */
export function isEligible(document: vscode.TextDocument): boolean {
  if (document.isClosed || !isGoldenName(document.uri.path) || !['file', 'vscode-remote', 'vscode-vfs'].includes(document.uri.scheme)) return false;
  return !/\.txt$/i.test(document.uri.path) || document.languageId === 'plaintext';
}
