/** Endings of files that may be golden files or the memories of a simulation; their content decides. */
export const GOLDEN_ENDINGS = ['txt', 'mem', 'memb', 'memh', 'dat', 'data', 'hex', 'bin', 'dec', 'list'] as const;

/** Endings of files that a simulation may have written and that words are read from. */
export const WORD_ENDINGS = ['txt', 'mem', 'memb', 'memh', 'hex', 'dat'] as const;

/** The same with lists, what it printed, and waveforms. */
export const DUMP_ENDINGS = [...WORD_ENDINGS, 'list', 'log', 'out', 'vcd'] as const;

const GOLDEN = new RegExp(`\\.(?:${GOLDEN_ENDINGS.join('|')})$`, 'i');

const DUMP = new RegExp(`\\.(?:${DUMP_ENDINGS.join('|')})$`, 'i');
/** What simulators name after a memory's digits, and words that people give to what came out of a design. */
const DUMP_NAME = /\.(?:memb|memh)(?:\.txt)?$|(?<![a-z])(?:(?:dump|rtl|dut|sim|verilog|actual|got)|[apowx]mem)(?![a-z])/i;

/** Could a simulation have written a file of this name or path? */
export function isDumpEnding(name: string): boolean {
  return DUMP.test(name);
}

/** Does a name say that a simulation wrote the file? Folders are not asked, and `mem` alone says nothing: a golden file may be called so too. */
export function isDumpName(name: string): boolean {
  return DUMP_NAME.test(name.split(/[\\/]/).at(-1)!);
}

/** Could a file of this name or path be a golden file? */
export function isGoldenName(name: string): boolean {
  return GOLDEN.test(name);
}
