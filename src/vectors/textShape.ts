/** What a line of a golden file is. `memory`: an Icarus word counter such as `// 0x00000010`, which is no address. */
export const LINE_ROLES = ['data', 'header', 'memory', 'address', 'comment', 'text', 'blank'] as const;
export type LineRole = (typeof LINE_ROLES)[number];

/** Of a longer line only so much is looked at when its role is decided. */
export const LOOK = 4096;
/** More unmarked leading lines than this are no header. */
const MOST_HEADER_LINES = 24;

const MEMORY = /^\/\/\s*0x[0-9a-f]+\s*$/i;
const ADDRESS = /^@[0-9a-f_]+\s*$/i;
const COMMENT = /^(?:\/\/|#|;|--|%|\/\*|\*)/;
/** Words of digits, x and z; blanks, tabs, commas or a sign between them. Each character can be matched in one way only: lines of signs are common. */
const WORDS = /^[-+]?[0-9a-fxz?_]+(?:(?:[\s,]+[-+]{0,2}|[-+]{1,2})[0-9a-fxz?_]+)*[\s,]*$/i;

/** A text cut into lines, each with its role. Lines and columns count from 0; the empty rest after a final newline is no line, and a byte order mark is part of none. */
export class TextShape {
  /** File lines that hold words. */
  readonly dataLines: Int32Array;
  /** Lines before the first data line, memory counters left out, without line ends. */
  readonly header: readonly string[];
  private readonly ordinals: Int32Array;

  constructor(
    readonly text: string,
    private readonly starts: Int32Array,
    private readonly ends: Int32Array,
    private readonly roles: Uint8Array,
    /** Most frequent line end; `mixedEnds` says whether there are others. */
    readonly eol: '\n' | '\r\n',
    readonly mixedEnds: boolean,
    readonly finalNewline: boolean,
    /** Why the text is no table of words, as a sentence. */
    readonly report?: string,
  ) {
    const data: number[] = [];
    const header: string[] = [];
    this.ordinals = new Int32Array(roles.length).fill(-1);
    for (let i = 0; i < roles.length; i++) {
      const role = this.role(i);
      if (role === 'data') {
        this.ordinals[i] = data.length;
        data.push(i);
      } else if (role === 'header') header.push(this.line(i));
    }
    this.dataLines = Int32Array.from(data);
    this.header = header;
  }

  get lineCount(): number {
    return this.roles.length;
  }

  /** Has Icarus word counters or `@` lines, as memory files have. */
  get isMemory(): boolean {
    return this.roles.includes(LINE_ROLES.indexOf('memory')) || this.roles.includes(LINE_ROLES.indexOf('address'));
  }

  role(fileLine: number): LineRole {
    return LINE_ROLES[this.roles[fileLine] ?? LINE_ROLES.indexOf('blank')]!;
  }

  /** A line without its line end; empty outside the file. */
  line(fileLine: number): string {
    return this.text.slice(this.starts[fileLine] ?? 0, this.ends[fileLine] ?? 0);
  }

  /** How many data lines stand before this one; undefined when it is no data line. */
  dataLine(fileLine: number): number | undefined {
    const ordinal = this.ordinals[fileLine] ?? -1;
    return ordinal < 0 ? undefined : ordinal;
  }

  /** At most `most` data lines, spread evenly, each cut after `width` characters. */
  sample(most: number, width = 1 << 16): string[] {
    const { length } = this.dataLines;
    const count = Math.min(most, length);
    return Array.from({ length: count }, (_, i) => this.line(this.dataLines[Math.floor((i * length) / count)]!).slice(0, width));
  }
}

/** Splits a text into lines and says what each is. Never throws; a text that is no table of words has a `report`. */
export function textShape(text: string): TextShape {
  const { starts, ends, crlf, finalNewline } = splitLines(text);
  const roles = new Uint8Array(starts.length);
  for (let i = 0; i < roles.length; i++) roles[i] = LINE_ROLES.indexOf(roleOf(text.slice(starts[i], Math.min(ends[i]!, starts[i]! + LOOK + 1))));
  const lineAt = (i: number): string => text.slice(starts[i], ends[i]);
  numberedHeader(roles, lineAt);
  foreignFirstLines(roles, lineAt);
  misspeltData(roles, lineAt);
  markHeader(roles);
  const ended = starts.length - (finalNewline ? 0 : 1);
  const mostlyCrlf = crlf * 2 > ended;
  return new TextShape(text, starts, ends, roles, mostlyCrlf ? '\r\n' : '\n', crlf > 0 && crlf < ended, finalNewline, reportReason(text, roles));
}

function splitLines(text: string): { starts: Int32Array; ends: Int32Array; crlf: number; finalNewline: boolean } {
  const starts: number[] = [];
  const ends: number[] = [];
  let crlf = 0;
  // A byte order mark belongs to no line, as in editors
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const cr = end > at && text.charCodeAt(end - 1) === 0x0d;
    if (cr && newline >= 0) crlf++;
    starts.push(at);
    ends.push(cr ? end - 1 : end);
    at = end + 1;
  }
  return { starts: Int32Array.from(starts), ends: Int32Array.from(ends), crlf, finalNewline: text.endsWith('\n') };
}

/** What a line is by itself. Of one longer than {@link LOOK} the beginning decides, up to the last blank: a cut word may be a lone sign. */
export function roleOf(line: string): LineRole {
  if (line.length <= LOOK) return firstGuess(line.trim());
  const beginning = line.slice(0, LOOK);
  const blank = Math.max(beginning.lastIndexOf(' '), beginning.lastIndexOf('\t'), beginning.lastIndexOf(','));
  return firstGuess((blank > 0 ? beginning.slice(0, blank) : beginning).trim());
}

function firstGuess(line: string): LineRole {
  if (line === '') return 'blank';
  if (MEMORY.test(line)) return 'memory';
  if (ADDRESS.test(line)) return 'address';
  if (COMMENT.test(line)) return line.startsWith('--') && /^-+[01]+$/.test(line) ? 'data' : 'comment';
  return WORDS.test(line) ? 'data' : 'text';
}

const isRole = (roles: Uint8Array, i: number, role: LineRole): boolean => roles[i] === LINE_ROLES.indexOf(role);

/** Header lines that a test bench skips are three; they may be nothing but numbers. */
const MOST_NUMBERED = 3;
const LONGEST_NUMBER = 4;
const LEAST_BODY = 16;

/** Up to three short numbers (`0`, `1`, `2`) above lines that are all of one, far greater length are header text. */
function numberedHeader(roles: Uint8Array, lineAt: (i: number) => string): void {
  const data = Array.from(roles.keys()).filter((i) => isRole(roles, i, 'data')).slice(0, 200);
  const lineOf = (i: number): string => lineAt(i).slice(0, LOOK).trimEnd();
  const found = data.findIndex((i) => !/^[0-9]+$/.test(lineOf(i)) || lineOf(i).length > LONGEST_NUMBER);
  if (found < 1 || found > MOST_NUMBERED || data.length - found < 2) return;
  const lengths = new Set(data.slice(found).map((i) => lineOf(i).length));
  const [length] = lengths;
  // Zeros without their leading digits stand between the others, too
  if (lengths.size > 1 || length! < LEAST_BODY || data.slice(found).some((i) => /\s/.test(lineOf(i)))) return;
  for (const i of data.slice(0, found)) roles[i] = LINE_ROLES.indexOf('text');
}

/** Letters and numbers that happen to be digits (`a`, `36`) above lines of another alphabet and length are header text. */
function foreignFirstLines(roles: Uint8Array, lineAt: (i: number) => string): void {
  const data = Array.from(roles.keys()).filter((i) => isRole(roles, i, 'data')).slice(0, 200);
  // Decimal columns begin with blanks: their lines are of one length only with these
  const body = data.slice(Math.min(8, Math.floor(data.length / 3))).map((i) => lineAt(i).slice(0, LOOK).trimEnd());
  if (body.length < 2) return;
  const lengths = new Set(body.map((line) => line.length));
  const classes = Math.max(...body.map(digitClass));
  for (const i of data.slice(0, 3)) {
    const line = lineAt(i).slice(0, LOOK).trimEnd();
    if (digitClass(line) <= classes || lengths.has(line.length) || lengths.size > 2) return;
    roles[i] = LINE_ROLES.indexOf('text');
  }
}

/** Of a line of data, the share of characters that have to be digits: others are misspelt. */
const MOSTLY_DIGITS = 0.8;
const LEAST_LENGTH = 4;

/** A line among the data with a letter `O` for a zero is a line of data with a wrong word: without it, all lines behind it would stand for other coordinates. */
function misspeltData(roles: Uint8Array, lineAt: (i: number) => string): void {
  const data = Array.from(roles.keys()).filter((i) => isRole(roles, i, 'data'));
  const [first] = data;
  if (first === undefined || data.length < 2) return;
  const lengths = new Set(data.slice(0, 200).map((i) => lineAt(i).trimEnd().length));
  if (lengths.size > 2) return;
  for (let i = first; i < roles.length; i++) {
    if (!isRole(roles, i, 'text')) continue;
    const line = lineAt(i).slice(0, LOOK).trimEnd();
    const digits = line.length - line.replaceAll(/[0-9a-fxz]/gi, '').length;
    if (line.length >= LEAST_LENGTH && lengths.has(line.length) && digits >= line.replaceAll(/\s/g, '').length * MOSTLY_DIGITS) roles[i] = LINE_ROLES.indexOf('data');
  }
}

function digitClass(line: string): number {
  return /[a-f]/i.test(line) ? 2 : /[2-9]/.test(line) ? 1 : 0;
}

function markHeader(roles: Uint8Array): void {
  const first = roles.findIndex((_, i) => isRole(roles, i, 'data') || isRole(roles, i, 'address'));
  const before = Array.from({ length: Math.max(0, first) }, (_, i) => i).filter((i) => !isRole(roles, i, 'memory'));
  // Blank lines alone, above a memory file's counter for example, are no header
  if (before.every((i) => isRole(roles, i, 'blank'))) return;
  for (const i of before) roles[i] = LINE_ROLES.indexOf('header');
}

function reportReason(text: string, roles: Uint8Array): string | undefined {
  const beginning = text.slice(0, 1 << 16);
  if (beginning.includes('\0')) return 'It holds NUL characters: a binary file, or UTF-16 text.';
  const count = (role: LineRole): number => roles.reduce((sum, code) => sum + (code === LINE_ROLES.indexOf(role) ? 1 : 0), 0);
  const [data, free, header] = [count('data'), count('text'), count('header')];
  const marks = foreignMarks(text, roles);
  if (marks !== undefined) return marks;
  if (data === 0) return roles.length === 0 ? 'The file is empty.' : 'No line consists of words of digits only: it is free text, not a table of words.';
  if (free > 3 && free > data / 4) return `${free} lines among the data are free text: it is a report, not a table of words.`;
  if (header > MOST_HEADER_LINES && header > data) return `${header} lines of text stand before the first digits: it is a report, not a table of words.`;
  return undefined;
}

/** Forms that look like words, that no `%b` or `%h` scan reads, and that would be read as something else here. */
function foreignMarks(text: string, roles: Uint8Array): string | undefined {
  const lines = text.slice(0, 1 << 16).split(/\r?\n/, Math.min(roles.length, 64)).filter((line) => line.trim() !== '' && !COMMENT.test(line.trim()));
  const most = (pattern: RegExp): boolean => lines.filter((line) => pattern.test(line)).length > lines.length / 2;
  if (most(/^@[0-9a-f]+\s+[0-9a-fxz]/i)) return 'Addresses stand before the words of a line: put each @ADDRESS on a line of its own.';
  if (most(/(?:^|\s)0[xb][0-9a-f]+(?:\s|$)/i)) return 'The words have prefixes (0x, 0b), at which $fscanf("%h") and $readmemh stop: write the digits alone.';
  if (most(/'s?[bhd][0-9a-fxz_]/i)) return "The words are Verilog literals (128'b…), which no scan reads: write the digits alone.";
  if (most(/[01]_[01]/)) return 'The words have underscores between their digits, which $readmemb reads and TileScope does not: write the digits alone.';
  return undefined;
}
