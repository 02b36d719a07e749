import { Problem } from '../../engine/problem';

/** A signal that a VCD file defines. */
export interface VcdSignal {
  /** Scopes and name, with dots. */
  readonly path: string;
  readonly id: string;
  readonly width: number;
}

/** Signals that are named in messages. */
const MOST_NAMED = 12;

/** The signals of the tokens before `$enddefinitions`. */
export function listSignals(tokens: readonly string[]): VcdSignal[] {
  const signals: VcdSignal[] = [];
  const scopes: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const end = tokens.indexOf('$end', i);
    if (end < 0) break;
    const [keyword, ...rest] = tokens.slice(i, end);
    if (keyword === '$scope') scopes.push(rest[1] ?? '');
    else if (keyword === '$upscope') scopes.pop();
    else if (keyword === '$var' && rest.length >= 4 && !/^(?:real|string|event)/.test(rest[0]!)) signals.push({ path: [...scopes, nameOf(rest.slice(3))].join('.'), id: rest[2]!, width: Number(rest[1]) });
    i = end;
  }
  return signals;
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
