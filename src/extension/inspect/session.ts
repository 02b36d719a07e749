import path from 'node:path';
import type * as vscode from 'vscode';
import { asProblem, Problem } from '../../engine/problem';
import type { CheckTarget } from '../../protocol/checkReport';
import type { InspectAnswer, InspectSubject, LocatedWord, SubjectFile } from '../../protocol/inspect';
import { problemData } from '../../protocol/job';
import type { DumpChoice, HostMessage, PageAnswer, PageMessage, PageQuestion, PanelAction, PanelState, Selection } from '../../protocol/panel';
import { isPageMessage } from '../../protocol/panelGuards';
import { isRecord } from '../../protocol/record';
import type { Coordinates, Kind } from '../../vectors/axis';
import { forPage } from './forPage';
import type { InspectorThread } from './thread';
import { GivenUp } from './thread';
import { withoutFolders } from './withoutFolders';

type Opened = Extract<InspectAnswer, { type: 'opened' }>;
type Message<T extends PageMessage['type']> = Extract<PageMessage, { type: T }>;

/** A dump that can be attached, and what the page is not told. */
export interface Dump {
  readonly choice: DumpChoice;
  readonly target: CheckTarget;
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** A value to show. */
export interface Spot {
  readonly kind: Kind;
  readonly coordinates: Coordinates;
  /** Id of the dump to attach first. */
  readonly dump?: string;
}

/** What an inspector does outside its page. */
export interface SessionEffects {
  reveal(place: LocatedWord): Promise<void>;
  /** A line that goes by itself. */
  say(text: string): void;
  save(message: Message<'save'>): Promise<void>;
  copy(text: string, what: string): Promise<void>;
  copyLink(selection: Selection): Promise<void>;
  act(action: PanelAction): Promise<void>;
  followed(on: boolean): void;
}

/** What a session works with. */
export interface SessionParts {
  readonly id: string;
  readonly name: string;
  readonly thread: InspectorThread;
  readonly effects: SessionEffects;
  readonly log: Pick<vscode.LogOutputChannel, 'debug' | 'warn' | 'error'>;
  /** The subject as it is now. Undefined when there is none. @throws Problem when it must not be opened */
  readonly subject: () => Promise<InspectSubject | undefined>;
  /** The dumps of these golden files. */
  readonly dumps: (files: readonly SubjectFile[]) => Promise<readonly Dump[]>;
  /** As it is now. @throws Problem when it must not be read */
  readonly target: (target: CheckTarget) => Promise<CheckTarget>;
  /** Absolute paths that the page must not see: folders of the workspace, and others that are its own. */
  readonly workspace: () => readonly string[];
  readonly folders: () => readonly string[];
  /** Absolute paths whose changes matter from now on. */
  readonly watch: (files: readonly string[]) => void;
  readonly post: (message: HostMessage) => void;
}

export interface SessionStart {
  readonly state?: PanelState;
  readonly spot?: Spot;
  readonly follow: boolean;
}

/** One inspector between its page and its thread. It knows no VS Code: what a page says is checked here, whatever it is. */
export class InspectorSession {
  private pageIsReady = false;
  private opened: Opened | undefined;
  private empty: Extract<HostMessage, { type: 'empty' }> | undefined;
  private opening: Promise<void> | undefined;
  private offered: readonly Dump[] = [];
  private attached: Dump | undefined;
  private readonly asked = new Map<number, AbortController>();
  private state: PanelState | undefined;
  private spot: Spot | undefined;
  private disposed = false;
  /** Counts openings: what belongs to an earlier one is dropped. */
  private generation = 0;
  follow: boolean;

  constructor(
    private readonly parts: SessionParts,
    { state, spot, follow }: SessionStart,
  ) {
    this.follow = follow;
    this.state = state;
    this.spot = spot;
  }

  /** Golden files of what is open. */
  get files(): readonly SubjectFile[] {
    return this.opened?.files ?? [];
  }

  /** Files and folders that what is shown depends on. */
  get inputs(): readonly string[] {
    return [...(this.opened?.inputs ?? []), ...this.files.map(({ file }) => file), ...(this.attached?.files ?? [])];
  }

  get dump(): Dump | undefined {
    return this.attached;
  }

  /** The page was put away, as VS Code does with those that are hidden: another one will say that it is ready. */
  pageGone(): void {
    this.pageIsReady = false;
    this.giveUpAll('silently');
  }

  /** Shows a value as soon as there is a page with an open layer. */
  show(spot: Spot): void {
    this.spot = spot;
    this.tellSpot();
  }

  /** Opens the subject, again when it is open: its files changed. */
  open(): Promise<void> {
    this.opening = this.openNow();
    return this.opening;
  }

  /** The dumps may be others now. */
  async refreshDumps(): Promise<void> {
    const { opened } = this;
    if (opened === undefined) return;
    const dumps = await this.parts.dumps(opened.files);
    if (this.opened !== opened || this.disposed || same(choicesOf(dumps), choicesOf(this.offered))) {
      if (this.opened === opened) this.offered = dumps;
      return;
    }
    this.offered = dumps;
    this.post({ type: 'dumps', dumps: choicesOf(dumps) });
  }

  /** The thread had to be started anew, and the dump could not be attached again. It is still watched: mended, it is compared when the layer opens anew. */
  dumpLost(problem: Problem): void {
    if (this.attached !== undefined) this.post({ type: 'dumpLost', problem: problemData(problem) });
  }

  /** A message of the page, which may be anything. Never rejects. */
  async receive(message: unknown): Promise<void> {
    if (this.disposed) return;
    if (!isPageMessage(message)) {
      this.parts.log.warn(`Inspector: a message was not understood: ${shortened(message)}`);
      this.refuseMalformed(message);
      return;
    }
    try {
      await this.handle(message);
    } catch (error) {
      if (error instanceof GivenUp) return;
      const problem = asProblem(error);
      this.parts.log.error(problem.format());
      this.parts.effects.say(`TileScope: ${problem.what}`);
    }
  }

  /** Whoever asked waits for an answer, also to what is no question. */
  private refuseMalformed(message: unknown): void {
    const id = isRecord(message) && message['type'] === 'ask' ? message['id'] : undefined;
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) return;
    this.asked.get(id)?.abort();
    this.asked.delete(id);
    this.post({ type: 'refused', id, problem: problemData(new Problem('internal', 'TileScope itself failed: a question was not understood.', 'Report it with the log (TileScope: Show Log).')) });
  }

  dispose(): void {
    this.disposed = true;
    this.giveUpAll('silently');
    this.parts.thread.dispose();
  }

  private async handle(message: PageMessage): Promise<void> {
    const { effects } = this.parts;
    switch (message.type) {
      case 'ready':
        return this.greet();
      case 'ask':
        return this.ask(message.id, message.question);
      case 'cancel':
        this.asked.get(message.id)?.abort();
        return;
      case 'reveal':
        return this.reveal(message);
      case 'follow':
        this.follow = message.on;
        effects.followed(message.on);
        return;
      case 'save':
        return effects.save(message);
      case 'copy':
        return effects.copy(message.text, message.what);
      case 'copyLink':
        return effects.copyLink(message.selection);
      case 'action':
        return message.action === 'retry' ? this.open() : effects.act(message.action);
      case 'trouble':
        this.parts.log.warn(`Inspector, in its page: ${message.what.slice(0, MOST_TROUBLE)}`);
        return;
    }
  }

  /** A page that starts knows nothing; what one before it asked nobody waits for. */
  private async greet(): Promise<void> {
    this.giveUpAll('silently');
    this.pageIsReady = true;
    if (this.empty !== undefined) this.post(this.empty);
    else if (this.opened !== undefined) this.tellOpened(this.opened);
    else if (this.opening === undefined) await this.open();
    else this.post({ type: 'opening', name: this.parts.name });
  }

  private async openNow(): Promise<void> {
    const generation = ++this.generation;
    const isOld = (): boolean => this.disposed || generation !== this.generation;
    const { name, thread } = this.parts;
    this.giveUpAll('told');
    this.empty = undefined;
    this.opened = undefined;
    this.attached = undefined;
    this.post({ type: 'opening', name });
    try {
      const subject = await this.parts.subject();
      if (isOld()) return;
      if (subject === undefined) {
        this.tellEmpty({ type: 'empty', actions: ['chooseLayer', 'newLayer', 'openExample'] });
        return;
      }
      const opened = await thread.open(subject, (what, done, total) => {
        if (!isOld()) this.post({ type: 'opening', name, progress: { what, done, total } });
      });
      const dumps = isOld() ? [] : await this.parts.dumps(opened.files);
      if (isOld()) return;
      this.offered = dumps;
      this.opened = opened;
      this.parts.watch(this.inputs);
      this.tellOpened(opened);
    } catch (error) {
      if (isOld() || error instanceof GivenUp) return;
      const problem = asProblem(error);
      this.parts.log.warn(problem.format());
      this.tellEmpty({ type: 'empty', problem: problemData(problem), actions: actionsFor(problem) });
    }
  }

  private tellEmpty(message: Extract<HostMessage, { type: 'empty' }>): void {
    this.empty = message;
    this.post(message);
  }

  /** State goes to the first page only: later it is the page that knows it. */
  private tellOpened({ layer }: Opened): void {
    if (!this.pageIsReady) return;
    const { id } = this.parts;
    this.post({ type: 'opened', subject: id, layer, dumps: choicesOf(this.offered), follow: this.follow, ...(this.state !== undefined && { state: this.state }) });
    this.state = undefined;
    this.tellSpot();
  }

  private tellSpot(): void {
    if (this.spot === undefined || !this.pageIsReady || this.opened === undefined) return;
    this.post({ type: 'select', ...this.spot });
    this.spot = undefined;
  }

  private async ask(id: number, question: PageQuestion): Promise<void> {
    this.asked.get(id)?.abort();
    const stop = new AbortController();
    this.asked.set(id, stop);
    try {
      const answer = await this.answer(question, stop.signal, (what, done, total) => {
        if (this.asked.get(id) === stop) this.post({ type: 'progress', id, what, done, total });
      });
      if (this.asked.get(id) === stop) this.post({ type: 'answer', id, answer });
    } catch (error) {
      if (this.asked.get(id) !== stop) return;
      if (error instanceof GivenUp) this.post({ type: 'cancelled', id });
      else this.post({ type: 'refused', id, problem: problemData(asProblem(error)) });
    } finally {
      if (this.asked.get(id) === stop) this.asked.delete(id);
    }
  }

  private async answer(question: PageQuestion, signal: AbortSignal, onProgress: (what: string, done: number, total: number) => void): Promise<PageAnswer> {
    const { thread } = this.parts;
    if (this.opened === undefined) throw new GivenUp();
    if (question.type !== 'compare') return thread.ask(question, { signal, onProgress });
    const dump = this.offered.find(({ choice }) => choice.id === question.dump);
    if (question.dump !== undefined && dump === undefined) throw new Problem('inspect-dump', 'This dump is not known any more.', 'Choose another one, or run the check again.');
    const target = dump && (await this.parts.target(dump.target));
    // Watched from now on, also when it cannot be compared: it may be mended
    this.attached = dump;
    this.parts.watch(this.inputs);
    return thread.compare(target, { signal, onProgress });
  }

  private async reveal({ kind, coordinates, side }: Message<'reveal'>): Promise<void> {
    const { thread, effects } = this.parts;
    if (this.opened === undefined) return;
    const { place } = await thread.ask({ type: 'locate', kind, coordinates, side });
    if (place !== undefined) await effects.reveal(place);
    else effects.say(side === 'dump' ? `TileScope: the dump has no word for this ${kind}.` : `TileScope: no golden file of this layer holds this ${kind}. Generate Vectors writes them.`);
  }

  /** @param silently nobody is there to be told: the next page counts its questions anew */
  private giveUpAll(how: 'told' | 'silently'): void {
    const given = [...this.asked.values()];
    if (how === 'silently') this.asked.clear();
    for (const stop of given) stop.abort();
  }

  private post(message: HostMessage): void {
    if (!this.pageIsReady || this.disposed) return;
    const files = [...this.inputs, ...this.offered.flatMap((dump) => dump.files)];
    const others = [...files.map((file) => path.dirname(file)), ...files, ...this.parts.folders()];
    this.parts.post(forPage(message, (text) => withoutFolders(text, this.parts.workspace(), others)));
  }
}

const MOST_TROUBLE = 2000;

function choicesOf(dumps: readonly Dump[]): DumpChoice[] {
  return dumps.map(({ choice }) => choice);
}

function actionsFor({ code, place }: Problem): PanelAction[] {
  if (code === 'internal') return ['retry', 'showLog'];
  return ['retry', ...(code.startsWith('config') || place.file?.endsWith('tilescope.json') === true ? (['openConfiguration'] as const) : []), 'chooseLayer', 'showLog'];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** For the log: a hostile message may be large, or refuse to be written. */
function shortened(message: unknown): string {
  try {
    return (JSON.stringify(message) as string | undefined ?? typeof message).slice(0, 200);
  } catch {
    return typeof message;
  }
}
