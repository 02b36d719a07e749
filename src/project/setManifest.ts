import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { MANIFEST_FILE } from './manifest';
import { errno, unlessMissing } from './disk';
import type { StatedFile, StatedSet } from './parseManifest';
import { parseManifest } from './parseManifest';
import { CONFIG_FILE } from './configFile';

/** A manifest that was found above golden files. */
export interface FoundManifest {
  /** Absolute path. */
  readonly file: string;
  /** By absolute path. */
  readonly files: ReadonlyMap<string, StatedFile>;
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
  /** Name of the entry that made the set; empty when unknown. */
  readonly entry: string;
  readonly steps?: StatedSet['steps'];
  readonly settings?: StatedSet['settings'];
}

/** Folders above a file in which its manifest is looked for. */
const MOST_FOLDERS = 8;

/** The manifests above some folders, each read once. */
export class Manifests {
  private readonly read = new Map<string, Promise<FoundManifest | undefined>>();

  /** The nearest manifest in a folder or above it. */
  async above(folder: string): Promise<FoundManifest | undefined> {
    let at = folder;
    for (let i = 0; i < MOST_FOLDERS; i++) {
      const reading = this.read.get(at) ?? readManifest(at);
      this.read.set(at, reading);
      const found = await reading;
      if (found !== undefined) return found;
      if (path.dirname(at) === at) return undefined;
      at = path.dirname(at);
    }
    return undefined;
  }
}

/** The manifest of a folder; undefined when there is none that can be read. */
export async function readManifest(folder: string): Promise<FoundManifest | undefined> {
  const file = path.join(folder, MANIFEST_FILE);
  const text = await unlessMissing(fs.readFile(file, 'utf8')).catch(() => undefined);
  const stated = text === undefined ? undefined : parseManifest(text);
  return stated && { ...stated, file, files: new Map(stated.files.map((entry) => [path.join(folder, entry.path), entry])) };
}

/** Inputs whose content is no longer what the set was made from. Nothing is said when the configuration cannot be found. */
export async function staleInputs({ file, inputs }: FoundManifest, digestOf = digestOfFile): Promise<{ path: string; gone: boolean }[]> {
  const folder = await configurationAbove(path.dirname(file));
  if (folder === undefined) return [];
  const stale: { path: string; gone: boolean }[] = [];
  for (const input of inputs) {
    const digest = await digestOf(path.resolve(folder, input.path));
    if (digest !== input.sha256) stale.push({ path: input.path, gone: digest === undefined });
  }
  return stale;
}

/** The nearest folder, this one or one above it, that holds a configuration. */
export async function configurationAbove(folder: string): Promise<string | undefined> {
  let at = folder;
  for (let i = 0; i < MOST_FOLDERS; i++) {
    if ((await unlessMissing(fs.stat(path.join(at, CONFIG_FILE)))) !== undefined) return at;
    if (path.dirname(at) === at) return undefined;
    at = path.dirname(at);
  }
  return undefined;
}

/** sha256 of a file's bytes, or undefined when it cannot be read. */
export async function digestOfFile(file: string): Promise<string | undefined> {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
    return hash.digest('hex');
  } catch (error) {
    if (errno(error) === undefined) throw error;
    return undefined;
  }
}
