import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './paths';

/** A VS Code server on this machine: its versions, the Node that runs it and its main file. */
export interface OfflineHost {
  readonly vscode: string;
  readonly folder: string;
  readonly node: string;
  readonly server: string;
}

type Log = (line: string) => void;

interface VscodeSetUp {
  offlineHost: (name?: string) => OfflineHost;
  isSetUp: (host: OfflineHost) => boolean;
  setUpVscode: (name?: string, log?: Log) => OfflineHost;
}

interface BrowserSetUp {
  setUpBrowser: (log?: Log) => string;
}

interface SimulatorSetUp {
  /** Paths of its programs by name. */
  setUpSimulator: (name?: string, log?: Log) => Readonly<Record<string, string>>;
}

export const vscodeSetUp = () => script<VscodeSetUp>('setup-vscode.mjs');
export const browserSetUp = () => script<BrowserSetUp>('setup-browser.mjs');
export const simulatorSetUp = () => script<SimulatorSetUp>('setup-simulator.mjs');

/** The set-up scripts stay outside the bundles: they run before anything can be bundled and know their own place. */
async function script<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(path.join(ROOT, 'scripts', name)).href)) as T;
}
