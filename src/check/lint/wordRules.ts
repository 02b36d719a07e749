import type { Findings, GoldenFile } from './context';
import { plural } from './context';
import type { LineForm } from './lineForm';
import { lineForm } from './lineForm';
import { checkMixedLengths } from './mixedLengths';

/** Signs, digits, widths and counts of the words, line by line. */
export function checkWords(file: GoldenFile, findings: Findings): void {
  const { shape, layout, declared } = file;
  const form = lineForm(layout);
  const mixed = checkMixedLengths(file, form, findings);
  for (const fileLine of shape.dataLines) {
    const line = shape.line(fileLine);
    if (form.isClean(line)) continue;
    checkDigits(file, form, fileLine, line, findings);
    if (form.radix === 'decimal') checkCount(file, fileLine, form.tokens(line).length, line, findings);
    else if (form.joined) checkJoined(file, form, fileLine, line, mixed, findings);
    else checkSeparated(file, fileLine, mixed, findings);
  }
  const lines = shape.dataLines.length + checkForeignLines(file, form, findings);
  if (declared && lines !== layout.lineCount) {
    findings.add({
      rule: 'missing-lines',
      what: `The file has ${plural(lines, 'data line')}; by its layout there are ${layout.lineCount}.`,
      next: 'Generate the set again.',
      fileLine: shape.dataLines.at(-1) ?? 0,
      length: shape.line(shape.dataLines.at(-1) ?? 0).length,
    });
  }
}

/** Signs, simulator digits and characters that are no digits. */
function checkDigits({ dump }: GoldenFile, form: LineForm, fileLine: number, line: string, findings: Findings): void {
  if (form.radix !== 'decimal') {
    for (const { index } of line.matchAll(/[-+]/g)) {
      const rest = /^[-+][0-9a-fxz_]*/i.exec(line.slice(index, index + form.width))?.[0] ?? '-';
      findings.add({
        rule: 'minus-sign',
        what: `A ${line[index] === '-' ? 'minus' : 'plus'} sign stands inside a ${form.radix} word: ${JSON.stringify(rest)}. A %b or %h scan stops here, and all later reads keep the old value.`,
        next: "Write the value in two's complement, with all its digits.",
        fileLine,
        column: index,
        length: rest.length,
      });
    }
  }
  const unknown = /[xz?]+/i.exec(line);
  if (unknown !== null) {
    const words = form.pieces(line).filter((word) => /[xz?]/i.test(word)).length;
    findings.add({
      rule: 'unknown-digit',
      ...(dump && { severity: 'info' as const }),
      what: `${plural(words, 'word')} of this line ${words === 1 ? 'has' : 'have'} ${/z/i.test(unknown[0]) ? 'z' : 'x'} digits: the value is not known.`,
      next: dump ? 'Look whether these words were ever written.' : 'Write a number: comparisons with x never count as an error.',
      fileLine,
      column: unknown.index,
      length: unknown[0].length,
    });
  }
  const strange = form.strange.exec(line);
  if (strange !== null) {
    findings.add({ rule: 'strange-digit', what: `${JSON.stringify(strange[0])} is no ${form.radix} digit.`, next: 'Correct the word.', fileLine, column: strange.index, length: strange[0].length });
  }
}

function checkCount({ layout }: GoldenFile, fileLine: number, count: number, line: string, findings: Findings): void {
  const { wordsPerLine } = layout;
  if (count === wordsPerLine) return;
  findings.add({ rule: 'odd-word-count', what: `The line has ${plural(count, 'word')} instead of ${wordsPerLine}.`, next: count < wordsPerLine ? 'Add the missing words.' : 'Remove the words that are too many.', fileLine, length: line.trimEnd().length });
}

function checkJoined(file: GoldenFile, form: LineForm, fileLine: number, line: string, mixed: boolean, findings: Findings): void {
  const { layout } = file;
  const bare = line.trimEnd();
  if (/\s/.test(bare)) {
    const words = form.pieces(line);
    const padded = words.filter((word) => /\s/.test(word)).length;
    const first = words.findIndex((word) => /\s/.test(word));
    findings.add({
      rule: 'space-padded',
      what: `${plural(padded, 'word')} of this line ${padded === 1 ? 'is' : 'are'} padded with blanks instead of zeros. A %b scan takes each piece between blanks for a whole line.`,
      next: 'Pad with zeros, as "016b" does where "16b" pads with blanks.',
      fileLine,
      column: layout.column(Math.max(0, first)),
      length: form.width,
    });
    return;
  }
  const signs = bare.replaceAll(/[^-+]/g, '').length;
  const digits = bare.replaceAll('_', '').length;
  const whole = form.width * layout.wordsPerLine;
  // A sign in front of all digits makes the line longer; the sign is reported already
  if (mixed || digits === whole || digits - signs === whole) return;
  if (digits % form.width === 0) {
    checkCount(file, fileLine, digits / form.width, line, findings);
    return;
  }
  const rest = digits % form.width;
  const count = Math.floor(digits / form.width);
  const unit = form.radix === 'binary' ? 'bits' : 'digits';
  const which = layout.wordsPerLine === 1 ? `The word has ${digits} of ${form.width} ${unit}.` : `The line has ${digits} of ${whole} ${form.radix} digits: ${plural(count, 'whole word')}, and one with ${rest} of ${form.width} ${unit}.`;
  findings.add({ rule: 'wrong-width', what: which, next: digits < whole ? 'Find the word that lacks a digit: all behind it are shifted.' : 'Find the digits that are too many: all words behind them are shifted.', fileLine, length: bare.length });
}

function checkSeparated(file: GoldenFile, fileLine: number, mixed: boolean, findings: Findings): void {
  const { reading, layout, shape } = file;
  const words = reading.words(fileLine);
  const line = shape.line(fileLine);
  checkCount(file, fileLine, words.length, line, findings);
  const { wordWidth, spec } = layout;
  const padded = words.filter(({ text }) => text.length === wordWidth && /^\s+\S+$/.test(text));
  if (padded.length > 0) {
    findings.add({
      rule: 'space-padded',
      what: `${plural(padded.length, 'word')} of this line ${padded.length === 1 ? 'is' : 'are'} padded with blanks instead of zeros.`,
      next: 'Pad with zeros, as "016b" does where "16b" pads with blanks.',
      fileLine,
      column: padded[0]!.column,
      length: padded[0]!.length,
    });
  }
  if (mixed) return;
  for (const { text, column, length } of words) {
    const digits = text.trim().replaceAll(/[-+_]/g, '').length;
    const signed = /[-+]/.test(text);
    if (digits === wordWidth || padded.length > 0 || (signed && digits === wordWidth - 1)) continue;
    findings.add({ rule: 'wrong-width', what: `The word ${JSON.stringify(text.trim().slice(0, 80))} has ${digits} of ${wordWidth} ${spec.radix === 'binary' ? 'bits' : 'digits'}.`, next: 'Write all digits of the word.', fileLine, column, length });
  }
}

/**
 * Text between the data, and a first data line that a wrong character turned into a header.
 * @returns how many of these lines are data
 */
function checkForeignLines(file: GoldenFile, form: LineForm, findings: Findings): number {
  const { shape, layout } = file;
  let data = 0;
  for (let fileLine = 0; fileLine < shape.lineCount; fileLine++) {
    const role = shape.role(fileLine);
    if (role !== 'text' && role !== 'header') continue;
    const line = shape.line(fileLine).trimEnd();
    const digits = line.replace(new RegExp(form.strange, 'gi'), '').replaceAll(/[-+]/g, '').length;
    const isData = line.length >= 4 && digits >= line.length * 0.8 && Math.abs(line.length - layout.lineWidth) <= 2;
    if (isData) {
      data++;
      checkDigits(file, form, fileLine, line, findings);
    } else if (role === 'text') {
      findings.add({ rule: 'strange-digit', what: 'A line of text stands among the data.', next: 'Remove the line: scans of the data stop at it.', fileLine, length: line.length });
    }
  }
  return data;
}
