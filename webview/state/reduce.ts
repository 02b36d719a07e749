import { outputStationaryPlaceAt, outputTileStart } from '../../src/engine/schedule/outputStationary';
import { passStart, placeAt } from '../../src/engine/schedule/weightStationary';
import type { Dataflow, DumpInfo } from '../../src/protocol/inspect';
import type { HostMessage, PanelState, Selection, Side, View } from '../../src/protocol/panel';
import { changed, firstSelection } from './selection';
import type { Lost, OpenState, PageState, PanelName } from './state';
import { SPEEDS } from './state';

export type Action =
  | Extract<HostMessage, { readonly type: 'opening' | 'empty' | 'dumps' }>
  /** `kept` is what the page remembers from before. */
  | { readonly type: 'opened'; readonly message: Extract<HostMessage, { readonly type: 'opened' }>; readonly kept: PanelState | undefined }
  | { readonly type: 'select'; readonly change: Partial<Selection> }
  | { readonly type: 'side'; readonly side: Side }
  | { readonly type: 'view'; readonly view: View }
  | { readonly type: 'dataflow'; readonly dataflow: Dataflow }
  | { readonly type: 'cycle'; readonly cycle: number }
  | { readonly type: 'play'; readonly on: boolean }
  | { readonly type: 'speed'; readonly speed: number }
  | { readonly type: 'follow'; readonly on: boolean }
  | { readonly type: 'comparing'; readonly dumpId: string | undefined }
  | { readonly type: 'compared'; readonly dump: DumpInfo | undefined }
  | { readonly type: 'notCompared'; readonly problem: Lost }
  | { readonly type: 'mismatch'; readonly mismatch: { readonly number: number; readonly of: number } | undefined }
  | { readonly type: 'added'; readonly added: number | undefined }
  | { readonly type: 'sweep'; readonly on: boolean }
  | { readonly type: 'help'; readonly on: boolean }
  | { readonly type: 'exporting'; readonly panel: PanelName | 'layer' | undefined }
  | { readonly type: 'zoom'; readonly panel: PanelName; readonly size: number | undefined }
  | { readonly type: 'notice'; readonly notice: string };

/** The state after an action. Actions on an open layer change nothing where none is open. */
export function reduce(state: PageState, action: Action): PageState {
  if (action.type === 'opening') return { phase: 'opening', name: action.name, ...(action.progress !== undefined && { progress: action.progress }) };
  if (action.type === 'empty') return { phase: 'empty', actions: action.actions, ...(action.problem !== undefined && { problem: action.problem }) };
  if (action.type === 'opened') return opened(state, action.message, action.kept);
  return state.phase === 'open' ? reduceOpen(state, action) : state;
}

type OpenAction = Exclude<Action, { readonly type: 'opening' | 'empty' | 'opened' }>;

function reduceOpen(state: OpenState, action: OpenAction): OpenState {
  switch (action.type) {
    case 'dumps':
      return { ...state, dumps: action.dumps };
    case 'select':
      return select(state, action.change);
    case 'side':
      return { ...state, side: action.side === 'golden' || state.dump !== undefined ? action.side : 'golden' };
    case 'view':
      return { ...state, view: action.view, playing: state.playing && action.view !== 'layer', exporting: undefined };
    case 'dataflow':
      return atCycle({ ...state, dataflow: action.dataflow, playing: false }, startOf(state, action.dataflow, state.selection));
    case 'cycle':
      return atCycle(state, action.cycle);
    case 'play':
      return { ...state, playing: action.on };
    case 'speed':
      return { ...state, speed: SPEEDS.find((speed) => speed === action.speed) ?? state.speed };
    case 'follow':
      return { ...state, follow: action.on };
    case 'comparing':
      return { ...state, dumpId: action.dumpId, dump: undefined, comparing: true, lost: undefined, mismatch: undefined };
    case 'compared':
      return compared(state, action.dump);
    case 'notCompared':
      return { ...compared(state, undefined), dumpId: state.dumpId, lost: { what: action.problem.what, next: action.problem.next } };
    case 'mismatch':
      return { ...state, mismatch: action.mismatch };
    case 'added':
      return { ...state, added: action.added };
    case 'sweep':
      return { ...state, sweep: action.on };
    case 'help':
      return { ...state, help: action.on };
    case 'exporting':
      return { ...state, exporting: action.panel };
    case 'zoom':
      return { ...state, zoom: { ...state.zoom, [action.panel]: action.size } };
    case 'notice':
      return { ...state, notice: action.notice };
  }
}

function opened(before: PageState, { subject, layer, dumps, state, follow }: Extract<HostMessage, { readonly type: 'opened' }>, kept: PanelState | undefined): OpenState {
  const last = state ?? (kept?.subject === subject ? kept : undefined);
  const selection = changed(layer, firstSelection(layer), last?.selection ?? {});
  const dataflow = last?.dataflow ?? 'weight-stationary';
  const isOffered = dumps.some(({ id }) => id === last?.dump);
  const same = before.phase === 'open' && before.subject === subject ? before : undefined;
  return {
    phase: 'open',
    subject,
    layer,
    dumps,
    dumpId: isOffered ? last?.dump : undefined,
    dump: undefined,
    comparing: false,
    lost: last?.dump === undefined || isOffered ? undefined : NOT_OFFERED,
    selection,
    side: last?.side ?? 'golden',
    view: last?.view ?? 'tile',
    dataflow,
    cycle: Math.min(last?.cycle ?? 0, layer.cycles[dataflow] - 1),
    follow,
    playing: false,
    speed: same?.speed ?? 5,
    added: undefined,
    mismatch: undefined,
    sweep: false,
    help: false,
    exporting: undefined,
    zoom: same?.zoom ?? {},
    notice: '',
    edition: (same?.edition ?? 0) + 1,
  };
}

const NOT_OFFERED: Lost = { what: 'The dump that was compared here is not known any more.', next: 'Choose another one, or cross-check it anew.' };

/** The side of a dump is kept while it is attached, so that a reload with a dump comes back to it. */
function compared(state: OpenState, dump: DumpInfo | undefined): OpenState {
  const attached = dump !== undefined && state.dump === undefined && state.side === 'golden' ? 'difference' : state.side;
  return { ...state, dump, dumpId: dump === undefined ? undefined : state.dumpId, comparing: false, lost: undefined, side: dump === undefined ? 'golden' : attached, mismatch: undefined, edition: state.edition + 1 };
}

/** Another tile or kij is another pass: the player goes there with it. */
function select(state: OpenState, change: Partial<Selection>): OpenState {
  const selection = changed(state.layer, state.selection, change);
  const before = state.selection;
  const otherPass = selection.kij !== before.kij || selection.icTile !== before.icTile || selection.ocTile !== before.ocTile;
  const otherPixel = selection.oNij !== before.oNij || selection.ocTile !== before.ocTile || selection.col !== before.col;
  const matters = state.dataflow === 'weight-stationary' ? otherPass : selection.ocTile !== before.ocTile;
  return { ...state, selection, ...(matters && { cycle: startOf(state, state.dataflow, selection) }), ...(otherPixel && { added: undefined }) };
}

/** A cycle of another pass is another tile and kij: the selection goes there with it. */
function atCycle(state: OpenState, wanted: number): OpenState {
  const last = state.layer.cycles[state.dataflow] - 1;
  const cycle = Math.min(last, Math.max(0, Math.trunc(wanted)));
  const change = passOf(state, cycle);
  return { ...state, cycle, selection: changed(state.layer, state.selection, change), playing: state.playing && cycle < last };
}

function passOf({ layer, dataflow }: OpenState, cycle: number): Partial<Selection> {
  if (dataflow === 'output-stationary') return { ocTile: outputStationaryPlaceAt(layer, cycle).ocTile };
  const place = placeAt(layer, cycle);
  return place.phase === 'accumulate' ? { ocTile: place.ocTile } : { ocTile: place.ocTile, icTile: place.icTile, kij: place.kij };
}

/** First cycle of the pass, or of the tile of outputs, that computes the selected values. */
function startOf({ layer }: OpenState, dataflow: Dataflow, selection: Selection): number {
  if (dataflow === 'weight-stationary') return passStart(layer, selection);
  return outputTileStart(layer, { ocTile: selection.ocTile, pixelTile: Math.floor(Math.max(0, selection.oNij) / layer.tiling.rows) });
}
