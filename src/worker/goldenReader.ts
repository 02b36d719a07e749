import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { FolderText } from '../project/goldenFolder';
import { isCandidateName, readSome, readText } from '../project/goldenFolder';
import { errno } from '../project/disk';
import { lintManifest, lintSetOf } from '../project/lintFiles';
import { Manifests, digestOfFile, readManifest } from '../project/setManifest';
import { lintText } from '../check/lint/lintText';
import { Problem } from '../engine/problem';
import type { FileData, FileFindingData, FilePath, LinesData, ReadAnswer, ReadQuestion, ReadingData, UnreadFiles } from '../protocol/reading';
import { candidateData, candidateOf } from '../protocol/reading';
import { inferShape } from '../vectors/infer';
import type { Inference } from '../vectors/inference';
import { inferFolder } from '../vectors/siblings';
import { textForm } from '../vectors/textForm';
import type { TextShape } from '../vectors/textShape';
import { LINE_ROLES, textShape } from '../vectors/textShape';

type Question<T extends ReadQuestion['type']> = Extract<ReadQuestion, { type: T }>;
type Answer<T extends ReadAnswer['type']> = Extract<ReadAnswer, { type: T }>;

/** What is looked at of a folder at most when its files are compared. */
const MOST_FILES = 400;
const MOST_BYTES = 32 * 2 ** 20;

/** Reads golden files and keeps the texts of the documents that it was given. */
export class GoldenReader {
  private readonly texts = new Map<string, string>();
  private readonly shapes = new Map<string, TextShape>();
  private readonly digests = new Map<string, { readonly stamp: string; readonly digest: string | undefined }>();

  addText(key: string, text: string): void {
    this.texts.set(key, (this.texts.get(key) ?? '') + text);
  }

  forget(key: string): void {
    this.texts.delete(key);
    this.shapes.delete(key);
  }

  /** @throws Problem */
  async answer(question: ReadQuestion): Promise<ReadAnswer> {
    switch (question.type) {
      case 'document':
        return this.document(question);
      case 'lint':
        return this.lint(question);
      case 'folder':
        return { type: 'folder', files: question.infer ? readingsOf(await textsOf(question.files)) : plain(await textsOf(question.files)) };
      case 'sets':
        return this.sets(question);
    }
  }

  private document({ key, name, hints, form, digest, infer }: Question<'document'>): Answer<'document'> {
    const shape = this.shapeOf(key);
    const own = textForm(shape);
    const same = form === own;
    const reading = same || !infer ? { candidates: [], form: own } : readingData(inferShape(shape, name, hints));
    return { type: 'document', lines: linesOf(shape), sameForm: same, sameText: same && digest === digestOf(shape.text), ...reading };
  }

  private lint({ key, name, candidate, declared }: Question<'lint'>): Answer<'lint'> {
    const inference: Inference = { name, shape: this.shapeOf(key), candidates: [candidateOf(candidate)] };
    return { type: 'lint', findings: lintText({ name, inference, declared }) };
  }

  private async sets({ folders, manifests }: Question<'sets'>): Promise<Answer<'sets'>> {
    const above = new Manifests();
    const findings: FileFindingData[] = [];
    const unread: UnreadFiles[] = [];
    for (const folder of folders) {
      const names = (await namesIn(folder)).filter(isCandidateName);
      const files = await readSome(names.map((name) => path.join(folder, name)), MOST_FILES, MOST_BYTES);
      findings.push(...lintSetOf(files.texts, await above.above(folder), files.unread));
      if (files.unread.length > 0) unread.push({ folder, count: files.unread.length });
    }
    for (const folder of manifests) {
      const manifest = await readManifest(folder);
      if (manifest !== undefined) findings.push(...(await lintManifest(manifest, (file) => this.digestOf(file))));
    }
    return { type: 'sets', findings, unread };
  }

  /** Models are large and seldom change: their digests are kept while size and time stay. */
  private async digestOf(file: string): Promise<string | undefined> {
    const stamp = await stampOf(file);
    const kept = this.digests.get(file);
    if (kept?.stamp === stamp) return kept.digest;
    const digest = await digestOfFile(file);
    this.digests.set(file, { stamp, digest });
    return digest;
  }

  private shapeOf(key: string): TextShape {
    const text = this.texts.get(key);
    if (text === undefined) throw new Problem('internal', 'TileScope itself failed: a document was asked for that was not sent.', 'Report it with the log (Output > TileScope).');
    const shape = this.shapes.get(key) ?? textShape(text);
    this.shapes.set(key, shape);
    return shape;
  }
}

/** An editor leaves out a byte order mark, and gives all lines the same end. */
function digestOf(text: string): string {
  return createHash('sha256').update(text.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n')).digest('hex');
}

function linesOf(shape: TextShape): LinesData {
  const { header, eol, mixedEnds, finalNewline } = shape;
  return { roles: Uint8Array.from({ length: shape.lineCount }, (_, line) => LINE_ROLES.indexOf(shape.role(line))), header, eol, mixedEnds, finalNewline };
}

function readingData({ shape, candidates, report }: Inference): ReadingData {
  return { candidates: candidates.map(candidateData), form: textForm(shape), ...(report !== undefined && { report }) };
}

interface NamedText extends FilePath {
  readonly text: string;
}

/** The texts of files; one that went away meanwhile, or is a folder or too large, is left out. */
async function textsOf(files: readonly FilePath[]): Promise<NamedText[]> {
  const texts: NamedText[] = [];
  for (const file of files) {
    const found = await textOf(file.path);
    if (found !== undefined) texts.push({ ...file, text: found.text });
  }
  return texts;
}

async function textOf(file: string): Promise<FolderText | undefined> {
  return readText(file).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'usage') return undefined;
    throw error;
  });
}

function readingsOf(files: readonly NamedText[]): FileData[] {
  return inferFolder(files).map((inference, i) => ({ ...files[i]!, digest: digestOf(files[i]!.text), ...readingData(inference) }));
}

function plain(files: readonly NamedText[]): FileData[] {
  return files.map((file) => ({ ...file, digest: digestOf(file.text), candidates: [], form: '' }));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await fs.readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name).sort();
  } catch (error) {
    // The folder went away
    if (errno(error) === undefined) throw error;
    return [];
  }
}

async function stampOf(file: string): Promise<string> {
  try {
    const { size, mtimeMs } = await fs.stat(file);
    return `${size} ${mtimeMs}`;
  } catch (error) {
    if (errno(error) === undefined) throw error;
    return 'gone';
  }
}
