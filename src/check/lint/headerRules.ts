import { headerClues } from '../../vectors/headerClues';
import type { Findings, GoldenFile } from './context';
import { plural } from './context';

/** Header lines that `$fscanf("%s")` does not read as one word each. */
export function checkHeaderBlanks({ shape }: GoldenFile, findings: Findings): void {
  const { header } = shape;
  if (header.length === 0) return;
  const counts = header.map((line) => (isNumbers(line) ? 1 : wordsOf(line).length));
  const words = counts.reduce((sum, count) => sum + count, 0);
  const wrong = counts.findIndex((count) => count !== 1);
  if (wrong < 0) return;
  const fileLine = headerLines(shape.lineCount, (i) => shape.role(i) === 'header')[wrong] ?? 0;
  const line = shape.line(fileLine);
  const blank = /(?<=\S)\s+(?=\S)/.exec(line);
  const comments = header.every((text) => text.trim() === '' || /^\/\/(?!#)/.test(text.trim()));
  findings.add({
    rule: 'header-blanks',
    ...(comments && { severity: 'info' as const }),
    what: `The ${plural(header.length, 'header line')} ${header.length === 1 ? 'is' : 'are'} ${plural(words, 'word')} for $fscanf("%s"): skipping one word a line leaves the reader inside the header.`,
    next: 'Write each header line without blanks, or skip the header with $fgets.',
    fileLine,
    column: blank?.index ?? 0,
    length: blank?.[0].length ?? line.length,
  });
}

/** A first data line whose digits are unlike those of the others, and that was taken for a header. */
function isNumbers(line: string): boolean {
  return wordsOf(line).length > 1 && wordsOf(line).every((word) => /^-?[0-9]+$/.test(word));
}

function wordsOf(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== '');
}

function headerLines(lineCount: number, isHeader: (fileLine: number) => boolean): number[] {
  const found: number[] = [];
  for (let i = 0; i < Math.min(lineCount, 64); i++) if (isHeader(i)) found.push(i);
  return found;
}

const NEARLY = 0.8;

/** Differences that the arithmetic found; they are reported by the rule about psums. */
export const DIFFER = /words differ from what the activations and weights give/;

/** What the reading of a file says against its header and name. */
export function checkContradictions(file: GoldenFile, findings: Findings): void {
  const { best, shape, name } = file;
  const claim = Math.max(0, headerLines(shape.lineCount, (i) => shape.role(i) === 'header' && /(?:row|co|nij|lines)\w*\d|\d\s*(?:b|lines)/i.test(shape.line(i)))[0] ?? 0);
  for (const what of best.contradictions) {
    if (DIFFER.test(what)) continue;
    const ofName = what.startsWith('The file name');
    const harmless = isHabit(file, what) || isDoubtful(file, what);
    findings.add({
      rule: ofName ? 'name-contradicts-data' : 'header-contradicts-data',
      ...(harmless && { severity: 'info' as const }),
      what,
      next: ofName ? `Rename ${name.split('/').at(-1) ?? name}, or check that the right data were written.` : 'Correct the header, or check that the right data were written.',
      fileLine: ofName ? 0 : claim,
      length: Math.max(1, shape.line(ofName ? 0 : claim).length),
    });
  }
}

/** Outputs under the header of activations: lines are time steps in both. */
function isHabit({ layout, shape }: GoldenFile, what: string): boolean {
  const { kind } = layout.spec;
  const { words, lines } = headerClues(shape.header);
  return (kind === 'out' || kind === 'psum') && what.startsWith('The header names rows, but the words') && words === 'row' && lines === 'time';
}

/** Readings that explain the header are together nearly as likely as those that do not. */
function isDoubtful({ best, candidates }: GoldenFile, what: string): boolean {
  if (best.proven) return false;
  const sum = (against: boolean): number => candidates.reduce((total, { confidence, contradictions }) => total + (contradictions.includes(what) === against ? confidence : 0), 0);
  return sum(false) >= sum(true) * NEARLY;
}
