import type { FoundPlace, PageSide, ViewAnswer } from '../../src/protocol/pages';
import type { WordText } from '../../src/vectors/present/wordText';
import type { Host } from './host';
import { Unanswered } from './host';

const HOVER_MS = 250;

/** What a word is: in a box at the pointer, and for the selected one below the rows. */
export class WordPanel {
  private timer: number | undefined;
  private asked = 0;

  constructor(
    private readonly host: Host,
    grid: HTMLElement,
    private readonly box: HTMLElement,
    private readonly details: HTMLElement,
  ) {
    grid.addEventListener('pointermove', (event) => { this.soon(event); });
    grid.addEventListener('pointerleave', () => { this.hide(); });
    grid.addEventListener('wheel', () => { this.hide(); }, { passive: true });
  }

  hide(): void {
    clearTimeout(this.timer);
    this.asked++;
    this.box.hidden = true;
  }

  /** Tells of the selected word below the rows. */
  async tell(place: FoundPlace | undefined): Promise<void> {
    const answer = place === undefined ? undefined : await this.ask(place.line, place.column, 'own');
    this.details.replaceChildren(...(answer?.says === undefined ? [place === undefined ? '' : `line ${place.line + 1}`] : piecesOf(answer.says, undefined)));
  }

  private soon(event: PointerEvent): void {
    clearTimeout(this.timer);
    if (event.buttons !== 0) return;
    const place = placeAt(event);
    if (place === undefined) {
      this.hide();
      return;
    }
    const { clientX, clientY } = event;
    this.timer = window.setTimeout(() => void this.show(place, clientX, clientY), HOVER_MS);
  }

  private async show({ line, column, side }: WordPlace, x: number, y: number): Promise<void> {
    const number = ++this.asked;
    const answer = await this.ask(line, column, side);
    if (number !== this.asked || answer?.says === undefined) return;
    this.box.replaceChildren(...piecesOf(answer.says, answer.how));
    this.box.hidden = false;
    this.put(x, y);
  }

  /** Beside the pointer, inside the window. */
  private put(x: number, y: number): void {
    const { width, height } = this.box.getBoundingClientRect();
    const left = Math.max(4, Math.min(x, window.innerWidth - width - 8));
    const below = y + 18 + height < window.innerHeight;
    hoverRule().style.setProperty('transform', `translate(${Math.round(left)}px, ${Math.round(below ? y + 18 : Math.max(4, y - height - 10))}px)`);
  }

  private async ask(line: number, column: number, side: PageSide): Promise<(ViewAnswer & { type: 'hover' }) | undefined> {
    try {
      return await this.host.ask({ type: 'hover', line, column, side }, 'hover').answer;
    } catch (error) {
      // The file was opened again, or is gone: the page says so elsewhere
      if (error instanceof Unanswered) return undefined;
      throw error;
    }
  }
}

export interface WordPlace {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly side: PageSide;
}

/** The word under the pointer. */
export function placeAt({ target }: Event): WordPlace | undefined {
  const word = target instanceof Element ? target.closest<HTMLElement>('.word') : null;
  const line = word?.closest<HTMLElement>('.row')?.dataset['line'];
  const text = word?.closest<HTMLElement>('.text');
  if (word === null || line === undefined || text === undefined || text === null) return undefined;
  let column = 0;
  for (let node = word.previousSibling; node !== null; node = node.previousSibling) column += node.textContent?.length ?? 0;
  return { line: Number(line), column, length: word.textContent.length, side: text.classList.contains('beside') ? 'other' : 'own' };
}

function piecesOf({ value, kind, place, pattern, defect, real, beyond }: WordText, how: string | undefined): HTMLElement[] {
  const head = line('');
  const strong = document.createElement('strong');
  strong.textContent = value;
  head.append(strong, ` ${[kind, ...place].join(' · ')}`);
  return [
    head,
    ...(defect === undefined ? [] : [line(defect, 'defective')]),
    ...(pattern === undefined ? [] : [line(`bits ${pattern.bits} · hex ${pattern.hex} · unsigned ${pattern.unsigned} · signed ${pattern.signed}`)]),
    ...(real === undefined ? [] : [line(real)]),
    ...(beyond === undefined ? [] : [line(beyond)]),
    ...(how === undefined ? [] : [line(how, 'dim')]),
  ];
}

function line(text: string, classes = ''): HTMLElement {
  const element = document.createElement('div');
  element.className = classes;
  element.textContent = text;
  return element;
}

let rule: CSSStyleRule | undefined;

function hoverRule(): CSSStyleRule {
  if (rule === undefined) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('#hover { transform: none; }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    rule = sheet.cssRules[0] as CSSStyleRule;
  }
  return rule;
}
