import * as vscode from 'vscode';
import type { ReadQuestion } from '../../protocol/reading';
import { candidateOf } from '../../protocol/reading';
import type { Candidate, Inference } from '../../vectors/inference';
import { nameClues } from '../../vectors/nameClues';
import type { Member } from '../../vectors/present/goldenSet';
import { GoldenSet } from '../../vectors/present/goldenSet';
import type { Columns } from '../../vectors/present/valueLine';
import { columnsOf } from '../../vectors/present/valueLine';
import type { FileReading } from '../../vectors/reading';
import { textForm } from '../../vectors/textForm';
import { hintsOf } from '../../vectors/siblings';
import type { Choices } from './choices';
import { chosenCandidate } from './choices';
import { Changed, DocumentShape, keepsLines, piecesOf } from './documentShape';
import { isEligible } from './eligible';
import type { FolderSet, FolderSets } from './folderSets';
import { inferredMember, statedMember } from './folderSets';
import type { SetManifest } from './manifests';
import { heldOver, provenRelu } from './heldOver';
import type { Reader } from './reader';
import { GivenUp } from './reader';
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
  /** The files beside it as they are on disk. */
  readonly folder: FolderSet;
}

/** What a document is as the thread reads it. */
interface DocumentInference extends Inference {
  /** The text on disk is a golden file, and this one looks like it. */
  readonly wasRecognised: boolean;
  readonly relu?: boolean;
}

interface Kept {
  readonly version: number;
  readonly golden: Promise<GoldenDocument | undefined>;
  /** Once it is known. */
  found?: GoldenDocument;
  /** How its text looked when it was read: edits inside words that together change this have it read again. */
  form?: string;
  readonly stop: AbortController;
}

/** Larger documents are read again only when typing rests. */
const LARGE_LINES = 20_000;
const REST_MS = 250;

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
    private readonly reader: Reader,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const forget = (): void => {
      for (const key of [...this.kept.keys()]) this.drop(key);
      this.changed.fire();
    };
    this.subscriptions = [
      sets.onDidChange(forget),
      choices.onDidChange(forget),
      vscode.workspace.onDidChangeTextDocument((event) => {
        this.follow(event);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.drop(uri.toString());
      }),
    ];
  }

  /** The document as a golden file, as it is when the promise resolves; undefined for every other text. Never rejects. */
  async of(document: vscode.TextDocument): Promise<GoldenDocument | undefined> {
    for (;;) {
      if (!isEligible(document)) return undefined;
      const kept = this.keep(document);
      const golden = await kept.golden;
      // It was edited, or something beside it changed, while the answer was on its way: that answer is old
      if (document.version === kept.version && (this.kept.get(document.uri.toString()) === kept || document.isClosed)) return golden;
    }
  }

  dispose(): void {
    for (const key of [...this.kept.keys()]) this.drop(key);
    vscode.Disposable.from(this.changed, ...this.subscriptions).dispose();
  }

  private keep(document: vscode.TextDocument): Kept {
    const key = document.uri.toString();
    const before = this.kept.get(key);
    if (before?.version === document.version) return before;
    this.drop(key);
    const stop = new AbortController();
    const golden = this.read(document, before !== undefined, stop.signal).catch((error: unknown) => {
      // Whoever waits for it asks again
      if (!(error instanceof GivenUp || error instanceof Changed)) this.log.error(`${document.uri.fsPath}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return undefined;
    });
    const kept: Kept = { version: document.version, golden, stop };
    this.kept.set(key, kept);
    void golden.then((found) => {
      if (found === undefined || document.version !== kept.version) return;
      kept.found = found;
      kept.form = textForm(found.reading.shape);
    });
    return kept;
  }

  private drop(key: string): void {
    this.kept.get(key)?.stop.abort();
    this.kept.delete(key);
  }

  /** An edit inside a word changes what it says, not what the file is: its reading goes on at once. */
  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const key = document.uri.toString();
    const before = this.kept.get(key);
    if (before?.found === undefined || before.version !== document.version - 1 || !isEligible(document)) return;
    const { found } = before;
    const { shape } = found.reading;
    if (!keepsLines(shape, document, contentChanges) || textForm(shape) !== before.form) return;
    const held = withoutProof(found);
    const next = { ...found, ...held, ...this.placed(document, held.member, found.folder) };
    this.kept.set(key, { version: document.version, golden: Promise.resolve(next), found: next, form: before.form, stop: before.stop });
  }

  private async read(document: vscode.TextDocument, edited: boolean, signal: AbortSignal): Promise<GoldenDocument | undefined> {
    const { uri } = document;
    if (edited && document.lineCount > LARGE_LINES) await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const folder = await this.sets.of(uri);
    const stated = folder.stated.get(uri.toString());
    const hasChoice = this.choices.get(uri) !== undefined;
    if (stated !== undefined && !hasChoice) {
      const { shape } = await this.inference(document, folder, false, signal);
      const member = statedMember(stated, shape);
      if (member !== undefined) {
        const evidence = [`The manifest of its set${folder.manifest === undefined ? '' : ` (${folder.manifest.entry})`} states the layout.`];
        const chosen: Candidate = { layout: member.reading.layout, confidence: 1, evidence, contradictions: [], kindIsGuess: false, proven: true };
        return { ...this.placed(document, member, folder), chosen, candidates: [chosen], source: 'manifest', ...(folder.manifest !== undefined && { manifest: folder.manifest }) };
      }
    }
    return this.inferred(document, await this.inference(document, folder, true, signal), folder);
  }

  private inferred(document: vscode.TextDocument, { wasRecognised, relu, ...inference }: DocumentInference, folder: FolderSet): GoldenDocument | undefined {
    const { uri } = document;
    const choice = this.choices.get(uri);
    const chosen = (choice === undefined ? undefined : chosenCandidate(choice, inference.candidates[0], inference.shape)) ?? (wasRecognised || isRecognised(inference) ? inference.candidates[0] : undefined);
    if (chosen === undefined) return undefined;
    const source = chosen === inference.candidates[0] ? 'inference' : 'choice';
    const member = { ...inferredMember(uri, { ...inference, candidates: [chosen] }), ...(relu !== undefined && { relu }) };
    return { ...this.placed(document, { ...member, trusted: member.trusted || source === 'choice' }, folder), chosen, candidates: inference.candidates, source };
  }

  /** What the folder told about the file as it is on disk holds for that text; its layout holds while the text keeps its form. */
  private async inference(document: vscode.TextDocument, folder: FolderSet, infer: boolean, signal: AbortSignal): Promise<DocumentInference> {
    const { uri } = document;
    const name = uri.path.split('/').at(-1)!;
    const before = folder.inferences.get(uri.toString());
    const text = piecesOf(document, (first, end) => new vscode.Range(first, 0, end, 0));
    const question: ReadQuestion & { type: 'document' } = { type: 'document', key: text.key, name, hints: hintsOf(name, [...folder.inferences.values()]), infer, ...(before !== undefined && { form: before.form, digest: before.digest }) };
    const { lines, sameForm, sameText, candidates, report } = await this.reader.ask(question, text, signal);
    const shape = new DocumentShape(document, lines, report);
    if (sameText && before !== undefined) return { ...before, shape, wasRecognised: false };
    if (sameForm && before !== undefined) {
      const relu = before.candidates[0] === undefined ? undefined : provenRelu(before.candidates[0]);
      return { ...before, shape, candidates: before.candidates.map((candidate) => heldOver(candidate, { name, shape })), wasRecognised: isRecognised(before), ...(relu !== undefined && { relu }) };
    }
    return { wasRecognised: false, name, shape, candidates: candidates.map(candidateOf), ...(report !== undefined && { report }) };
  }

  private placed({ uri, version }: vscode.TextDocument, member: Member, folder: FolderSet): Pick<GoldenDocument, 'uri' | 'version' | 'reading' | 'member' | 'set' | 'columns' | 'siblings' | 'folder'> {
    const siblings = [...folder.members.values()].filter(({ id }) => id !== member.id);
    const set = new GoldenSet([member, ...(folder.manifest === undefined ? sameSet(member, siblings) : siblings)]);
    return { uri, version, folder, reading: member.reading, member, set, columns: columnsOf(member.reading, set.pixels), siblings };
  }
}

/** A reading of the text before an edit: what a manifest states and a user chose holds for this one too. */
function withoutProof({ chosen, candidates, source, member, reading: { shape } }: GoldenDocument): Pick<GoldenDocument, 'chosen' | 'candidates' | 'member'> {
  const held = candidates.map((candidate) => (candidate === chosen && source !== 'inference' ? chosen : heldOver(candidate, { name: member.name, shape })));
  const relu = member.relu ?? provenRelu(chosen);
  return { chosen: held[candidates.indexOf(chosen)] ?? chosen, candidates: held, member: { ...member, ...(relu !== undefined && { relu }) } };
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
