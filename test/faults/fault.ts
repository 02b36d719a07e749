import type { CauseId } from '../../src/check/diagnose/causes';
import type { TestLayer } from './layers';
import type { Entry, Switches } from './simulator';

/** What is dumped: the psum memory, outputs after ReLU, outputs before it. */
export type DumpKind = 'psum' | 'out' | 'raw';

/** A fault with its parameters chosen. */
export interface Planted {
  readonly switches?: Switches;
  /** What becomes of the entries between the core and the file. */
  readonly dump?: (entries: readonly Entry[]) => Entry[];
  /** What is wrong with the golden instead. */
  readonly golden?: (entries: readonly Entry[]) => Entry[];
  /** Parameters that the cause must have. */
  readonly parameters?: Readonly<Record<string, number | string>>;
}

export interface Fault {
  /** The cause that should be named; two for a combination. */
  readonly id: CauseId | readonly [CauseId, CauseId];
  readonly label: string;
  readonly kinds: readonly DumpKind[];
  readonly applies?: (layer: TestLayer) => boolean;
  /** Is the diagnosis given expected words only? */
  readonly withoutModel?: boolean;
  /** Is the dump what the bench printed line by line, without the memory's spare words? */
  readonly printed?: boolean;
  /** Kinds for which the switches are left out. */
  readonly onlyDump?: readonly DumpKind[];
  readonly parameters?: Planted['parameters'];
  readonly plant: (layer: TestLayer, kind: DumpKind, random: () => number) => Planted;
}
