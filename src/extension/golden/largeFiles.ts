import * as vscode from 'vscode';
import { isGoldenName } from './eligible';

/** VS Code shows extensions no document of more characters than this. */
const LARGEST_DOCUMENT = 50 * 2 ** 20;
const KEY = 'tilescope.largeFileHint';
const NEVER_AGAIN = "Don't Show Again";
const OPEN = 'Open in TileScope';
const OPEN_COMMAND = 'tilescope.openLargeFile';

/** Says of a golden file that is too large for decorations that it is, and what works with it. */
export class LargeFiles implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('tilescope.largeFile', vscode.StatusBarAlignment.Right, 101);
  private readonly told = new Set<string>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.item.name = 'TileScope Large File';
    this.item.command = OPEN_COMMAND;
    const update = (): void => {
      this.update().catch((error: unknown) => {
        this.log.error(`The size of the active file is not known. ${String(error)}`);
      });
    };
    this.subscriptions = [vscode.window.tabGroups.onDidChangeTabs(update), vscode.window.tabGroups.onDidChangeTabGroups(update)];
    update();
  }

  dispose(): void {
    vscode.Disposable.from(this.item, ...this.subscriptions).dispose();
  }

  private async update(): Promise<void> {
    const uri = activeFile();
    const bytes = uri === undefined ? undefined : await largeBytes(uri);
    if (uri?.toString() !== activeFile()?.toString()) return;
    if (uri === undefined || bytes === undefined) {
      this.item.hide();
      return;
    }
    const says = hintFor(uri.path.split('/').at(-1)!, bytes);
    this.item.text = '$(symbol-numeric) Too large to decode here';
    this.item.tooltip = says;
    this.item.show();
    if (this.told.has(uri.toString()) || this.memory.get(KEY) === NEVER_AGAIN) return;
    this.told.add(uri.toString());
    const answer = await vscode.window.showInformationMessage(says, OPEN, NEVER_AGAIN);
    if (answer === OPEN) await vscode.commands.executeCommand(OPEN_COMMAND, uri);
    else if (answer === NEVER_AGAIN) await this.memory.update(KEY, NEVER_AGAIN);
  }
}

/** What happened, and what to do now. */
export function hintFor(name: string, bytes: number): string {
  const megabytes = Math.ceil(bytes / 2 ** 20);
  const limit = LARGEST_DOCUMENT / 2 ** 20;
  return `${name} has ${megabytes} MB: VS Code shows extensions no file of more than ${limit} MB, so its values cannot be decoded here. TileScope's viewer of large files shows them: a click on the item in the status bar opens it.`;
}

/** The golden file whose tab is active although VS Code shows it to no extension. */
function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText && isGoldenName(input.uri.path) ? input.uri : undefined;
}

async function largeBytes(uri: vscode.Uri): Promise<number | undefined> {
  if (vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) return undefined;
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    return size > LARGEST_DOCUMENT ? size : undefined;
  } catch (error) {
    // Deleted while it is open, or never on disk
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}
