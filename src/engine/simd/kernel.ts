import psumModule from './psum.wat';
import type { Instance, WasmMemory } from './wasm';
import { instanceMaker, reserve } from './wasm';

/** The functions of psum.wat. Addresses and lengths in bytes, counts as named. */
export interface PsumExports {
  readonly memory: WasmMemory;
  packActivations16(from: number, to: number, nijs: number, rows: number, masks: number): number;
  packWeights16(from: number, to: number, lines: number, rows: number, masks: number): number;
  packActivations32(from: number, to: number, nijs: number, rows: number): void;
  psums8(a: number, w: number, p: number, lines: number, groups: number, range: number): void;
  psums16(a: number, w: number, p: number, lines: number, groups: number, chunks: number, range: number): void;
  psums32(a: number, w: number, p: number, lines: number, groups: number, rows: number, range: number): void;
  fit(p: number, lines: number, groups: number, tail: number, mode: number, spare: number, least: number, greatest: number): number;
  accumulate(p: number, out: number, cols: number, colBytes: number, outBytes: number, offsets: number, kijs: number): void;
  accumulateSaturating(p: number, out: number, cols: number, colBytes: number, outBytes: number, offsets: number, kijs: number, least: number, greatest: number): void;
  transpose(p: number, out: number, nijs: number, kijs: number, pitch: number): void;
}

/** Who keeps numbers in the kernel's memory between two calls. */
export interface Tenant {
  /** Takes along what it wants to find again: others use the memory now. */
  leave(): void;
}

/** A memory that has grown beyond this is given back when its layer is done. */
const MOST_KEPT = 1 << 26;
/** More than this is not computed here: addresses have 32 bits, and hosts refuse. */
const MOST_BYTES = 1 << 30;

// Bundles that compute nothing leave it out
const makeInstance = /* @__PURE__ */ instanceMaker<PsumExports>(psumModule);

let current: Kernel | undefined;

/**
 * The psum kernel of this thread, with the one memory that all layers share: whoever comes next takes the place of the one before, and a
 * computation that is continued puts back what it had there.
 */
export class Kernel {
  private ints: Int32Array;
  private tenant: Tenant | undefined;

  private constructor(private readonly instance: Instance<PsumExports>) {
    this.ints = new Int32Array(instance.memory.buffer);
  }

  /** @returns undefined where the host has no vectors, or a layer needs more memory than is used for one or than it gives */
  static forBytes(needed: number): Kernel | undefined {
    if (needed > MOST_BYTES) return undefined;
    if (current === undefined) {
      const instance = makeInstance();
      if (instance === undefined) return undefined;
      current = new Kernel(instance);
    }
    try {
      reserve(current.instance.memory, needed);
    } catch (error) {
      // The host gives no more memory: the plain way needs less at once
      if (error instanceof RangeError) return undefined;
      throw error;
    }
    return current;
  }

  /** Says that a tenant is done, in whichever state its computation is. */
  static vacate(tenant: Tenant): void {
    current?.release(tenant);
  }

  get run(): PsumExports {
    return this.instance.run;
  }

  /** The whole memory as 32-bit integers; to be asked for again after any call that may make it grow. */
  get memory(): Int32Array {
    const { buffer } = this.instance.memory;
    if (this.ints.buffer !== buffer) this.ints = new Int32Array(buffer);
    return this.ints;
  }

  /** @returns whether the memory is as the tenant left it */
  enter(tenant: Tenant | undefined): boolean {
    if (tenant !== undefined && this.tenant === tenant) return true;
    const before = this.tenant;
    this.tenant = tenant;
    before?.leave();
    return false;
  }

  /** Says that a tenant is done, or that a visitor is; gives a large memory back when no one has anything in it. */
  release(tenant: Tenant | undefined): void {
    if (this.tenant === tenant) this.tenant = undefined;
    if (this.tenant === undefined && this.memory.byteLength > MOST_KEPT && current === this) current = undefined;
  }
}
