import type { Candidate, Inference } from '../../vectors/inference';
import { headerClues } from '../../vectors/headerClues';
import { nameClues } from '../../vectors/nameClues';

/** Readings of one form together have to be so likely; which order they have may still be open. */
const LEAST_CONFIDENCE = 0.5;
/** A file without a telling name or header has to look like nothing else. */
const LEAST_LINES = 4;
const LEAST_DIGITS = 16;

/**
 * Is a file surely enough a golden file to be drawn as one? Conservative: a text full of numbers stays as it is unless its name or
 * header says what it holds, or its lines are long rows of bits of one length.
 */
export function isRecognised({ name, shape, candidates, report }: Inference): boolean {
  const best = candidates[0];
  if (report !== undefined || best === undefined) return false;
  if (best.proven) return true;
  const form = candidates.filter((other) => sameForm(best, other)).reduce((sum, { confidence }) => sum + confidence, 0);
  if (form < LEAST_CONFIDENCE) return false;
  if (nameClues(name).kind !== undefined || headerClues(shape.header).kinds.length > 0) return true;
  const { layout } = best;
  const { radix, separator } = layout.spec;
  if (shape.isMemory) return true;
  return radix === 'binary' && separator === '' && layout.wordsPerLine >= 4 && layout.lineWidth >= LEAST_DIGITS && shape.dataLines.length >= LEAST_LINES;
}

function sameForm({ layout: a }: Candidate, { layout: b }: Candidate): boolean {
  return a.spec.bits === b.spec.bits && a.wordsPerLine === b.wordsPerLine && a.spec.radix === b.spec.radix;
}
