// Runs the example's layers on the example core, against the golden files that TileScope generates for them:
//   npm run rtl -- [--simulator icarus|verilator] [--layer conv5]... [--fault NAME [--with fault_col=3]...] [--out DIR]
// Golden files go to DIR/golden, what the core's memories held to DIR/NAME. Without --out the golden files go to out/rtl, and the dumps to
// examples/digits/dumps/NAME, where the checks of the example's tilescope.json look for them. Exit code 1 when a layer failed.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './lib/root.mjs';
import { exampleLayers, generateExample } from './lib/rtlExample.mjs';
import { compile, faultNames, simulate } from './lib/simulator.mjs';

const { values: options } = parseArgs({
  options: {
    simulator: { type: 'string', default: 'icarus' },
    layer: { type: 'string', multiple: true },
    fault: { type: 'string' },
    with: { type: 'string', multiple: true, default: [] },
    out: { type: 'string' },
  },
});

function main() {
  if (options.fault !== undefined && !faultNames().includes(options.fault)) throw new Error(`There is no fault called ${options.fault}: there are ${faultNames().join(', ')}.`);
  const out = path.resolve(options.out ?? path.join(ROOT, 'out/rtl'));
  const results = generateExample(out, options.layer ?? exampleLayers()).map((layer) => runLayer(layer, out));
  process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
}

function runLayer({ name, geometry, plusargs }, out) {
  const dump = options.out === undefined ? path.join(ROOT, 'examples/digits/dumps', name) : path.join(out, options.fault ? `${name}-${options.fault}` : name);
  fs.mkdirSync(dump, { recursive: true });
  console.log(`\n== ${name} on ${options.simulator}`);
  const program = compile({ simulator: options.simulator, geometry, folder: path.join(out, 'compiled', options.simulator, name), log: console.error });
  const fault = options.fault ? [`+fault=${options.fault}`] : [];
  const result = simulate(program, [...plusargs, `+dump=${dump}`, ...fault, ...options.with.map((text) => `+${text}`)]);
  console.log(`${result.output.trimEnd()}\ndumps: ${path.relative(process.cwd(), dump)}`);
  return result;
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
