import { paint } from '../draw/canvas';
import type { Palette } from '../draw/palette';
import type { Scene } from '../draw/scene';

export interface SceneInput {
  readonly make: (size: { readonly width: number; readonly height: number }, palette: Palette) => Scene;
  readonly palette: Palette;
  /** What it shows, in words. */
  readonly label: string;
  readonly moved: () => void;
}

/** A chart on a canvas that is as wide as its place. Its height is the style sheet's. */
export class SceneElement extends HTMLElement {
  private input: SceneInput | undefined;
  private readonly canvas = document.createElement('canvas');
  private readonly observer = new ResizeObserver(() => this.input?.moved());

  set data(input: SceneInput) {
    this.input = input;
  }

  connectedCallback(): void {
    this.canvas.setAttribute('role', 'img');
    this.replaceChildren(this.canvas);
    this.observer.observe(this);
  }

  disconnectedCallback(): void {
    this.observer.disconnect();
  }

  draw(): void {
    const scene = this.picture();
    if (scene === undefined || this.input === undefined) return;
    this.canvas.setAttribute('aria-label', this.input.label);
    const ratio = window.devicePixelRatio;
    this.canvas.width = Math.round(scene.width * ratio);
    this.canvas.height = Math.round(scene.height * ratio);
    const context = this.canvas.getContext('2d');
    if (context !== null) paint(context, scene, ratio);
  }

  picture(): Scene | undefined {
    const [width, height] = [this.clientWidth, this.clientHeight];
    return this.input === undefined || width === 0 || height === 0 ? undefined : this.input.make({ width, height }, this.input.palette);
  }
}
