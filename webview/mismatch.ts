import type { Coordinates } from '../src/vectors/axis';
import type { ViewAnswer } from '../src/protocol/inspect';
import { counted, grouped } from './format';

type MismatchAnswer = Extract<ViewAnswer, { readonly type: 'mismatch' }>;

/** What an answer to the question for the next mismatch leads to. */
export type MismatchStep =
  | { readonly type: 'show'; readonly coordinates: Coordinates; readonly mismatch: { readonly number: number; readonly of: number } | undefined; readonly notice: string }
  /** There is none further on: the question is asked again from the other end. */
  | { readonly type: 'wrap' }
  | { readonly type: 'none'; readonly notice: string };

/** @param wrapped the question was asked from an end of the dump, because there was none further on */
export function mismatchStep({ coordinates, number, of }: MismatchAnswer, backward: boolean, wrapped: boolean): MismatchStep {
  if (coordinates !== undefined) {
    const mismatch = number === undefined || of === undefined ? undefined : { number, of };
    return { type: 'show', coordinates, mismatch, notice: wrapped && of !== undefined ? wrapNotice(of, backward) : '' };
  }
  if (of === undefined) return { type: 'none', notice: 'No dump is attached: choose one to compare with.' };
  if (of === 0) return { type: 'none', notice: 'No word of the dump differs.' };
  return wrapped ? { type: 'none', notice: `${counted(of, 'word')} of the dump differ, but their places were not found.` } : { type: 'wrap' };
}

function wrapNotice(of: number, backward: boolean): string {
  if (of === 1) return 'This is the only word that differs.';
  return backward ? `There is none before: back at the last of ${grouped(of)}.` : `There is none after: back at the first of ${grouped(of)}.`;
}
