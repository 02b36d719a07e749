/** Memory of a WebAssembly instance. Its buffer is another one after it has grown. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is used of the host: the pure floors have no types of it, and Node, browsers and VS Code have all this. */
interface Host {
  readonly atob: (base64: string) => string;
  readonly WebAssembly?: WebAssemblyHost;
}

interface WebAssemblyHost {
  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

const PAGE = 1 << 16;

/** An instance whose memory grows when more is asked for. */
export interface Instance<Exports> {
  readonly run: Exports;
  readonly memory: WasmMemory;
}

/**
 * Makes instances of an embedded module; compiles it when the first is asked for.
 * @param base64 as the build gives it for a `.wat` file
 * @returns a function that gives undefined where the host has no WebAssembly with vectors: plain TypeScript then computes the same numbers
 */
export function instanceMaker<Exports extends { readonly memory: WasmMemory }>(base64: string): () => Instance<Exports> | undefined {
  let compiled: { readonly module: object | undefined } | undefined;
  return () => {
    const { atob, WebAssembly: host } = globalThis as unknown as Host;
    if (host === undefined) return undefined;
    compiled ??= compile(host, Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
    if (compiled.module === undefined) return undefined;
    const run = new host.Instance(compiled.module).exports as Exports;
    return { run, memory: run.memory };
  };
}

function compile(host: WebAssemblyHost, bytes: Uint8Array<ArrayBuffer>): { module: object | undefined } {
  return { module: host.validate(bytes) ? new host.Module(bytes) : undefined };
}

/** Grows a memory to at least so many bytes. @throws RangeError when the host refuses */
export function reserve(memory: WasmMemory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
}
