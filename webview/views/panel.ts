import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { ProblemData } from '../../src/protocol/job';
import { button, waiting } from '../controls';
import type { GridInput } from '../grid/gridElement';
import type { CellAt, GridModel } from '../grid/gridModel';
import type { SceneInput } from '../grid/sceneElement';
import type { PanelName } from '../state/state';
import type { Context } from './context';

const NAMES: Readonly<Record<PanelName | 'layer', string>> = { psums: 'psums', weights: 'weights', activations: 'activations', outputs: 'outputs', array: 'the array', layer: 'the layer' };

/** A part of the page with its heading and export buttons. */
export function panel(context: Context, name: PanelName | 'layer', heading: string, tools: unknown, content: unknown): TemplateResult {
  const { state, dispatch } = context;
  const open = state.exporting === name;
  return html`<section class=${`panel panel-${name}`} data-panel=${name} aria-label=${heading}>
    <header class="panel-head">
      <h2 title=${heading}>${heading}</h2>
      <div class="tools">
        ${tools}
        ${button('⤓', () => { dispatch({ type: 'exporting', panel: open ? undefined : name }); }, { expanded: open, label: `Export ${NAMES[name]}` })}
      </div>
    </header>
    ${open ? exportRow(context, name) : nothing} ${content}
  </section>`;
}

function exportRow({ does }: Context, name: PanelName | 'layer'): TemplateResult {
  const formats = [['PNG', 'png'], ['SVG', 'svg'], ['CSV', 'csv'], ['copy as numpy', 'numpy']] as const;
  return html`<div class="exports">${formats.map(([text, format]) => button(text, () => { does.exports(name, format); }, { title: `${text} of ${NAMES[name]}` }))}</div>`;
}

export interface GridOptions {
  readonly pick: (at: CellAt, open: boolean) => void;
  readonly describe: (at: CellAt) => string;
}

/** A matrix on a canvas. */
export function grid(context: Context, name: PanelName, model: GridModel, { pick, describe }: GridOptions): TemplateResult {
  const { state, dispatch, palette, redraw } = context;
  const input: GridInput = {
    model,
    palette,
    zoom: state.zoom[name],
    picked: pick,
    described: describe,
    moved: redraw,
    zoomed: (by) => {
      dispatch({ type: 'zoom', panel: name, size: zoomed(document.querySelector<HTMLElement & { cellHeight: number }>(`ts-grid[data-grid=${name}]`)?.cellHeight ?? 16, by) });
    },
  };
  return html`<ts-grid data-grid=${name} .data=${input}></ts-grid>`;
}

const SIZES = [2, 3, 4, 6, 8, 11, 14, 18, 22, 28, 36, 48, 64] as const;

/** The next larger or smaller size of a cell. */
export function zoomed(size: number, by: number): number {
  return by > 0 ? (SIZES.find((one) => one > size) ?? SIZES.at(-1)!) : ([...SIZES].reverse().find((one) => one < size) ?? SIZES[0]);
}

/** Buttons that zoom a matrix. */
export function zoomTools({ dispatch }: Context, name: PanelName): TemplateResult {
  const zoom = (by: number): void => {
    const size = document.querySelector<HTMLElement & { cellHeight: number }>(`ts-grid[data-grid=${name}]`)?.cellHeight ?? 16;
    dispatch({ type: 'zoom', panel: name, size: by === 0 ? undefined : zoomed(size, by) });
  };
  return html`${button('−', () => { zoom(-1); }, { label: `Smaller cells: ${NAMES[name]}` })}${button('+', () => { zoom(1); }, { label: `Larger cells: ${NAMES[name]}` })}${button('fit', () => { zoom(0); }, { label: `Fit ${NAMES[name]} to the space` })}`;
}

/** A chart; `kind` gives it its height. */
export function chart({ palette, redraw }: Context, kind: string, label: string, make: SceneInput['make']): TemplateResult {
  return html`<ts-scene class=${`chart ${kind}`} .data=${{ make, palette, label, moved: redraw } satisfies SceneInput}></ts-scene>`;
}

/** In the place of what is not here yet, or cannot be had. */
export function pending(context: Context, what: string, problem: ProblemData | undefined): TemplateResult {
  if (problem === undefined) return html`<p class="pending">${waiting()} ${what}</p>`;
  return html`<div class="failed" role="alert"><p>${problem.what} ${problem.next}</p>${button('Try Again', context.does.retry)} ${button('Show Log', () => { context.does.act('showLog'); })}</div>`;
}
