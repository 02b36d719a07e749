// Everything that can be checked, from a fresh clone:  npm test [-- --unit] [-- --oldest]
//   --unit     only install, build and unit suites
//   --oldest   the suite in VS Code runs a second time, in the oldest VS Code that package.json promises
// Ends with the line "N passed, N failed" and exit code 1 if anything failed. Only Node's own modules until npm ci has run.
import fs from 'node:fs';
import path from 'node:path';
import { installPackages } from './lib/install.mjs';
import { ROOT } from './lib/root.mjs';
import { npmCommand, runAloud } from './lib/run.mjs';

const RESULTS = path.join(ROOT, 'out/results');
const STEP_LIMIT_MS = 20 * 60_000;
const options = new Set(process.argv.slice(2));

/** A step: what it is called, the steps it needs, and how it runs, giving { passed, failed }. `quick` ones are part of --unit. */
const STEPS = [
  { name: 'install', quick: true, run: install },
  { name: 'lint', needs: ['install'], run: () => check(npm('run', 'lint', '--silent')) },
  { name: 'typecheck', needs: ['install'], run: () => check(npm('run', 'typecheck', '--silent')) },
  { name: 'build', quick: true, needs: ['install'], run: () => check(node('scripts/build.mjs', '--tests')) },
  { name: 'unit suites', quick: true, needs: ['build'], run: () => suite('unit', ['out/test/host/runFolder.js', 'unit']) },
  { name: 'suites of the tools', needs: ['build'], run: () => suite('tools', ['out/test/host/runFolder.js', 'tools']) },
  { name: 'planted faults', needs: ['install'], run: () => check(npm('run', 'faults', '--silent', '--', '--wrong')) },
  { name: 'RTL', needs: ['build'], run: () => suite('rtl', ['out/test/host/runFolder.js', 'rtl']) },
  { name: 'set-up of VS Code', needs: ['build'], run: () => prerequisite(node('out/test/host/runSuite.js', '--prepare')) },
  { name: 'suites in VS Code', needs: ['set-up of VS Code'], run: () => suite('vscode', ['out/test/host/runSuite.js']) },
  { name: 'suites in the oldest VS Code', only: '--oldest', needs: ['build'], run: () => suite('vscode-oldest', ['out/test/host/runSuite.js', 'oldest']) },
  { name: 'suites in the window', platform: 'linux-x64', needs: ['set-up of VS Code'], run: () => suite('ui', ['out/test/host/runFolder.js', 'ui']) },
  { name: 'package', needs: ['install'], platform: 'linux-x64', run: () => check(node('scripts/package.mjs', 'linux-x64')) },
];

async function main() {
  const totals = { passed: 0, failed: 0 };
  const broken = new Set();
  for (const step of STEPS.filter(isWanted)) {
    const { passed, failed, unusable } = await perform(step, broken);
    totals.passed += passed;
    totals.failed += failed;
    if (unusable) broken.add(step.name);
  }
  console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

function isWanted({ quick, only, platform }) {
  if (options.has('--unit')) return quick;
  if (platform && platform !== `${process.platform}-${process.arch}`) return false;
  return !only || options.has(only);
}

/** Runs a step between its heading and its duration. One that crashes, or that needs one that failed, counts as one failure. */
async function perform({ name, needs = [], run }, broken) {
  console.log(`\n== ${name}`);
  const lacking = needs.filter((other) => broken.has(other));
  if (lacking.length > 0) {
    console.log(`not run, because this failed: ${lacking.join(', ')}`);
    return { passed: 0, failed: 1, unusable: true };
  }
  const start = Date.now();
  const result = await run().catch(crashed);
  console.log(`== ${name}: ${result.failed > 0 ? 'FAILED' : 'ok'}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return { ...result, unusable: result.failed > 0 };
}

function crashed(error) {
  console.error(error.message);
  return { passed: 0, failed: 1 };
}

/** A command that is itself one check. */
async function check(exitCode) {
  const ok = (await exitCode) === 0;
  return { passed: Number(ok), failed: Number(!ok) };
}

/** A command that the others need: counted only if it fails. */
async function prerequisite(exitCode) {
  return { ...(await check(exitCode)), passed: 0 };
}

function install() {
  return prerequisite(installPackages());
}

/** A mocha run, counted by the results that it leaves; one that ends badly without a failed test counts as one failure more. */
async function suite(name, args) {
  const file = path.join(RESULTS, `${name}.json`);
  fs.mkdirSync(RESULTS, { recursive: true });
  fs.rmSync(file, { force: true });
  const exitCode = await runAloud(process.execPath, args, { env: { TILESCOPE_RESULTS: file }, timeoutMs: STEP_LIMIT_MS });
  const results = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : [];
  const failed = results.filter(({ ok }) => !ok).length;
  const passed = results.filter(({ ok, skipped }) => ok && !skipped).length;
  const endedBadly = exitCode !== 0 || passed + failed === 0;
  return { passed, failed: failed === 0 && endedBadly ? 1 : failed };
}

function npm(...args) {
  const [command, first] = npmCommand();
  return runAloud(command, [...first, ...args], { timeoutMs: STEP_LIMIT_MS });
}

function node(...args) {
  return runAloud(process.execPath, args, { timeoutMs: STEP_LIMIT_MS });
}

await main();
