/** Characters that take no room and are no blanks: an editor draws nothing for them, and a diff does not trim them. */
const INVISIBLE = ['\u200b', '\u200c', '\u2060', '\u2061', '\u2062', '\u2063', '\u2064', '\u206a', '\u206b', '\u206c'] as const;

/**
 * What a line that differs ends with on both sides, so that the diff of VS Code leaves line N beside line N. It matches as many characters as it can:
 * where all values stand one address too high, it would otherwise put each line beside its neighbour and show the fault as if it were none.
 * Another one on each of a hundred lines; as long as the values that could match elsewhere.
 */
export function anchorOf(line: number, length: number): string {
  const [units, tens] = [INVISIBLE[line % 10]!, INVISIBLE[Math.floor(line / 10) % 10]!];
  return (units + tens).repeat(length);
}
