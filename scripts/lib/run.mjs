import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.mjs';

/** True in the script that was named on the command line, false where it is imported. */
export function isMain(meta) {
  return process.argv[1] !== undefined && fs.realpathSync(process.argv[1]) === meta.filename;
}

/** How to start npm: [command, first arguments], the npm that runs us if there is one. */
export function npmCommand() {
  const running = process.env.npm_execpath;
  if (running?.endsWith('npm-cli.js')) return [process.execPath, [running]];
  return ['npm', []];
}

/** Runs npm to its end, silently; throws with what it said if it fails. */
export function npm(args, { cwd = ROOT } = {}) {
  const [command, first] = npmCommand();
  runSilently(command, [...first, ...args], { cwd });
}

/** Runs a command to its end, silently; returns what it said, or throws with it if it fails. */
export function runSilently(command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', shell: needsShell(command), ...options });
  const said = error?.message ?? (stderr + stdout).trim();
  if (status === 0) return said;
  throw new Error(`${path.basename(command)} ${args.join(' ')} failed:\n${said}`);
}

/**
 * Runs a command in the repository with our own output as its output; resolves with its exit code.
 * @param say is given the output in place of ours
 */
export function runAloud(command, args, { env = {}, timeoutMs, say } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: say === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'], shell: needsShell(command), env: { ...process.env, ...env }, timeout: timeoutMs });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', say);
    child.once('error', reject);
    // Its output has ended as well then
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
}

/** The folders of PATH joined with `name` where such a program exists, first one first. */
export function programsOnPath(name) {
  const suffixes = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.flatMap((folder) => suffixes.map((suffix) => path.join(folder, name + suffix))).filter((file) => fs.existsSync(file));
}

/** Windows starts npm.cmd and code.cmd through its shell only. */
function needsShell(command) {
  return process.platform === 'win32' && !command.endsWith('.exe');
}
