import type { PrintedNumbers } from '../outputNumbers';
import { withNumber } from '../outputNumbers';
import type { ToldFailure } from './failurePhrases';
import { failureNotes, tellsOfFailure, withoutDenials } from './failurePhrases';
import type { Recording } from './recorded';
import { TextBuilder } from './recorded';

/** Words that a log shows, and in which file line, from 1. */
export interface ShownWords {
  readonly words: string;
  readonly line: number;
}

/** What a line of a simulation log claims about an output. */
export interface LogClaim {
  /** Number of the output, as printed. */
  readonly printed: number;
  /** What the first output is called, where the line's form says so; otherwise the numbers of all lines do. */
  readonly base?: 0;
  readonly matched: boolean;
  /** File line, from 1. */
  readonly line: number;
  /** Words that the log shows for it: what came out, and what was expected. */
  readonly got?: ShownWords;
  readonly answer?: ShownWords;
}

export interface SimulationLog {
  readonly claims: readonly LogClaim[];
  /** Of the claims whose form does not say what the first output is called. */
  readonly numbers?: PrintedNumbers;
  /** `[WS] Psum Data ERROR at kij= 3, j= 7`, which shows no words. */
  readonly psumErrors: readonly { readonly kij: number; readonly j: number; readonly line: number }[];
  /** Other lines that tell of a run that went wrong: `ERROR: timeout`, `%Fatal`. */
  readonly failures: readonly ToldFailure[];
  /** Lines that say that no error was detected, from 1. */
  readonly verdicts: readonly number[];
}

/** Lines are judged by their beginning; words may be longer. */
export const MOST_OF_LOG_LINE = 1 << 16;
const MOST_CLAIM = 1024;

// From its first digit on: a line of digits is gone through once
const NTH = /(?<!\d)(\d+)\s*-?\s*(?:st|nd|rd|th)\b(.*)/i;
const INDEXED = /\b(?:PE|o_nij|nij|output|pixel)\s*[=:]?\s*(\d+)\b(.*)/i;
const NOT_MATCHED = /\b(?:mismatch(?:ed)?|unmatched|failed|wrong|incorrect|differs)\b|(?:\bnot|n['’]t)\s+match/i;
const MATCHED = /\bmatched\b/i;
const SHOWN = /^(sfp_?out|out|got|dut|rtl|answer|expected|golden)\s*[:=](.*)$/i;
const WORDS = /^[-0-9a-fxz_ ]*$/i;
const DIGIT = /[0-9a-fxz]/i;
const PSUM = /psum.*error.*?kij\s*=\s*(\d+)\s*,?\s*j\s*=\s*(\d+)/i;
const NO_ERROR = /no error detected/i;

/** Reads what a test bench printed, line by line; keeps what it claims. @returns undefined when it printed nothing that is known */
export function readLog(lines: Iterable<string>): SimulationLog | undefined {
  const claims: { printed: number; base?: 0; matched: boolean; line: number; got?: ShownWords; answer?: ShownWords }[] = [];
  const psumErrors: { kij: number; j: number; line: number }[] = [];
  const failures: { text: string; line: number }[] = [];
  const verdicts: number[] = [];
  let numbers: PrintedNumbers | undefined;
  let line = 0;
  for (const whole of lines) {
    line++;
    const content = whole.trim();
    const beginning = content.slice(0, MOST_CLAIM);
    const psum = PSUM.exec(beginning);
    const shown = shownWords(content);
    const nth = outcome(NTH.exec(beginning), /error/i);
    const indexed = nth === undefined ? outcome(INDEXED.exec(beginning), /data error|error!/i) : undefined;
    const last = claims.at(-1);
    if (psum !== null) psumErrors.push({ kij: Number(psum[1]), j: Number(psum[2]), line });
    else if (NO_ERROR.test(beginning)) verdicts.push(line);
    else if (shown !== undefined && last !== undefined) last[shown.side] ??= { words: shown.words, line };
    else if (nth !== undefined) {
      numbers = withNumber(numbers, nth.printed, nth.matched);
      claims.push({ ...nth, line });
    } else if (indexed !== undefined) claims.push({ ...indexed, base: 0, line });
    else if (tellsOfFailure(beginning)) failures.push({ text: beginning, line });
  }
  return claims.length + psumErrors.length + verdicts.length === 0 ? undefined : { claims, psumErrors, failures, verdicts, ...(numbers !== undefined && { numbers }) };
}

/** What is said of an output; undefined when that is nothing that is known. */
function outcome(found: RegExpExecArray | null, error: RegExp): { readonly printed: number; readonly matched: boolean } | undefined {
  if (found === null) return undefined;
  const said = withoutDenials(found[2]!);
  const failed = error.test(said) || NOT_MATCHED.test(said);
  return failed || MATCHED.test(said) ? { printed: Number(found[1]), matched: !failed } : undefined;
}

/** `sfpout: 0005 00ff`: the words behind a name. */
function shownWords(content: string): { readonly side: 'got' | 'answer'; readonly words: string } | undefined {
  const [, name, rest] = SHOWN.exec(content) ?? [];
  const words = rest?.trim().replace(/^\d{1,4}'[bhd]/, '') ?? '';
  if (name === undefined || !WORDS.test(words) || !DIGIT.test(words)) return undefined;
  return { side: /^(?:answer|expected|golden)$/i.test(name) ? 'answer' : 'got', words };
}

/**
 * The words that a log shows, at the outputs that it names; of outputs named twice the last.
 * @param base what it calls its first output
 * @param side what came out, or what the log itself calls the answer
 */
export function recordLog({ claims, psumErrors, failures, verdicts }: SimulationLog, base: 0 | 1, side: 'got' | 'answer' = 'got'): Recording {
  const text = new TextBuilder();
  const lines: number[] = [];
  const indexOf = (claim: LogClaim): number => claim.printed - (claim.base ?? base);
  const byIndex = new Map(claims.filter((claim) => indexOf(claim) >= 0).map((claim) => [indexOf(claim), claim]));
  for (const [index, { [side]: shown }] of [...byIndex].sort(([a], [b]) => a - b)) {
    if (shown === undefined) continue;
    text.add(`@${index.toString(16)}`);
    text.add(shown.words);
    lines.push(shown.line);
  }
  const errors = claims.filter(({ matched }) => !matched).length;
  const passed = verdicts[0];
  const later = passed === undefined ? [] : [...claims.filter(({ matched }) => !matched), ...psumErrors, ...failures].filter(({ line }) => line > passed);
  return {
    text: text.text,
    lines,
    sparse: true,
    errors: errors + psumErrors.length + failures.length,
    notes: [
      `The log says ${claims.length - errors} matched and ${errors} ${errors === 1 ? 'error' : 'errors'}${psumErrors.length > 0 ? `, and ${psumErrors.length} psum ${psumErrors.length === 1 ? 'error' : 'errors'}, the first at kij ${psumErrors[0]!.kij}, j ${psumErrors[0]!.j} (line ${psumErrors[0]!.line})` : ''}; it shows the words of ${lines.length} ${lines.length === 1 ? 'output' : 'outputs'}.`,
      ...failureNotes({ count: failures.length, ...(failures[0] !== undefined && { first: failures[0] }) }),
      ...(later.length > 0 ? [`It says "No error detected" in line ${passed!}, and tells of ${later.length} errors after that, the first in line ${later[0]!.line}.`] : []),
      ...(passed !== undefined && later.length === 0 && errors + psumErrors.length + failures.length > 0 ? [`It says "No error detected" in line ${passed}, although it told of errors before.`] : []),
      ...(byIndex.size < claims.length ? [`${claims.length - byIndex.size} of the outputs ${claims.length - byIndex.size === 1 ? 'is' : 'are'} told of twice: the last counts.`] : []),
    ],
  };
}
