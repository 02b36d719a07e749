import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { INPUT_LATENCY, placeAt } from '../../src/engine/schedule/weightStationary';
import { usedCols, usedRows } from '../../src/engine/tiling';
import { factor, groupedBits, signed } from '../../src/vectors/present/numbers';
import type { TileData } from '../../src/protocol/inspect';
import { index } from '../controls';
import { histogramScene } from '../draw/charts';
import { counted, grouped, pair, place } from '../format';
import { activationModel, psumModel, weightModel } from '../models/matrices';
import { dumpText, sideNote } from '../models/dumped';
import { OVERFLOW } from '../models/overflow';
import { changed, coordinatesOf, isImagePadding } from '../state/selection';

import type { Context } from './context';
import { chart, grid, panel, pending, zoomTools } from './panel';
import { valueTable } from './valueTable';
import { outputPanel } from './outputView';

/** A tile: pickers, weights and activations, psums, and what the SFP makes of them. */
export function tileView(context: Context): TemplateResult {
  const { state, want } = context;
  const { icTile, ocTile } = state.selection;
  const tile = want({ type: 'tile', icTile, ocTile });
  return html`<main class="tile-view">
    <div class="column left">
      ${pickers(context, tile.answer?.differing)} ${tile.problem === undefined ? weights(context, tile.answer) : pending(context, 'weights', tile.problem)} ${activations(context)}
    </div>
    <div class="column middle">${psums(context, tile.answer)}</div>
    <div class="column right">${outputPanel(context)}</div>
  </main>`;
}

/** ic tile, oc tile, and kij as what it is: a kernel. */
export function pickers({ state, does }: Context, differing?: readonly number[]): TemplateResult {
  const { layer, selection } = state;
  const { conv, tiling } = layer;
  const kijs = Array.from({ length: conv.kernelHeight }, (_, i) => Array.from({ length: conv.kernelWidth }, (__, j) => i * conv.kernelWidth + j));
  return html`<section class="pickers" aria-label="Tile and kernel position">
    <label>ic tile ${index('ic tile', tiling.icTiles, selection.icTile, (icTile) => { does.select({ icTile }); })}<span class="of">of ${tiling.icTiles}</span></label>
    <label>oc tile ${index('oc tile', tiling.ocTiles, selection.ocTile, (ocTile) => { does.select({ ocTile }); })}<span class="of">of ${tiling.ocTiles}</span></label>
    <div class="kij">
      <span>kij ${selection.kij} ${pair(selection.kij, conv.kernelWidth)}</span>
      <div class="kernel" role="group" aria-label="kij">
        ${kijs.map((line) => html`<div class="kernel-row">${line.map((kij) => kijButton(kij, kij === selection.kij, pair(kij, conv.kernelWidth), differing?.[kij], () => { does.select({ kij }); }))}</div>`)}
      </div>
    </div>
  </section>`;
}

function kijButton(kij: number, on: boolean, at: string, differing: number | undefined, press: () => void): TemplateResult {
  const words = differing === undefined || differing === 0 ? '' : `, ${counted(differing, 'word')} differ`;
  return html`<button class=${`kij-cell ${on ? 'on' : ''} ${words === '' ? '' : 'mismatch'}`} aria-pressed=${on} aria-label=${`kij ${kij} ${at}${words}`} title=${`kij ${kij} ${at}${words}`} @click=${press}>${kij}</button>`;
}

function weights(context: Context, tile: TileData | undefined): TemplateResult {
  const { state, palette, does, activationsAt } = context;
  const { layer, selection } = state;
  const model = weightModel(state, tile, activationsAt(selection.nij), palette);
  const coordinates = { icTile: selection.icTile, ocTile: selection.ocTile, kij: selection.kij };
  const pick = (row: number, col: number, open: boolean): void => {
    does.select({ row, col });
    if (open) does.reveal('weight', { ...coordinates, row, col });
  };
  const unused = [layer.tiling.rows - usedRows(layer, selection.icTile), layer.tiling.cols - usedCols(layer, selection.ocTile)] as const;
  const padding = [unused[0] === 0 ? '' : counted(unused[0], 'row'), unused[1] === 0 ? '' : counted(unused[1], 'column')].filter((text) => text !== '').join(' and ');
  const value = model.cell(selection.row, selection.col).value;
  const content = html`${tile === undefined ? pending(context, 'Reading weights', undefined) : nothing}
    ${grid(context, 'weights', model, {
      pick: ({ row, col }, open) => { pick(row, col, open); },
      describe: ({ row, col }) => {
        const weight = model.cell(row, col).value;
        return `${weight === undefined ? '…' : signed(weight)} · row ${row} · col ${col} · kij ${selection.kij} · input ch ${selection.icTile * layer.tiling.rows + row} · output ch ${selection.ocTile * layer.tiling.cols + col}`;
      },
    })}
    <p class="readout">w ${value === undefined ? '…' : valueButton(signed(value), 'weight', () => { does.reveal('weight', coordinatesOf(selection, 'weight')); })} row ${selection.row} · col ${selection.col}${padding === '' ? '' : ` · ${padding} zero padding`}</p>`;
  return panel(context, 'weights', 'Weights in the PEs', zoomTools(context, 'weights'), content);
}

/** The exact value: pressing it shows it in the editor. */
export function valueButton(text: string, what: string, press: () => void): TemplateResult {
  return html`<button class="value" title=${`Show this ${what} in the editor (Enter)`} aria-label=${`${what} ${text}: show in the editor`} @click=${press}>${text}</button>`;
}

function activations(context: Context): TemplateResult {
  const { state, does, activationsAt } = context;
  const { layer, selection } = state;
  const model = activationModel(state, activationsAt);
  const nijAt = (row: number, col: number): number => row * layer.conv.paddedWidth + col;
  const value = model.cell(Math.floor(selection.nij / layer.conv.paddedWidth), selection.nij % layer.conv.paddedWidth).value;
  const step = layer.steps?.activation;
  const content = html`${grid(context, 'activations', model, {
      pick: ({ row, col }, open) => {
        does.select({ nij: nijAt(row, col) });
        if (open) does.reveal('activation', { icTile: selection.icTile, row: selection.row, nij: nijAt(row, col) });
      },
      describe: ({ row, col }) => {
        const code = model.cell(row, col).value;
        const nij = nijAt(row, col);
        return `${code === undefined ? '…' : signed(code)} · nij ${nij} (${row},${col})${isImagePadding(layer.conv, nij) ? ' · padding pixel' : ''}${code === undefined || step === undefined ? '' : ` · real value ${(code * step).toPrecision(3)}`}`;
      },
    })}
    <p class="readout">a ${value === undefined ? '…' : valueButton(signed(value), 'activation', () => { does.reveal('activation', coordinatesOf(selection, 'activation')); })} nij ${selection.nij} ${pair(selection.nij, layer.conv.paddedWidth)} · ch ${selection.icTile * layer.tiling.rows + selection.row}${isImagePadding(layer.conv, selection.nij) ? ' · padding pixel' : ''}</p>`;
  return panel(context, 'activations', `Input image of row ${selection.row}`, zoomTools(context, 'activations'), content);
}

function psums(context: Context, tile: TileData | undefined): TemplateResult {
  const { state, psumsAt, does } = context;
  const { layer, selection } = state;
  const model = psumModel(state, psumsAt, tile, writtenNij(context));
  const pick = (nij: number, col: number, open: boolean): void => {
    does.select({ nij, col });
    if (open) does.reveal('psum', coordinatesOf(changed(layer, selection, { nij, col }), 'psum'));
  };
  const table = valueTable(model, { id: 'psum', label: 'Psums around the selection', corner: 'nij', rows: 36, cols: 16, pick: (row, col) => { pick(row, col, true); } });
  const content = html`<div class="beside">
      ${grid(context, 'psums', model, { pick: ({ row, col }, open) => { pick(row, col, open); }, describe: ({ row, col }) => describePsum(context, row, col) })}
      ${table}
    </div>
    ${readout(context)} ${figures(context, tile)}`;
  const heading = `Psums${sideNote(state, 'psum')} · ${place(layer.conv, { kij: selection.kij, icTile: selection.icTile, ocTile: selection.ocTile })}`;
  return panel(context, 'psums', heading, zoomTools(context, 'psums'), content);
}

/** The line of the psum memory that is written in the player's cycle, once the player has been moved into the pass. */
function writtenNij({ state: { layer, dataflow, cycle } }: Context): number | undefined {
  if (dataflow !== 'weight-stationary') return undefined;
  const now = placeAt(layer, cycle);
  const nij = now.cycle - INPUT_LATENCY - layer.tiling.rows - 2 * layer.tiling.cols;
  return now.phase !== 'accumulate' && nij >= 0 && nij < layer.conv.nijCount ? nij : undefined;
}

function describePsum({ state, psumsAt }: Context, nij: number, col: number): string {
  const { conv, tiling } = state.layer;
  const data = psumsAt(nij);
  const where = `nij ${nij} ${pair(nij, conv.paddedWidth)} · col ${col}`;
  if (data === undefined) return `… · ${where}`;
  const at = (nij - data.nijFrom) * tiling.cols + col;
  const notes = [dumpText(data.dump, at, signed), data.goldenDiffers.includes(at) ? 'the golden file says another value' : undefined, isImagePadding(conv, nij) ? 'padding pixel' : undefined];
  return [signed(data.values[at]!), where, ...notes.filter((note) => note !== undefined)].join(' · ');
}

/** The selected psum: value, bits, products. */
function readout({ state, psumsAt, activationsAt, want, does }: Context): TemplateResult {
  const { layer, selection } = state;
  const { rows, cols } = layer.tiling;
  const data = psumsAt(selection.nij);
  const inputs = activationsAt(selection.nij);
  const tile = want({ type: 'tile', icTile: selection.icTile, ocTile: selection.ocTile }).answer;
  if (data === undefined) return html`<p class="readout">…</p>`;
  const at = (selection.nij - data.nijFrom) * cols + selection.col;
  const value = data.values[at]!;
  const products =
    inputs === undefined || tile === undefined
      ? []
      : Array.from({ length: rows }, (_, row) => [inputs.values[(selection.nij - inputs.nijFrom) * rows + row]!, tile.weights[(selection.kij * rows + row) * cols + selection.col]!] as const).filter(([a, w]) => a * w !== 0);
  const shown = products.slice(0, 8).map(([a, w]) => `${factor(a)}·${factor(w)}`);
  const rest = products.length > 8 ? ` + ${products.length - 8} more` : '';
  const exact = products.reduce((sum, [a, w]) => sum + a * w, 0);
  const cut = inputs !== undefined && tile !== undefined && exact !== value ? ` = ${signed(exact)}, which ${layer.formats.psum.bits} bits do not hold (overflow: ${OVERFLOW[layer.overflow].does})` : '';
  const dumped = dumpText(data.dump, at, signed);
  return html`<p class="readout main">
    ${valueButton(signed(value), 'psum', () => { does.reveal('psum', coordinatesOf(selection, 'psum')); })}
    ${place(layer.conv, { nij: selection.nij, col: selection.col })} · bits <code>${groupedBits(value, layer.formats.psum.bits)}</code>${dumped === undefined ? '' : ` · ${dumped}`}${selection.oNij < 0 ? ' · no output reads it' : ` · o_nij ${selection.oNij} ${pair(selection.oNij, layer.conv.outWidth)}`}<br />
    <span class="products">= ${shown.length === 0 ? '0 (all products are zero)' : shown.join(' + ')}${rest}${cut}</span>
  </p>`;
}

function figures(context: Context, tile: TileData | undefined): TemplateResult {
  const { state } = context;
  const of = tile?.figures[state.selection.kij];
  if (of === undefined) return html`<p class="figures pending">Figures of this kij</p>`;
  const { bits } = state.layer.formats.psum;
  const over = of.overflowing === 0 ? `all ${grouped(of.count)} fit ${bits} bits` : `${grouped(of.overflowing)} of ${counted(of.count, 'psum')} overflow ${bits} bits`;
  return html`<div class="figures">
    <p>${state.dump?.kind === 'psum' && state.side !== 'golden' ? 'golden: ' : ''}min ${signed(of.range.min)} · max ${signed(of.range.max)} · <span class=${of.overflowing > 0 ? 'bad' : ''}>${over}</span></p>
    ${chart(context, 'histogram', `Histogram of ${of.count} psums from ${of.range.min} to ${of.range.max}`, (size, palette) => histogramScene(of, size, palette))}
  </div>`;
}

