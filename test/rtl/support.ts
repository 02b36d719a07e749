import fs from 'node:fs';
import path from 'node:path';
import type { ConvSpec } from '../../src/engine/conv';
import { conv } from '../../src/engine/conv';
import type { LayerResult } from '../../src/engine/layer';
import { mapLayer } from '../../src/engine/tiling';
import { writeNpy } from '../../src/model/npy';
import { generate } from '../../src/project/generate';
import type { GenerateReport } from '../../src/protocol/report';
import type { SimulationResult } from '../host/simulator';
import { simulatorScripts } from '../host/simulator';
import { computed } from '../unit/support/layers';
import type { TestFolder } from '../unit/support/workspace';
import { ORT_SCRIPT, entryOf } from '../unit/support/workspace';
import { lcg } from '../unit/support/lcg';

/** A layer of codes on an array, as a test writes it down. */
export interface CodesLayer {
  readonly spec: ConvSpec;
  readonly rows: number;
  readonly cols: number;
  readonly bits: number;
  readonly psumBits: number;
}

/** Writes the layer's codes, the same ones each time, and its golden files in the profile golden-part1 with the psums of all kij. */
export async function generateCodes(folder: TestFolder, { spec, rows, cols, bits, psumBits }: CodesLayer): Promise<{ report: GenerateReport; layer: LayerResult }> {
  const mapping = mapLayer(conv(spec), { rows, cols });
  const activationCodes = Int32Array.from({ length: spec.inChannels * spec.height * spec.width }, codes(2 ** bits, 0));
  const weightCodes = Int32Array.from({ length: spec.outChannels * spec.inChannels * mapping.conv.kijCount }, codes(2 ** bits - 1, 1 - 2 ** (bits - 1)));
  folder.write('a.npy', writeNpy(activationCodes, [spec.inChannels, spec.height, spec.width]));
  folder.write('w.npy', writeNpy(weightCodes, [spec.outChannels, spec.inChannels, spec.kernelHeight, spec.kernelWidth]));
  const { top, left, bottom, right } = spec.padding;
  const entry = entryOf(folder, {
    name: 'layer',
    source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' },
    quantization: { actBits: bits, wgtBits: bits },
    convolution: { stride: [spec.strideHeight, spec.strideWidth], dilation: [spec.dilationHeight, spec.dilationWidth], padding: [top, left, bottom, right] },
    array: { rows, cols, psumBits },
    profile: 'golden-part1',
    select: { kij: 'all' },
    extras: [],
    output: 'golden',
  });
  const report = await generate(entry, { ortScript: ORT_SCRIPT });
  return { report, layer: computed({ mapping, activationCodes, weightCodes, psumBits, overflow: 'error' }) };
}

/** Generates the layer's golden files and runs every tile of it on the core. Dumps go to the folder. */
export async function runOnCore(folder: TestFolder, codesLayer: CodesLayer, monitor?: string): Promise<{ layer: LayerResult; simulation: SimulationResult }> {
  const { compile, geometryOf, setPlusargs, simulate } = await simulatorScripts();
  const { report, layer } = await generateCodes(folder, codesLayer);
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padding } = codesLayer.spec;
  const geometry = geometryOf(report.layer, {
    stride: [strideHeight, strideWidth],
    dilation: [dilationHeight, dilationWidth],
    padding: [padding.top, padding.left, padding.bottom, padding.right],
  });
  const program = compile({ geometry, folder: folder.file('compiled'), log: console.error, ...(monitor !== undefined && { monitor }) });
  return { layer, simulation: simulate(program, [...setPlusargs(report.set.folder, report.profile), `+dump=${folder.path}`]) };
}

/** Codes `least` to `least + count - 1`, of which each call gives the next. */
function codes(count: number, least: number): () => number {
  const random = lcg(12345);
  return () => (random() % count) + least;
}

/** The words of a memory that Icarus has dumped with $writememb, `[address][col]`, as the bits that they hold, unknown ones too. */
export function dumpedWords(folder: string, name: string, bits: number): string[][] {
  const lines = fs.readFileSync(path.join(folder, `${name}.memb.txt`), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('//')).map((line) => wordsOf(line, bits));
}

/** Column 0 is the rightmost word. */
function wordsOf(line: string, bits: number): string[] {
  return Array.from({ length: line.length / bits }, (_, col) => line.slice(line.length - (col + 1) * bits, line.length - col * bits));
}

/** A value in two's complement, as a dump has it. */
export function bitsOf(value: number, bits: number): string {
  return (value >>> 0).toString(2).padStart(32, '0').slice(32 - bits);
}
