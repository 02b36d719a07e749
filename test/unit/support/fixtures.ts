import fs from 'node:fs';
import path from 'node:path';
import { parseNpy } from '../../../src/model/npy';
import { asFloat32, asInt32 } from '../../../src/model/npyConvert';

/** The repository's folder: the nearest one above the compiled test that holds package.json. */
export const ROOT = (function find(folder: string): string {
  return fs.existsSync(path.join(folder, 'package.json')) ? folder : find(path.dirname(folder));
})(__dirname);

export const fixture = (...parts: string[]): string => path.join(ROOT, 'test/fixtures', ...parts);

export function readJson(...parts: string[]): unknown {
  return JSON.parse(fs.readFileSync(fixture(...parts), 'utf8'));
}

export function int32(...parts: string[]): Int32Array {
  return asInt32(parseNpy(fs.readFileSync(fixture(...parts)), parts.join('/')));
}

export function float32(...parts: string[]): Float32Array {
  return asFloat32(parseNpy(fs.readFileSync(fixture(...parts)), parts.join('/')));
}

/** Facts of a case that the notebooks' own code made; see test/fixtures/oracle/README.md. */
export interface OracleCase {
  readonly w_bit: number;
  readonly act_bit: number;
  readonly w_alpha: number;
  readonly act_alpha: number;
  readonly weight_mean_f32: number;
  readonly weight_std_f32: number;
  readonly weight_shape: [number, number, number, number];
  readonly act_shape: [number, number, number];
  readonly stride: number;
  readonly padding: number;
  readonly array_size: number;
  readonly weight_forced?: string;
}

export const NOTEBOOK_CASES = {
  'golden-part1': 'nb001_8x8_4x4_a8',
  part1: 'nb002_8x8_4x4_a8',
  'memory-data-4bit': 'nb003p1_8x8_4x4_a8',
  'memory-data-2bit': 'nb003p2_16x16_4x4_a16_act2',
} as const;

export const ODD_CASES = ['odd_ch12_10', 'odd_k1_p0', 'odd_nonsquare_5x7', 'odd_overflow_pos_64to8', 'odd_stride2_8x8'] as const;

export const ALL_CASES = [...Object.values(NOTEBOOK_CASES), ...ODD_CASES];

export function oracleCase(name: string): OracleCase {
  return readJson('oracle', name, 'meta.json') as OracleCase;
}
