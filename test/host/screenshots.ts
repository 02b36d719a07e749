// Makes the screenshots of README and docs in a real VS Code:  node out/test/host/screenshots.js
import fs from 'node:fs';
import path from 'node:path';
import { Browser } from './browser';
import { installFromSource, removeExtensions } from './installVsix';
import { ROOT } from './paths';
import { browserSetUp, vscodeSetUp } from './setup';
import { VscodeServer } from './vscodeServer';
import { Workbench } from './workbench';
import { copyOfExample, removeCopy } from './workspace';

const IMAGES = path.join(ROOT, 'docs/images');

async function main(): Promise<void> {
  (await browserSetUp()).setUpBrowser();
  const extensionsDir = installFromSource();
  const server = await VscodeServer.start({ host: (await vscodeSetUp()).setUpVscode(), extensionsDir, settings: { 'editor.wordWrap': 'off', 'workbench.colorTheme': 'Default Dark Modern' } });
  const browser = await Browser.launch();
  const folder = copyOfExample();
  try {
    await generated(await Workbench.open(browser, server, folder, { file: 'tilescope.json' }));
  } finally {
    await browser.close();
    await server.stop();
    removeExtensions(extensionsDir);
    removeCopy(folder);
  }
}

/** A generated golden file beside the configuration that it was made from. */
async function generated(workbench: Workbench): Promise<void> {
  await workbench.runCommand('TileScope: Generate Vectors');
  await workbench.pick('conv5');
  await workbench.waitForNotification('Self-check passed.');
  await workbench.runCommand('View: Split Editor Right');
  await workbench.openFile('golden/conv5/golden/Part1/weight_itile0_otile0_kij4.txt');
  await keep(workbench, 'generate');
  await workbench.runCommand('View: Close All Editors');
  await workbench.openFile('golden/conv5/psum.txt');
  await workbench.goTo(20, 20);
  await workbench.hoverAtCursor();
  await keep(workbench, 'psum');
}

async function keep(workbench: Workbench, name: string): Promise<void> {
  fs.mkdirSync(IMAGES, { recursive: true });
  fs.copyFileSync(await workbench.screenshot(name), path.join(IMAGES, `${name}.png`));
}

void main();
