import type { TemplateResult } from 'lit';
import { html, nothing, render } from 'lit';
import type { HostMessage, PageMessage, PanelState } from '../src/protocol/panel';
import type { Kind } from '../src/vectors/axis';
import { INPUT_LATENCY, passStart } from '../src/engine/schedule/weightStationary';
import { signed } from '../src/vectors/present/numbers';
import { Comparison } from './comparison';
import { Connection, Refusal } from './connection';
import { takesKey } from './controls';
import { Cache } from './data/cache';
import { stateIn } from './data/batches';
import { neighbours } from './data/neighbours';
import { chunkAt } from './data/windows';
import type { Palette } from './draw/palette';
import type { Scene } from './draw/scene';
import type { ExportKind, Sources } from './export/exporting';
import { exported } from './export/exporting';
import { place } from './format';
import { GridElement } from './grid/gridElement';
import { SceneElement } from './grid/sceneElement';
import { runCommand } from './commands';
import { commandOf } from './keys';
import { onMotionChange, wantsLessMotion } from './motion';
import { Player, playedSpeed } from './player';
import type { Action } from './state/reduce';
import { reduce } from './state/reduce';
import { changeOf, coordinatesOf } from './state/selection';
import type { OpenState, PageState, PanelName } from './state/state';
import { PANELS, panelState } from './state/state';
import { currentPalette, onThemeChange } from './theme';
import { arrayView } from './views/arrayView';
import type { Context, Doings } from './views/context';
import { header } from './views/header';
import { layerView } from './views/layerView';
import { empty, help, opening } from './views/states';
import { tileView } from './views/tileView';
import { transport } from './views/transport';
import { showSelected } from './views/valueTable';

/** What a webview gives its page. */
export interface Host {
  postMessage(message: PageMessage): void;
  getState(): PanelState | undefined;
  setState(state: PanelState): void;
}

/** The page: one state, one drawing a frame, and what it does beside drawing. */
export class App {
  private state: PageState = { phase: 'opening', name: '' };
  private palette: Palette = currentPalette();
  private readonly connection: Connection;
  private readonly cache: Cache;
  private readonly comparison: Comparison;
  private readonly player = new Player(() => { this.tick(); }, () => playedSpeed(this.state.phase === 'open' ? this.state.speed : 1, wantsLessMotion()));
  private drawAsked = false;
  private frameWaiting = false;
  private activePanel: PanelName | undefined;
  private shownSelection: unknown;

  constructor(
    private readonly root: HTMLElement,
    private readonly host: Host,
  ) {
    this.connection = new Connection((message) => { host.postMessage(message); }, (message) => { this.heard(message); });
    this.cache = new Cache((question, listener) => this.connection.askView(question, listener), () => { this.redraw(); });
    this.comparison = new Comparison(this.connection, () => this.state, this.dispatch);
    onThemeChange(() => {
      this.palette = currentPalette();
      this.redraw();
    });
    onMotionChange(this.redraw);
    document.addEventListener('keydown', (event) => { this.pressed(event); });
    for (const type of ['focusin', 'pointerdown']) document.addEventListener(type, (event) => { this.noteActive(event); });
    window.addEventListener('message', (event: MessageEvent<unknown>) => { this.connection.receive(event.data); });
  }

  start(): void {
    this.redraw();
    this.connection.tell({ type: 'ready' });
  }

  private heard(message: Exclude<HostMessage, { readonly id: number }>): void {
    switch (message.type) {
      case 'opened':
        this.dispatch({ type: 'opened', message, kept: this.host.getState() });
        if (this.state.phase === 'open' && this.state.dumpId !== undefined) this.comparison.attach(this.state.dumpId);
        break;
      case 'select':
        if (this.state.phase !== 'open') break;
        if (message.dump !== undefined && (message.dump !== this.state.dumpId || this.state.lost !== undefined)) this.comparison.attach(message.dump);
        if (this.state.view === 'layer') this.dispatch({ type: 'view', view: 'tile' });
        this.dispatch({ type: 'select', change: changeOf(message.coordinates) });
        break;
      case 'dumpLost':
        this.dispatch({ type: 'notCompared', problem: message.problem });
        break;
      case 'opening':
      case 'empty':
      case 'dumps':
        this.dispatch(message);
        break;
    }
  }

  private readonly dispatch = (action: Action): void => {
    const before = this.state;
    this.state = reduce(before, action);
    if (this.state === before) return;
    const open = this.state.phase === 'open' ? this.state : undefined;
    if (open === undefined || before.phase !== 'open' || open.edition !== before.edition || open.subject !== before.subject) this.cache.clear();
    if (action.type === 'follow') this.connection.tell(action);
    this.player.run(open !== undefined && (open.playing || isAdding(open)));
    if (open !== undefined) this.host.setState(panelState(open));
    this.redraw();
  };

  private readonly redraw = (): void => {
    this.drawAsked = true;
    if (this.frameWaiting) return;
    this.frameWaiting = true;
    requestAnimationFrame(() => {
      this.frameWaiting = false;
      if (this.drawAsked) this.draw();
    });
  };

  /** What is drawn says what data is wanted. */
  private draw(): void {
    this.drawAsked = false;
    this.cache.begin();
    render(this.page(), this.root);
    for (const element of this.root.querySelectorAll('ts-grid, ts-scene')) if (element instanceof GridElement || element instanceof SceneElement) element.draw();
    if (this.state.phase === 'open' && this.state.view === 'tile' && !this.state.playing) this.cache.expect(neighbours(this.state.layer, this.state.selection));
    this.cache.end();
    const selection = this.state.phase === 'open' ? this.state.selection : undefined;
    if (selection !== this.shownSelection) for (const table of this.root.querySelectorAll('.table-scroll')) showSelected(table);
    this.shownSelection = selection;
  }

  private page(): TemplateResult {
    const { state } = this;
    if (state.phase === 'opening') return opening(state);
    if (state.phase === 'empty') return empty(state, this.does.act);
    const context = this.context(state);
    const view = { tile: tileView, array: arrayView, layer: layerView }[state.view];
    return html`${header(context)} ${view(context)} ${state.view === 'layer' ? nothing : transport(context)}
      ${state.help ? help(() => { this.dispatch({ type: 'help', on: false }); }) : nothing}
      <p class="notice" role="status" aria-live="polite">${state.notice}</p>
      <p class="sr" aria-live="polite">${state.playing ? '' : this.announced(context)}</p>`;
  }

  private announced({ psumsAt, state }: Context): string {
    const { selection, layer } = state;
    const data = psumsAt(selection.nij);
    const value = data?.values[(selection.nij - data.nijFrom) * layer.tiling.cols + selection.col];
    return `psum ${value === undefined ? '' : signed(value)}, ${place(layer.conv, coordinatesOf(selection, 'psum') ?? {})}`;
  }

  private context(state: OpenState): Context {
    const { icTile, ocTile, kij } = state.selection;
    const { conv, tiling } = state.layer;
    const { cache } = this;
    // Drawing asks cell by cell: a window is looked up once a drawing
    const once = <T>(find: (from: number) => T, values: number): ((nij: number) => T) => {
      const found = new Map<number, T>();
      return (nij) => {
        const { nijFrom } = chunkAt(nij, values, conv.nijCount);
        if (!found.has(nijFrom)) found.set(nijFrom, find(nij));
        return found.get(nijFrom)!;
      };
    };
    return {
      state,
      palette: this.palette,
      lessMotion: wantsLessMotion(),
      dispatch: this.dispatch,
      want: (question) => cache.want(question),
      psumsAt: once((nij) => cache.want({ type: 'psums', icTile, ocTile, kij, ...chunkAt(nij, tiling.cols, conv.nijCount) }).answer, tiling.cols),
      activationsAt: once((nij) => cache.want({ type: 'activations', icTile, ...chunkAt(nij, tiling.rows, conv.nijCount) }).answer, tiling.rows),
      cycleAt: (cycle) => this.cycleAt(state, cycle),
      does: this.does,
      redraw: this.redraw,
    };
  }

  private cycleAt({ dataflow, layer }: OpenState, cycle: number): ReturnType<Context['cycleAt']> {
    return stateIn(layer, dataflow, cycle, (batch) => this.cache.want({ type: 'cycles', dataflow, ...batch }).answer?.states);
  }

  private readonly does: Doings = {
    select: (change) => { this.dispatch({ type: 'select', change }); },
    reveal: (kind, coordinates) => { this.reveal(kind, coordinates); },
    compare: (dump) => { this.comparison.attach(dump); },
    mismatch: (backward) => { this.comparison.step(backward); },
    act: (action) => { this.connection.tell({ type: 'action', action }); },
    play: () => { this.play(); },
    addUp: () => { this.addUp(); },
    toArray: () => { this.toArray(); },
    copyLink: () => { if (this.state.phase === 'open') this.connection.tell({ type: 'copyLink', selection: this.state.selection }); },
    exports: (panel, format) => { void this.exports(panel, format); },
    retry: () => { this.cache.retry(); },
  };

  private notice(notice: string): void {
    this.dispatch({ type: 'notice', notice });
  }

  private reveal(kind: Kind, coordinates: ReturnType<typeof coordinatesOf>): void {
    if (this.state.phase !== 'open' || coordinates === undefined) return;
    const { side, dump, layer } = this.state;
    const inDump = side !== 'golden' && dump?.kind === kind;
    if (!inDump && !layer.goldens.includes(kind)) {
      this.notice(`There is no golden ${kind} file to show this in. Generate vectors first.`);
      return;
    }
    this.connection.tell({ type: 'reveal', kind, coordinates, side: inDump ? 'dump' : 'golden' });
  }

  private play(): void {
    if (this.state.phase !== 'open') return;
    if (this.activePanel === 'outputs' && this.state.view === 'tile' && !this.state.playing) this.addUp();
    else this.dispatch({ type: 'play', on: !this.state.playing });
  }

  private addUp(): void {
    if (this.state.phase !== 'open' || this.state.selection.oNij < 0) return;
    this.dispatch({ type: 'added', added: isAdding(this.state) ? undefined : 0 });
  }

  private toArray(): void {
    if (this.state.phase !== 'open') return;
    const { selection, layer } = this.state;
    const { rows, cols } = layer.tiling;
    this.dispatch({ type: 'dataflow', dataflow: 'weight-stationary' });
    this.dispatch({ type: 'view', view: 'array' });
    this.dispatch({ type: 'select', change: { row: rows - 1 } });
    // The line of a pixel is asked for in cycle cols + nij, and its psum leaves column c this much later
    this.dispatch({ type: 'cycle', cycle: passStart(layer, selection) + cols + selection.nij + INPUT_LATENCY + rows + selection.col });
  }

  /** A step of what plays: the cycles of the layer, or the addition of a pixel. */
  private tick(): void {
    const { state } = this;
    if (state.phase !== 'open') return;
    if (isAdding(state)) this.dispatch({ type: 'added', added: (state.added ?? 0) + 1 });
    if (!state.playing) return;
    // The array waits for its next cycle rather than show a gap
    if (state.view === 'array' && this.cycleAt(state, Math.min(state.cycle + 1, state.layer.cycles[state.dataflow] - 1)) === undefined) this.redraw();
    else this.dispatch({ type: 'cycle', cycle: state.cycle + 1 });
  }

  private async exports(panel: PanelName | 'layer', kind: ExportKind): Promise<void> {
    const { state } = this;
    if (state.phase !== 'open') return;
    const sources: Sources = {
      answer: async (question) => {
        const answer = await this.connection.answerTo(question);
        if (answer?.type !== question.type) throw new Refusal('The export was given up.');
        return answer as never;
      },
      picture: (of) => this.picture(of),
      cycle: state.view === 'array' ? this.cycleAt(state, state.cycle) : undefined,
      palette: this.palette,
    };
    try {
      const message = await exported(state, panel, kind, sources);
      if (message === undefined) this.notice('There is no picture to export yet.');
      else this.host.postMessage(message);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.notice(error.message);
    }
  }

  private picture(panel: PanelName | 'layer'): Scene | undefined {
    const selector = panel === 'layer' ? 'ts-scene.sweep, ts-scene.flows' : `ts-grid[data-grid=${panel}]`;
    const element = [...this.root.querySelectorAll(selector)].at(-1);
    return element instanceof GridElement || element instanceof SceneElement ? element.picture() : undefined;
  }

  private cellHeight(panel: PanelName): number | undefined {
    const grid = this.root.querySelector(`ts-grid[data-grid=${panel}]`);
    return grid instanceof GridElement ? grid.cellHeight : undefined;
  }

  private noteActive(event: Event): void {
    const name = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-panel]')?.dataset['panel'] : undefined;
    const known = PANELS.find((one) => one === name);
    if (known !== undefined) this.activePanel = known;
  }

  private pressed(event: KeyboardEvent): void {
    const { state } = this;
    if (state.phase !== 'open' || event.defaultPrevented) return;
    const [target] = event.composedPath();
    if (target instanceof Element && takesKey(target, event.key)) return;
    const panel = this.panelOf(state);
    const command = commandOf({ key: event.key, shift: event.shiftKey, modified: event.ctrlKey || event.altKey || event.metaKey }, panel, state.layer, state.selection);
    if (command === undefined) return;
    event.preventDefault();
    const isIdle = !this.frameWaiting;
    runCommand(command, panel, state, { does: this.does, dispatch: this.dispatch, cellHeight: () => this.cellHeight(panel) });
    // The time until the next frame is used for drawing it; keys that come faster than frames share one
    if (isIdle && this.drawAsked) this.draw();
  }

  /** The panel that keys act on: the last one used, if this view has it. */
  private panelOf({ view }: OpenState): PanelName {
    if (view === 'array') return 'array';
    return this.activePanel === undefined || this.activePanel === 'array' ? 'psums' : this.activePanel;
  }
}

function isAdding({ added, layer }: OpenState): boolean {
  return added !== undefined && added < layer.tiling.icTiles * layer.conv.kijCount;
}
