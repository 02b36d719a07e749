import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Manifest } from './manifest';
import { MANIFEST_FILE } from './manifest';
import { errno, unlessMissing } from './disk';
import { CONFIG_FILE } from './schema';
import type { LayoutSpec } from '../vectors/layout';
import { Layout } from '../vectors/layout';

/** A file as the manifest of its set describes it. */
export interface DeclaredFile {
  readonly sha256: string;
  /** Absent when the manifest's layout cannot be used. */
  readonly layout?: Layout;
}

/** A manifest that was found above golden files. */
export interface FoundManifest {
  /** Absolute path. */
  readonly file: string;
  /** By absolute path. */
  readonly files: ReadonlyMap<string, DeclaredFile>;
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
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

async function readManifest(folder: string): Promise<FoundManifest | undefined> {
  const file = path.join(folder, MANIFEST_FILE);
  const text = await unlessMissing(fs.readFile(file, 'utf8')).catch(() => undefined);
  const value = text === undefined ? undefined : parse(text);
  if (value === undefined || !Array.isArray(value.files)) return undefined;
  const digests = (list: unknown): { path: string; sha256: string; layout?: unknown }[] =>
    Array.isArray(list) ? (list as unknown[]).filter((entry): entry is { path: string; sha256: string; layout?: unknown } => isRecord(entry) && typeof entry['path'] === 'string' && typeof entry['sha256'] === 'string') : [];
  return {
    file,
    files: new Map(
      digests(value.files).map((entry) => {
        const layout = layoutOf(entry.layout);
        return [path.join(folder, entry.path), { sha256: entry.sha256, ...(layout !== undefined && { layout }) }];
      }),
    ),
    inputs: digests(value.inputs),
  };
}

function parse(text: string): Partial<Manifest> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A manifest may have been edited: a layout that makes no sense counts as none. */
function layoutOf(value: unknown): Layout | undefined {
  if (!isRecord(value) || !Array.isArray(value['lines']) || !Array.isArray(value['words']) || !Array.isArray(value['header']) || typeof value['bits'] !== 'number') return undefined;
  try {
    const layout = new Layout(value as unknown as LayoutSpec);
    return Number.isSafeInteger(layout.lineCount) && Number.isSafeInteger(layout.lineWidth) && layout.lineCount > 0 && layout.lineWidth > 0 ? layout : undefined;
  } catch {
    return undefined;
  }
}

/** Inputs whose content is no longer what the set was made from. Nothing is said when the configuration cannot be found. */
export async function staleInputs({ file, inputs }: FoundManifest): Promise<{ path: string; gone: boolean }[]> {
  const folder = await configurationAbove(path.dirname(file));
  if (folder === undefined) return [];
  const stale: { path: string; gone: boolean }[] = [];
  for (const input of inputs) {
    const digest = await digestOfFile(path.resolve(folder, input.path));
    if (digest !== input.sha256) stale.push({ path: input.path, gone: digest === undefined });
  }
  return stale;
}

async function configurationAbove(folder: string): Promise<string | undefined> {
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
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
    return hash.digest('hex');
  } catch (error) {
    if (errno(error) === undefined) throw error;
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
