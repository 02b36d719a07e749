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

/**
 * A step: what it is called, the steps it needs, and how it runs, giving { passed, failed }. `quick` ones are part of --unit. Those of the lane
 * 'window' run beside those of the lane 'node': a window mostly waits. Steps without a lane have the machine for themselves.
 */
const STEPS = [
  { name: 'install', quick: true, run: install },
  { name: 'build', quick: true, needs: ['install'], run: (say) => check(node(say, 'scripts/build.mjs', '--tests')) },
  { name: 'set-up of VS Code', needs: ['build'], run: (say) => prerequisite(node(say, 'out/test/host/runSuite.js', '--prepare')) },
  { name: 'lint', lane: 'node', needs: ['install'], run: (say) => check(npm(say, 'run', 'lint', '--silent')) },
  { name: 'typecheck', lane: 'node', needs: ['install'], run: (say) => check(npm(say, 'run', 'typecheck', '--silent')) },
  { name: 'unit suites', lane: 'node', quick: true, needs: ['build'], run: (say) => suite(say, 'unit', ['out/test/host/runFolder.js', 'unit']) },
  { name: 'suites of the tools', lane: 'node', needs: ['build'], run: (say) => suite(say, 'tools', ['out/test/host/runFolder.js', 'tools']) },
  { name: 'planted faults', lane: 'node', needs: ['install'], run: (say) => check(npm(say, 'run', 'faults', '--silent', '--', '--wrong')) },
  { name: 'RTL', lane: 'node', needs: ['build'], run: (say) => suite(say, 'rtl', ['out/test/host/runFolder.js', 'rtl']) },
  { name: 'suites of the pages', lane: 'node', platform: 'linux-x64', needs: ['set-up of VS Code'], run: (say) => suite(say, 'pages', ['out/test/host/runFolder.js', 'pages']) },
  { name: 'suites in VS Code', lane: 'window', needs: ['set-up of VS Code'], run: (say) => suite(say, 'vscode', ['out/test/host/runSuite.js']) },
  { name: 'suites in the oldest VS Code', lane: 'window', only: '--oldest', needs: ['build'], run: (say) => suite(say, 'vscode-oldest', ['out/test/host/runSuite.js', 'oldest']) },
  { name: 'suites in the window', lane: 'window', platform: 'linux-x64', needs: ['set-up of VS Code'], run: (say) => suite(say, 'ui', ['out/test/host/runFolder.js', 'ui']) },
  { name: 'package', needs: ['install'], platform: 'linux-x64', run: (say) => check(node(say, 'scripts/package.mjs', 'linux-x64')) },
];

async function main() {
  const totals = { passed: 0, failed: 0 };
  const broken = new Set();
  const add = ({ passed, failed }) => {
    totals.passed += passed;
    totals.failed += failed;
  };
  const steps = STEPS.filter(isWanted);
  const inLane = steps.findIndex(({ lane }) => lane !== undefined);
  const afterLanes = steps.findLastIndex(({ lane }) => lane !== undefined) + 1;
  const alone = async (some) => {
    for (const step of some) add(await perform(step, broken));
  };
  await alone(inLane < 0 ? steps : steps.slice(0, inLane));
  if (inLane >= 0) {
    const side = (name) => steps.slice(inLane, afterLanes).filter(({ lane }) => lane === name);
    await Promise.all([alone(side('node')), beside(side('window'), broken, add)]);
    await alone(steps.slice(afterLanes));
  }
  console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

/** Steps whose output is kept until they have ended, because others speak meanwhile. */
async function beside(steps, broken, add) {
  for (const step of steps) {
    let said = '';
    const say = (text) => {
      said += text;
    };
    add(await perform(step, broken, say));
    process.stdout.write(said);
  }
}

function isWanted({ quick, only, platform }) {
  if (options.has('--unit')) return quick;
  if (platform && platform !== `${process.platform}-${process.arch}`) return false;
  return !only || options.has(only);
}

/** Runs a step between its heading and its duration. One that crashes, or that needs one that failed, counts as one failure. */
async function perform({ name, needs = [], run }, broken, say) {
  tell(say, `\n== ${name}`);
  const lacking = needs.filter((other) => broken.has(other));
  const start = Date.now();
  const result = lacking.length > 0 ? notRun(lacking, say) : await run(say).catch((error) => crashed(error, say));
  if (result.failed > 0) broken.add(name);
  tell(say, `== ${name}: ${result.failed > 0 ? 'FAILED' : 'ok'}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

function tell(say, line) {
  if (say === undefined) console.log(line);
  else say(`${line}\n`);
}

function notRun(lacking, say) {
  tell(say, `not run, because this failed: ${lacking.join(', ')}`);
  return { passed: 0, failed: 1 };
}

function crashed(error, say) {
  tell(say, error.message);
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
async function suite(say, name, args) {
  const file = path.join(RESULTS, `${name}.json`);
  fs.mkdirSync(RESULTS, { recursive: true });
  fs.rmSync(file, { force: true });
  const exitCode = await runAloud(process.execPath, args, { env: { TILESCOPE_RESULTS: file }, timeoutMs: STEP_LIMIT_MS, say });
  const results = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : [];
  const failed = results.filter(({ ok }) => !ok).length;
  const passed = results.filter(({ ok, skipped }) => ok && !skipped).length;
  const again = results.filter(({ ok, error }) => ok && error).length;
  if (again > 0) tell(say, `${again} passed at the second try only: a race to be found.`);
  const endedBadly = exitCode !== 0 || passed + failed === 0;
  return { passed, failed: failed === 0 && endedBadly ? 1 : failed };
}

function npm(say, ...args) {
  const [command, first] = npmCommand();
  return runAloud(command, [...first, ...args], { timeoutMs: STEP_LIMIT_MS, say });
}

function node(say, ...args) {
  return runAloud(process.execPath, args, { timeoutMs: STEP_LIMIT_MS, say });
}

await main();
