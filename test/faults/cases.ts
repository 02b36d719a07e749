import type { CauseId } from '../../src/check/diagnose/causes';
import type { Diagnosis } from '../../src/check/diagnose/diagnosis';
import { diagnoseAtOnce } from '../../src/check/diagnose/diagnosis';
import type { WordPair } from '../../src/check/pair';
import { CORE_FAULTS } from './coreFaults';
import { DUMP_FAULTS } from './dumpFaults';
import type { DumpKind, Fault, Planted } from './fault';
import type { TestLayer } from './layers';
import { randomOf, testLayers } from './layers';
import { pairOf } from './pairs';
import type { Entry } from './simulator';
import { outDump, psumDump } from './simulator';

const FAULTS: readonly Fault[] = [...CORE_FAULTS, ...DUMP_FAULTS];
/** Words of the psum memory beyond the last psum. */
const SPARE_ENTRIES = 5;

/** One row of the table: a pair, and what the diagnosis should say of it. */
export interface FaultCase {
  readonly name: string;
  readonly kind: DumpKind;
  readonly layer: TestLayer;
  readonly fault?: Fault;
  readonly planted: Planted;
  readonly golden: readonly Entry[];
  readonly dump: readonly Entry[];
  readonly pair: WordPair;
  /** Ids of the right answer; none when no cause may be named. */
  readonly expected: readonly CauseId[];
}

export interface Outcome {
  readonly test: FaultCase;
  readonly diagnosis: Diagnosis;
  /** Counted here from the entries themselves. */
  readonly counts: { readonly different: number; readonly unwritten: number; readonly missing: number };
  readonly countsRight: boolean;
  readonly top: string;
  readonly right: boolean;
  /** Right because the first cause says that the planted one predicts the very same words. */
  readonly rightAsAlike: boolean;
  readonly milliseconds: number;
}

/** Every fault on every layer that it applies to, in one kind of dump in turn or in all; then pairs that agree, and noise. */
export function* faultCases(seed: number, allKinds = false): Iterable<FaultCase> {
  for (const [l, layer] of testLayers(seed).entries()) {
    for (const [f, fault] of FAULTS.entries()) {
      if (fault.applies?.(layer) === false) continue;
      for (const [k, kind] of fault.kinds.entries()) if (allKinds || (f + l) % fault.kinds.length === k) yield planted(layer, kind, fault, randomOf(seed + l * 10_007 + f * 101 + k));
    }
    yield* unplanted(layer, seed + l);
  }
}

/** Each cause once, on the smallest layer that shows it; then pairs that agree, and noise, on the smallest. */
export function* oneCaseEach(seed: number): Iterable<FaultCase> {
  const layers = testLayers(seed).map((layer, l) => ({ layer, l, size: layer.inChannels * layer.outChannels * (layer.size * layer.kernel) ** 2 })).sort((a, b) => a.size - b.size);
  const covered = new Set<string>();
  for (const [f, fault] of FAULTS.entries()) {
    const cause = [fault.id].flat().join('+');
    const kind = fault.kinds[f % fault.kinds.length]!;
    const at = layers.find(({ layer }) => fault.applies?.(layer) !== false);
    if (at === undefined || covered.has(cause)) continue;
    const test = planted(at.layer, kind, fault, randomOf(seed + at.l * 10_007 + f * 101));
    if (test.expected.length === 0) continue;
    covered.add(cause);
    yield test;
  }
  yield* unplanted(layers[0]!.layer, seed);
}

function* unplanted(layer: TestLayer, seed: number): Iterable<FaultCase> {
  for (const kind of ['psum', 'out', 'raw'] as const) {
    const golden = run(layer, kind, {});
    yield faultCase(layer, kind, 'no fault', [], golden, golden);
    const random = randomOf(seed + 77);
    const values = golden.flat();
    const anyValue = (): number => values[Math.floor(random() * values.length)] ?? 0;
    yield faultCase(layer, kind, 'noise: each word a random other', [], golden, golden.map((entry) => entry.map(anyValue)));
    yield faultCase(layer, kind, 'noise: every tenth word at random', [], golden, golden.map((entry) => entry.map((word) => (random() < 0.1 ? Math.floor(random() * 2000) - 1000 : word))));
  }
}

function planted(layer: TestLayer, kind: DumpKind, fault: Fault, random: () => number): FaultCase {
  const chosen = fault.plant(layer, kind, random);
  const good = run(layer, kind, {});
  const golden = chosen.golden?.(good) ?? good;
  const computed = run(layer, kind, fault.onlyDump?.includes(kind) === true ? {} : (chosen.switches ?? {}));
  const skipsDump = fault.onlyDump !== undefined && !fault.onlyDump.includes(kind);
  const dump = skipsDump ? computed : (chosen.dump?.(computed) ?? computed);
  return { ...faultCase(layer, kind, fault.label, typeof fault.id === 'string' ? [fault.id] : fault.id, golden, dump, fault.withoutModel !== true, fault.printed === true), fault, planted: chosen };
}

function faultCase(layer: TestLayer, kind: DumpKind, label: string, expected: readonly CauseId[], golden: readonly Entry[], dump: readonly Entry[], model = true, printed = kind !== 'psum'): FaultCase {
  const isPsum = kind === 'psum';
  const spare: Entry[] = isPsum && !printed ? Array.from({ length: SPARE_ENTRIES }, () => Array.from({ length: layer.cols }, () => null)) : [];
  const pair = pairOf(layer, isPsum ? 'psum' : 'out', golden, [...dump, ...spare], kind === 'out', model);
  const isSame = golden.length <= dump.length && golden.every((entry, at) => entry.every((word, col) => word === dump[at]?.[col]));
  return { name: label, kind, layer, planted: {}, golden, dump, pair, expected: isSame ? [] : expected };
}

const faultless = new WeakMap<TestLayer, Map<DumpKind, Entry[]>>();

function run(layer: TestLayer, kind: DumpKind, switches: NonNullable<Planted['switches']>): readonly Entry[] {
  if (Object.keys(switches).length > 0) return simulated(layer, kind, switches);
  const known = faultless.get(layer) ?? new Map<DumpKind, Entry[]>();
  faultless.set(layer, known);
  const entries = known.get(kind) ?? simulated(layer, kind, {});
  known.set(kind, entries);
  return entries;
}

function simulated(layer: TestLayer, kind: DumpKind, switches: NonNullable<Planted['switches']>): Entry[] {
  return kind === 'psum' ? psumDump(layer, switches) : outDump(layer, switches, kind === 'out');
}

export function judgeCase(test: FaultCase): Outcome {
  const started = performance.now();
  const diagnosis = diagnoseAtOnce(test.pair);
  const milliseconds = performance.now() - started;
  const counts = countsOf(test);
  const [best] = diagnosis.causes;
  const countsRight = diagnosis.counts.different === counts.different && diagnosis.counts.unwritten === counts.unwritten && diagnosis.counts.missing === counts.missing;
  const top = best === undefined ? 'none' : best.id === 'combination' ? (best.combined ?? []).join(' + ') : best.id;
  const isFirst = isRight(test, diagnosis);
  const rightAsAlike = !isFirst && isAlike(test, diagnosis);
  return { test, diagnosis, counts, countsRight, top, right: isFirst || rightAsAlike, rightAsAlike, milliseconds };
}

function isRight(test: FaultCase, { causes: [best] }: Diagnosis): boolean {
  if (test.expected.length === 0 || best === undefined) return test.expected.length === 0 && best === undefined;
  if (test.expected.length === 2) return [...test.expected].sort().join() === [...(best.combined ?? [])].sort().join();
  const wanted = Object.entries({ ...test.fault?.parameters, ...test.planted.parameters });
  return best.id === test.expected[0] && wanted.every(([key, value]) => best.parameters[key] === value);
}

/** Is the planted cause one of those that explain and break the very words that the first does? Then the data are the same. */
function isAlike({ expected, fault, planted }: FaultCase, { causes: [best, ...others] }: Diagnosis): boolean {
  const [id, ...more] = expected;
  if (id === undefined || more.length > 0 || best?.alike.includes(id) !== true) return false;
  const wanted = Object.entries({ ...fault?.parameters, ...planted.parameters });
  return others.some((cause) => cause.id === id && cause.explained === best.explained && cause.broken === best.broken && wanted.every(([key, value]) => cause.parameters[key] === value));
}

function countsOf({ golden, dump, kind, fault }: FaultCase): Outcome['counts'] {
  const counts = { different: 0, unwritten: 0, missing: 0 };
  golden.forEach((entry, at) => {
    entry.forEach((word, col) => {
      const found = dump[at]?.[col];
      // The psum memory is dumped with its spare words
      if (found === undefined) counts[kind === 'psum' && fault?.printed !== true ? 'unwritten' : 'missing']++;
      else if (found === null) counts.unwritten++;
      else if (found !== word) counts.different++;
    });
  });
  return counts;
}
