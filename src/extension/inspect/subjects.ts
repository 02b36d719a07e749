import { createHash } from 'node:crypto';
import path from 'node:path';
import type * as vscode from 'vscode';
import { Problem } from '../../engine/problem';
import { parseConfig } from '../../project/config';
import type { InspectSubject } from '../../protocol/inspect';
import { isRecord } from '../../protocol/record';

/** What an inspector shows, without the text that only the editor may have. Paths are absolute. */
export type SubjectKey = { readonly type: 'layer'; readonly file: string; readonly layer: string } | { readonly type: 'set'; readonly folder: string };

const STORED = 'tilescope.inspector.subjects';
/** Windows that are restored know their subject by its id only. */
const MOST_KEPT = 64;

/** What subjects are called outside the extension host: a page is told no path. */
export class Subjects {
  constructor(private readonly memory: Pick<vscode.Memento, 'get' | 'update'>) {}

  /** Keeps the subject, as the latest; the oldest are dropped. */
  async remember(subject: SubjectKey): Promise<string> {
    const id = idOf(subject);
    const others = this.kept().filter(([other]) => other !== id);
    await this.memory.update(STORED, [...others, [id, subject]].slice(-MOST_KEPT));
    return id;
  }

  get(id: string): SubjectKey | undefined {
    return this.kept().find(([other]) => other === id)?.[1];
  }

  private kept(): [string, SubjectKey][] {
    const stored = this.memory.get<unknown>(STORED);
    return Array.isArray(stored) ? stored.filter((entry): entry is [string, SubjectKey] => Array.isArray(entry) && typeof entry[0] === 'string' && isSubjectKey(entry[1])) : [];
  }
}

/**
 * A layer of a configuration as a thread may open it.
 * @param text of the configuration; it goes along, so that nothing else is opened than what was judged here
 * @throws Problem `not-trusted`: a model runs code of others
 */
export function judgedLayer(key: Extract<SubjectKey, { type: 'layer' }>, text: string, isTrusted: boolean): InspectSubject {
  const source = parseConfig(text, key.file).config?.data.layers.find(({ name }) => name === key.layer)?.source;
  if (source?.type === 'onnx' && !isTrusted) {
    throw new Problem('not-trusted', `The layer ${key.layer} is captured from a model, and ONNX Runtime runs models of trusted workspaces only.`, 'Trust the workspace (Workspaces: Manage Workspace Trust), or open its golden files instead.', { file: key.file });
  }
  return { ...key, text };
}

/** Equal for equal subjects, so that each has one inspector. */
export function idOf(subject: SubjectKey): string {
  const identity = subject.type === 'layer' ? [subject.type, subject.file, subject.layer] : [subject.type, subject.folder];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
}

export function subjectName(subject: SubjectKey): string {
  return subject.type === 'layer' ? subject.layer : path.basename(subject.folder);
}

function isSubjectKey(value: unknown): value is SubjectKey {
  if (!isRecord(value)) return false;
  const strings = (...keys: string[]): boolean => keys.every((key) => typeof value[key] === 'string');
  return value['type'] === 'layer' ? strings('file', 'layer') : value['type'] === 'set' && strings('folder');
}
