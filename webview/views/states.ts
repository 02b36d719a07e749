import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { PanelAction } from '../../src/protocol/panel';
import { button, waiting } from '../controls';
import { grouped } from '../format';
import { KEYS } from '../keys';
import type { PageState } from '../state/state';

const ACTIONS: Readonly<Record<PanelAction, string>> = {
  retry: 'Try Again',
  chooseLayer: 'Choose a Layer',
  openConfiguration: 'Open tilescope.json',
  newLayer: 'Add a Layer',
  openExample: 'Open the Example',
  generate: 'Generate Vectors',
  checkDump: 'Cross-check a Dump',
  showLog: 'Show Log',
};

/** What stands in the page while a layer is being opened. */
export function opening({ name, progress }: Extract<PageState, { readonly phase: 'opening' }>): TemplateResult {
  const of = progress === undefined ? 'Reading its files.' : `${progress.what} ${grouped(progress.done)} of ${grouped(progress.total)}`;
  return html`<main class="state" aria-busy="true">
    ${waiting()}
    <h1>${name === '' ? 'Opening the inspector' : `Opening ${name}`}</h1>
    <p role="status">${of}</p>
    ${progress === undefined ? nothing : html`<progress max=${progress.total} .value=${progress.done} aria-label=${progress.what}></progress>`}
  </main>`;
}

/** What stands in the page when there is no layer to show, with what can be done. */
export function empty({ problem, actions }: Extract<PageState, { readonly phase: 'empty' }>, act: (action: PanelAction) => void): TemplateResult {
  return html`<main class="state">
    <h1>${problem === undefined ? 'No layer to inspect' : 'This layer cannot be shown'}</h1>
    ${problem === undefined
      ? html`<p>The inspector shows how a layer is mapped on the array: its tiles, psums and outputs, and the array cycle by cycle. Choose a layer of tilescope.json, or a folder of golden files.</p>`
      : html`<p role="alert" class="problem">${problem.what}</p><p>${problem.next}</p>${problem.place.file === undefined ? nothing : html`<p class="where">${problem.place.file}${problem.place.line === undefined ? '' : `, line ${problem.place.line}`}</p>`}`}
    <div class="row actions">${actions.map((action, i) => button(ACTIONS[action], () => { act(action); }, { primary: i === 0 }))}</div>
  </main>`;
}

/** The keys of the page. */
export function help(close: () => void): TemplateResult {
  return html`<div class="help" role="dialog" aria-label="Keys" aria-modal="false">
    <div class="panel-head"><h2>Keys</h2>${button('Close', close)}</div>
    <dl>${KEYS.map(([keys, what]) => html`<div><dt><kbd>${keys}</kbd></dt><dd>${what}</dd></div>`)}</dl>
  </div>`;
}
