import { signed } from '../../src/vectors/present/numbers';
import { pair } from '../format';
import type { PeState } from './arrayModel';

/** A value where there is one; registers that hold none are 0 as well. */
export const dash = (known: boolean, text: () => string): string => (known ? text() : '–');

/** Has the PE a weight in this cycle? */
export function holdsWeight(pes: PeState, pe: number): boolean {
  return ('weightPass' in pes ? pes.weightPass[pe]! : pes.step[pe]!) >= 0;
}

/** Pixel whose sum stands in the PE, of the input or of the output by dataflow; -1 where there is no sum. */
export function sumPixel(pes: PeState, pe: number): number {
  return 'partialNij' in pes ? pes.partialNij[pe]! : pes.partialONij[pe]!;
}

/** A PE in one sentence. */
export function describePe(pes: PeState, row: number, col: number, paddedWidth: number): string {
  const pe = row * pes.cols + col;
  const nij = pes.activationNij[pe]!;
  const of = sumPixel(pes, pe);
  const sum = signed(pes.partial[pe]!);
  return [
    `PE row ${row} · col ${col}`,
    holdsWeight(pes, pe) ? `weight ${signed(pes.weights[pe]!)}` : 'no weight',
    nij < 0 ? 'no activation' : `activation ${signed(pes.activations[pe]!)} of nij ${nij} ${pair(nij, paddedWidth)}`,
    'partialNij' in pes ? (of < 0 ? 'no psum' : `psum ${sum} of nij ${of}`) : of < 0 ? 'no sum' : `sum ${sum} of o_nij ${of} after ${pes.products[pe]!} products`,
  ].join(' · ');
}

/** Weight, activation, psum and whose it is, as cells of a table. */
export function peCells(pes: PeState, row: number, col: number): readonly string[] {
  const pe = row * pes.cols + col;
  const of = sumPixel(pes, pe);
  return [
    dash(holdsWeight(pes, pe), () => signed(pes.weights[pe]!)),
    dash(pes.activationNij[pe]! >= 0, () => signed(pes.activations[pe]!)),
    dash(of >= 0, () => signed(pes.partial[pe]!)),
    dash(of >= 0, () => String(of)),
  ];
}
