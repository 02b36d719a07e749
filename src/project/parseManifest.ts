import path from 'node:path';
import type { LayoutSpec } from '../vectors/layout';
import { Layout } from '../vectors/layout';

/** A file as the manifest of its set describes it. */
export interface StatedFile {
  /** In the set's folder, with `/`; never above it. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly relu: boolean;
  /** Absent when the manifest's layout cannot be used. */
  readonly layout?: Layout;
}

/** What a manifest's text says, as far as it makes sense. */
export interface StatedSet {
  /** Name of the entry that made the set; empty when unknown. */
  readonly entry: string;
  /** Real value of one activation code and of one weight code, when the set knows them. */
  readonly steps?: { readonly activation: number; readonly weight: number };
  /** What the set was made with, as the configuration was then; undefined when it is not stated. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly files: readonly StatedFile[];
  /** Relative to the configuration's folder. */
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
}

/** A manifest may have been edited, or stand there half-written: what makes no sense counts as none. Never throws. */
export function parseManifest(text: string): StatedSet | undefined {
  const value = parseObject(text);
  if (!Array.isArray(value?.['files'])) return undefined;
  const { entry, steps, inputs, settings } = value;
  const known = isRecord(steps) && typeof steps['activation'] === 'number' && typeof steps['weight'] === 'number' ? { activation: steps['activation'], weight: steps['weight'] } : undefined;
  return {
    entry: typeof entry === 'string' ? entry : '',
    ...(known !== undefined && { steps: known }),
    ...(isRecord(settings) && { settings }),
    files: digests(value['files']).flatMap(fileOf),
    inputs: digests(inputs),
  };
}

type Digest = Readonly<Record<string, unknown>> & { readonly path: string; readonly sha256: string };

function digests(list: unknown): Digest[] {
  return Array.isArray(list) ? (list as unknown[]).filter((entry): entry is Digest => isRecord(entry) && typeof entry['path'] === 'string' && typeof entry['sha256'] === 'string') : [];
}

function fileOf(file: Digest): StatedFile[] {
  if (path.posix.isAbsolute(file.path) || file.path.split('/').includes('..')) return [];
  const layout = layoutOf(file['layout']);
  const bytes = file['bytes'];
  return [{ path: file.path, sha256: file.sha256, bytes: typeof bytes === 'number' ? bytes : 0, relu: file['relu'] === true, ...(layout !== undefined && { layout }) }];
}

function layoutOf(value: unknown): Layout | undefined {
  if (!isRecord(value) || !Array.isArray(value['lines']) || !Array.isArray(value['words']) || !Array.isArray(value['header']) || typeof value['bits'] !== 'number') return undefined;
  try {
    const layout = new Layout(value as unknown as LayoutSpec);
    return Number.isSafeInteger(layout.lineCount) && Number.isSafeInteger(layout.lineWidth) && layout.lineCount > 0 && layout.lineWidth > 0 ? layout : undefined;
  } catch {
    return undefined;
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
