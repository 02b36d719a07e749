import fs from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';

export interface PageText {
  readonly script: string;
  readonly style: string;
}

let read: Promise<PageText> | undefined;

/** The script and the style sheet of the page, read once. @param extension where the extension is installed */
export function pageText(extension: vscode.Uri): Promise<PageText> {
  const text = (name: string): Promise<string> => fs.readFile(path.join(extension.fsPath, 'dist', 'webview', name), 'utf8');
  read ??= Promise.all([text('pages.js'), text('pages.css')]).then(([script, style]) => ({ script, style }));
  return read;
}
