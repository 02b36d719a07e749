import type { Findings, GoldenFile } from './context';
import { plural } from './context';
import type { LineForm } from './lineForm';

/** More than this share of odd ones means that there is no rule to break. */
const FEW = 0.1;
const ALWAYS_FEW = 2;

/** Reports lines or words without a common width, once for the file. @returns whether it did: single ones are then not judged */
export function checkMixedLengths({ shape, layout, reading }: GoldenFile, form: LineForm, findings: Findings): boolean {
  if (form.radix === 'decimal') return false;
  const lines = new Map<number, number>();
  const words = new Map<number, number>();
  let firstOdd = -1;
  let complete = true;
  let [oddLines, oddWords, wordCount] = [0, 0, 0];
  for (const fileLine of shape.dataLines) {
    const line = shape.line(fileLine);
    if (form.isClean(line)) {
      count(lines, layout.lineWidth - layout.spec.trailing.length);
      wordCount += layout.wordsPerLine;
      continue;
    }
    const bare = line.trimEnd();
    // Signs make lines longer and are reported by themselves; so are blanks in joined lines
    const length = bare.replaceAll(/[-+_]/g, '').length;
    const whole = layout.lineWidth - layout.spec.trailing.length;
    count(lines, length);
    const odd = length !== whole && bare.length !== whole;
    if (odd) {
      oddLines++;
      if (firstOdd < 0) firstOdd = fileLine;
    }
    if (form.joined) continue;
    const read = reading.words(fileLine);
    complete &&= read.length === layout.wordsPerLine;
    wordCount += read.length;
    for (const { text } of read) {
      const digits = text.trim().replaceAll(/[-+_]/g, '').length;
      count(words, digits);
      if (text.length !== layout.wordWidth) oddWords++;
    }
  }
  const total = shape.dataLines.length;
  const manyLines = form.joined && oddLines > Math.max(ALWAYS_FEW, total * FEW);
  const manyWords = !form.joined && oddWords > Math.max(ALWAYS_FEW, wordCount * FEW);
  if (!manyLines && !manyWords) return false;
  const unpadded = manyWords && complete;
  const lengths = [...(manyWords ? words : lines)].sort((a, b) => b[1] - a[1]);
  findings.add({
    rule: 'mixed-line-lengths',
    ...(unpadded && { severity: 'info' as const }),
    what: `${manyWords ? 'Words' : 'Lines'} have ${plural(lengths.length, 'different length')}: ${lengths.slice(0, 3).map(([length, times]) => `${length} digits (${times} times)`).join(', ')}${lengths.length > 3 ? ', …' : ''}.`,
    next: unpadded ? 'Write all digits of each word, if tools read the file by columns.' : 'Write each line with the same number of digits.',
    fileLine: Math.max(0, firstOdd),
    length: Math.max(1, shape.line(Math.max(0, firstOdd)).length),
  });
  return true;
}

function count(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
