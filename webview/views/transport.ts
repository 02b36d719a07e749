import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { outputStationaryCycles, outputStationaryPlaceAt } from '../../src/engine/schedule/outputStationary';
import { outputStationaryUtilisation, weightStationaryUtilisation } from '../../src/engine/schedule/utilisation';
import { passCycles, passIndex, passesOf, placeAt, runCycles } from '../../src/engine/schedule/weightStationary';
import type { Dataflow, LayerInfo } from '../../src/protocol/inspect';
import { DATAFLOWS } from '../../src/protocol/inspect';
import { button, choice, slider } from '../controls';
import { grouped, percent } from '../format';
import { playedSpeed } from '../player';
import { SPEEDS } from '../state/state';
import type { Context } from './context';

/** Where a cycle stands: in its pass (or accumulation, or tile of outputs), and in which phase. */
export interface CycleText {
  readonly cycle: number;
  readonly of: number;
  readonly phase: string;
  readonly phases: readonly string[];
  readonly part: string;
}

export function cycleText(layer: LayerInfo, dataflow: Dataflow, cycle: number): CycleText {
  if (dataflow === 'output-stationary') {
    const { tile, tiles } = outputStationaryCycles(layer);
    const { phase, cycle: inTile } = outputStationaryPlaceAt(layer, cycle);
    return { cycle: inTile, of: tile, phase, phases: ['stream', 'drain'], part: `output tile ${Math.floor(cycle / tile)} of ${tiles}` };
  }
  const phases = ['load', 'stream', 'drain', 'accumulate'];
  const place = placeAt(layer, cycle);
  if (place.phase === 'accumulate') return { cycle: place.cycle, of: runCycles(layer).accumulate, phase: place.phase, phases, part: `accumulation of oc tile ${place.ocTile}` };
  return { cycle: place.cycle, of: passCycles(layer).total, phase: place.phase, phases, part: `pass ${passIndex(layer, place)} of ${passesOf(layer) * layer.tiling.ocTiles}` };
}

/** What a phase is, in the words of the array. */
const PHASES: Readonly<Record<string, string>> = {
  load: 'load: weights go into the PEs',
  stream: 'stream: activations are fed, the PEs multiply and add',
  drain: 'drain: the last psums leave the array',
  accumulate: 'accumulate: the SFP adds psums to outputs',
};

/** Play, step and scrub through the cycles of the layer. */
export function transport(context: Context): TemplateResult {
  const { state, dispatch, does } = context;
  const { layer, dataflow, cycle, playing } = state;
  const text = cycleText(layer, dataflow, cycle);
  const last = layer.cycles[dataflow] - 1;
  const go = (to: number): void => {
    dispatch({ type: 'cycle', cycle: to });
  };
  const from = cycle - text.cycle;
  const use = dataflow === 'weight-stationary' ? weightStationaryUtilisation(layer) : outputStationaryUtilisation(layer);
  const utilisation = use.useful;
  return html`<footer class=${`transport of-${state.view}`} aria-label="Player">
    <div class="row">
      ${button('|◀', () => { go(from === cycle ? Math.max(0, from - 1) : from); }, { label: 'Start of the pass', disabled: cycle === 0 })} ${button('◀', () => { go(cycle - 1); }, { label: 'A cycle back (,)', disabled: cycle === 0 })}
      ${button(playing ? 'Pause' : 'Play', does.play, { primary: true, label: playing ? 'Pause (Space)' : 'Play (Space)' })} ${button('▶', () => { go(cycle + 1); }, { label: 'A cycle on (.)', disabled: cycle === last })}
      ${button('▶|', () => { go(from + text.of); }, { label: 'Next pass', disabled: from + text.of > last })}
      <span class="cycle">cycle ${text.cycle} / ${text.of}</span>
      ${slider('Cycle of the pass', text.cycle, text.of - 1, `cycle ${text.cycle} of ${text.of}, ${text.phase}`, (at) => { go(from + at); })}
    </div>
    <div class="row second">
      <span class="phases">${text.phases.map((phase) => html`<span class=${phase === text.phase ? 'phase on' : 'phase'} aria-current=${phase === text.phase ? 'step' : 'false'} title=${PHASES[phase] ?? phase}>${phase}</span>`)}</span>
      <span class="part">${text.part} · layer cycle ${grouped(cycle)} / ${grouped(last + 1)}</span>
      ${slider('Cycle of the layer', cycle, last, `cycle ${cycle} of ${last + 1} of the layer`, go)}
      <span class="utilisation" title=${`Useful multiply-adds of all that the PEs could make; busy with padding and unread psums included: ${percent(use.busy)}`}>utilisation of the layer ${percent(utilisation)}</span>
      <label class="inline flow">${choice('Dataflow', DATAFLOWS.map((value) => ({ value, text: value })), dataflow, (value) => { dispatch({ type: 'dataflow', dataflow: value as Dataflow }); })}</label>
      <label class="inline flow">${choice('Speed', SPEEDS.map((speed) => ({ value: String(speed), text: `${speed} cycles/s` })), String(state.speed), (value) => { dispatch({ type: 'speed', speed: Number(value) }); })}</label>
      ${context.lessMotion && state.speed > playedSpeed(state.speed, true) ? html`<span>reduced motion: plays a step a second</span>` : nothing}
    </div>
  </footer>`;
}
