import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../lib/root.mjs';
import { medianOf } from './measure.mjs';

const LIMIT_MS = 240_000;

/** What each script of a window measures, in milliseconds or megabytes, with the goal. */
const FIGURES = {
  start: [{ key: 'activation', what: "activation with a golden file, by VS Code's own clock", goal: 20, unit: 'ms' }],
  pages: [
    { key: 'first', what: "large file of 10 GB to its first rows, the browser's first webview", unit: 'ms' },
    { key: 'fresh', what: 'large file of 10 GB to its first rows, in a fresh window', goal: 300, unit: 'ms' },
    { key: 'second', what: 'another file of 200 MB to its first rows, in the same window', goal: 300, unit: 'ms' },
    { key: 'page', what: 'from the beginning of the page to the first rows', unit: 'ms' },
    { key: 'step', what: 'a turn of the wheel', goal: 16, unit: 'ms' },
    { key: 'hostGrown', what: 'memory that the extension host grows by, activation included', goal: 100, unit: 'MB' },
  ],
};
const SCRIPTS = { start: 'benchStart.js', pages: 'benchPages.js' };

/** Runs what needs a window. @returns lines of a table, and sentences of what could not be measured */
export function windowFigures() {
  const found = Object.keys(FIGURES).map((name) => ({ name, figures: figuresOf(name) }));
  const rows = found.flatMap(({ name, figures }) => (figures === undefined ? [] : FIGURES[name].map((one) => rowOf(one, figures[one.key]))));
  const missing = found.filter(({ figures }) => figures === undefined).map(({ name }) => `\`npm run bench:${name}\` could not be run here: its goals were not measured.`);
  const table = rows.length === 0 ? [] : ['| what | best | median | worst | goal |', '|---|---|---|---|---|', ...rows];
  return [...table, ...(missing.length > 0 ? ['', ...missing] : [])].join('\n');
}

function figuresOf(name) {
  const file = path.join(ROOT, 'out/bench', `${name}.json`);
  fs.rmSync(file, { force: true });
  const { status } = spawnSync(process.execPath, [path.join(ROOT, 'out/test/host', SCRIPTS[name])], { stdio: ['ignore', 'ignore', 'inherit'], timeout: LIMIT_MS });
  return status === 0 ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
}

function rowOf({ what, goal, unit }, values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [best, median, worst] = [sorted[0], medianOf(sorted), sorted.at(-1)];
  const verdict = worst <= goal ? 'met' : median <= goal ? 'met by the median' : best <= goal ? 'met at best' : 'not met';
  const shown = (value) => `${value.toFixed(1)} ${unit}`;
  return `| ${what} | ${shown(best)} | ${shown(median)} | ${shown(worst)} | ${goal === undefined ? '' : `at most ${goal} ${unit}: ${verdict}`} |`;
}
