import * as vscode from 'vscode';
import { CONFIG_FILE } from '../project/configFile';

const FILES = [CONFIG_FILE, 'model.onnx', 'images.npy', 'labels.npy', 'README.md', 'rtl'];
const FOLDER = 'tilescope-digits';

/**
 * In a folder without any model or tensor, offers a copy of the bundled example, so that the first run has something to run on.
 * @returns the example's folder; undefined when the folder has material of its own or the user prefers to choose files; 'left' when they left
 */
export async function copyExample(extensionUri: vscode.Uri, folder: vscode.Uri): Promise<vscode.Uri | 'left' | undefined> {
  const material = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '**/*.{onnx,npy}'), '**/{node_modules,.git}/**', 1);
  if (material.length > 0) return undefined;
  const answer = await vscode.window.showQuickPick(
    [
      { label: '$(mortar-board) Try the digits example', detail: `Copies a small trained 4-bit network, with a systolic core in Verilog, into ${FOLDER}/ and generates its golden files`, copy: true },
      { label: '$(folder-opened) Choose files…', detail: 'An ONNX model with an input, or .npy tensors, from anywhere on this machine', copy: false },
    ],
    { title: 'TileScope: Generate Vectors', placeHolder: 'This folder has no .onnx or .npy file' },
  );
  if (answer === undefined) return 'left';
  if (!answer.copy) return undefined;
  const target = vscode.Uri.joinPath(folder, FOLDER);
  for (const name of FILES) {
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(extensionUri, 'examples', 'digits', name), vscode.Uri.joinPath(target, name), { overwrite: false });
  }
  return target;
}
