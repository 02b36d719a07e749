import path from 'node:path';
import * as vscode from 'vscode';
import { DUMP_ENDINGS, GOLDEN_ENDINGS } from '../../vectors/fileNames';

/** Endings of what checks read: golden files, dumps, waveforms, logs, configurations, tensors, models. */
const WATCHED = `**/*.{${[...new Set([...GOLDEN_ENDINGS, ...DUMP_ENDINGS]), 'json', 'npy', 'onnx'].join(',')}}`;

/** Tells of files that change: those of the workspace, and those elsewhere that it was asked to watch. */
export class Watch implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<string>();
  readonly onDidChange = this.changed.event;
  private readonly elsewhere = new Map<string, vscode.Disposable>();
  private readonly workspace = this.follow(vscode.workspace.createFileSystemWatcher(WATCHED));

  /** @param files absolute paths of files or folders */
  also(files: readonly string[]): void {
    for (const file of files) {
      const folder = path.dirname(file);
      if (vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) !== undefined || this.elsewhere.has(folder)) continue;
      this.elsewhere.set(folder, this.follow(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), '*'))));
    }
  }

  dispose(): void {
    vscode.Disposable.from(this.changed, this.workspace, ...this.elsewhere.values()).dispose();
  }

  private follow(watcher: vscode.FileSystemWatcher): vscode.Disposable {
    const tell = ({ fsPath }: vscode.Uri): void => {
      this.changed.fire(fsPath);
    };
    return vscode.Disposable.from(watcher, watcher.onDidChange(tell), watcher.onDidCreate(tell), watcher.onDidDelete(tell));
  }
}

/** Is a file one of the inputs of a check, or directly in a folder that is one? */
export function isInput(file: string, inputs: readonly string[]): boolean {
  return inputs.includes(file) || inputs.includes(path.dirname(file));
}
