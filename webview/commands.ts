import { SIDES, VIEWS } from '../src/protocol/panel';
import type { Kind } from '../src/vectors/axis';
import type { Command } from './keys';
import type { Action } from './state/reduce';
import { coordinatesOf } from './state/selection';
import type { OpenState, PanelName } from './state/state';
import type { Doings } from './views/context';
import { zoomed } from './views/panel';

const KIND_OF: Readonly<Record<PanelName, Kind>> = { psums: 'psum', weights: 'weight', activations: 'activation', outputs: 'out', array: 'weight' };

export interface Means {
  readonly does: Doings;
  readonly dispatch: (action: Action) => void;
  /** Height of a cell of the panel as it is drawn; undefined when it is not. */
  readonly cellHeight: () => number | undefined;
}

/** Does what a key asked for. */
export function runCommand(command: Command, panel: PanelName, state: OpenState, { does, dispatch, cellHeight }: Means): void {
  switch (command.type) {
    case 'select':
      does.select(command.change);
      break;
    case 'mismatch':
      does.mismatch(command.backward);
      break;
    case 'step':
      dispatch({ type: 'cycle', cycle: state.cycle + command.by });
      break;
    case 'view':
      dispatch({ type: 'view', view: VIEWS[command.index] ?? state.view });
      break;
    case 'side':
      dispatch({ type: 'side', side: SIDES[(SIDES.indexOf(state.side) + 1) % SIDES.length]! });
      break;
    case 'zoom': {
      const height = cellHeight();
      if (height !== undefined) dispatch({ type: 'zoom', panel, size: command.by === 0 ? undefined : zoomed(height, command.by) });
      break;
    }
    case 'play':
      does.play();
      break;
    case 'reveal':
      does.reveal(KIND_OF[panel], coordinatesOf(state.selection, KIND_OF[panel]));
      break;
    case 'help':
      dispatch({ type: 'help', on: !state.help });
      break;
    case 'close':
      dispatch({ type: 'help', on: false });
      break;
    case 'follow':
      dispatch({ type: 'follow', on: !state.follow });
      break;
    case 'link':
      does.copyLink();
      break;
    case 'toArray':
      does.toArray();
      break;
    case 'addUp':
      does.addUp();
      break;
  }
}
