import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { SIDES, VIEWS } from '../../src/protocol/panel';
import { button, check, choice, toggles, waiting } from '../controls';
import { counted, grouped } from '../format';
import { OVERFLOW } from '../models/overflow';
import type { Lost } from '../state/state';
import type { Context } from './context';

const VIEW_NAMES = { tile: 'Tile', array: 'Array', layer: 'Layer' } as const;
const NONE = '';

/** What layer this is, what is compared, and which view is shown. */
export function header(context: Context): TemplateResult {
  const { state, dispatch, does } = context;
  const { layer, dump, selection } = state;
  const { conv, tiling, formats } = layer;
  const integer = ({ bits, signed }: { readonly bits: number; readonly signed: boolean }): string => `${signed ? 'int' : 'uint'}${bits}`;
  return html`<header class="top">
    <div class="title">
      <h1>${layer.name}</h1>
      <span class="facts" title=${layer.from}
        >${conv.inChannels}→${conv.outChannels} · ${conv.kernelHeight}x${conv.kernelWidth} · ${conv.height}x${conv.width} on ${tiling.rows}x${tiling.cols} · ${integer(formats.weight)} × ${integer(formats.activation)} → ${formats.psum.bits} bits</span
      >
      <span class="facts" title=${OVERFLOW[layer.overflow].means}>overflow: ${OVERFLOW[layer.overflow].does}</span>
    </div>
    <div class="bar">
      ${toggles('View', VIEWS.map((value, i) => ({ value, text: `${i + 1} ${VIEW_NAMES[value]}` })), state.view, (view) => { dispatch({ type: 'view', view }); })}
      <span class="grow"></span>
      ${comparing(context)}
      ${check('Follow cursor', state.follow, (on) => { dispatch({ type: 'follow', on }); })} ${button('Copy Link', does.copyLink)} ${button('?', () => { dispatch({ type: 'help', on: !state.help }); }, { label: 'Keys', expanded: state.help })}
    </div>
    ${state.lost === undefined ? nothing : lost(context, state.lost)}
    ${dump === undefined ? nothing : html`<p class=${`verdict ${dump.verdict}`} title=${dump.what}>${dump.verdict === 'match' ? '✓' : '✗'} ${dump.what}${dump.cause === undefined ? '' : ` Cause: ${dump.cause}`}</p>`}
    ${layer.goldens.length === 0 ? html`<p class="hint">No golden files of this layer yet: what you see is computed. ${button('Generate Vectors', () => { does.act('generate'); })}</p>` : nothing}
    ${notes(layer.notes)}
    ${selection.col + selection.ocTile * tiling.cols >= conv.outChannels ? html`<p class="hint">Column ${selection.col} of oc tile ${selection.ocTile} carries no channel: zero padding of the last tile.</p>` : nothing}
  </header>`;
}

/** Where the verdict of a comparison stands: why there is none any more, and what can be done. */
function lost({ state, does }: Context, { what, next }: Lost): TemplateResult {
  const chosen = state.dumps.find(({ id }) => id === state.dumpId);
  return html`<div class="lost" role="alert">
    <p>${chosen === undefined ? 'Nothing is compared.' : `${chosen.name} is not compared.`} ${what} ${next}</p>
    <div class="row">
      ${chosen === undefined ? nothing : button('Try Again', () => { does.compare(chosen.id); }, { primary: true })} ${button('Compare With Another Dump', () => { does.act('checkDump'); })}
      ${button('Stop Comparing', () => { does.compare(undefined); })}
    </div>
  </div>`;
}

/** One line however many they are: the page is for numbers. */
function notes(all: readonly string[]): TemplateResult | typeof nothing {
  const [first, ...others] = all;
  if (first === undefined) return nothing;
  return html`<details class="hint notes"><summary title=${all.join('\n')}>${others.length === 0 ? '' : `${counted(all.length, 'note')}: `}${first}</summary>${others.map((note) => html`<p>${note}</p>`)}</details>`;
}

function comparing({ state, dispatch, does }: Context): TemplateResult {
  const { dumps, dump, dumpId, mismatch } = state;
  if (dumps.length === 0) return html`${button('Compare With a Dump', () => { does.act('checkDump'); })}`;
  const options = [{ value: NONE, text: 'no dump' }, ...dumps.map(({ id, name, kind }) => ({ value: id, text: kind === undefined ? name : `${name} (${kind})` }))];
  return html`${choice('Dump to compare with', options, dumpId ?? NONE, (id) => { does.compare(id === NONE ? undefined : id); })}
    ${state.comparing ? html`<span class="pending">${waiting()} comparing</span>` : nothing}
    ${dump === undefined
      ? nothing
      : html`${toggles('Values shown', SIDES.map((value) => ({ value, text: value })), state.side, (side) => { dispatch({ type: 'side', side }); })}
          ${button('◀', () => { does.mismatch(true); }, { label: 'Previous mismatch (N)', disabled: dump.differing === 0 })}
          <span class="count" title=${`${grouped(dump.differing)} of ${counted(dump.total, 'word')} differ`}>${mismatch === undefined ? `${grouped(dump.differing)} differ` : `${grouped(mismatch.number)} / ${grouped(mismatch.of)}`}</span>
          ${button('▶', () => { does.mismatch(false); }, { label: 'Next mismatch (n)', disabled: dump.differing === 0 })}`}`;
}
