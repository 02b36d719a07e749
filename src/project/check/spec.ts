import type { Kind } from '../../vectors/axis';
import type { MapSpec } from '../../vectors/dump/addressMap';
import type { VcdSampling } from '../../vectors/dump/vcd';
import type { Entry } from '../entry';

/** What the expected values come from. Paths are absolute. */
export type GoldenSpec =
  | { readonly type: 'files'; readonly files: readonly string[] }
  /** Golden files of the wanted kind, or what activations and weights there give. */
  | { readonly type: 'folder'; readonly folder: string }
  /** A layer of tilescope.json, computed. */
  | { readonly type: 'layer'; readonly entry: Entry };

/** Where the dump is. Paths are absolute. */
export type DumpSpec =
  /** Several files hold the words of an entry side by side, in the order of the map's words. */
  | { readonly type: 'files'; readonly files: readonly string[]; readonly range?: readonly [number, number] }
  | ({ readonly type: 'vcd'; readonly file: string } & VcdSampling);

/** One comparison of a dump with what is expected of it. */
export interface CheckSpec {
  readonly name: string;
  readonly golden: GoldenSpec;
  readonly dump: DumpSpec;
  readonly kind?: Kind;
  /** Of the words of golden files. */
  readonly bits?: number;
  readonly signed?: boolean;
  /** Outputs of a layer or a folder: cut at zero? Default: yes where the layer's profile or the set's manifest has such outputs, else whichever fits the dump. */
  readonly relu?: boolean;
  /** The tiles that the dump holds alone. Default: those in its name, else all, or the ones that fit a dump of so few entries. */
  readonly icTile?: number;
  readonly ocTile?: number;
  readonly map?: MapSpec;
  /** Mismatches that are listed. */
  readonly max?: number;
}

export interface CheckProgress {
  readonly phase: 'read' | 'compute' | 'compare' | 'diagnose';
  readonly done: number;
  readonly total: number;
}

export interface CheckRun {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CheckProgress) => void) | undefined;
}

export interface CheckOptions extends CheckRun {
  /** Bundled script of the ONNX Runtime process, for layers of ONNX models. */
  readonly ortScript: string;
}
