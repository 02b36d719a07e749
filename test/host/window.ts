import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { removeTestFolders, testFolder, type TestFolder } from '../unit/support/workspace';
import { Browser, type BrowserOptions } from './browser';
import { installFromSource, removeExtensions } from './installVsix';
import { ROOT } from './paths';
import { browserSetUp, vscodeSetUp } from './setup';
import { VscodeServer } from './vscodeServer';
import { Workbench } from './workbench';

/** A VS Code in a browser, with this repository installed as a user would have it. */
export class Window {
  private constructor(
    readonly server: VscodeServer,
    readonly browser: Browser,
    private readonly extensions: string,
  ) {}

  static async start(settings: Readonly<Record<string, unknown>> = {}, size: BrowserOptions = {}): Promise<Window> {
    (await browserSetUp()).setUpBrowser();
    const extensions = installFromSource();
    // A remote asks before it opens more than 10 MB
    const server = await VscodeServer.start({ host: (await vscodeSetUp()).setUpVscode(), extensionsDir: extensions, settings: { 'editor.wordWrap': 'off', 'workbench.editorLargeFileConfirmation': 1024, ...settings } });
    return new Window(server, await Browser.launch(size), extensions);
  }

  /** @param file shown at once, relative to the folder */
  open(folder: string, file?: string): Promise<Workbench> {
    return Workbench.open(this.browser, this.server, folder, file === undefined ? {} : { file });
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    removeExtensions(this.extensions);
    removeTestFolders();
  }
}

/** Files of the example in a folder of their own, without what they generate. */
export function exampleFolder(...names: string[]): TestFolder {
  const folder = testFolder();
  for (const name of names) fs.copyFileSync(path.join(ROOT, 'examples/digits', name), folder.file(name));
  return folder;
}

/** The example with the sets of its entries, as the command line generates them. */
export function generatedExample(...entries: string[]): TestFolder {
  const folder = exampleFolder('tilescope.json', 'model.onnx', 'images.npy');
  for (const entry of entries) execFileSync(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'generate', entry], { cwd: folder.path });
  return folder;
}
