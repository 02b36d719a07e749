import { setImmediate as breathe } from 'node:timers/promises';
import { asProblem, Problem } from '../engine/problem';
import { problemData } from '../protocol/job';
import type { FindQuery, LayoutChoice, OtherInfo, PagesAnswer, PagesReply, PagesRequest, TextPlace } from '../protocol/pages';
import { PageFile } from '../project/pages/pageFile';
import { Pairing } from '../vectors/pages/pairing';
import type { Hit, Matcher } from '../vectors/pages/search';
import { search, textMatcher, valueMatcher } from '../vectors/pages/search';

/** Lines of the first answer: more than a window shows. */
const FIRST_ROWS = 128;
/** How long the work in the background goes on before questions are heard, and how often it is told of. */
const TURN_MS = 8;
const TELL_MS = 80;

interface SearchRequest {
  readonly id: number;
  readonly from: TextPlace;
  readonly backward: boolean;
}

/** Answers the questions about one document: its file, and one beside it. */
export class PageServer {
  private file: PageFile | undefined;
  private other: PageFile | undefined;
  private pairing: Pairing | undefined;
  private looking = false;
  /** Searches that go on: the look at all lines waits for them. */
  private searches = 0;
  /** Goes up with each file that is opened: work for an older one stops. */
  private version = 0;
  /** The file that is being opened, or opened last: what is asked after it waits for it. */
  private opening: Promise<PagesAnswer> | undefined;
  private readonly cancelled = new Set<number>();
  private readonly running = new Set<number>();

  constructor(private readonly post: (reply: PagesReply) => void) {}

  /** Never rejects: what goes wrong is the answer. */
  async take(request: PagesRequest): Promise<void> {
    const { id } = request;
    if (request.type === 'cancel') {
      if (this.running.has(id)) this.cancelled.add(id);
      return;
    }
    this.running.add(id);
    const answer = await this.answer(request).catch((error: unknown): PagesAnswer => ({ type: 'failed', problem: problemData(asProblem(error)) }));
    this.running.delete(id);
    this.post({ id, ...(this.cancelled.delete(id) ? { type: 'cancelled' } : answer) });
  }

  close(): void {
    this.version++;
    this.file?.close();
    this.other?.close();
    this.file = this.other = this.pairing = undefined;
  }

  private async answer(request: Exclude<PagesRequest, { type: 'cancel' }>): Promise<PagesAnswer> {
    if (request.type === 'open') return this.openNext(request.file, request.choice);
    const file = await this.opened();
    switch (request.type) {
      case 'compare':
        return this.compare(file, request.file, request.choice);
      case 'rows':
        return { type: 'rows', from: request.from, rows: file.rows(request.from, request.count, this.pairing) };
      case 'hover':
        return request.side === 'own' ? file.hover(request) : this.otherHover(request);
      case 'goTo':
        return file.goTo(request.text, request.from);
      case 'find':
        return this.search(request, queryMatcher(file, request.query));
      case 'mismatch':
        return this.mismatch(request);
    }
  }

  /** One after the other, or the file that is opened faster would stay. */
  private openNext(name: string, choice: LayoutChoice | undefined): Promise<PagesAnswer> {
    const before = this.opening ?? Promise.resolve();
    const open = (): Promise<PagesAnswer> => this.open(name, choice);
    this.opening = before.then(open, open);
    return this.opening;
  }

  private async open(name: string, choice: LayoutChoice | undefined): Promise<PagesAnswer> {
    const file = await PageFile.open(name, choice);
    this.close();
    this.file = file;
    void this.look();
    return { type: 'opened', info: file.info(), rows: file.rows(0, FIRST_ROWS, this.pairing) };
  }

  private async compare(file: PageFile, name: string | undefined, choice: LayoutChoice | undefined): Promise<PagesAnswer> {
    const other = name === undefined ? undefined : await PageFile.open(name, choice);
    // A search among the words of the old one ends
    this.version++;
    this.other?.close();
    this.pairing = undefined;
    this.other = other;
    if (other === undefined) return { type: 'compared' };
    this.pair();
    void this.look();
    return { type: 'compared', other: this.otherInfo(file, other) };
  }

  private pair(): void {
    const [own, other] = [this.file, this.other];
    // What a file without a manifest holds is wanted for the coordinates of the one it is put beside
    if (own?.read !== undefined && other !== undefined && !other.isStated) other.readLike(own.read, own.info().name);
    if (own?.read === undefined || other?.read === undefined) throw new Problem('text-format', `${own?.read === undefined ? 'The file' : 'The file beside'} is no table of words, so nothing can be compared.`, 'Choose a file of binary, hex or decimal words.');
    if (own.read.layout.lineCount === 0 || other.read.layout.lineCount === 0) throw new Problem('text-format', 'One of the files holds no words.', 'Choose another one.');
    this.pairing = new Pairing({ map: own.map, layout: own.read.layout }, { map: other.map, layout: other.read.layout });
  }

  private otherInfo(file: PageFile, other: PageFile): OtherInfo {
    const { name, layout, lines } = other.info();
    const [own, more] = [file.map.status.data, other.map.status.data];
    const length = own === more ? [] : [`It has ${Math.abs(more - own)} data lines ${more > own ? 'more' : 'fewer'}${other.map.status.counted && file.map.status.counted ? '' : ' as far as both are known'}.`];
    return { name, summary: layout?.summary ?? `${lines} lines`, notes: [layout?.how ?? '', ...length].filter((note) => note !== '') };
  }

  private otherHover({ line, column }: TextPlace): PagesAnswer {
    // Its words stand there in the order of the own file
    const row = this.file?.rows(line, 1, this.pairing)[0]?.other;
    if (row === undefined || this.pairing === undefined || this.file?.read === undefined || this.other === undefined) return { type: 'hover' };
    const word = row.words.findIndex((start, i) => i % 3 === 0 && column >= start && column < start + row.words[i + 1]!) / 3;
    const own = this.file.rows(line, 1)[0]?.words;
    const coordinates = word < 0 || own === undefined ? undefined : this.file.coordinatesAt(line, own[word * 3]!);
    const place = coordinates === undefined ? undefined : this.other.spot(coordinates);
    return place === undefined ? { type: 'hover' } : { ...this.other.hover(place), word: { line, column: row.words[word * 3]!, length: row.words[word * 3 + 1]! } };
  }

  private async mismatch(request: SearchRequest): Promise<PagesAnswer> {
    const { version } = this;
    // Words of lines that are not known yet are not missing
    while (this.other !== undefined && !this.other.map.status.counted) {
      await breathe();
      if (version !== this.version || this.cancelled.has(request.id)) return { type: 'cancelled' };
    }
    return this.pairing === undefined ? { type: 'found' } : this.search(request, this.pairing.matcher());
  }

  private async search(request: SearchRequest, matcher: Matcher): Promise<PagesAnswer> {
    const file = await this.opened();
    this.searches++;
    try {
      return await this.searchFile(file, request, matcher);
    } finally {
      this.searches--;
      // It may have come to the end of the lines
      file.decide();
      void this.look(true);
    }
  }

  private async searchFile(file: PageFile, { id, from, backward }: SearchRequest, matcher: Matcher): Promise<PagesAnswer> {
    const { version } = this;
    const steps = search(file.map, matcher, { ...from, backward });
    let told = performance.now();
    for (;;) {
      const end = performance.now() + TURN_MS;
      let step: IteratorResult<number, Hit | undefined>;
      do step = steps.next();
      while (step.done !== true && performance.now() < end);
      if (step.done === true) return { type: 'found', ...(step.value !== undefined && { place: step.value.spot, wrapped: step.value.wrapped }) };
      if (performance.now() - told > TELL_MS) {
        told = performance.now();
        this.post({ type: 'progress', id, done: step.value, total: file.map.status.lines });
      }
      await breathe();
      if (this.cancelled.has(id) || version !== this.version) return { type: 'cancelled' };
    }
  }

  /** Looks at all lines of the files in the background. */
  private async look(tellLast = false): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    let told = performance.now();
    for (;;) {
      await breathe();
      if (this.searches > 0) break;
      const file = [this.file, this.other].find((one) => one !== undefined && !one.map.complete);
      const end = performance.now() + TURN_MS;
      while (file?.step() === true && performance.now() < end);
      if (file === undefined || performance.now() - told > TELL_MS) {
        told = performance.now();
        if (this.file !== undefined && (file !== undefined || tellLast)) this.post({ type: 'status', info: this.file.info() });
      }
      if (file === undefined) break;
      tellLast = true;
      if (file.map.complete && this.pairing !== undefined) this.pair();
    }
    this.looking = false;
  }

  /** @throws Problem why the file could not be opened, if none was before it */
  private async opened(): Promise<PageFile> {
    await this.opening?.catch((error: unknown) => {
      if (this.file === undefined) throw error;
    });
    if (this.file === undefined) throw new Problem('internal', 'No file is open.', 'Open the file again.');
    return this.file;
  }
}

function queryMatcher({ map, read }: PageFile, query: FindQuery): Matcher {
  if (query.type === 'text') return textMatcher(map, query.text);
  if (read === undefined) throw new Problem('text-format', 'The file is no table of words: it has no values to find.', 'Look for text instead.');
  return valueMatcher(map, read.layout, query.value);
}
