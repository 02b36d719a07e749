const MINUS = '\u2212';

/** A value as it is shown everywhere: decimal, with a true minus sign. */
export function signed(value: number): string {
  return value < 0 ? `${MINUS}${-value}` : String(value);
}

/** A factor of a product: negative ones in parentheses. */
export function factor(value: number): string {
  return value < 0 ? `(${signed(value)})` : String(value);
}

/** The pattern of a word as a number without sign. Exact up to 53 bits. */
export function unsigned(value: number, bits: number): number {
  return value < 0 ? value + 2 ** bits : value;
}

/** `1111 1100`: all bits of a word, in fours from the right. */
export function groupedBits(value: number, bits: number): string {
  return unsigned(value, bits).toString(2).padStart(bits, '0').replaceAll(/\B(?=(?:.{4})+$)/g, ' ');
}

export function hex(value: number, bits: number): string {
  return unsigned(value, bits).toString(16).padStart(Math.ceil(bits / 4), '0');
}
