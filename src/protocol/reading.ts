import type { Candidate } from '../vectors/inference';
import type { LayoutSpec } from '../vectors/layout';
import { Layout } from '../vectors/layout';
import type { FolderHints } from '../vectors/orders';
import type { ProblemData } from './job';
import { isProblemData, isRecord } from './job';

/**
 * Messages between the extension host and the thread that reads golden files for it. Every request but `text` and `forget` has one
 * reply with its number; the thread answers in order.
 */
export type ReadRequest =
  /** A piece of a document; the pieces of one `key` add up to its text. */
  | { readonly type: 'text'; readonly key: string; readonly text: string }
  | { readonly type: 'forget'; readonly key: string }
  | ({ readonly id: number } & ReadQuestion);

export type ReadQuestion =
  /** What a document is. `form` and `digest`: those of the file on disk, as its folder was read; `infer` false asks for its lines only. */
  | { readonly type: 'document'; readonly key: string; readonly name: string; readonly hints: FolderHints; readonly form?: string; readonly digest?: string; readonly infer: boolean }
  /** What lint finds in a document that is read so. */
  | { readonly type: 'lint'; readonly key: string; readonly name: string; readonly candidate: CandidateData; readonly declared: boolean }
  /** What the files of one folder are, each explaining the others; `infer` false asks for their texts only. */
  | { readonly type: 'folder'; readonly files: readonly FilePath[]; readonly infer: boolean }
  /** What only the files of a folder together show, and what its manifest says against them. */
  | { readonly type: 'sets'; readonly folders: readonly string[]; readonly manifests: readonly string[] };

export interface FilePath {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
}

export type ReadReply = { readonly id: number } & ReadAnswer;

export type ReadAnswer =
  | ({ readonly type: 'document'; readonly lines: LinesData; readonly sameForm: boolean; readonly sameText: boolean } & ReadingData)
  | { readonly type: 'lint'; readonly findings: readonly FindingData[] }
  | { readonly type: 'folder'; readonly files: readonly FileData[] }
  | { readonly type: 'sets'; readonly findings: readonly FileFindingData[]; readonly unread: readonly UnreadFiles[] }
  | { readonly type: 'failed'; readonly problem: ProblemData };

/** What each line of a text is, without the text. */
export interface LinesData {
  /** Index into `LINE_ROLES`, by file line. */
  readonly roles: Uint8Array;
  readonly header: readonly string[];
  readonly eol: '\n' | '\r\n';
  readonly mixedEnds: boolean;
  readonly finalNewline: boolean;
}

/** The readings of a text, best first, or why there is none. */
export interface ReadingData {
  readonly candidates: readonly CandidateData[];
  readonly report?: string;
  /** Equal for texts that look alike, see `textForm`. */
  readonly form: string;
}

/** A file of a folder as it is on disk. Files that cannot be read are left out. */
export interface FileData extends ReadingData, FilePath {
  readonly text: string;
  /** Equal for equal texts, line ends and a byte order mark aside. */
  readonly digest: string;
}

export type CandidateData = Omit<Candidate, 'layout'> & { readonly layout: LayoutSpec };

/** A finding of lint: `line` and `column` count from 1. */
export interface FindingData {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly what: string;
  readonly next: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly fix?: FixData;
}

export interface FixData {
  readonly description: string;
  readonly edits: readonly { readonly line: number; readonly column: number; readonly length: number; readonly text: string }[];
  readonly eol?: '\n' | '\r\n';
}

export interface FileFindingData extends FindingData {
  /** Absolute path. */
  readonly file: string;
}

/** A folder of which so many files were not compared: there are too many, or they are too large. Only their names count as members of the set. */
export interface UnreadFiles {
  /** Absolute path. */
  readonly folder: string;
  readonly count: number;
}

export function candidateData({ layout, ...rest }: Candidate): CandidateData {
  return { ...rest, layout: layout.spec };
}

/** @throws Problem when the layout is none */
export function candidateOf({ layout, ...rest }: CandidateData): Candidate {
  return { ...rest, layout: new Layout(layout) };
}

export function isReadRequest(value: unknown): value is ReadRequest {
  if (!isRecord(value)) return false;
  const strings = (...keys: string[]): boolean => keys.every((key) => typeof value[key] === 'string');
  const flag = (key: string): boolean => typeof value[key] === 'boolean';
  switch (value['type']) {
    case 'text':
      return strings('key', 'text');
    case 'forget':
      return strings('key');
    case 'document':
      return hasId(value) && strings('key', 'name') && flag('infer') && isRecord(value['hints']) && ['form', 'digest'].every((key) => value[key] === undefined || strings(key));
    case 'lint':
      return hasId(value) && strings('key', 'name') && flag('declared') && isCandidate(value['candidate']);
    case 'folder':
      return hasId(value) && flag('infer') && isListOf(value['files'], isFilePath);
    case 'sets':
      return hasId(value) && isListOf(value['folders'], isString) && isListOf(value['manifests'], isString);
    default:
      return false;
  }
}

export function isReadReply(value: unknown): value is ReadReply {
  if (!isRecord(value) || !hasId(value)) return false;
  switch (value['type']) {
    case 'document':
      return isReading(value) && typeof value['sameForm'] === 'boolean' && typeof value['sameText'] === 'boolean' && isLines(value['lines']);
    case 'lint':
      return isListOf(value['findings'], isFinding);
    case 'folder':
      return isListOf(value['files'], isFile);
    case 'sets':
      return isListOf(value['findings'], (finding) => isFinding(finding) && typeof (finding as { file?: unknown }).file === 'string') && isListOf(value['unread'], isUnread);
    case 'failed':
      return isProblemData(value['problem']);
    default:
      return false;
  }
}

function hasId(value: Record<string, unknown>): boolean {
  return Number.isSafeInteger(value['id']);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isListOf(value: unknown, isOne: (value: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isFilePath(value: unknown): boolean {
  return isRecord(value) && isString(value['path']) && isString(value['name']);
}

function isUnread(value: unknown): boolean {
  return isRecord(value) && isString(value['folder']) && typeof value['count'] === 'number';
}

function isFile(value: unknown): boolean {
  return isReading(value) && isFilePath(value) && isRecord(value) && isString(value['text']) && isString(value['digest']);
}

function isLines(value: unknown): boolean {
  return isRecord(value) && value['roles'] instanceof Uint8Array && isListOf(value['header'], isString) && (value['eol'] === '\n' || value['eol'] === '\r\n') && typeof value['mixedEnds'] === 'boolean' && typeof value['finalNewline'] === 'boolean';
}

function isReading(value: unknown): boolean {
  return isRecord(value) && isString(value['form']) && isListOf(value['candidates'], isCandidate) && (value['report'] === undefined || isString(value['report']));
}

function isCandidate(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['layout'])) return false;
  const { lines, words, header, bits } = value['layout'];
  const isLayout = Array.isArray(lines) && Array.isArray(words) && Array.isArray(header) && typeof bits === 'number';
  return isLayout && typeof value['confidence'] === 'number' && isListOf(value['evidence'], isString) && isListOf(value['contradictions'], isString) && typeof value['kindIsGuess'] === 'boolean' && typeof value['proven'] === 'boolean';
}

function isFinding(value: unknown): boolean {
  const numbers = (...keys: string[]): boolean => isRecord(value) && keys.every((key) => typeof value[key] === 'number');
  return isRecord(value) && isString(value['rule']) && isString(value['severity']) && isString(value['what']) && isString(value['next']) && numbers('line', 'column', 'length');
}
