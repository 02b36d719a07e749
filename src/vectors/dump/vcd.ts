import { Problem } from '../../engine/problem';
import type { ByteSource } from './byteSource';
import { asciiText } from './byteSource';
import type { Recording } from './recorded';
import { TextBuilder } from './recorded';
import type { VcdSignal } from './vcdNames';
import { Definitions, findSignal } from './vcdNames';

/** Which signal of a waveform is the dump, and when it counts. */
export interface VcdSampling {
  /** Name or path of the signal, such as `core.sfp_out`; the last parts are enough when they are unique. */
  readonly signal: string;
  /** Sampled on the edges of this signal; every change of `signal`, or of `valid`, when absent. */
  readonly clock?: string;
  /** Only while this signal is 1. */
  readonly valid?: string;
  readonly edge?: 'rising' | 'falling';
  /** What a register on that edge takes (before), or what it shows then (after). Default before. */
  readonly sample?: 'before' | 'after';
}

const CHUNK = 1 << 18;
const NEWLINE = 0x0a;
/** Of a signal, and of what is read as one token: more is no waveform. */
const MOST_BITS = 1 << 16;
const LONGEST_TOKEN = 1 << 20;
/** Characters of a wrong value that a message quotes. */
const MOST_SHOWN = 60;

/**
 * Samples a signal of a VCD file in one pass: an entry for each sample, binary digits. Yields the bytes done.
 * @throws Problem `vcd-format`, `vcd-signal`
 */
export function* readVcd(source: ByteSource, sampling: VcdSampling): Generator<number, Recording> {
  const reader = new VcdReader(source.name, sampling);
  const buffer = new Uint8Array(CHUNK);
  let [rest, line] = ['', 1];
  for (let offset = 0; ; ) {
    const got = source.read(offset, buffer);
    if (got === 0) break;
    offset += got;
    // A chunk of tokens ends where a blank does
    const text = rest + asciiText(buffer, 0, got);
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf(' ')) + 1;
    line = feed(reader, text.slice(0, end), line);
    rest = text.slice(end);
    if (rest.length > LONGEST_TOKEN) throw new Problem('vcd-format', `${source.name}:${line}: more than ${LONGEST_TOKEN} characters stand here without a blank.`, 'Check that the file was written by a simulator.', { file: source.name, line, column: 1 });
    yield offset;
  }
  feed(reader, rest, line);
  return reader.finish();
}

function feed(reader: VcdReader, text: string, firstLine: number): number {
  let line = firstLine;
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : NEWLINE;
    if (code > 0x20) {
      if (start < 0) start = at;
      continue;
    }
    if (start >= 0) reader.token(text.slice(start, at), line);
    start = -1;
    if (code === NEWLINE && at < text.length) line++;
  }
  return line;
}

/** Value of a signal now, before this time step, and the value changes wait for the identifier that follows them. */
interface Watched {
  readonly width: number;
  now: string;
  before: string;
}

class VcdReader {
  private readonly definitions = new Definitions();
  private defined = false;
  private inComment = false;
  private vector: string | undefined;
  private readonly watched = new Map<string, Watched>();
  private signal: Watched | undefined;
  private clock: Watched | undefined;
  private valid: Watched | undefined;
  private readonly text = new TextBuilder();
  private readonly lines: number[] = [];
  private line = 1;
  private found: VcdSignal | undefined;

  constructor(
    private readonly file: string,
    private readonly sampling: VcdSampling,
  ) {}

  token(token: string, line: number): void {
    this.line = line;
    if (!this.defined) {
      if (this.definitions.token(token, line)) this.define();
    } else if (this.inComment) this.inComment = token !== '$end';
    else if (this.vector !== undefined) {
      this.change(token, this.vector);
      this.vector = undefined;
    } else this.value(token);
  }

  finish(): Recording {
    if (!this.defined) throw new Problem('vcd-format', `${this.file} has no definitions of signals: it is no VCD file, or cut off.`, 'Give a file that $dumpfile and $dumpvars wrote.', { file: this.file });
    this.step();
    const { signal, clock, valid } = this.sampling;
    const when = `${clock === undefined ? 'on every change' : `on the ${this.sampling.edge ?? 'rising'} edges of ${clock}`}${valid === undefined ? '' : ` while ${valid} is 1`}`;
    const note = `${this.lines.length} samples of ${this.found?.path ?? signal} (${this.signal?.width ?? 0} bits), taken ${when}.`;
    return { text: this.text.text, lines: this.lines, sparse: false, notes: [note] };
  }

  private define(): void {
    this.defined = true;
    const { signals } = this.definitions;
    const watch = (name: string | undefined): Watched | undefined => {
      if (name === undefined) return undefined;
      const signal = findSignal(signals, name, this.file);
      if (!Number.isInteger(signal.width) || signal.width < 1 || signal.width > MOST_BITS) throw this.damaged(signal.line, `${signal.path} has a width of ${signal.width} bits`, `Widths from 1 to ${MOST_BITS} are read: check that the file was written by a simulator.`);
      if (name === this.sampling.signal) this.found = signal;
      const known = this.watched.get(signal.id) ?? { width: signal.width, now: 'x'.repeat(signal.width), before: 'x'.repeat(signal.width) };
      this.watched.set(signal.id, known);
      return known;
    };
    this.signal = watch(this.sampling.signal);
    this.clock = watch(this.sampling.clock);
    this.valid = watch(this.sampling.valid);
    this.definitions.signals.length = 0;
  }

  private damaged(line: number, what: string, next: string): Problem {
    return new Problem('vcd-format', `${this.file}:${line}: ${what}.`, next, { file: this.file, line, column: 1 });
  }

  private value(token: string): void {
    const kind = token[0]!;
    if (kind === '#') this.step();
    else if ('bBrR'.includes(kind)) this.vector = token;
    else if (kind === '$') this.inComment = token === '$comment';
    else this.change(token.slice(1), kind);
  }

  private change(id: string, value: string): void {
    const watched = this.watched.get(id);
    if (watched === undefined || /^r/i.test(value)) return;
    const digits = value.replace(/^b/i, '').toLowerCase();
    if (!/^[01xz]+$/.test(digits)) throw this.damaged(this.line, `${JSON.stringify(value.slice(0, MOST_SHOWN))} is no value of a signal`, 'Check that the file is complete and was written by a simulator.');
    // Leading digits are left out: zeros before 0 and 1, x before x, z before z
    watched.now = digits.length >= watched.width ? digits.slice(digits.length - watched.width) : digits.padStart(watched.width, digits.startsWith('1') ? '0' : digits[0]);
  }

  /** The end of a time step: were the values to be taken? */
  private step(): void {
    const { signal, clock, valid } = this;
    if (signal === undefined) return;
    const early = this.sampling.sample !== 'after' && clock !== undefined;
    const [from, to] = this.sampling.edge === 'falling' ? ['1', '0'] : ['0', '1'];
    const edge = clock === undefined ? signal.now !== signal.before || (valid !== undefined && valid.now !== valid.before) : clock.before === from && clock.now === to;
    const on = valid === undefined || (early ? valid.before : valid.now) === '1';
    if (edge && on) {
      this.text.add(early ? signal.before : signal.now);
      this.lines.push(this.line);
    }
    for (const watched of this.watched.values()) watched.before = watched.now;
  }
}
