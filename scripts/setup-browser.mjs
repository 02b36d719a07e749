// Finds the Chromium that shows the offline VS Code host, or installs it on a Debian where we may.
//   node scripts/setup-browser.mjs      prints its path
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { isMain, programsOnPath, runSilently } from './lib/run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** The font is for screenshots: a bare Debian draws boxes. */
const PACKAGES = ['chromium', 'fonts-dejavu-core'];

/** The executable that $CHROMIUM names, else the first one that PATH has; undefined if there is none. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named && !fs.existsSync(named)) throw new Error(`CHROMIUM names ${named}, which does not exist.`);
  return named || NAMES.flatMap(programsOnPath)[0];
}

/** Finds or installs Chromium and returns its path; throws with what to install where that is not possible. */
export function setUpBrowser(log = () => {}) {
  return findChromium() ?? installChromium(log);
}

function installChromium(log) {
  const root = asRoot();
  if (!isDebian() || !root) throw new Error(`No Chromium was found. Install it (Debian: apt-get install ${PACKAGES.join(' ')}), or set CHROMIUM to the executable of a Chromium or Chrome.`);
  log(`Installing ${PACKAGES.join(' and ')} ...`);
  aptGet(root, ['update']);
  aptGet(root, ['install', '-y', '--no-install-recommends', ...PACKAGES]);
  const installed = findChromium();
  if (!installed) throw new Error('apt-get installed chromium, but PATH has none.');
  return installed;
}

function aptGet(root, args) {
  const [command, ...rest] = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args];
  runSilently(command, rest);
}

/** What to put before a command that root must run; undefined if we cannot become root without being asked for a password. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined;
}

/** Debian itself: Ubuntu's chromium package is a stub for another package system. */
function isDebian() {
  return fs.existsSync('/etc/os-release') && /^ID=debian$/m.test(fs.readFileSync('/etc/os-release', 'utf8'));
}

if (isMain(import.meta)) {
  try {
    console.log(setUpBrowser(console.error));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
