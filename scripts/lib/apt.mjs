import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { runSilently } from './run.mjs';

/**
 * True where we are root, or become it without being asked for a password, on one of these systems: there `aptInstall` may be called.
 * @param systems as /etc/os-release calls them
 */
export function mayInstall(systems) {
  return systems.includes(operatingSystem()) && asRoot() !== undefined;
}

/** Installs Debian packages with what they depend on, not what they recommend; throws with what apt-get said. */
export function aptInstall(packages, log = () => {}) {
  log(`Installing ${packages.join(' and ')} ...`);
  aptGet(['update']);
  aptGet(['install', '-y', '--no-install-recommends', ...packages]);
}

/** Waits for another apt-get that runs at the moment. */
function aptGet(args) {
  const [command, ...rest] = [...asRoot(), 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args];
  runSilently(command, rest);
}

/** What to put before a command that root must run; undefined if we cannot become root without being asked for a password. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined;
}

function operatingSystem() {
  return fs.existsSync('/etc/os-release') ? /^ID="?([\w.-]+)/m.exec(fs.readFileSync('/etc/os-release', 'utf8'))?.[1] : undefined;
}
