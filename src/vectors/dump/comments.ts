/** Before a comment that begins inside a line stand words, or nothing: `reading out/*.txt` is no comment. */
const WORDS_BEFORE = /^[-+0-9a-fxz?_\s,]*$/i;

/** A line with blanks for its comments, so that all other characters keep their places. */
export interface CleanLine {
  readonly text: string;
  /** A block comment goes on in the next line. */
  readonly inBlock: boolean;
}

/**
 * Takes away what `$readmemb` passes over: block comments, and what stands behind words after `//`. A line of nothing but a `//` comment
 * stays: it may be the word counter of a memory.
 * @param inBlock a block comment was begun in a line before
 */
export function cleanLine(line: string, inBlock: boolean): CleanLine {
  let [text, open, at] = [line, inBlock, 0];
  for (;;) {
    if (open) {
      const end = text.indexOf('*/', at);
      text = blanked(text, at, end < 0 ? text.length : end + 2);
      if (end < 0) return { text, inBlock: true };
      [open, at] = [false, end + 2];
    }
    const block = text.indexOf('/*', at);
    const rest = text.indexOf('//', at);
    if (rest >= 0 && (block < 0 || rest < block)) return { text: hasWordsBefore(text, rest) && text.slice(0, rest).trim() !== '' ? blanked(text, rest, text.length) : text, inBlock: false };
    if (block < 0 || !hasWordsBefore(text, block)) return { text, inBlock: false };
    text = blanked(text, block, block + 2);
    [open, at] = [true, block + 2];
  }
}

/** The same for all lines of a text. */
export function withoutComments(text: string): string {
  if (!text.includes('/*') && !text.includes('//')) return text;
  let inBlock = false;
  return text.replaceAll(/[^\r\n]+/g, (line) => {
    const clean = cleanLine(line, inBlock);
    inBlock = clean.inBlock;
    return clean.text;
  });
}

/** A line of words without its comments, when it has any; a block comment may end in it. */
export function cleanWords(line: string): string {
  if (!line.includes('/')) return line;
  const [open, close] = [line.indexOf('/*'), line.indexOf('*/')];
  return cleanLine(line, close >= 0 && (open < 0 || close < open)).text;
}

function hasWordsBefore(text: string, at: number): boolean {
  return WORDS_BEFORE.test(text.slice(0, at));
}

function blanked(text: string, from: number, to: number): string {
  return text.slice(0, from) + ' '.repeat(to - from) + text.slice(to);
}
