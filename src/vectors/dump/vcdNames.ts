import { Problem } from '../../engine/problem';

/** A signal that a VCD file defines. */
export interface VcdSignal {
  /** Scopes and name, with dots. */
  readonly path: string;
  readonly id: string;
  /** As the file says: not a whole number when that is damaged. */
  readonly width: number;
  /** File line of its definition, from 1. */
  readonly line: number;
}

/** Signals that are named in messages. */
const MOST_NAMED = 12;

/** Tokens of a definition that are looked at: a name may be several. */
const MOST_TOKENS = 64;

/** Collects the signals of the definitions, token by token. Memory grows with the signals, not with the tokens. */
export class Definitions {
  readonly signals: VcdSignal[] = [];
  private readonly scopes: string[] = [];
  private command: string[] = [];
  private line = 1;

  /** @returns whether the definitions end with this token */
  token(token: string, line: number): boolean {
    if (token !== '$end') {
      if (this.command.length === 0) this.line = line;
      if (this.command.length < MOST_TOKENS) this.command.push(token);
      return false;
    }
    const [keyword, ...rest] = this.command;
    this.command = [];
    if (keyword === '$scope') this.scopes.push(rest[1] ?? '');
    else if (keyword === '$upscope') this.scopes.pop();
    else if (keyword === '$var' && rest.length >= 4 && !/^(?:real|string|event)/.test(rest[0]!)) this.signals.push({ path: [...this.scopes, nameOf(rest.slice(3))].join('.'), id: rest[2]!, width: Number(rest[1]), line: this.line });
    return keyword === '$enddefinitions';
  }
}

/** The name without its range: `out [127:0]`, `out[127:0]`. One bit of a vector keeps its index. */
function nameOf(parts: readonly string[]): string {
  return parts.join('').replace(/\[\d+:\d+\]$/, '');
}

/**
 * The signal of a name or path; the last parts of a path are enough.
 * @throws Problem `vcd-signal` when there is none, or several that are not the same
 */
export function findSignal(signals: readonly VcdSignal[], name: string, file: string): VcdSignal {
  const wanted = name.replace(/\[\d+:\d+\]$/, '');
  const exact = signals.filter(({ path }) => path === wanted);
  const found = exact.length > 0 ? exact : signals.filter(({ path }) => path.endsWith(`.${wanted}`));
  const distinct = [...new Map(found.map((signal) => [signal.id, signal])).values()];
  const list = (some: readonly VcdSignal[]): string => `${some.slice(0, MOST_NAMED).map(({ path }) => path).join(', ')}${some.length > MOST_NAMED ? ', …' : ''}`;
  if (distinct.length === 1) return distinct[0]!;
  if (distinct.length > 1) throw new Problem('vcd-signal', `${distinct.length} signals of ${file} are called ${name}.`, `Give more of the path: ${list(distinct)}.`, { file });
  const last = wanted.split('.').at(-1)!.toLowerCase();
  const near = signals.filter(({ path }) => path.split('.').at(-1)!.toLowerCase().includes(last));
  throw new Problem('vcd-signal', `${file} has no signal ${name}.`, signals.length === 0 ? 'Dump it with $dumpvars.' : `Choose one of: ${list(near.length > 0 ? near : signals)}.`, { file });
}
