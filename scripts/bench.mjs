// How fast the arithmetic and the text are, beside what others take for the same: `npm run bench`. Prints a table and writes docs/performance.md.
// One thread. Each figure is the median of several runs, with the best beside it: on a machine that does other things the best says more.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { growthOf, growthPicture, growthTables } from './bench/growth.mjs';
import { VGG16, eachTile, kernelStages, layerOf, nestedLoops, psumCount, sumsOf } from './bench/layers.mjs';
import { medianOf, timesOf } from './bench/measure.mjs';
import { onnxConvolution } from './bench/onnx.mjs';
import { psumText, systemTools } from './bench/text.mjs';
import { windowFigures } from './bench/window.mjs';
import { ROOT } from './lib/root.mjs';
import { wat } from './lib/wat.mjs';

const BUNDLE = path.join(ROOT, 'out/benchLibrary.cjs');
const COLD_RUNS = 5;
const NIJS = 10000;

if (process.argv[2] === '--cold') await cold();
else await all();

/** All psums of a network in a process that has computed nothing before. */
async function cold() {
  const { default: library } = await import(BUNDLE);
  const layers = VGG16.map((sizes) => layerOf(library, sizes));
  const { processor, 0: time } = await timesOf(() => layers.forEach((layer) => kernelStages(library, layer).psums()), { least: 1, most: 1 });
  process.stdout.write(JSON.stringify({ processor, time }));
}

async function all() {
  // Jobs and windows run what was built
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/build.mjs'), '--tests'], { stdio: 'inherit' });
  await build({ absWorkingDir: ROOT, plugins: [wat], entryPoints: ['scripts/bench/library.mjs'], bundle: true, platform: 'node', format: 'cjs', outfile: BUNDLE, logLevel: 'warning', mainFields: ['module', 'main'], external: ['onnxruntime-node'] });
  const { default: library } = await import(BUNDLE);
  const rows = [...(await arithmetic(library)), ...(await text(library))];
  const curves = await growthOf(library);
  const table = tableOf(rows);
  const growth = growthTables(curves);
  const comparing = execFileSync(process.execPath, [path.join(ROOT, 'scripts/benchCheck.mjs')], { encoding: 'utf8', maxBuffer: 1 << 24 }).trim();
  const cancelling = execFileSync(process.execPath, [path.join(ROOT, 'scripts/benchCancel.mjs')], { encoding: 'utf8' }).trim();
  const inWindow = windowFigures();
  process.stdout.write(`${table}\n\n${growth}\n\n${comparing}\n\n${cancelling}\n\n${inWindow}\n`);
  fs.writeFileSync(path.join(ROOT, 'docs/performance.md'), page(table, `${growthPage(growth)}${comparingPage(comparing)}${cancelPage(cancelling)}${windowPage(inWindow)}`));
  fs.writeFileSync(path.join(ROOT, 'docs/images/growth.svg'), growthPicture(curves));
}

async function arithmetic(library) {
  const layer = layerOf(library, VGG16[1]);
  const stages = kernelStages(library, layer);
  const tile = new Int32Array(8 * layer.mapping.conv.nijCount * 9);
  const tiles = (psums) => () => eachTile(layer, (icTile, ocTile) => psums(layer.mapping, layer.activationTiles, layer.weightTiles, icTile, ocTile, tile));
  const psums = await timesOf(stages.psums);
  const reference = psums[0];
  const python = spawnSync('python3', [path.join(ROOT, 'scripts/bench/reference.py')], { encoding: 'utf8', timeout: 120_000 });
  const numpy = python.status === 0 ? JSON.parse(python.stdout) : null;
  const coldRuns = Array.from({ length: COLD_RUNS }, () => JSON.parse(execFileSync(process.execPath, [import.meta.filename, '--cold'], { encoding: 'utf8' })));
  const coldTimes = Object.assign(coldRuns.map(({ time }) => time).sort((a, b) => a - b), { processor: Math.min(...coldRuns.map(({ processor }) => processor)) });
  const network = VGG16.map((sizes) => layerOf(library, sizes));
  const total = network.reduce((sum, one) => sum + psumCount(one), 0);
  return [
    { group: `64 to 64 channels, 3x3, 34x34 padded: ${psumCount(layer)} psums of 8 products`, what: 'psums, vectors', times: psums, goal: 3 },
    { what: 'SFP sums, vectors', times: await timesOf(stages.sfp), goal: 1 },
    { what: 'psums, range and SFP sums, as a run computes them', times: await timesOf(() => sumsOf(library.simdTileSums(layer, true), layer)), reference },
    { what: 'psums as `psumTile` gives them, [col, nij, kij]', times: await timesOf(tiles(library.psumTile)), reference },
    { what: 'psums, plain TypeScript', times: await timesOf(tiles(library.plainPsums)), reference },
    { what: 'psums, range and SFP sums, plain TypeScript', times: await timesOf(() => sumsOf(library.plainTileSums(layer), layer)), reference },
    { what: "the notebooks' loops, in JavaScript", times: await timesOf(() => nestedLoops(layer)), reference },
    ...(numpy === null ? [] : [
      { what: 'numpy, float32 matmul', times: numpy.matmul, reference },
      { what: "the notebooks' loops, in Python (a part, scaled)", times: numpy.loops, reference },
    ]),
    { what: 'ONNX Runtime, float32 convolution, outputs only', times: await onnxConvolution(library), reference },
    { group: `13 convolutions of VGG16 for CIFAR: ${total} psums`, what: `psums, vectors, in a new process`, times: coldTimes, goal: 100 },
    { what: 'psums, range and SFP sums, warm', times: await timesOf(() => network.forEach((one) => sumsOf(library.simdTileSums(one, true), one)), { least: 3, budget: 3000 }) },
  ];
}

async function text(library) {
  const rows = [];
  for (const [radix, nijs, goal] of [['binary', NIJS, 1], ['hex', 4 * NIJS, undefined]]) {
    const { layout, source, text: bytes } = psumText(library, radix, nijs);
    const rate = { bytes: bytes.length };
    const out = new Uint8Array(bytes.length);
    // The careful code is slow: a part says enough
    const part = psumText(library, radix, 1000);
    rows.push(
      { group: `Psum file of ${(bytes.length / 1e6).toFixed(0)} MB, 8 words of 16 bits a line, ${radix}`, what: 'write, vectors', times: await timesOf(() => library.encode(layout, source)), ...rate, goal },
      { what: 'read, vectors', times: await timesOf(() => library.decode(layout, bytes)), ...rate, goal },
      { what: 'write, plain TypeScript', times: await timesOf(() => library.encodePlain(layout, new library.Gatherer(layout, source), out, 0), { least: 3 }), ...rate },
      { what: 'read, plain TypeScript', times: await timesOf(() => library.decodePlain(part.layout, part.text), { least: 3 }), bytes: part.text.length },
    );
    if (radix === 'hex') continue;
    const kernel = library.textKernel();
    const room = kernel.room(1 << 18);
    const pitch = layout.lineWidth + 1;
    const starts = new Uint8Array(256).fill(1);
    rows.push({ what: 'look for lines that are alike, copying included', times: await timesOf(() => {
      for (let at = 0; at + room.length <= bytes.length; at += room.length) {
        room.set(bytes.subarray(at, at + room.length));
        kernel.likeLines(0, Math.floor(room.length / pitch), pitch, starts);
      }
    }), ...rate, goal: 2 });
    const tools = await systemTools(bytes);
    for (const [tool, times] of Object.entries(tools)) rows.push({ what: `${tool} of two such files that are equal`, times, bytes: bytes.length });
  }
  return rows;
}

/** Milliseconds are to be few, gigabytes a second many. */
function figuresOf({ times, bytes, goal, reference }) {
  const shown = (ms) => (bytes === undefined ? `${ms.toPrecision(3)} ms` : `${(bytes / ms / 1e6).toPrecision(3)} GB/s`);
  const [best, median] = [times[0], medianOf(times)];
  const meets = (ms) => (bytes === undefined ? ms <= goal : bytes / ms / 1e6 >= goal);
  const verdict = meets(median) ? 'met' : meets(best) ? 'met at best' : meets(times.processor ?? NaN) ? 'met in processor time' : 'not met';
  return {
    median: shown(median),
    best: shown(best),
    processor: times.processor === undefined ? '' : shown(times.processor),
    ratio: reference === undefined ? '' : `${Number((best / reference).toPrecision(2))} x`,
    goal: goal === undefined ? '' : `${bytes === undefined ? `at most ${goal} ms` : `at least ${goal} GB/s`}: ${verdict}`,
  };
}

function tableOf(rows) {
  const lines = ['| what | median | best | processor time | to the psums on vectors | goal |', '|---|---|---|---|---|---|'];
  for (const row of rows) {
    if (row.group !== undefined) lines.push(`| **${row.group}** | | | | | |`);
    const { median, best, processor, ratio, goal } = figuresOf(row);
    lines.push(`| ${row.what} | ${median} | ${best} | ${processor} | ${ratio} | ${goal} |`);
  }
  return lines.join('\n');
}

function page(table, sections) {
  return `# Performance

Written by \`npm run bench\`: one thread, ${os.cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, load ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} processors at the end. Where other work ran beside it, the best run
and the time that processors spent on it say more than the median. Ratios are those of the best runs; rows of 64 channels only. No test has a time limit: these figures stand here only.

${goalsPage(table + sections)}
## Arithmetic and text

${table}
${sections}`;
}

/** Every goal that stands in a table, those that are missed first: nobody should have to look for them. */
function goalsPage(text) {
  const goals = text.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim()).slice(1, -1);
    const of = /^\d+$/.test(cells[0] ?? '') ? `${cells[0]} MB, ${cells[1]}, ${cells[2]}` : cells[0];
    return (cells.at(-1) ?? '').split('; ').filter((goal) => /: (not )?met/.test(goal)).map((goal) => ({ line: `- ${of}: ${goal}`, met: /: met(?: \(|$)/.test(goal) }));
  });
  const list = (met) => goals.filter((goal) => goal.met === met).map(({ line }) => line).join('\n');
  return `## Goals\n\nNot met, or not in every respect:\n\n${list(false) || '- none'}\n\nMet:\n\n${list(true)}\n`;
}

function growthPage(tables) {
  return `
## Growth

Best times; "each" is that for one psum or byte.

![Times by size, both axes by powers of ten](images/growth.svg)

${tables}
`;
}

function comparingPage(table) {
  return `
## Comparing

A golden psum file with a dump of the same words, beside \`cmp\` and \`diff\` on the same files. Goals are judged by the best wall time and the least processor time of four runs in one process,
the first of which, cold, stands apart. A command is cold each time, and starts with Node itself: both together are most of what it takes for an equal pair. Both files are read once, side by side, while
their lines are of one form, and each byte is looked at to be a digit, because two equal files of garbage are no match. Where words differ, most goes into the diagnosis, which \`diff\` has none of: it takes
about as long for any file, since it looks at a million words at most, so that small pairs are compared in less time by \`diff\` and large ones in more.

${table}
`;
}

function cancelPage(table) {
  return `
## Cancelling

From the moment a long job of the extension is cancelled, at random moments of it, to the answer that it has ended, as \`npm run bench:cancel\` measures it. A process that does not
hear it because it computes without a break is killed, unless it may be writing; after each cancelled run the folder is looked through for what is half-written.

${table}
`;
}

function windowPage(table) {
  return `
## In a window

In a real VS Code in a browser, as \`npm run bench:start\` and \`npm run bench:pages\` measure it. Rows are drawn when the frame that shows them is done; the time begins when VS Code asks
the extension for the file. VS Code itself takes a good part of it to make the frame of a page.

${table}
`;
}
