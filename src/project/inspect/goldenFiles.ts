import fs from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../engine/problem';
import type { AxisCounts } from '../../vectors/axis';
import type { Inference } from '../../vectors/inference';
import type { Layout } from '../../vectors/layout';
import { nameClues } from '../../vectors/nameClues';
import { inferFolder } from '../../vectors/siblings';
import { unlessMissing } from '../disk';
import { collectFiles, readSome } from '../goldenFolder';
import type { FoundManifest } from '../setManifest';
import { belongsTo } from './layoutIndex';
import type { InspectRun } from './run';

/** A golden file and how it is read. */
export interface GoldenFile {
  /** Absolute path. */
  readonly file: string;
  readonly layout: Layout;
  /** Outputs: cut at zero? Undefined when nothing says so. */
  readonly relu?: boolean;
}

/** What is looked at of a folder without a manifest. */
const MOST_FILES = 400;
const MOST_BYTES = 32 * 2 ** 20;

/** Dumps stand among golden files in many folders. */
const DUMP_NAME = /mem|rtl|dump|dut|sim(?![a-z])|verilog/i;

/** The golden files that a manifest states, as far as they are there and inside the layer. Those for the eye come last. */
export async function statedGoldens(manifest: FoundManifest, counts: AxisCounts): Promise<GoldenFile[]> {
  const folder = path.dirname(manifest.file);
  const there = new Set((await unlessMissing(fs.readdir(folder, { recursive: true })))?.map((name) => path.join(folder, name)) ?? []);
  const goldens = [...manifest.files].flatMap(([file, { layout, relu }]): GoldenFile[] =>
    layout === undefined || !there.has(file) || !belongsTo(layout, counts) ? [] : [{ file, layout, ...(layout.spec.kind === 'out' && { relu }) }],
  );
  return inOrder(goldens);
}

/** What the files of a folder are read as, each folder below it by itself. */
export async function inferredFiles(folder: string, { signal }: InspectRun): Promise<{ readonly file: string; readonly inference: Inference }[]> {
  const found: { file: string; inference: Inference }[] = [];
  const folders = await collectFiles([folder], signal).catch((error: unknown) => {
    // A set that was never generated
    if (error instanceof Problem && error.code === 'usage') return new Map<string, string[]>();
    throw error;
  });
  let left = MOST_FILES;
  for (const files of folders.values()) {
    const { texts } = await readSome(files.slice(0, left), left, MOST_BYTES, signal);
    left -= texts.length;
    inferFolder(texts.map(({ file, text }) => ({ name: path.basename(file), text }))).forEach((inference, i) => found.push({ file: texts[i]!.file, inference }));
  }
  return found;
}

/** Those of them that are golden files of a layer, and no guess. */
export function inferredGoldens(files: Awaited<ReturnType<typeof inferredFiles>>, counts: AxisCounts): GoldenFile[] {
  return inOrder(
    files.flatMap(({ file, inference: { candidates, shape, name } }): GoldenFile[] => {
      const [best] = candidates;
      if (best === undefined || best.kindIsGuess || shape.isMemory || DUMP_NAME.test(name) || !belongsTo(best.layout, counts)) return [];
      const { relu } = nameClues(name);
      return [{ file, layout: best.layout, ...(best.layout.spec.kind === 'out' && relu !== undefined && { relu }) }];
    }),
  );
}

/** The files that a test bench reads before their decimal twins. */
function inOrder(goldens: readonly GoldenFile[]): GoldenFile[] {
  const isTwin = ({ layout }: GoldenFile): boolean => layout.spec.radix === 'decimal';
  return [...goldens.filter((golden) => !isTwin(golden)), ...goldens.filter(isTwin)];
}
