/** `mean error: 0.02`, `error = 1e-6`: a quantity. */
const MEASURED = /\berror\s*[:=]\s*[-+]?(?:\d*\.\d|\d+e[-+]?\d)/gi;
/** Longer lines say it at their beginning. */
export const MOST_OF_PHRASE = 400;

/** What fails is counted under these names. */
const COUNTED = String.raw`(?:UVM_)?(?:errors?|errs?|failures?|fail(?:ed|s)?|fatals?|timeouts?|mismatch(?:es|ed)?|unmatched)(?:\((?:s|es)\))?`;
/** What stands between the name of a count and the number. */
const COUNT_OF = String.raw`(?:[\s_]*(?:count|counter|cnt|total|found|detected))?`;
const IS = String.raw`\s*(?:[:=]\s*|\b(?:is|are|was|were)\s+)`;
/** A number behind these is which one, not how many: `kij 0 error`. */
const INDEXED = String.raw`(?<!(?:kij|nij|col|column|row|PE|pixel|address|addr|index|tile|channel|line)\s*[=#]?\s*)`;

/** What denies a failure: `0 errors`, `no data error`, `without mismatch`, `none of the words differ`, `non-fatal`, `error-free`; `errors: 0`, `16 passed, failed 0`. */
const DENIED: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:no|none|${INDEXED}0+(?![.\d])|zero|without|non|free of|never)[\s-]+(?:\w+\s+)?(?:${COUNTED}|assertions?)(?![\w(])`, 'gi'),
  /\b(?:none of|no|nothing|never|not|zero)\s+(?:(?:the|these|all)\s+)?(?:\w+\s+){0,2}?(?:differs?|failed|(?:is|are|was|were)\s+(?:wrong|incorrect))\b/gi,
  // One that is called 0 differs, none differ
  /(?<![\w.,-])0+\s+(?:\w+\s+)?(?:differ\b|(?:wrong|incorrect)\s+\w+)/gi,
  /\bdiffers?\s+by\s+(?:no|0+(?![.\d]*[1-9]))/gi,
  /\berror[\s-]free\b/gi,
  // No decimal fraction
  new RegExp(String.raw`(?:\b|(?<=_))${COUNTED}${COUNT_OF}(?:${IS}|\s+)0+(?![.\d]*[1-9])(?![\w-])`, 'gi'),
];

/** What is built, not what came out: `width of port d differs`. */
const OF_THE_BUILD = /\b(?:ports?|width|size|timescale|version|connection|parameters?)\b/i;

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
  /\b(?:tests?|verification|simulation|self-?check|check|comparison|case|run)\s+(?:(?:has|have|is|was)\s+)?failed\b/i,
  // Counts
  /(?<![\w.,-])0*[1-9]\d*\s+(?:\w+\s+)?(?:errors?|mismatch(?:es)?|failures|failed|unmatched)\b/i,
  /(?<![\w.,-])0*[1-9]\d*\s+(?:error|mismatch)\((?:s|es)\)/i,
  new RegExp(String.raw`(?:\b|_)(?:(?:UVM_)?(?:errors|errs|failures|mismatch(?:es)?|fatals|failed|unmatched)${COUNT_OF}|(?:error|mismatch)\((?:s|es)\)|(?:error|err|mismatch|fail)[\s_]*(?:count|counter|cnt|total))${IS}0*[1-9]\d*\b(?!\.\d)`, 'i'),
  /\b(?:errors|mismatches|failures|fail(?:ed|ures))(?:\s+(?:count|found|detected))?\s+0*[1-9]\d*\b(?!\.\d)/i,
  /\bkij\s*[=:]?\s*\d+\s+error\s*(?:[!:;,(]|$)/i,
];

/** Sentences that a compiler or an elaborator says as well, of ports and widths. */
const OF_VALUES: readonly RegExp[] = [
  /(?<!\b(?:if|on|any|each|every|per|for)\s+)\bmismatch(?:ed)?\s*(?:[!,:;.(]|$|(?:at|in|on|for|of|found|detected|between)\b)/i,
  /(?:\bnot|n['’]t)\s+(?:been\s+|be\s+)?match(?:ed|ing)?\b/i,
  /\bdiffers?\b/i,
  /\b(?:wrong|incorrect)\s+(?:\w+\s+)?(?:psums?|outputs?|data|values?|results?|words?|answers?|sfp)\b/i,
  /\b(?:psums?|outputs?|data|values?|results?|words?)\s+(?:is|are|was|were)\s+(?:wrong|incorrect)\b/i,
];

/** `12 of 16 outputs match`, `Passed: 12 / 16`: not all. Behind a name the first number says which one: `Test 3 of 16 passed`. */
const SHARES: readonly RegExp[] = [
  /(?:^|[^\w\s]\s*|\bonly\s+|\ball\s+)(\d+)\s*(?:\/|of|out of)\s*(\d+)\s+(?:\w+\s+){0,2}?(?:match(?:ed|es)?|pass(?:ed)?|correct|agree)\b/i,
  /\b(?:match(?:ed|es)?|passed|correct)\s*[:=]?\s*(\d+)\s*(?:\/|of|out of)\s*(\d+)\b/i,
];

const NUMBER = String.raw`([-+]?[\da-fxz]+)(?![\w.])`;
const EXPECTED = String.raw`\bexp(?:ected)?\s*(?:value\s*)?[:=]?\s*${NUMBER}`;
const GOT = String.raw`\b(?:got|actual|found|received|observed)\s*(?:value\s*)?[:=]?\s*${NUMBER}`;
/** `expected 12, got 13`, in either order. */
const COMPARED: readonly RegExp[] = [new RegExp(String.raw`${EXPECTED}[\s,;|(]*(?:but\s+)?${GOT}`, 'i'), new RegExp(String.raw`${GOT}[\s,;|(]*(?:but\s+)?${EXPECTED}`, 'i')];

/** Every phrase has one of these, and no line of words has. */
const TELLING = /err|fatal|fail|match|time(?:outs?|d out)|assert|differ|wrong|correct|pass|agree|exp/i;

/** Notes are read by people: so much of a line. */
const QUOTED = 120;

/** A line that tells of a run that went wrong. */
export interface ToldFailure {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** Of all lines of a text. */
export interface ToldFailures {
  readonly count: number;
  readonly first?: ToldFailure;
}

export const NO_FAILURES: ToldFailures = { count: 0 };

/** Those of several texts. */
export function allFailures(texts: readonly ToldFailures[]): ToldFailures {
  const first = texts.find((one) => one.first !== undefined)?.first;
  return { count: texts.reduce((sum, { count }) => sum + count, 0), ...(first !== undefined && { first }) };
}

/** Where a log or a dump tells of a run that went wrong, in a sentence; none when it does not. */
export function failureNotes({ first, count }: ToldFailures): string[] {
  if (first === undefined) return [];
  const quote = first.text.length > QUOTED ? `${first.text.slice(0, QUOTED)}…` : first.text;
  return [`It tells of a run that went wrong in line ${first.line}: ${quote}${count === 1 ? '' : ` (and in ${count - 1} more ${count === 2 ? 'line' : 'lines'})`}`];
}

/** The beginning of a line without what says that nothing went wrong: `no error`, `errors: 0`, `mean error: 0.02`. */
export function withoutDenials(line: string): string {
  return [...DENIED, MEASURED].reduce((rest, denial) => rest.replaceAll(denial, ' '), line.slice(0, MOST_OF_PHRASE));
}

/**
 * Does a line of a simulation log say that the run went wrong? Only phrases that are used for nothing else count: `0 errors`, `no error`,
 * `Errors: 0`, `mean error: 0.02` do not.
 */
export function tellsOfFailure(line: string): boolean {
  if (!TELLING.test(line)) return false;
  const rest = withoutDenials(line);
  if (FAILED.some((phrase) => phrase.test(rest))) return true;
  if (OF_VALUES.some((phrase) => phrase.test(rest)) && !OF_THE_BUILD.test(rest)) return true;
  return SHARES.some((share) => isLess(share.exec(rest))) || COMPARED.some((pair) => isOther(pair.exec(rest)));
}

function isLess(found: RegExpExecArray | null): boolean {
  return found !== null && Number(found[1]) < Number(found[2]);
}

function isOther(found: RegExpExecArray | null): boolean {
  const [one, other] = [plain(found?.[1]), plain(found?.[2])];
  return one !== other;
}

/** `000C` and `c` are the same digits. */
function plain(digits: string | undefined): string | undefined {
  return digits?.toLowerCase().replace(/^([-+]?)0+(?=.)/, '$1').replace(/^(?:\+|-(?=0$))/, '');
}
