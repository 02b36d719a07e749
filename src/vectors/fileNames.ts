/** Endings of files that may be golden files or the memories of a simulation; their content decides. */
export const GOLDEN_ENDINGS = ['txt', 'mem', 'memb', 'memh', 'dat', 'data', 'hex', 'bin', 'dec', 'list'] as const;

const GOLDEN = new RegExp(`\\.(?:${GOLDEN_ENDINGS.join('|')})$`, 'i');

/** Could a file of this name or path be a golden file? */
export function isGoldenName(name: string): boolean {
  return GOLDEN.test(name);
}
