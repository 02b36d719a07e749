import './inspector.css';
import type { PanelState } from '../src/protocol/panel';
import { isPanelState } from '../src/protocol/panelGuards';
import type { Host } from './app';
import { App } from './app';
import { registerControls } from './controls';
import { GridElement } from './grid/gridElement';
import { SceneElement } from './grid/sceneElement';

const vscode = acquireVsCodeApi<PanelState>();
const host: Host = {
  postMessage: (message) => {
    vscode.postMessage(message);
  },
  // What an older version kept may have another form
  getState: () => {
    const state = vscode.getState();
    return isPanelState(state) ? state : undefined;
  },
  setState: (state) => {
    vscode.setState(state);
  },
};

function tellTrouble(error: unknown): void {
  host.postMessage({ type: 'trouble', what: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
window.addEventListener('error', (event) => {
  tellTrouble(event.error ?? event.message);
});
window.addEventListener('unhandledrejection', (event) => {
  tellTrouble(event.reason);
});

registerControls();
customElements.define('ts-grid', GridElement);
customElements.define('ts-scene', SceneElement);
const root = document.createElement('div');
root.id = 'inspector';
document.body.append(root);
new App(root, host).start();
