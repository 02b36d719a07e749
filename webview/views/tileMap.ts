import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { usedCols, usedRows } from '../../src/engine/tiling';
import { counted } from '../format';
import type { Context } from './context';
import { around } from './valueTable';

/** Tiles that stand in the page in each direction; the others are reached by moving the selection. */
const MOST = 32;

/** The layer as the array cuts it: every ic tile by every oc tile, the selected pair marked. Choosing one shows it. */
export function tileMap({ state, does, dispatch }: Context): TemplateResult {
  const { layer, selection } = state;
  const { tiling } = layer;
  const [icTiles, ocTiles] = [around(selection.icTile, MOST, tiling.icTiles), around(selection.ocTile, MOST, tiling.ocTiles)];
  const cut = icTiles.length < tiling.icTiles || ocTiles.length < tiling.ocTiles;
  const show = (icTile: number, ocTile: number): void => {
    does.select({ icTile, ocTile });
    dispatch({ type: 'view', view: 'tile' });
  };
  const cell = (icTile: number, ocTile: number): TemplateResult => {
    const [rows, cols] = [usedRows(layer, icTile), usedCols(layer, ocTile)];
    const here = icTile === selection.icTile && ocTile === selection.ocTile;
    const partly = rows < tiling.rows || cols < tiling.cols;
    const said = `ic tile ${icTile}, oc tile ${ocTile}: ${counted(rows, 'row')} × ${counted(cols, 'column')}${partly ? ', the rest zero padding' : ''}`;
    // One stop for the tab key: the others are reached by pointer, and by { and }
    return html`<button class=${`map-cell ${here ? 'on' : ''} ${partly ? 'partly' : ''}`} tabindex=${here ? 0 : -1} aria-label=${said} aria-pressed=${here} title=${said} @click=${() => { show(icTile, ocTile); }}></button>`;
  };
  return html`<h3>Tiles</h3>
    <p class="legend">Lines are ic tiles, columns oc tiles; choose a pair to see it.${cut ? html` Around the selected pair: ic ${icTiles[0]!} to ${icTiles.at(-1)!} of ${tiling.icTiles}, oc ${ocTiles[0]!} to ${ocTiles.at(-1)!} of ${tiling.ocTiles}.` : nothing}</p>
    <div class="tile-map" role="group" aria-label="Tiles of the layer">${icTiles.map((icTile) => html`<div class="map-row">${ocTiles.map((ocTile) => cell(icTile, ocTile))}</div>`)}</div>`;
}
