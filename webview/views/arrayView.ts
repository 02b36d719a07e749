import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { AccumulateState } from '../../src/engine/schedule/accumulateState';
import type { CycleState } from '../../src/protocol/inspect';
import { signed } from '../../src/vectors/present/numbers';
import { place } from '../format';
import type { PeState } from '../models/arrayModel';
import { arrayModel, peState, rowFeed } from '../models/arrayModel';
import { dash, describePe, peCells } from '../models/peText';
import { coordinatesOf } from '../state/selection';
import { valueButton, pickers } from './tileView';
import type { Context } from './context';
import { grid, panel, pending, zoomTools } from './panel';
import { around } from './valueTable';

const MOST_LINES = 32;

/** The array in the player's cycle, with what enters and what leaves it. */
export function arrayView(context: Context): TemplateResult {
  const { state, palette, cycleAt, does, want } = context;
  const now = cycleAt(state.cycle);
  const pes = now === undefined ? undefined : peState(now);
  const model = arrayModel(state, pes, palette);
  const tile = want({ type: 'tile', icTile: state.selection.icTile, ocTile: state.selection.ocTile });
  const content = html`${now === undefined ? pending(context, 'Reading cycles', tile.problem) : nothing}
    ${grid(context, 'array', model, {
      pick: (at, open) => {
        does.select(at);
        if (open) does.reveal('weight', { icTile: state.selection.icTile, ocTile: state.selection.ocTile, kij: state.selection.kij, ...at });
      },
      describe: ({ row, col }) => (pes === undefined ? `row ${row} · col ${col}` : describePe(pes, row, col, state.layer.conv.paddedWidth)),
    })}
    <p class="readout">${pes === undefined ? 'The array stands still.' : html`${working(pes)} of ${pes.rows * pes.cols} PEs multiply in this cycle · `}${pes === undefined ? '' : describePe(pes, state.selection.row, state.selection.col, state.layer.conv.paddedWidth)}</p>
    <p class="legend">Upper half: weight, and ×activation (−2→: a weight on its way to a column further east). Lower half: psum. Strong frame: the PE multiplies.</p>`;
  return html`<main class="array-view">
    <div class="column">${state.dataflow === 'weight-stationary' ? pickers(context) : nothing} ${panel(context, 'array', heading(context, now), zoomTools(context, 'array'), content)}</div>
    <div class="column side">${pes === undefined ? nothing : [feedTable(pes), peTable(context, pes)]} ${now === undefined ? nothing : outflow(context, now)}</div>
  </main>`;
}

function heading({ state }: Context, now: CycleState | undefined): string {
  const { rows, cols } = state.layer.tiling;
  const name = `Array ${rows}x${cols}`;
  if (now === undefined) return name;
  if (now.dataflow === 'output-stationary') {
    const first = now.place.pixelTile * rows;
    return `${name} · oc tile ${now.place.ocTile} · o_nij ${first} to ${Math.min(first + rows, state.layer.conv.oNijCount) - 1}`;
  }
  return now.state.phase === 'accumulate' ? `${name} · accumulation of oc tile ${now.state.ocTile}` : `${name} · ${place(state.layer.conv, { kij: now.state.kij, icTile: now.state.icTile, ocTile: now.state.ocTile })}`;
}

/** PEs with an activation in this cycle. */
function working({ activationNij }: PeState): number {
  return activationNij.reduce((count, nij) => count + Number(nij >= 0), 0);
}

function table(caption: string, heads: readonly string[], lines: readonly (readonly unknown[])[]): TemplateResult {
  return html`<div class="scroll-x" tabindex="0" role="group" aria-label=${caption}>
    <table>
      <caption>${caption}</caption>
      <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${lines.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}

/** L0, or what an output-stationary array is given at its west side. */
function feedTable(pes: PeState): TemplateResult {
  const rows = around(0, MOST_LINES, pes.rows);
  if ('l0' in pes) {
    const { nij, weightCol, fill } = pes.l0;
    const whose = (row: number): string => (nij[row]! >= 0 ? `nij ${nij[row]!}` : weightCol[row]! >= 0 ? `weight of col ${weightCol[row]!}` : '–');
    return table('L0: what each row is given', ['row', 'word', 'is', 'waiting'], rows.map((row) => [row, dash(rowFeed(pes, row) !== '', () => rowFeed(pes, row).slice(2)), whose(row), fill[row]!]));
  }
  return table('What each row is given', ['row', 'step'], rows.map((row) => [row, dash(pes.rowFeed[row]! >= 0, () => String(pes.rowFeed[row]!))]));
}

/** The selected row of PEs as a table: what the canvas shows, as text. */
function peTable({ state }: Context, pes: PeState): TemplateResult {
  const { row } = state.selection;
  const lines = around(state.selection.col, MOST_LINES, pes.cols).map((col) => [col, ...peCells(pes, row, col)]);
  return table(`PEs of row ${row}`, ['col', 'weight', 'activation', 'psum', 'partialNij' in pes ? 'nij' : 'o_nij'], lines);
}

/** What leaves the array: OFIFO and psum memory, or the sums on their way out, or the accumulation. */
function outflow(context: Context, { state: now }: CycleState): TemplateResult {
  if (now.phase === 'accumulate') return accumulation(context, now);
  if ('columns' in now) {
    const { nij, psum, ofifoFill } = now.columns;
    const { written } = now;
    const lines = around(context.state.selection.col, MOST_LINES, now.cols).map((col) => [col, dash(nij[col]! >= 0, () => signed(psum[col]!)), dash(nij[col]! >= 0, () => String(nij[col]!)), ofifoFill[col]!, dash(written !== undefined, () => signed(written!.psums[col]!))]);
    return table(written === undefined ? 'OFIFO · nothing is written' : `OFIFO · psum memory: address ${written.address} is written (nij ${written.nij})`, ['col', 'leaves', 'nij', 'waiting', 'written'], lines);
  }
  const { written } = now;
  if (written === undefined) return html`<p class="legend">Nothing is written in this cycle.</p>`;
  return table(`Output memory: o_nij ${written.oNij} is written`, ['col', 'sum', 'output'], around(0, MOST_LINES, now.cols).map((col) => [col, signed(written.sums[col]!), signed(written.outputs[col]!)]));
}

function accumulation({ state, does }: Context, { read, added, sum, written }: AccumulateState): TemplateResult {
  const { cols } = state.layer.tiling;
  const lines = around(state.selection.col, MOST_LINES, cols).map((col) => [col, dash(added !== undefined, () => signed(added!.psums[col]!)), dash(sum !== undefined, () => signed(sum!.values[col]!)), dash(written !== undefined, () => signed(written!.outputs[col]!))]);
  const term = added?.term;
  const what = term === undefined ? 'nothing is added yet' : `adding ${place(state.layer.conv, { kij: term.kij, nij: term.nij, icTile: term.icTile })} to o_nij ${term.oNij}`;
  return html`<p class="readout">The SFP: ${what} · reads ${read === undefined ? 'nothing' : `address ${read.address}`}${written === undefined ? '' : ` · writes o_nij ${written.oNij}`} ${term === undefined ? nothing : valueButton('select it', 'psum', () => { does.select({ icTile: term.icTile, kij: term.kij, nij: term.nij }); does.reveal('psum', coordinatesOf({ ...state.selection, icTile: term.icTile, kij: term.kij, nij: term.nij }, 'psum')); })}</p>
    ${table('SFP columns', ['col', 'added', 'sum', 'written'], lines)}`;
}

