import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { signed } from '../../src/vectors/present/numbers';
import type { GridModel } from '../grid/gridModel';

export interface TableOptions {
  readonly id: string;
  readonly label: string;
  readonly corner: string;
  /** Most lines and columns that are in the page at a time; the rest is reached by moving the selection. */
  readonly rows: number;
  readonly cols: number;
  readonly pick: (row: number, col: number) => void;
}

/** The part of a matrix around its selection as a real table: what the canvas shows, for eyes that want digits and for screen readers. */
export function valueTable(model: GridModel, { id, label, corner, rows, cols, pick }: TableOptions): TemplateResult {
  const selected = model.selected ?? { row: 0, col: 0 };
  const lines = around(selected.row, rows, model.rows);
  const columns = around(selected.col, cols, model.cols);
  const active = model.selected !== undefined ? `${id}-selected` : nothing;
  // Columns are as wide as the widest value, so that they stand still while one scrolls
  const characters = Math.min(11, Math.max(3, signed(-model.largest).length));
  return html`<div class="table-scroll" ${ref((table) => { (table as HTMLElement | undefined)?.style.setProperty('--characters', String(characters)); })} role="grid" tabindex="0" aria-label=${label} aria-rowcount=${model.rows + 1} aria-colcount=${model.cols + 1} aria-activedescendant=${active}>
    <div role="row" class="tr head" aria-rowindex="1">
      <span role="columnheader" aria-colindex="1" class="corner">${corner}</span>
      ${columns.map((col) => html`<span role="columnheader" aria-colindex=${col + 2} class=${col === selected.col ? 'here' : ''}>${model.colLabel(col)}</span>`)}
    </div>
    ${lines.map(
      (row) =>
        html`<div role="row" class=${`tr ${row === selected.row ? 'here' : ''}`} aria-rowindex=${row + 2}>
          <span role="rowheader" aria-colindex="1">${model.rowLabel(row)}</span>
          ${columns.map((col) => valueCell(model, row, col, row === model.selected?.row && col === model.selected.col ? `${id}-selected` : undefined, pick))}
        </div>`,
    )}
  </div>`;
}

function valueCell(model: GridModel, row: number, col: number, id: string | undefined, pick: TableOptions['pick']): TemplateResult {
  const cell = model.cell(row, col);
  const classes = ['td', cell.padding === true || cell.dimmed === true ? 'dim' : '', cell.mismatch === true ? 'mismatch' : '', cell.unknown === true ? 'unknown' : '', cell.golden === true ? 'golden' : '', id === undefined ? '' : 'selected'];
  return html`<span
    role="gridcell"
    id=${id ?? nothing}
    class=${classes.filter((one) => one !== '').join(' ')}
    aria-colindex=${col + 2}
    aria-selected=${id !== undefined}
    @click=${() => {
      pick(row, col);
    }}
    >${cell.value === undefined ? (cell.text ?? '·') : signed(cell.value)}</span
  >`;
}

/** Scrolls a table to its selected cell, and nothing around it. */
export function showSelected(table: Element): void {
  const cell = table.querySelector<HTMLElement>('.selected');
  const [head, names] = [table.querySelector('.head'), table.querySelector('[role=rowheader]')];
  if (cell === null || head === null || names === null) return;
  const [box, frame] = [cell.getBoundingClientRect(), table.getBoundingClientRect()];
  const [top, left] = [frame.top + head.getBoundingClientRect().height, frame.left + names.getBoundingClientRect().width];
  if (box.top < top) table.scrollTop -= top - box.top;
  else if (box.bottom > frame.top + table.clientHeight) table.scrollTop += box.bottom - frame.top - table.clientHeight;
  if (box.left < left) table.scrollLeft -= left - box.left;
  else if (box.right > frame.left + table.clientWidth) table.scrollLeft += box.right - frame.left - table.clientWidth;
}

/** So many numbers around one of them, inside 0 to count. */
export function around(at: number, room: number, count: number): number[] {
  const length = Math.min(room, count);
  const from = Math.max(0, Math.min(count - length, at - Math.floor(length / 2)));
  return Array.from({ length }, (_, i) => from + i);
}
