import { createHash } from 'node:crypto';
import path from 'node:path';
import type { LayoutSpec } from '../vectors/layout';
import type { Disk } from './disk';
import { unlessMissing } from './disk';

/** Stands in each output folder and says what is in it and what it was made from. */
export const MANIFEST_FILE = 'tilescope-manifest.json';

/** A file that was read or written, by content. */
export interface FileDigest {
  /** Inputs: relative to the configuration's folder. Files of the set: relative to the output folder. Always with `/`. */
  readonly path: string;
  readonly sha256: string;
}

/** What a set is made from: equal settings and inputs give equal files. No times in it, so that an unchanged set stays unchanged. */
export interface Manifest {
  readonly format: 1;
  readonly entry: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Real value of one activation code and of one weight code; absent when unknown. */
  readonly steps?: { readonly activation: number; readonly weight: number };
  readonly inputs: readonly FileDigest[];
  readonly files: readonly (FileDigest & { readonly bytes: number; readonly relu: boolean; readonly layout: LayoutSpec })[];
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`;
}

/** Paths and digests of the files that an earlier run wrote into a folder; empty when there is no readable manifest. */
export async function readWrittenFiles(disk: Disk, folder: string): Promise<ReadonlyMap<string, string>> {
  const text = await unlessMissing(disk.readFile(path.join(folder, MANIFEST_FILE), 'utf8'));
  if (text === undefined) return new Map();
  const value = parseJson(text) as Partial<Manifest> | undefined;
  const files = Array.isArray(value?.files) ? (value.files as Partial<FileDigest>[]) : [];
  return new Map(files.flatMap((file) => (typeof file.path === 'string' && typeof file.sha256 === 'string' ? [[file.path, file.sha256]] : [])));
}

/** A manifest that cannot be parsed counts as none: its files are then treated as the user's own, the careful way. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
