import { paint } from '../draw/canvas';
import type { Palette } from '../draw/palette';
import type { Scene } from '../draw/scene';
import type { CellAt, GridModel, Viewport } from './gridModel';
import { cellAt, cellSize } from './gridModel';
import { gridScene, wholeViewport } from './gridScene';

/** Pictures of more cells than these show what is on the screen only. */
const MOST_PICTURE_CELLS = 20_000;

/** What a grid is given anew with every drawing. */
export interface GridInput {
  readonly model: GridModel;
  readonly palette: Palette;
  readonly zoom: number | undefined;
  readonly picked: (at: CellAt, open: boolean) => void;
  readonly described: (at: CellAt) => string;
  /** The visible part has changed: everything has to be drawn again. */
  readonly moved: () => void;
  readonly zoomed: (size: number) => void;
}

/** A matrix on a canvas that is as large as what is seen of it, inside a box that scrolls over the whole. */
export class GridElement extends HTMLElement {
  private input: GridInput | undefined;
  private readonly scroller = document.createElement('div');
  private readonly spacer = document.createElement('div');
  private readonly canvas = document.createElement('canvas');
  private readonly tip = document.createElement('div');
  private readonly observer = new ResizeObserver(() => this.input?.moved());
  private viewport: Viewport | undefined;
  private lastSelected = '';

  set data(input: GridInput) {
    this.input = input;
  }

  connectedCallback(): void {
    this.scroller.className = 'grid-scroll';
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute('role', 'application');
    this.spacer.className = 'grid-space';
    this.canvas.className = 'grid-canvas';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.tip.className = 'tip';
    this.tip.setAttribute('aria-hidden', 'true');
    this.tip.hidden = true;
    this.spacer.replaceChildren(this.canvas);
    this.scroller.replaceChildren(this.spacer);
    this.replaceChildren(this.scroller, this.tip);
    this.scroller.onscroll = () => {
      this.tip.hidden = true;
      this.input?.moved();
    };
    this.scroller.onpointermove = (event) => {
      this.hover(event);
    };
    this.scroller.onpointerleave = () => {
      this.tip.hidden = true;
    };
    this.scroller.onclick = (event) => {
      this.pick(event, false);
    };
    this.scroller.ondblclick = (event) => {
      this.pick(event, true);
    };
    this.scroller.addEventListener('wheel', (event) => {
      this.wheel(event);
    }, { passive: false });
    this.observer.observe(this.scroller);
  }

  disconnectedCallback(): void {
    this.observer.disconnect();
  }

  /** Draws what is seen now. */
  draw(): void {
    const { input } = this;
    if (input === undefined) return;
    const { model, palette, zoom } = input;
    if (this.scroller.getAttribute('aria-label') !== model.label) this.scroller.setAttribute('aria-label', model.label);
    setStyle(this, '--wanted', `${model.gutters.top + model.rows * (zoom ?? model.fit.height) + (model.gutters.foot ?? 0) + 22}px`);
    const space = { width: this.scroller.clientWidth, height: this.scroller.clientHeight };
    if (space.width === 0 || space.height === 0) return;
    const size = cellSize(model, space, zoom);
    const { gutters } = model;
    this.resize(this.spacer, gutters.left + model.cols * size.cellWidth + 4, gutters.top + model.rows * size.cellHeight + (gutters.foot ?? 0) + 4);
    this.reveal(model, size, space);
    // Read again: a bar that has just appeared takes room
    const width = Math.min(this.scroller.clientWidth, gutters.left + model.cols * size.cellWidth + 4);
    const height = Math.min(this.scroller.clientHeight, gutters.top + model.rows * size.cellHeight + (gutters.foot ?? 0) + 4);
    this.viewport = { ...size, width, height, left: this.scroller.scrollLeft, top: this.scroller.scrollTop };
    const ratio = window.devicePixelRatio;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.resize(this.canvas, width, height);
    }
    const context = this.canvas.getContext('2d');
    if (context !== null) paint(context, gridScene(model, this.viewport, palette), ratio);
  }

  /** The whole matrix where a picture can hold it, else what is seen. */
  picture(): Scene | undefined {
    const { input, viewport } = this;
    if (input === undefined || viewport === undefined) return undefined;
    const whole = input.model.rows * input.model.cols <= MOST_PICTURE_CELLS;
    return gridScene(input.model, whole ? wholeViewport(input.model, viewport) : viewport, input.palette);
  }

  /** Height of a cell as it is drawn, and with the next step of zoom. */
  get cellHeight(): number {
    return this.viewport?.cellHeight ?? 16;
  }

  private resize(element: HTMLElement, width: number, height: number): void {
    setStyle(element, 'width', `${width}px`);
    setStyle(element, 'height', `${height}px`);
  }

  /** Scrolls to the selection when it has changed, and only as far as needed. */
  private reveal({ selected, gutters }: GridModel, { cellWidth, cellHeight }: { cellWidth: number; cellHeight: number }, { width, height }: { width: number; height: number }): void {
    const key = selected === undefined ? '' : `${selected.row},${selected.col},${cellHeight},${cellWidth}`;
    if (key === this.lastSelected) return;
    this.lastSelected = key;
    if (selected === undefined) return;
    const [x, y] = [selected.col * cellWidth, selected.row * cellHeight];
    const [bodyWidth, bodyHeight] = [width - gutters.left - 6, height - gutters.top - (gutters.foot ?? 0) - 6];
    if (y < this.scroller.scrollTop) this.scroller.scrollTop = y;
    else if (y + cellHeight > this.scroller.scrollTop + bodyHeight) this.scroller.scrollTop = y + cellHeight - bodyHeight;
    if (x < this.scroller.scrollLeft) this.scroller.scrollLeft = x;
    else if (x + cellWidth > this.scroller.scrollLeft + bodyWidth) this.scroller.scrollLeft = x + cellWidth - bodyWidth;
  }

  private at(event: MouseEvent): CellAt | undefined {
    if (this.input === undefined || this.viewport === undefined) return undefined;
    const { left, top } = this.canvas.getBoundingClientRect();
    return cellAt(this.input.model, this.viewport, event.clientX - left, event.clientY - top);
  }

  private hover(event: PointerEvent): void {
    const at = this.at(event);
    this.tip.hidden = at === undefined;
    if (at === undefined) return;
    this.tip.textContent = this.input?.described(at) ?? '';
    const { left, top, width } = this.getBoundingClientRect();
    const room = Math.max(0, width - this.tip.offsetWidth - 4);
    this.tip.style.setProperty('left', `${Math.min(room, event.clientX - left + 14)}px`);
    this.tip.style.setProperty('top', `${event.clientY - top + 18}px`);
  }

  private pick(event: MouseEvent, open: boolean): void {
    const at = this.at(event);
    if (at !== undefined) this.input?.picked(at, open);
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.input?.zoomed(event.deltaY < 0 ? 1 : -1);
  }
}

/** What is set has the page laid out anew before the next size is read, also when nothing has changed. */
function setStyle({ style }: HTMLElement, name: string, value: string): void {
  if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}
