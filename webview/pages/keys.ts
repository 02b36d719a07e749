import type { FoundPlace } from '../../src/protocol/pages';
import type { RowStore } from './rowStore';
import type { View } from './view';

export interface KeyParts {
  readonly view: View;
  readonly store: RowStore;
  readonly lines: () => number;
  readonly select: (place: FoundPlace) => void;
  readonly copy: (text: string) => void;
  readonly hide: () => void;
}

/** Keys in the rows: lines up and down, words left and right. */
export function keyHandler(parts: KeyParts): (event: KeyboardEvent) => void {
  return (event) => {
    const { view, store } = parts;
    parts.hide();
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      const chosen = window.getSelection()?.toString() ?? '';
      parts.copy(chosen !== '' ? chosen : (store.row(view.selection?.line ?? view.firstLine)?.text ?? ''));
      event.preventDefault();
      return;
    }
    const step = lineStep(event, view.visibleRows, parts.lines());
    if (step !== undefined) moveLines(parts, step);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') moveWords(parts, event.key === 'ArrowLeft' ? -1 : 1);
    else if (event.key === 'Home' || event.key === 'End') moveInLine(parts, event.key === 'End');
    else return;
    event.preventDefault();
  };
}

/** How many lines a key goes; all of them for the ends of the file. */
function lineStep({ key, ctrlKey, metaKey }: KeyboardEvent, page: number, all: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return 1;
    case 'ArrowUp':
      return -1;
    case 'PageDown':
      return page;
    case 'PageUp':
      return -page;
    case 'Home':
      return ctrlKey || metaKey ? -all : undefined;
    case 'End':
      return ctrlKey || metaKey ? all : undefined;
    default:
      return undefined;
  }
}

function moveLines({ view, store, lines, select }: KeyParts, step: number): void {
  const at = view.selection?.line ?? view.firstLine;
  const line = Math.max(0, Math.min(lines() - 1, at + step));
  const word = wordIndex(store.row(at)?.words, view.selection?.column ?? 0);
  if (Math.abs(step) > 1) view.scrollBy(step);
  select(wordAt(store, line, word));
}

function moveWords({ view, store, select }: KeyParts, step: number): void {
  const line = view.selection?.line ?? view.firstLine;
  const words = store.row(line)?.words ?? [];
  const current = view.selection === undefined || view.selection.length === 0 ? (step > 0 ? -1 : 0) : wordIndex(words, view.selection.column);
  select(wordAt(store, line, Math.max(0, Math.min(words.length / 3 - 1, current + step))));
}

function moveInLine({ view, store, select }: KeyParts, toEnd: boolean): void {
  const line = view.selection?.line ?? view.firstLine;
  select(wordAt(store, line, toEnd ? Math.max(0, (store.row(line)?.words ?? []).length / 3 - 1) : 0));
}

function wordAt(store: RowStore, line: number, word: number): FoundPlace {
  const words = store.row(line)?.words ?? [];
  return { line, column: words[word * 3] ?? 0, length: words[word * 3 + 1] ?? 0 };
}

function wordIndex(words: readonly number[] | undefined, column: number): number {
  let index = 0;
  for (let i = 0; i < (words?.length ?? 0); i += 3) if (words![i]! <= column) index = i / 3;
  return index;
}
