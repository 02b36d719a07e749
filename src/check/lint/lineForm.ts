import type { Layout, Radix } from '../../vectors/layout';

/** How the characters of a data line may look; made once for a layout. */
export interface LineForm {
  readonly radix: Radix;
  /** Characters of a word. */
  readonly width: number;
  /** Words stand side by side. */
  readonly joined: boolean;
  /** Characters that are neither digits, simulator digits, signs nor blanks. */
  readonly strange: RegExp;
  /** Exactly as the layout has it: most lines of most files, so that only the others cost time. */
  isClean(line: string): boolean;
  /** The words of a line: cut at their columns when joined, else at blanks. */
  pieces(line: string): string[];
  tokens(line: string): string[];
}

const DIGITS: Readonly<Record<Radix, string>> = { binary: '[01]', hex: '[0-9a-fA-F]', decimal: '[0-9]' };
const STRANGE: Readonly<Record<Radix, RegExp>> = { binary: /[^01xz?_\s,+-]+/i, hex: /[^0-9a-fxz?_\s,+-]+/i, decimal: /[^0-9xz?_\s,+-]+/i };

export function lineForm(layout: Layout): LineForm {
  const { spec, wordWidth, wordsPerLine, lineWidth } = layout;
  const { radix } = spec;
  const joined = radix !== 'decimal' && spec.separator === '';
  const digit = DIGITS[radix];
  const onlyDigits = new RegExp(`^${digit}+$`);
  const decimals = new RegExp(`^\\s*-?[0-9]+(?:[\\s,]+-?[0-9]+){${wordsPerLine - 1}}$`);
  const word = `${digit}{${wordWidth}}`;
  const separated = joined || radix === 'decimal' ? decimals : new RegExp(`^${word}(?:${escaped(spec.separator)}${word}){${wordsPerLine - 1}}$`);
  const whole = lineWidth - spec.trailing.length;
  const tokens = (line: string): string[] => line.split(/[\s,]+/).filter((token) => token !== '');
  return {
    radix,
    width: wordWidth,
    joined,
    strange: STRANGE[radix],
    isClean: (line) => {
      const bare = line.trimEnd();
      return joined ? bare.length === whole && onlyDigits.test(bare) : separated.test(bare);
    },
    pieces: (line) => {
      if (!joined) return tokens(line);
      const bare = line.trimEnd();
      return Array.from({ length: Math.ceil(bare.length / wordWidth) }, (_, i) => bare.slice(i * wordWidth, (i + 1) * wordWidth));
    },
    tokens,
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|-]/g, '\\$&');
}
