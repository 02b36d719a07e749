import fs from 'node:fs/promises';
import path from 'node:path';
import type { Corrupted, Corruption } from '../../check/compare/corrupt';
import { corrupt } from '../../check/compare/corrupt';
import { Problem, asProblem } from '../../engine/problem';
import { decodeFile } from '../decodeFile';
import { errno } from '../disk';
import { sha256 } from '../manifest';

export interface CorruptRequest {
  /** Absolute paths. */
  readonly golden: string;
  readonly output: string;
  readonly how: Corruption;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** A corrupted golden file and the truth beside it. */
export interface CorruptReport extends Omit<Corrupted, 'text'> {
  readonly output: string;
  readonly truth: string;
}

/**
 * Writes a golden file with one planted defect, and `OUTPUT.truth.json` that says what is wrong with it. Files that are there already stay.
 * @throws Problem `usage`, `text-format`, `check-golden`, `output-foreign`, `output-write`
 */
export async function corruptFile({ golden, output, how, seed, signal }: CorruptRequest): Promise<CorruptReport> {
  const decoded = await decodeFile(golden, {}, signal);
  const bytes = await fs.readFile(golden);
  const { layout } = decoded.chosen;
  const corrupted = attempt(golden, () => corrupt(bytes.toString('latin1'), layout, how, seed));
  const changed = Buffer.from(corrupted.text, 'latin1');
  const truth = `${output}.truth.json`;
  await writeNew(output, changed);
  const facts = { golden: path.basename(golden), goldenSha256: sha256(bytes), file: path.basename(output), fileSha256: sha256(changed), how, seed, what: corrupted.what, layout: layout.spec, changes: corrupted.changes };
  await writeNew(truth, `${JSON.stringify(facts, null, 1)}\n`);
  return { output, truth, what: corrupted.what, changes: corrupted.changes };
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asProblem(error).at({ file });
  }
}

async function writeNew(file: string, content: Uint8Array | string): Promise<void> {
  try {
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, content, { flag: 'wx' });
  } catch (error) {
    const code = errno(error);
    if (code === undefined) throw error;
    if (code === 'EEXIST') throw new Problem('output-foreign', `${file} is there already.`, 'Choose another name, or remove it.', { file });
    throw new Problem('output-write', `${file} cannot be written (${code}).`, 'Check the folder.', { file }, { cause: error });
  }
}
