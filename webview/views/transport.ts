import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Dataflow } from '../../src/protocol/inspect';
import { DATAFLOWS } from '../../src/protocol/inspect';
import { button, choice, slider } from '../controls';
import { grouped } from '../format';
import type { CycleText, PhaseName, PhaseStart } from '../models/cycleText';
import { cycleText } from '../models/cycleText';
import { sharesOf } from '../models/utilisation';
import { playedSpeed } from '../player';
import { SPEEDS } from '../state/state';
import type { Context } from './context';

/** What a phase is, in the words of the array. */
const PHASES: Readonly<Record<PhaseName, string>> = {
  load: 'load: weights go into the PEs',
  stream: 'stream: activations are fed, the PEs multiply and add',
  drain: 'drain: the last psums leave the array',
  accumulate: 'accumulate: the SFP adds psums to outputs',
};

/** The phases in their order: choosing one goes to its first cycle. */
function phases(text: CycleText, go: (cycle: number) => void): TemplateResult {
  const jump = ({ phase, cycle }: PhaseStart): TemplateResult => {
    const said = `${PHASES[phase]}. Go to its first cycle`;
    return html`<li><button class=${phase === text.phase ? 'phase on' : 'phase'} aria-current=${phase === text.phase ? 'step' : 'false'} title=${said} @click=${() => { go(cycle); }}>${phase}</button></li>`;
  };
  return html`<ol class="phases" aria-label="Phases">${text.phases.map(jump)}</ol>`;
}

/** Play, step and scrub through the cycles of the layer. */
export function transport(context: Context): TemplateResult {
  const { state, dispatch, does } = context;
  const { layer, dataflow, cycle, playing } = state;
  const text = cycleText(layer, dataflow, cycle, state.selection);
  const last = layer.cycles[dataflow] - 1;
  const go = (to: number): void => {
    dispatch({ type: 'cycle', cycle: to });
  };
  const from = cycle - text.cycle;
  const { busy, useful } = sharesOf(layer, dataflow);
  return html`<footer class=${`transport of-${state.view}`} aria-label="Player">
    <div class="row">
      ${button('|◀', () => { go(from === cycle ? Math.max(0, from - 1) : from); }, { label: 'Start of the pass', disabled: cycle === 0 })} ${button('◀', () => { go(cycle - 1); }, { label: 'A cycle back (,)', disabled: cycle === 0 })}
      ${button(playing ? 'Pause' : 'Play', does.play, { primary: true, label: playing ? 'Pause (Space)' : 'Play (Space)' })} ${button('▶', () => { go(cycle + 1); }, { label: 'A cycle on (.)', disabled: cycle === last })}
      ${button('▶|', () => { go(from + text.of); }, { label: 'Next pass', disabled: from + text.of > last })}
      <span class="cycle">cycle ${text.cycle} / ${text.of}</span>
      ${slider('Cycle of the pass', text.cycle, text.of - 1, `cycle ${text.cycle} of ${text.of}, ${text.phase}`, (at) => { go(from + at); })}
    </div>
    <div class="row second">
      ${phases(text, go)}
      <span class="part">${text.part} · layer cycle ${grouped(cycle)} / ${grouped(last + 1)}</span>
      ${slider('Cycle of the layer', cycle, last, `cycle ${cycle} of ${last + 1} of the layer`, go)}
      <span class="utilisation" title=${`${busy.formula}\n${useful.formula}`}>PEs in the whole layer: busy ${busy.text}, useful ${useful.text}</span>
      <label class="inline flow">${choice('Dataflow', DATAFLOWS.map((value) => ({ value, text: value })), dataflow, (value) => { dispatch({ type: 'dataflow', dataflow: value as Dataflow }); })}</label>
      <label class="inline flow">${choice('Speed', SPEEDS.map((speed) => ({ value: String(speed), text: `${speed} cycles/s` })), String(state.speed), (value) => { dispatch({ type: 'speed', speed: Number(value) }); })}</label>
      ${context.lessMotion && state.speed > playedSpeed(state.speed, true) ? html`<span>reduced motion: plays a step a second</span>` : nothing}
    </div>
  </footer>`;
}
