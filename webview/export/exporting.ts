import { svgOf } from '../draw/svg';
import { pngOf } from '../draw/canvas';
import type { Palette } from '../draw/palette';
import type { Scene } from '../draw/scene';
import type { ActivationData, PsumData, ViewAnswer, ViewQuestion } from '../../src/protocol/inspect';
import type { PageMessage } from '../../src/protocol/panel';
import { allWindows } from '../data/windows';
import { activationModel, outputModel, psumModel, weightModel } from '../models/matrices';
import type { OpenState, PanelName } from '../state/state';
import type { CycleState } from '../../src/protocol/inspect';
import { arrayMatrix, exportName, figuresMatrix, matrixOf, windowsOf } from './matrices';
import type { Matrix } from './matrix';
import { csvOf, numpyOf } from './matrix';

export interface Sources {
  /** @throws Refusal when the host refuses */
  readonly answer: <Q extends ViewQuestion>(question: Q) => Promise<Extract<ViewAnswer, { readonly type: Q['type'] }>>;
  readonly picture: (panel: PanelName | 'layer') => Scene | undefined;
  readonly cycle: CycleState | undefined;
  readonly palette: Palette;
}

export type ExportKind = 'png' | 'svg' | 'csv' | 'numpy';

/** The message that hands an export to the host; undefined when there is no picture to take. */
export async function exported(state: OpenState, panel: PanelName | 'layer', kind: ExportKind, sources: Sources): Promise<PageMessage | undefined> {
  const name = exportName(state, panel);
  if (kind === 'csv') return { type: 'save', name: `${name}.csv`, format: 'csv', data: csvOf(await matrix(state, panel, sources)) };
  if (kind === 'numpy') return { type: 'copy', text: numpyOf(await matrix(state, panel, sources)), what: `${name} as numpy` };
  const scene = sources.picture(panel);
  if (scene === undefined) return undefined;
  return { type: 'save', name: `${name}.${kind}`, format: kind, data: kind === 'svg' ? svgOf(scene) : await pngOf(scene) };
}

/** All values of a panel, also those that are not on the screen. */
async function matrix(state: OpenState, panel: PanelName | 'layer', { answer, cycle, palette }: Sources): Promise<Matrix> {
  const { selection, layer } = state;
  const { icTile, ocTile, kij, col } = selection;
  const { rows, cols } = layer.tiling;
  switch (panel) {
    case 'psums': {
      const windows: PsumData[] = [];
      for (const window of allWindows(cols, layer.conv.nijCount)) windows.push(await answer({ type: 'psums', icTile, ocTile, kij, ...window }));
      return matrixOf(psumModel(state, windowsOf(windows), undefined, undefined), 'nij', `psums of ${layer.name}, kij ${kij}, ic tile ${icTile}, oc tile ${ocTile}, ${state.side}: [nij, col]`);
    }
    case 'activations': {
      const windows: ActivationData[] = [];
      for (const window of allWindows(rows, layer.conv.nijCount)) windows.push(await answer({ type: 'activations', icTile, ...window }));
      return matrixOf(activationModel(state, windowsOf(windows)), 'i\\j');
    }
    case 'weights':
      return matrixOf(weightModel(state, await answer({ type: 'tile', icTile, ocTile }), undefined, palette), 'row');
    case 'outputs':
      return matrixOf(outputModel(state, await answer({ type: 'channel', ocTile, col })), 'i\\j');
    case 'array':
      return arrayMatrix(state, cycle, palette);
    case 'layer':
      return figuresMatrix(await answer({ type: 'layer' }), state.sweep ? await answer({ type: 'widths' }) : undefined);
  }
}
