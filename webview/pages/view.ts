import type { FileInfo, FoundPlace, PageLook } from '../../src/protocol/pages';
import type { RowStore } from './rowStore';
import { rowElement } from './rowView';
import type { ScrollBar } from './scroll';
import { lastTop, reveal, thumb, topAt, within } from './scroll';

/** Longer lines leave no room for values to their right in a usual window. */
const WIDE = 96;
/** Pixels beside a word that is brought into view. */
const MARGIN = 24;
const NONE: ReadonlySet<number> = new Set();

export interface ViewLook extends PageLook {
  readonly comparing: boolean;
}

/** The rows in view and the scroll bar beside them. */
export class View {
  private top = 0;
  private info: FileInfo | undefined;
  private look: ViewLook = { decorations: 'valuesAndTint', side: 'auto', comparing: false };
  private selected: FoundPlace | undefined;
  private rowHeight = 18;
  /** Pixels that the wheel turned and that made no whole row yet. */
  private rest = 0;
  /** The selected word is to come into view sideways, as soon as its row is there. */
  private toReveal = false;
  private drawn = new Map<number, HTMLElement>();
  /** Pixels of the rows' and the bar's height: asking the browser for them would have it lay out the page once more. */
  private height = { grid: 0, track: 0 };
  private readonly rule: CSSStyleRule;
  private readonly thumbRule: CSSStyleRule;
  private frame = 0;

  constructor(
    private readonly grid: HTMLElement,
    private readonly track: HTMLElement,
    private readonly thumbElement: HTMLElement,
    private readonly store: RowStore,
    private readonly onDrawn: () => void,
  ) {
    const sheet = new CSSStyleSheet();
    // Rules of the page's own: style attributes are forbidden by its policy
    sheet.replaceSync(':root { --columns: 0; --values: 0; } #thumb { transform: none; height: 0; }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    [this.rule, this.thumbRule] = [...sheet.cssRules] as [CSSStyleRule, CSSStyleRule];
    new ResizeObserver(() => { this.resized(); }).observe(grid);
    grid.addEventListener('wheel', (event) => { this.wheel(event); }, { passive: false });
    this.track.addEventListener('pointerdown', (event) => { this.drag(event); });
  }

  get firstLine(): number {
    return this.top;
  }

  get selection(): FoundPlace | undefined {
    return this.selected;
  }

  get visibleRows(): number {
    return Math.max(1, Math.floor(this.height.grid / this.rowHeight));
  }

  /** @param all rows that are in view already may look otherwise now */
  show(info: FileInfo, look: ViewLook, all: boolean): void {
    const before = this.info;
    this.info = info;
    this.look = look;
    if (before?.columns.text !== info.columns.text) this.rule.style.setProperty('--columns', String(info.columns.text));
    if (before?.columns.values !== info.columns.values) this.rule.style.setProperty('--values', String(info.columns.values));
    this.grid.ariaRowCount = String(info.lines);
    // What stands above the rows has its text by now
    if (all) this.measure();
    this.draw(all ? 'all' : NONE);
  }

  scrollTo(top: number): void {
    const next = within(this.bar, top);
    if (next === this.top) return;
    this.top = next;
    this.draw(NONE);
  }

  scrollBy(lines: number): void {
    this.scrollTo(this.top + lines);
  }

  select(place: FoundPlace | undefined): void {
    const other = new Set([this.selected, place].flatMap((one) => (one === undefined ? [] : [one.line])));
    this.selected = place;
    if (place !== undefined) {
      this.top = reveal(this.bar, this.top, place.line);
      this.grid.setAttribute('aria-activedescendant', `line${place.line}`);
    }
    // Beside another file, its values are what is looked at: the digits stand behind both
    this.toReveal = place !== undefined && !this.look.comparing;
    this.draw(other);
  }

  /** Draws again in the next frame: rows have come. */
  refresh(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw(NONE);
    });
  }

  private resized(): void {
    const { grid, track } = this.height;
    this.measure();
    if (grid !== this.height.grid || track !== this.height.track) this.draw(NONE);
  }

  private measure(): void {
    this.height = { grid: this.grid.clientHeight, track: this.track.clientHeight };
  }

  private get bar(): ScrollBar {
    return { track: this.height.track, lines: this.info?.lines ?? 0, visible: this.visibleRows };
  }

  /** @param others rows that are in view already and look otherwise now; those that wait for their text are looked at anyway */
  private draw(others: 'all' | ReadonlySet<number>): void {
    const { info } = this;
    if (info === undefined) return;
    this.top = within(this.bar, this.top);
    const end = Math.min(info.lines, this.top + this.visibleRows + 1);
    this.store.want(this.top, end, info.lines);
    const { comparing, decorations, side } = this.look;
    const valuesLeft = side === 'auto' ? info.columns.text > WIDE : side === 'left';
    const look = { valuesLeft, values: decorations !== 'off', tinted: decorations === 'valuesAndTint', comparing, selected: this.selected };
    const before = this.drawn;
    this.drawn = new Map();
    for (let line = this.top; line < end; line++) {
      const kept = others === 'all' || others.has(line) ? undefined : before.get(line);
      this.drawn.set(line, kept !== undefined && !this.hasCome(line, kept) ? kept : this.row(line, look));
    }
    this.place([...this.drawn.values()]);
    this.drawThumb();
    if (others === 'all') this.measureRow();
    if (this.toReveal) this.intoView();
    this.onDrawn();
  }

  /** A row that waited for its text, which is here now. */
  private hasCome(line: number, element: HTMLElement): boolean {
    return element.classList.contains('waiting') && this.store.row(line) !== undefined;
  }

  private row(line: number, look: Parameters<typeof rowElement>[2]): HTMLElement {
    const row = this.store.row(line);
    const element = rowElement(line, row, look);
    element.classList.toggle('waiting', row === undefined);
    return element;
  }

  /** Rows that stay are not taken out and put in again. */
  private place(rows: readonly HTMLElement[]): void {
    const stay = new Set<Element>(rows);
    for (const old of [...this.grid.children]) if (!stay.has(old)) old.remove();
    let next = this.grid.firstElementChild;
    for (const row of rows) {
      if (row === next) next = next.nextElementSibling;
      else this.grid.insertBefore(row, next);
    }
  }

  /** Rows of another font are of another height, and others may be in view. */
  private measureRow(): void {
    const height = this.grid.firstElementChild?.getBoundingClientRect().height ?? 0;
    if (height === 0 || height === this.rowHeight) return;
    this.rowHeight = height;
    this.draw(NONE);
  }

  private drawThumb(): void {
    const shown = thumb(this.bar, this.top);
    this.track.classList.toggle('idle', shown === undefined);
    this.thumbRule.style.setProperty('transform', `translateY(${shown?.start ?? 0}px)`);
    this.thumbRule.style.setProperty('height', `${shown?.length ?? 0}px`);
    this.track.ariaValueMax = String(lastTop(this.bar) + 1);
    this.track.ariaValueNow = String(this.top + 1);
  }

  private wheel(event: WheelEvent): void {
    if (event.shiftKey || event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    this.rest += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * this.rowHeight : event.deltaY;
    const lines = Math.trunc(this.rest / this.rowHeight);
    this.rest -= lines * this.rowHeight;
    if (lines !== 0) this.scrollBy(lines);
  }

  private drag(event: PointerEvent): void {
    const shown = thumb(this.bar, this.top);
    if (shown === undefined) return;
    const at = event.clientY - this.track.getBoundingClientRect().top;
    const onThumb = at >= shown.start && at < shown.start + shown.length;
    if (!onThumb) this.scrollTo(topAt(this.bar, at - shown.length / 2));
    const hold = onThumb ? at - shown.start : shown.length / 2;
    const move = ({ clientY }: PointerEvent): void => {
      this.scrollTo(topAt(this.bar, clientY - this.track.getBoundingClientRect().top - hold));
    };
    this.track.setPointerCapture(event.pointerId);
    this.thumbElement.classList.add('held');
    this.track.addEventListener('pointermove', move);
    this.track.addEventListener(
      'lostpointercapture',
      () => {
        this.track.removeEventListener('pointermove', move);
        this.thumbElement.classList.remove('held');
      },
      { once: true },
    );
  }

  private intoView(): void {
    const row = this.selected === undefined ? undefined : this.drawn.get(this.selected.line);
    if (row === undefined || row.classList.contains('waiting')) return;
    this.toReveal = false;
    const word = row.querySelector('.selected, .match')?.getBoundingClientRect();
    const number = row.querySelector('.number')?.getBoundingClientRect();
    if (word === undefined || number === undefined) return;
    const view = this.grid.getBoundingClientRect();
    // The line numbers stay over the text
    if (word.left < number.right) this.grid.scrollLeft -= number.right - word.left + MARGIN;
    else if (word.right > view.right) this.grid.scrollLeft += word.right - view.right + MARGIN;
  }
}
