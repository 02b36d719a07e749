import * as vscode from 'vscode';
import { inferShape } from '../../vectors/infer';
import type { Candidate, Inference } from '../../vectors/inference';
import { nameClues } from '../../vectors/nameClues';
import type { Member } from '../../vectors/present/goldenSet';
import { GoldenSet } from '../../vectors/present/goldenSet';
import type { Columns } from '../../vectors/present/valueLine';
import { columnsOf } from '../../vectors/present/valueLine';
import type { FileReading } from '../../vectors/reading';
import { hintsOf } from '../../vectors/siblings';
import type { TextShape } from '../../vectors/textShape';
import { textShape } from '../../vectors/textShape';
import type { Choices } from './choices';
import { chosenCandidate } from './choices';
import { isEligible } from './eligible';
import type { FolderSet, FolderSets } from './folderSets';
import { inferredMember, statedMember } from './folderSets';
import type { SetManifest } from './manifests';
import { isRecognised } from './recognised';

/** An open file that was recognised, as everything in the editor sees it. */
export interface GoldenDocument {
  readonly uri: vscode.Uri;
  readonly version: number;
  readonly reading: FileReading;
  readonly member: Member;
  /** The file and those that explain it. */
  readonly set: GoldenSet;
  readonly columns: Columns;
  readonly chosen: Candidate;
  /** All readings that fit, best first. */
  readonly candidates: readonly Candidate[];
  readonly source: 'manifest' | 'choice' | 'inference';
  readonly manifest?: SetManifest;
  /** The other recognised files of the set. */
  readonly siblings: readonly Member[];
}

interface Kept {
  readonly version: number;
  readonly golden: Promise<GoldenDocument | undefined>;
}

/** What the open documents are: asked by every part, worked out once per version. */
export class GoldenDocuments implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Documents may read otherwise now: a choice, or files beside them, changed. */
  readonly onDidChange = this.changed.event;
  private readonly kept = new Map<string, Kept>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly sets: FolderSets,
    readonly choices: Choices,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const forget = (): void => {
      this.kept.clear();
      this.changed.fire();
    };
    this.subscriptions = [
      sets.onDidChange(forget),
      choices.onDidChange(forget),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.kept.delete(uri.toString());
      }),
    ];
  }

  /** The document as a golden file; undefined for every other text. Never rejects. */
  of(document: vscode.TextDocument): Promise<GoldenDocument | undefined> {
    if (!isEligible(document)) return Promise.resolve(undefined);
    const key = document.uri.toString();
    const kept = this.kept.get(key);
    if (kept?.version === document.version) return kept.golden;
    const golden = this.read(document).catch((error: unknown) => {
      this.log.error(`${document.uri.fsPath}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return undefined;
    });
    this.kept.set(key, { version: document.version, golden });
    return golden;
  }

  dispose(): void {
    vscode.Disposable.from(this.changed, ...this.subscriptions).dispose();
  }

  private async read(document: vscode.TextDocument): Promise<GoldenDocument | undefined> {
    const { uri, version } = document;
    const folder = await this.sets.of(uri);
    const text = document.getText();
    const stated = folder.stated.get(uri.toString());
    const member = stated === undefined ? undefined : statedMember(stated, text);
    if (member !== undefined && this.choices.get(uri) === undefined) {
      const evidence = [`TileScope generated this file${folder.manifest === undefined ? '' : ` (${folder.manifest.entry})`}; its manifest states the layout.`];
      const chosen: Candidate = { layout: member.reading.layout, confidence: 1, evidence, contradictions: [], kindIsGuess: false, proven: true };
      return { ...this.placed(uri, version, member, folder), chosen, candidates: [chosen], source: 'manifest', ...(folder.manifest !== undefined && { manifest: folder.manifest }) };
    }
    return this.inferred(uri, version, text, folder);
  }

  private inferred(uri: vscode.Uri, version: number, text: string, folder: FolderSet): GoldenDocument | undefined {
    const name = uri.path.split('/').at(-1)!;
    const inference = this.inference(uri, name, text, folder);
    const choice = this.choices.get(uri);
    const chosen = (choice === undefined ? undefined : chosenCandidate(choice, inference.candidates[0], inference.shape)) ?? (isRecognised(inference) ? inference.candidates[0] : undefined);
    if (chosen === undefined) return undefined;
    const source = chosen === inference.candidates[0] ? 'inference' : 'choice';
    const member = inferredMember(uri, { ...inference, candidates: [chosen] });
    return { ...this.placed(uri, version, { ...member, trusted: member.trusted || source === 'choice' }, folder), chosen, candidates: inference.candidates, source };
  }

  /** What the folder told about the file as it is on disk holds while it keeps its form. */
  private inference(uri: vscode.Uri, name: string, text: string, folder: FolderSet): Inference {
    const before = folder.inferences.get(uri.toString());
    if (before?.shape.text === text) return before;
    const shape = textShape(text);
    if (before !== undefined && formOf(before.shape) === formOf(shape)) return { ...before, shape };
    return inferShape(shape, name, hintsOf(name, [...folder.inferences.values()]));
  }

  private placed(uri: vscode.Uri, version: number, member: Member, folder: FolderSet): Pick<GoldenDocument, 'uri' | 'version' | 'reading' | 'member' | 'set' | 'columns' | 'siblings'> {
    const siblings = [...folder.members.values()].filter(({ id }) => id !== member.id);
    const set = new GoldenSet([member, ...(folder.manifest === undefined ? sameSet(member, siblings) : siblings)]);
    return { uri, version, reading: member.reading, member, set, columns: columnsOf(member.reading, set.pixels), siblings };
  }
}

/** Data lines and the length of one in the middle: an edit inside a word leaves both. */
function formOf(shape: TextShape): string {
  const { dataLines, report } = shape;
  return [dataLines.length, shape.line(dataLines[dataLines.length >> 1] ?? 0).length, report ?? ''].join();
}

/** A folder may hold several sets; names tell them apart. A set without activations or weights takes those of the only one that has them. */
function sameSet(member: Member, siblings: readonly Member[]): Member[] {
  const key = ({ name }: Member): string => nameClues(name).set;
  const own = siblings.filter((other) => key(other) === key(member));
  const kinds = (members: readonly Member[]): Set<string> => new Set(members.map(({ reading }) => reading.layout.spec.kind));
  const complete = (members: readonly Member[]): boolean => kinds(members).has('activation') && kinds(members).has('weight');
  if (complete([member, ...own])) return own;
  const others = [...new Set(siblings.map(key))].filter((other) => complete(siblings.filter((file) => key(file) === other)));
  return others.length === 1 ? [...own, ...siblings.filter((file) => key(file) === others[0] && key(file) !== key(member))] : own;
}
