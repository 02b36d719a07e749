import type { FoundPlace, OtherRow, PageRow } from '../../src/protocol/pages';
import { TINTS } from '../../src/vectors/present/tint';

export interface RowLook {
  /** Decoded values stand left of long lines; beside another file they are what is looked at, and always there. */
  readonly valuesLeft: boolean;
  readonly values: boolean;
  readonly tinted: boolean;
  readonly comparing: boolean;
  /** The selected word or match. */
  readonly selected: FoundPlace | undefined;
}

/** One line of the file as an element. Texts become text nodes: the file may hold anything. */
export function rowElement(line: number, row: PageRow | undefined, look: RowLook): HTMLElement {
  const element = made('div', 'row');
  element.role = 'row';
  element.ariaRowIndex = String(line + 1);
  element.id = `line${line}`;
  element.dataset['line'] = String(line);
  element.classList.toggle('current', look.selected?.line === line);
  element.append(numberCell(line, row?.address));
  if (row === undefined) {
    element.append(cell('text pending', '…'));
    return element;
  }
  element.classList.add(row.role);
  const text = textCell(row, look);
  const values = row.values === undefined || !(look.values || look.comparing) ? [] : [valuesCell(row.values, row)];
  if (look.comparing) element.append(...besideCells(text, values, row.other, look.tinted));
  else element.append(...(look.valuesLeft ? [...values, text] : [text, ...values]));
  return element;
}

function numberCell(line: number, address: number | undefined): HTMLElement {
  const number = made('span', 'number');
  number.role = 'rowheader';
  number.textContent = address === undefined ? String(line + 1) : `@${address.toString(16)}  ${line + 1}`;
  return number;
}

function textCell(row: PageRow, { selected, tinted }: RowLook): HTMLElement {
  if (row.note === 'unreadable') return cell('text unreadable', 'unreadable: NUL bytes, such as a hole in the file');
  const own = selected?.line === row.line ? selected : undefined;
  const differing = new Set(row.other?.differing ?? []);
  const text = made('span', 'text');
  text.role = 'gridcell';
  text.append(...wordNodes(row.text, row.words ?? [], tinted, differing, own), ...(row.note === 'cut' ? [cell('note', ' … the line goes on')] : []));
  return text;
}

/** The own values; beside another file those that differ are marked, as in its values and in both texts. */
function valuesCell(values: string, { numbers, other }: PageRow): HTMLElement {
  if (numbers === undefined || other === undefined) return cell('values', values);
  const end = numbers.from + numbers.length;
  const element = cell('values', values.slice(0, numbers.from));
  element.append(...valueNodes(values.slice(numbers.from, end), new Set(other.differing)), values.slice(end));
  return element;
}

/** The values of both files stand side by side: their digits are too wide for one window. */
function besideCells(text: HTMLElement, values: readonly HTMLElement[], other: OtherRow | undefined, tinted: boolean): HTMLElement[] {
  if (other === undefined) return [...(values.length === 0 ? [cell('values', '')] : values), cell('number beside', ''), cell('values beside', ''), text];
  const differing = new Set(other.differing);
  const beside = cell('values beside', '');
  beside.append(...valueNodes(other.values, differing));
  const digits = made('span', 'text beside');
  digits.role = 'gridcell';
  digits.append(...wordNodes(other.text, other.words, tinted, differing, undefined));
  return [...values, cell('number beside', other.line < 0 ? '' : String(other.line + 1)), beside, text, digits];
}

/** Numbers with blanks between, those that differ marked. */
function valueNodes(values: string, differing: ReadonlySet<number>): Node[] {
  let index = 0;
  return values.split(/(\s+)/).flatMap((piece): Node[] => {
    if (piece.trim() === '') return piece === '' ? [] : [document.createTextNode(piece)];
    const differs = differing.has(index++);
    if (!differs) return [document.createTextNode(piece)];
    const marked = made('span', 'differs');
    marked.textContent = piece;
    return [marked];
  });
}

/** A text with its words coloured: runs of column, length and tint. */
function wordNodes(text: string, words: readonly number[], tinted: boolean, differing: ReadonlySet<number>, selected: FoundPlace | undefined): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (let i = 0; i < words.length; i += 3) {
    const [column, length, tint] = [words[i]!, words[i + 1]!, words[i + 2]!];
    if (column > at) nodes.push(...plain(text, at, column, selected));
    const index = i / 3;
    const isSelected = selected?.column === column && selected.length === length;
    const looks = [tinted && tint >= 0 ? (TINTS[tint] ?? '') : '', tinted && index % 2 === 1 ? 'band' : '', differing.has(index) ? 'differs' : '', isSelected ? 'selected' : ''];
    const word = made('span', ['word', ...looks].filter((name) => name !== '').join(' '));
    word.append(...plain(text, column, column + length, isSelected ? undefined : selected));
    nodes.push(word);
    at = column + length;
  }
  return [...nodes, ...plain(text, at, text.length, selected)];
}

/** A piece of the text, with the part of a match that stands in it marked. */
function plain(text: string, from: number, to: number, selected: FoundPlace | undefined): Node[] {
  const start = Math.max(from, selected?.column ?? to);
  const end = Math.min(to, (selected?.column ?? 0) + (selected?.length ?? 0));
  if (selected === undefined || start >= end) return from < to ? [document.createTextNode(text.slice(from, to))] : [];
  const match = made('mark', 'match');
  match.textContent = text.slice(start, end);
  return [document.createTextNode(text.slice(from, start)), match, document.createTextNode(text.slice(end, to))];
}

function cell(classes: string, text: string): HTMLElement {
  const element = made('span', classes);
  element.role = 'gridcell';
  element.textContent = text;
  return element;
}

function made(tag: string, classes: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = classes;
  return element;
}
