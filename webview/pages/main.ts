import './pages.css';
import { isToPage } from '../../src/protocol/pageGuards';
import type { FileInfo, FoundPlace, OtherInfo, PageCommand, PageLook, TextPlace, ToPage } from '../../src/protocol/pages';
import { Host } from './host';
import { keyHandler } from './keys';
import { RowStore } from './rowStore';
import { SearchBar } from './searchBar';
import { statusText } from './statusText';
import { View } from './view';
import { WordPanel, placeAt } from './wordPanel';

const byId = (id: string): HTMLElement => document.getElementById(id)!;

const grid = byId('grid');
const host = new Host(take);
const store = new RowStore(host, () => { view.refresh(); });
const view: View = new View(grid, byId('track'), byId('thumb'), store, () => { keepSoon(); });
const panel = new WordPanel(host, grid, byId('hover'), byId('details'));
const findText = byId('find-text') as HTMLInputElement;
const goToText = byId('go-text') as HTMLInputElement;
const search = new SearchBar(host, { text: findText, mode: byId('find-mode') as HTMLSelectElement, stop: byId('stop') as HTMLButtonElement, status: byId('says') }, from, select);

let info: FileInfo | undefined;
let other: OtherInfo | undefined;
let look: PageLook = { decorations: 'valuesAndTint', side: 'auto' };
let keeping: number | undefined;

function take(message: ToPage): void {
  switch (message.type) {
    case 'opened':
      opened(message);
      break;
    case 'status':
      // The file itself comes first, and with what is known by then
      if (info === undefined) break;
      learned(message.info);
      break;
    case 'look':
      look = message.look;
      show(true);
      break;
    case 'compared':
      other = message.other;
      store.reset();
      show(true);
      break;
    case 'failed':
      byId('failure').hidden = false;
      byId('failure').textContent = `${message.problem.what} ${message.problem.next}`;
      break;
    case 'show':
      select(message.place);
      break;
    case 'run':
      run(message.command);
      break;
    case 'answer':
    case 'refused':
    case 'cancelled':
    case 'progress':
      // Those are of questions: `Host` takes them
      break;
  }
}

function opened(message: ToPage & { type: 'opened' }): void {
  const again = info !== undefined;
  info = message.info;
  other = message.other;
  look = message.look;
  byId('failure').hidden = true;
  store.reset(message.rows);
  show(true);
  if (again) return;
  restore();
  grid.focus();
  afterFrame(() => {
    host.post({ type: 'drawn', ms: performance.mark('tilescope-rows').startTime });
  });
}

/** Runs when the frame that is to come has been drawn. */
function afterFrame(run: () => void): void {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = run;
    port2.postMessage(undefined);
  });
}

/** More of the same file is known. */
function learned(now: FileInfo): void {
  // Rows of another layout are other rows
  const same = JSON.stringify([info?.layout, info?.columns]) === JSON.stringify([now.layout, now.columns]);
  if (same) store.grow();
  else store.reset();
  info = now;
  show(!same);
}

/** @param all rows that are shown already may look otherwise now */
function show(all: boolean): void {
  if (info === undefined) return;
  const { layout, report } = info;
  byId('summary').textContent = layout?.summary ?? 'no table of words';
  byId('legend').textContent = layout === undefined ? (report ?? '') : `${layout.legend} · ${layout.how}`;
  byId('state').textContent = statusText(info);
  const beside = byId('beside');
  beside.hidden = other === undefined;
  beside.textContent = other === undefined ? '' : `Beside: ${other.name} · ${other.summary} · ${other.notes.join(' · ')}`;
  for (const id of ['previous-mismatch', 'next-mismatch', 'stop-comparing']) byId(id).hidden = other === undefined;
  document.body.classList.toggle('comparing', other !== undefined);
  view.show(info, { ...look, comparing: other !== undefined }, all);
}

function from(): TextPlace {
  return view.selection ?? { line: view.firstLine, column: -1 };
}

function select(place: FoundPlace | undefined): void {
  panel.hide();
  view.select(place);
  void panel.tell(place);
}

function run(command: PageCommand): void {
  if (command === 'find') focusInput(findText);
  else if (command === 'goTo') focusInput(goToText);
  else void search.mismatch(command === 'previousMismatch');
}

function focusInput(input: HTMLInputElement): void {
  input.focus();
  input.select();
}

/** The place in the file stays over a reload of the page, and so does it while the tab is hidden. */
function keepSoon(): void {
  clearTimeout(keeping);
  keeping = window.setTimeout(() => { host.keep({ top: view.firstLine, selected: view.selection }); }, 200);
}

function restore(): void {
  const { kept } = host;
  if (typeof kept !== 'object' || kept === null || !('top' in kept) || typeof kept.top !== 'number') return;
  view.scrollTo(kept.top);
}

grid.addEventListener('click', (event) => {
  const place = placeAt(event);
  const line = event.target instanceof Element ? event.target.closest<HTMLElement>('.row')?.dataset['line'] : undefined;
  if (place?.side === 'own') select(place);
  else if (line !== undefined) select({ line: Number(line), column: 0, length: 0 });
});
grid.addEventListener('keydown', keyHandler({ view, store, lines: () => info?.lines ?? 0, select, copy: (text) => { host.post({ type: 'copy', text }); }, hide: () => { panel.hide(); } }));

for (const [id, backward] of [['find-next', false], ['find-previous', true]] as const) byId(id).addEventListener('click', () => void search.find(backward));
findText.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') void search.find(event.shiftKey);
  else if (event.key === 'Escape') grid.focus();
});
goToText.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') void search.goTo(goToText.value).then((went) => { if (went) grid.focus(); });
  else if (event.key === 'Escape') grid.focus();
});
for (const [id, backward] of [['next-mismatch', false], ['previous-mismatch', true]] as const) byId(id).addEventListener('click', () => void search.mismatch(backward));
for (const [id, action] of [['compare', 'compare'], ['stop-comparing', 'stopComparing'], ['as-text', 'openAsText']] as const) byId(id).addEventListener('click', () => { host.post({ type: 'action', action }); });

/** The file that came with the page. A page that is made again after its tab was hidden has an old one. */
function fileHere(): (ToPage & { type: 'opened' }) | undefined {
  const text = document.getElementById('file')?.textContent;
  const message: unknown = text === undefined || host.kept !== undefined ? undefined : JSON.parse(text);
  return isToPage(message) && message.type === 'opened' ? message : undefined;
}

const here = fileHere();
if (here !== undefined) opened(here);
host.post({ type: 'ready', ...(here !== undefined && { version: here.version }) });
