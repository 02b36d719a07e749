/** `mean error: 0.02`, `error = 1e-6`: a quantity. */
const MEASURED = /\berror\s*[:=]\s*[-+]?(?:\d*\.\d|\d+e[-+]?\d)/gi;
/** Longer lines say it at their beginning. */
const LOOK = 400;

/** `0 errors`, `no data error`, `without mismatch`, `non-fatal`, `error-free`. */
const DENIED = /\b(?:no|none|0|zero|without|non|free of|never)[\s-]+(?:\w+\s+)?(?:errors?|failures?|fail(?:ed|s)?|fatals?|timeouts?|mismatch(?:es)?|assertions?)\b|\berror[\s-]free\b/gi;
/** `errors: 0`, `error count = 0`, `UVM_ERROR :    0`, `FAILED: 0`; no decimal fraction. */
const NONE = /\b(?:UVM_)?(?:errors?|failures?|failed|fatals?|timeouts?|mismatch(?:es)?)(?:[\s_]*(?:count|counter|cnt|total|found|detected))?\s*[:=]\s*0+(?![.\d]*[1-9])\b/gi;

/** What simulators and test benches print of a run that went wrong, after what denies it was taken out. */
const FAILED: readonly RegExp[] = [
  // Of `$error`, `$fatal`, Icarus, Verilator (`%Error`), Questa (`** Error`), UVM: the word as a mark, not in the middle of a sentence
  /^(?:[^a-z]*|.*[:\]*%#>] ?)(?:error|fatal)(?: error)?\s*(?:[:!(@[\]*-]|$)/i,
  /\$(?:fatal|error)\b/i,
  /\*\* ?(?:error|fatal|failure)\b/i,
  /%(?:error|fatal)\b/i,
  /\bUVM_(?:ERROR|FATAL)\b/,
  // In capitals the word is a mark wherever it stands, but for a name or a setting
  /(?<![\w$.-])(?:ERROR|FATAL|FAIL|FAILED|FAILURE|MISMATCH)(?![\w-]|\.\w|\s*=)/,
  /(?<![\w$.-])TIMEOUT(?![\w-]|\.\w|\s*[:=]?\s*(?:of\s+|is\s+|after\s+)?\d)/,
  /\btimed out\b/i,
  /^\W*timeout\s*(?:[:!](?!\s*\d)|$)/i,
  /\bassertion\b.*\b(?:failed|failure|violat(?:ed|ion)|error)\b/i,
  // Counts
  /(?<![\w.,-])0*[1-9]\d*\s+(?:\w+\s+)?(?:errors?|mismatch(?:es)?|failures)\b/i,
  /\b(?:UVM_)?(?:errors|failures|mismatches|fatals|error[\s_]*(?:count|counter|cnt|total))\s*[:=]\s*0*[1-9]\d*\b(?!\.\d)/i,
];

/** Every phrase has one of these, and no line of words has. */
const LETTERS = /[lrt]/i;

/** Notes are read by people: so much of a line. */
const QUOTED = 120;

/** A line that tells of a run that went wrong. */
export interface ToldFailure {
  readonly text: string;
  /** From 1; absent near the end of a file whose lines were not counted. */
  readonly line?: number;
}

/** Where a log or a dump tells of a run that went wrong, in a sentence; none when it does not. */
export function failureNotes([first, ...more]: readonly ToldFailure[]): string[] {
  if (first === undefined) return [];
  const quote = first.text.length > QUOTED ? `${first.text.slice(0, QUOTED)}…` : first.text;
  return [`It tells of a run that went wrong ${first.line === undefined ? 'near its end' : `in line ${first.line}`}: ${quote}${more.length === 0 ? '' : ` (and in ${more.length} more ${more.length === 1 ? 'line' : 'lines'})`}`];
}

/**
 * Does a line of a simulation log say that the run went wrong? Only phrases that are used for nothing else count: `0 errors`, `no error`,
 * `Errors: 0`, `mean error: 0.02` do not.
 */
export function tellsOfFailure(line: string): boolean {
  if (!LETTERS.test(line)) return false;
  const rest = line.slice(0, LOOK).replaceAll(DENIED, ' ').replaceAll(NONE, ' ').replaceAll(MEASURED, ' ');
  return FAILED.some((phrase) => phrase.test(rest));
}
