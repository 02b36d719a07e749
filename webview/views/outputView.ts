import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { PixelData } from '../../src/protocol/inspect';
import { signed } from '../../src/vectors/present/numbers';
import { button, index } from '../controls';
import { runningSumScene } from '../draw/charts';
import { pair } from '../format';
import { outputModel, showsRelu } from '../models/matrices';
import { coordinatesOf } from '../state/selection';
import type { Context } from './context';
import { chart, grid, panel, pending, zoomTools } from './panel';
import { dumpText, sideNote, wordText } from '../models/dumped';
import { outputOf, reluText } from '../models/outputText';
import { valueButton } from './tileView';
import { around } from './valueTable';

/** Terms that stand in the page at a time. */
const MOST_TERMS = 24;
const MOST_TILES = 16;

/** What the SFP makes of the psums: an output channel as an image, and how the selected pixel comes about. */
export function outputPanel(context: Context): TemplateResult {
  const { state, want, does } = context;
  const { layer, selection } = state;
  const { conv, tiling } = layer;
  const channel = want({ type: 'channel', ocTile: selection.ocTile, col: selection.col });
  const model = outputModel(state, channel.answer);
  const relu = showsRelu(state);
  const oNijAt = (row: number, col: number): number => row * conv.outWidth + col;
  const tools = html`<label class="inline">channel ${index('Output channel', tiling.ocTiles * tiling.cols, selection.ocTile * tiling.cols + selection.col, (ch) => { does.select({ ocTile: Math.floor(ch / tiling.cols), col: ch % tiling.cols }); })}</label>${zoomTools(context, 'outputs')}`;
  const content = html`${channel.problem === undefined ? nothing : pending(context, '', channel.problem)}
    ${grid(context, 'outputs', model, {
      pick: ({ row, col }, open) => {
        does.select({ oNij: oNijAt(row, col) });
        if (open) does.reveal('out', { ocTile: selection.ocTile, col: selection.col, o_nij: oNijAt(row, col) });
      },
      describe: ({ row, col }) => {
        const raw = channel.answer?.raw[oNijAt(row, col)];
        const notes = [dumpText(channel.answer?.dump, oNijAt(row, col), signed), raw !== undefined && raw < 0 && relu ? `cut by ReLU: raw ${signed(raw)}` : undefined];
        const shown = raw === undefined ? '…' : signed(outputOf(relu, raw));
        return [shown, `o_nij ${oNijAt(row, col)} (${row},${col})`, ...notes.filter((note) => note !== undefined)].join(' · ');
      },
    })}
    ${selection.oNij < 0 ? html`<p class="readout">No output pixel reads nij ${selection.nij} ${pair(selection.nij, conv.paddedWidth)} at kij ${selection.kij}: its psums are computed and not used.</p>` : pixel(context)}`;
  return panel(context, 'outputs', `SFP outputs${sideNote(state, 'out')}`, tools, content);
}

function pixel(context: Context): TemplateResult {
  const { state, want, does, dispatch } = context;
  const { selection, layer } = state;
  const { answer, problem } = want({ type: 'pixel', ocTile: selection.ocTile, col: selection.col, oNij: selection.oNij });
  if (answer === undefined) return pending(context, 'Adding up the pixel', problem);
  const added = Math.min(state.added ?? answer.terms.length, answer.terms.length);
  const running = state.added !== undefined && added < answer.terms.length;
  return html`<div class="pixel">
    <p class="readout main">
      ${valueButton(signed(answer.out), 'output', () => { does.reveal('out', coordinatesOf(selection, 'out')); })} o_nij ${selection.oNij} ${pair(selection.oNij, layer.conv.outWidth)} · ${reluText(layer.relu, answer)}${answer.exact === answer.raw ? '' : html` · <span class="bad">exact ${signed(answer.exact)}</span>`}${dumpOf(answer)}
    </p>
    <div class="row">
      ${button(running ? 'Stop' : 'Add Up', does.addUp, { label: running ? 'Stop adding up' : 'Add up term by term (a)' })}
      ${button('◀', () => { dispatch({ type: 'added', added: Math.max(0, added - 1) }); }, { label: 'One term back', disabled: added === 0 })}
      ${button('▶', () => { dispatch({ type: 'added', added: added + 1 }); }, { label: 'One term on', disabled: added === answer.terms.length })}
      <span>${added} of ${answer.terms.length} terms</span>
    </div>
    ${chart(context, 'running', `Sum after each of ${answer.terms.length} terms; it ends at ${answer.raw}`, (size, palette) => runningSumScene(answer, added, size, palette))} ${contributions(context, answer, added)} ${terms(context, answer, added)}
  </div>`;
}

function dumpOf({ dump }: PixelData): TemplateResult | typeof nothing {
  if (dump === undefined) return nothing;
  const text = wordText(dump.state, dump.value, signed);
  return html` · ${dump.differs === true ? html`<span class="bad">${text}</span>` : text}`;
}

/** Psums of the pixel, kij by ic tile. */
function contributions({ state, does }: Context, { terms: values }: PixelData, added: number): TemplateResult {
  const { layer, selection } = state;
  const { kijCount } = layer.conv;
  const tiles = around(selection.icTile, MOST_TILES, layer.tiling.icTiles);
  return html`<div class="scroll-x" tabindex="0" role="group" aria-label="Contributions by ic tile and kij">
    <table class="contributions">
      <caption>Contributions: ic tile × kij</caption>
      <thead><tr><th scope="col">ic</th>${Array.from({ length: kijCount }, (_, kij) => html`<th scope="col" class=${kij === selection.kij ? 'here' : ''}>k${kij}</th>`)}</tr></thead>
      <tbody>
        ${tiles.map(
          (icTile) =>
            html`<tr>
              <th scope="row" class=${icTile === selection.icTile ? 'here' : ''}>${icTile}</th>
              ${Array.from({ length: kijCount }, (_, kij) => {
                const term = icTile * kijCount + kij;
                const here = icTile === selection.icTile && kij === selection.kij;
                return html`<td class=${`${here ? 'selected' : ''} ${term >= added ? 'dim' : ''}`}><button class="value" aria-label=${`ic tile ${icTile} kij ${kij}: ${signed(values[term]!)}`} @click=${() => { does.select({ icTile, kij, oNij: selection.oNij }); }}>${signed(values[term]!)}</button></td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Each addition with the address in the psum memory that it reads. */
function terms({ state, does }: Context, data: PixelData, added: number): TemplateResult {
  const { kijCount, paddedWidth } = state.layer.conv;
  const { selection } = state;
  const current = state.added === undefined ? selection.icTile * kijCount + selection.kij : Math.max(0, added - 1);
  const shown = around(current, MOST_TERMS, data.terms.length);
  const number = (value: number): TemplateResult => html`<td>${signed(value)}</td>`;
  return html`<div class="terms" tabindex="0" role="group" aria-label="Additions of the SFP">
    <table>
      <caption>Reads of the psum memory${shown.length < data.terms.length ? ` · ${shown[0]!} to ${shown.at(-1)!} of ${data.terms.length}` : ''}</caption>
      <thead><tr>${['ic', 'kij', 'nij', 'address', 'psum', 'sum'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>
        ${shown.map((term) => {
          const [icTile, kij, nij] = [Math.floor(term / kijCount), term % kijCount, data.nij[term]!];
          return html`<tr class=${`${term === current ? 'here' : ''} ${term >= added ? 'dim' : ''}`}>
            <td>${icTile}</td><td>${kij}</td><td>${nij} ${pair(nij, paddedWidth)}</td>${number(data.addresses[term]!)}
            <td><button class="value" title="Show this psum in the editor" aria-label=${`psum ${signed(data.terms[term]!)} of kij ${kij}, ic tile ${icTile}: show in the editor`} @click=${() => { does.reveal('psum', { icTile, ocTile: selection.ocTile, col: selection.col, kij, nij }); }}>${signed(data.terms[term]!)}</button></td>
            ${number(data.sums[term]!)}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
