// Opens a folder in a real VS Code with this extension, built from source:
//   node scripts/vscode.mjs [FOLDER]      default: examples/digits
// A VS Code on this machine opens a window (VSCODE_PATH, or `code` on PATH); otherwise a server prints an address for the browser.
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from './lib/root.mjs';
import { programsOnPath, runAloud, runSilently } from './lib/run.mjs';
import { setUpVscode } from './setup-vscode.mjs';

async function main(folder) {
  const executable = installedVscode();
  // the server's starter is one of the helpers of the tests
  runSilently(process.execPath, ['scripts/build.mjs', ...(executable ? [] : ['--tests'])], { cwd: ROOT });
  if (executable) return runAloud(executable, [`--extensionDevelopmentPath=${ROOT}`, folder]);
  await serve(folder);
}

function installedVscode() {
  if (process.env.VSCODE_PATH) return process.env.VSCODE_PATH;
  const canShowWindow = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  return canShowWindow ? programsOnPath('code')[0] : undefined;
}

/** Runs a server until Ctrl-C. The extension is installed by a link: VS Code shows no notifications to one under development there. */
async function serve(folder) {
  const host = setUpVscode('current', console.log);
  const require = createRequire(import.meta.url);
  const { VscodeServer } = require('../out/test/host/vscodeServer.js');
  const { installFromSource, removeExtensions } = require('../out/test/host/installVsix.js');

  const extensionsDir = installFromSource();
  const server = await VscodeServer.start({ host, extensionsDir, workspaceTrust: true });
  console.log(`VS Code ${host.vscode} with TileScope: ${server.address(folder)}   (Ctrl-C ends it)`);
  await interruption();
  await server.stop();
  removeExtensions(extensionsDir);
}

function interruption() {
  // an interval keeps this process alive while it waits
  const alive = setInterval(() => {}, 60_000);
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  }).finally(() => clearInterval(alive));
}

try {
  process.exitCode = await main(path.resolve(process.argv[2] ?? path.join(ROOT, 'examples/digits')));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
