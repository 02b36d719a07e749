import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Memory } from '../../src/engine/schedule/footprint';
import type { Dataflow, LayerFigures, LayerInfo, WidthFigures } from '../../src/protocol/inspect';
import { signed } from '../../src/vectors/present/numbers';
import { button } from '../controls';
import { phasesScene, sweepScene } from '../draw/charts';
import { bytes, counted, grouped, percent } from '../format';
import { SHARES, sharesOf } from '../models/utilisation';
import type { Context } from './context';
import { chart, panel, pending } from './panel';
import { tileMap } from './tileMap';

/** Figures of the whole layer: tiles, cycles, memories, widths. */
export function layerView(context: Context): TemplateResult {
  const { state, want } = context;
  const figures = want({ type: 'layer' });
  const content = figures.answer === undefined ? pending(context, 'Counting', figures.problem) : html`${facts(context, figures.answer)} ${tileMap(context)} ${cycles(context, figures.answer)} ${memories(figures.answer)} ${widths(context, figures.answer)}`;
  return html`<main class="layer-view">${panel(context, 'layer', `Layer ${state.layer.name}`, nothing, html`<p class="legend">${state.layer.from}</p>${content}`)}</main>`;
}

function facts({ state }: Context, { macs }: LayerFigures): TemplateResult {
  const { conv, tiling } = state.layer;
  const [lastRows, lastCols] = [conv.inChannels - (tiling.icTiles - 1) * tiling.rows, conv.outChannels - (tiling.ocTiles - 1) * tiling.cols];
  const partly = (used: number, of: number, noun: string): string => (used === of ? '' : `, the last with ${used} of ${counted(of, noun)}`);
  const rows = [
    ['tiles', `${tiling.icTiles} ic × ${tiling.ocTiles} oc = ${counted(tiling.icTiles * tiling.ocTiles, 'pair')}${partly(lastRows, tiling.rows, 'row')}${partly(lastCols, tiling.cols, 'column')}`],
    ['image', `${conv.height}x${conv.width}, padded ${conv.paddedHeight}x${conv.paddedWidth} (nij ${grouped(conv.nijCount)}) → ${conv.outHeight}x${conv.outWidth} (o_nij ${grouped(conv.oNijCount)})`],
    ['kernel', `${conv.kernelHeight}x${conv.kernelWidth}, stride ${conv.strideHeight}x${conv.strideWidth}, dilation ${conv.dilationHeight}x${conv.dilationWidth}`],
    ['MACs', `${grouped(macs)}, zeros of the image's padding included`],
  ];
  return html`<dl class="facts-list">${rows.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`;
}

function cycles(context: Context, { flows }: LayerFigures): TemplateResult {
  const said = flows.map(({ dataflow, cycles: of }) => `${dataflow}: ${of} cycles`).join('; ');
  return html`<h3>Cycles</h3>
    ${chart(context, 'flows', said, (size, palette) => phasesScene(flows, size, palette))}
    ${plain('Dataflows', ['dataflow', 'cycles', 'busy', 'useful', 'by phase'], flows.map(({ dataflow, cycles: of, phases }) => [dataflow, grouped(of), ...shares(context.state.layer, dataflow), phases.map(({ phase, cycles: some }) => `${phase} ${grouped(some)}`).join(' · ')]))}
    <p class="legend">busy: ${SHARES.busy}. useful: ${SHARES.useful}. Both of all PE-cycles of the layer.</p>`;
}

function shares(layer: LayerInfo, dataflow: Dataflow): TemplateResult[] {
  const { busy, useful } = sharesOf(layer, dataflow);
  return [busy, useful].map(({ text, formula }) => html`<span title=${formula}>${text}</span>`);
}

function memories({ footprint }: LayerFigures): TemplateResult {
  const line = (name: string, { lines, wordsPerLine, words, bits, fills }: Memory): string[] => [name, `${grouped(lines)} × ${wordsPerLine}`, grouped(words), bytes(bits), fills === 1 ? 'once' : `${fills} times`];
  return html`<h3>Memories</h3>
    ${plain('Memories', ['memory', 'lines × words', 'words', 'size', 'filled'], [line('activations', footprint.activation), line('weights', footprint.weight), line('psums', footprint.psum), line('outputs', footprint.output)])}`;
}

function widths(context: Context, { worstCase }: LayerFigures): TemplateResult {
  const { state, want, dispatch } = context;
  const { bits } = state.layer.formats.psum;
  const sweep = state.sweep ? want({ type: 'widths' }) : undefined;
  const asked = (on: boolean) => (): void => {
    dispatch({ type: 'sweep', on });
  };
  const done = sweep?.progress;
  return html`<h3>Width of psums and outputs</h3>
    <p>This layer holds them in <b>${bits} bits</b>. Whatever the input is, psums need ${worstCase.psum} bits and outputs ${worstCase.out}.</p>
    ${sweep === undefined
      ? html`<p>How many values would each width cut? All psums of the layer are computed for that. ${button('Sweep Widths', asked(true), { primary: true })}</p>`
      : sweep.answer !== undefined
        ? sweepResult(context, sweep.answer)
        : sweep.problem !== undefined
          ? pending(context, '', sweep.problem)
          : html`<p class="row" role="status"><progress max=${done?.total ?? 1} .value=${done?.done ?? 0} aria-label="Sweep of widths"></progress> ${done === undefined ? 'Starting' : `${done.what} ${grouped(done.done)} of ${grouped(done.total)}`} ${button('Cancel', asked(false))}</p>`}`;
}

function sweepResult(context: Context, figures: WidthFigures): TemplateResult {
  const { bits } = context.state.layer.formats.psum;
  const { least, psumRange, outRange, points, psums, outputs } = figures;
  const most = Math.max(least.psum, least.out, bits) + 1;
  const share = (count: number, of: number): string => `${grouped(count)} (${percent(of === 0 ? 0 : count / of)})`;
  return html`<p>This input: psums ${signed(psumRange.min)} to ${signed(psumRange.max)} need <b>${least.psum} bits</b>; outputs ${signed(outRange.min)} to ${signed(outRange.max)} need <b>${least.out}</b>.</p>
    ${chart(context, 'sweep', `Share of psums and outputs cut by each width; psums fit from ${least.psum} bits, outputs from ${least.out}`, (size, palette) => sweepScene(figures, bits, size, palette))}
    ${plain('Values cut by each width', ['bits', `psums cut, of ${grouped(psums)}`, `outputs cut, of ${grouped(outputs)}`], points.filter((point) => point.bits <= most).map((point) => [String(point.bits), share(point.psumsBeyond, psums), share(point.outputsBeyond, outputs)]))}`;
}

function plain(label: string, heads: readonly string[], lines: readonly (readonly (string | TemplateResult)[])[]): TemplateResult {
  return html`<div class="scroll-x" tabindex="0" role="group" aria-label=${label}>
    <table>
      <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${lines.map(([name, ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}
