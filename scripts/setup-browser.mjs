// Finds the Chromium that shows the offline VS Code host, or installs it on a Debian where we may.
//   node scripts/setup-browser.mjs      prints its path
import fs from 'node:fs';
import { aptInstall, mayInstall } from './lib/apt.mjs';
import { isMain, programsOnPath } from './lib/run.mjs';

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
  // Ubuntu's chromium package is a stub for another package system: Debian only
  if (!mayInstall(['debian'])) throw new Error(`No Chromium was found. Install it (Debian: apt-get install ${PACKAGES.join(' ')}), or set CHROMIUM to the executable of a Chromium or Chrome.`);
  aptInstall(PACKAGES, log);
  const installed = findChromium();
  if (!installed) throw new Error('apt-get installed chromium, but PATH has none.');
  return installed;
}

if (isMain(import.meta)) {
  try {
    console.log(setUpBrowser(console.error));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
