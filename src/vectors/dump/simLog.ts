import type { ToldFailure } from './failurePhrases';
import { failureNotes, tellsOfFailure } from './failurePhrases';
import type { Recording } from './recorded';
import { TextBuilder } from './recorded';

/** What a line of a simulation log claims about an output. */
export interface LogClaim {
  /** Output pixel, from 0. */
  readonly index: number;
  readonly matched: boolean;
  /** File line, from 1. */
  readonly line: number;
  /** Words that the log shows for it: what came out, and what was expected. */
  readonly got?: string;
  readonly answer?: string;
}

export interface SimulationLog {
  readonly claims: readonly LogClaim[];
  /** `[WS] Psum Data ERROR at kij= 3, j= 7`, which shows no words. */
  readonly psumErrors: readonly { readonly kij: number; readonly j: number; readonly line: number }[];
  /** Other lines that tell of a run that went wrong: `ERROR: timeout`, `%Fatal`. */
  readonly failures: readonly (ToldFailure & { readonly line: number })[];
  /** Lines that say that no error was detected, from 1. */
  readonly verdicts: readonly number[];
}

const NTH = /(\d+)\s*-?\s*(?:st|nd|rd|th)\b.*?(data matched|data error|error|matched)/i;
const INDEXED = /\b(?:PE|o_nij|nij|output|pixel)\s*[=:]?\s*(\d+)\b.*?(data matched|data error|error!|matched)/i;
const SHOWN = /^\s*(sfp_?out|out|got|dut|rtl|answer|expected|golden)\s*[:=]\s*(?:\d+'[bhd])?([-0-9a-fxz_ ]+?)\s*$/i;
const PSUM = /psum.*error.*?kij\s*=\s*(\d+)\s*,?\s*j\s*=\s*(\d+)/i;
const NO_ERROR = /no error detected/i;

/** Reads what a test bench printed. @returns undefined when it printed nothing that is known */
export function readLog(text: string): SimulationLog | undefined {
  const claims: { index: number; matched: boolean; line: number; got?: string; answer?: string }[] = [];
  const psumErrors: { kij: number; j: number; line: number }[] = [];
  const failures: { text: string; line: number }[] = [];
  const verdicts: number[] = [];
  for (const [i, content] of text.split(/\r?\n/).entries()) {
    const line = i + 1;
    const psum = PSUM.exec(content);
    const shown = SHOWN.exec(content);
    const nth = NTH.exec(content);
    const indexed = nth === null ? INDEXED.exec(content) : null;
    const last = claims.at(-1);
    if (psum !== null) psumErrors.push({ kij: Number(psum[1]), j: Number(psum[2]), line });
    else if (NO_ERROR.test(content)) verdicts.push(line);
    else if (shown !== null && last !== undefined) last[/^(?:answer|expected|golden)$/i.test(shown[1]!) ? 'answer' : 'got'] ??= shown[2]!.trim();
    else if (nth !== null) claims.push({ index: Number(nth[1]) - 1, matched: !/error/i.test(nth[2]!), line });
    else if (indexed !== null) claims.push({ index: Number(indexed[1]), matched: !/error/i.test(indexed[2]!), line });
    else if (tellsOfFailure(content)) failures.push({ text: content.trim(), line });
  }
  return claims.length + psumErrors.length + verdicts.length === 0 ? undefined : { claims, psumErrors, failures, verdicts };
}

/** The words that a log shows, at the outputs that it names; of outputs named twice the last. */
export function recordLog({ claims, psumErrors, failures, verdicts }: SimulationLog): Recording {
  const text = new TextBuilder();
  const lines: number[] = [];
  const byIndex = new Map(claims.map((claim) => [claim.index, claim]));
  for (const { index, got, line } of [...byIndex.values()].sort((a, b) => a.index - b.index)) {
    if (got === undefined) continue;
    text.add(`@${index.toString(16)}`);
    text.add(got);
    lines.push(line);
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
      ...failureNotes(failures),
      ...(later.length > 0 ? [`It says "No error detected" in line ${passed!}, and tells of ${later.length} errors after that, the first in line ${later[0]!.line}.`] : []),
      ...(passed !== undefined && later.length === 0 && errors + psumErrors.length + failures.length > 0 ? [`It says "No error detected" in line ${passed}, although it told of errors before.`] : []),
      ...(byIndex.size < claims.length ? [`${claims.length - byIndex.size} of the outputs ${claims.length - byIndex.size === 1 ? 'is' : 'are'} told of twice: the last counts.`] : []),
    ],
  };
}
