import type { Layout } from '../../vectors/layout';
import type { OpenedDump } from './dumpSide';

/** Lines that are looked at. */
const SAMPLE_LINES = 64;

/** Says that digits which could be binary are read as hex: words of another width than expected look like that. */
export function digitsNote({ files }: OpenedDump, { spec: { radix, bits }, wordWidth }: Layout): string[] {
  if (radix !== 'hex') return [];
  const digits = files.flatMap(({ head }) => head.sample(SAMPLE_LINES)).join('');
  if (/[^01\s_,]/.test(digits) || !digits.includes('1')) return [];
  return [`All its digits are 0 and 1, and were read as hex: in binary, words of ${bits} bits would have ${bits} digits instead of ${wordWidth}. If they are binary, the golden file has another width.`];
}
