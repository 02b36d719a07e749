import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunCycles } from '../../src/engine/schedule/weightStationary';
import type { LayerFacts } from '../../src/protocol/report';
import { ROOT } from './paths';

export type SimulatorName = 'icarus' | 'verilator';

/** The bench's parameters by name. */
export type Geometry = Readonly<Record<string, number>>;

/** A command that runs a compiled bench. */
export type Program = readonly [string, ...string[]];

/** What a run of the bench found; numbers count lines of golden files. */
export interface SimulationResult {
  readonly output: string;
  /** `PASSED`, or `FAILED` with a reason where there is more to say than errors. */
  readonly result: string;
  readonly passed: boolean;
  readonly compared: number;
  readonly matched: number;
  readonly errors: number;
  readonly psumErrors: number;
  readonly outErrors: number;
  /** One for each output-channel tile that ran. */
  readonly cycles: readonly RunCycles[];
}

/** Stride and dilation as [vertical, horizontal], padding as [top, left, bottom, right]. */
export interface Convolution {
  readonly stride?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly padding?: readonly [number, number, number, number];
}

interface SimulatorScripts {
  readonly RTL: string;
  geometryOf: (facts: LayerFacts, convolution?: Convolution) => Geometry;
  setPlusargs: (folder: string, profile: string) => string[];
  compile: (options: { simulator?: SimulatorName; geometry: Geometry; folder: string; log?: (line: string) => void; monitor?: string }) => Program;
  simulate: (program: Program, plusargs: readonly string[]) => SimulationResult;
  faultNames: () => string[];
}

/** A layer of the example whose golden files are there: what the bench needs to run it. */
export interface ExampleLayer {
  readonly name: string;
  readonly folder: string;
  readonly geometry: Geometry;
  readonly plusargs: readonly string[];
}

interface ExampleScripts {
  exampleLayers: () => string[];
  generateExample: (folder: string, names?: readonly string[]) => ExampleLayer[];
}

export const simulatorScripts = () => script<SimulatorScripts>('simulator.mjs');
export const exampleScripts = () => script<ExampleScripts>('rtlExample.mjs');

/** The scripts stay outside the bundles, as those of setup.ts do. */
async function script<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(path.join(ROOT, 'scripts/lib', name)).href)) as T;
}
