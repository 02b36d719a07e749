import * as vscode from 'vscode';
import { parseConfig } from '../../project/config';
import { Later } from '../later';
import type { SubjectKey } from './subjects';

/** How long typing must rest before a layer is opened as it is typed. */
const REST_MS = 700;

/** Tells when the layer that a configuration describes is typed anew, in an editor and before it is saved. Text that is no configuration tells nothing. */
export class TypedLayer implements vscode.Disposable {
  private readonly later = new Later<'text'>();
  private readonly subscription: vscode.Disposable;
  private known: string | undefined;

  constructor(key: SubjectKey | undefined, changed: () => void) {
    this.subscription = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (key?.type !== 'layer' || contentChanges.length === 0 || document.uri.scheme !== 'file' || document.uri.fsPath !== key.file) return;
      this.later.run('text', REST_MS, () => {
        const now = describedLayer(document.getText(), key.file, key.layer);
        if (now === undefined || now === this.known) return;
        this.known = now;
        changed();
      });
    });
  }

  dispose(): void {
    vscode.Disposable.from(this.later, this.subscription).dispose();
  }
}

/** All that a configuration says of a layer; undefined where it says nothing, or nothing that can be read. */
function describedLayer(text: string, file: string, layer: string): string | undefined {
  const { config } = parseConfig(text, file);
  const entry = config?.data.layers.find(({ name }) => name === layer);
  return entry && JSON.stringify([config?.data.defaults, entry]);
}
