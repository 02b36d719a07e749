import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'jsonc-parser';
import { ROOT } from './root.mjs';
import { geometryOf, setPlusargs } from './simulator.mjs';

const EXAMPLE = path.join(ROOT, 'examples/digits');
/** All convolutions of the example: 3x3, stride 1, padding 1. */
const CONVOLUTION = { stride: [1, 1], padding: [1, 1, 1, 1] };

/** Names of the example's layers, as its tilescope.json has them. */
export function exampleLayers() {
  return exampleConfig().layers.map(({ name }) => name);
}

/**
 * Generates the sets of some of the example's layers below `folder`, as its tilescope.json has them but with the psums of all kij.
 * @returns for each layer its name, set folder, bench parameters and the plusargs that name its files
 */
export function generateExample(folder, names = exampleLayers()) {
  const config = exampleConfig();
  const layers = names.map((name) => layerOf(config, name));
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'tilescope.json');
  fs.writeFileSync(file, JSON.stringify({ ...config, layers }, null, 2));
  return runGenerate(file).map((report) => ({
    name: report.entry,
    folder: report.set.folder,
    geometry: geometryOf(report.layer, CONVOLUTION),
    plusargs: setPlusargs(report.set.folder, report.profile),
  }));
}

function exampleConfig() {
  return parse(fs.readFileSync(path.join(EXAMPLE, 'tilescope.json'), 'utf8'));
}

function layerOf(config, name) {
  const layer = config.layers.find((entry) => entry.name === name);
  if (layer === undefined) throw new Error(`The example has no layer ${name}: there are ${config.layers.map((entry) => entry.name).join(', ')}.`);
  const { source } = layer;
  const here = { ...source, model: path.join(EXAMPLE, source.model), input: path.join(EXAMPLE, source.input) };
  return { ...layer, source: here, select: { ...layer.select, kij: 'all' }, extras: [], output: `golden/${name}` };
}

function runGenerate(file) {
  const cli = path.join(ROOT, 'dist/cli.js');
  if (!fs.existsSync(cli)) throw new Error('dist/cli.js is not there. Run: npm run build');
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [cli, 'generate', '-c', file, '--json'], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`tilescope generate failed:\n${error?.message ?? stderr + stdout}`);
  return JSON.parse(stdout).reports;
}
