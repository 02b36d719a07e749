import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOGS } from './paths';
import type { OfflineHost } from './setup';

export interface ServerOptions {
  readonly host: OfflineHost;
  /** Lets the page's address name an extension under development and a suite. VS Code then never shows a notification toast. */
  readonly smokeTestDriver?: boolean;
  /** Ask for workspace trust, as VS Code does by default; otherwise every folder is trusted. */
  readonly workspaceTrust?: boolean;
  /** Where installed extensions are; an empty temporary folder by default. */
  readonly extensionsDir?: string;
  /** Settings beyond those that keep a test quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the server, which its extension host inherits. */
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile?: string;
}

export type Payload = readonly (readonly [key: string, value: string])[];

/** Without these a test meets a chat pane, a welcome page or an update notice. They go into the settings of the machine. */
const QUIET_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.agentHost.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'editor.minimap.enabled': false,
};

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 3_000;

/** A VS Code server on a free port of this machine, with a home folder of its own that goes when it stops. */
export class VscodeServer {
  private constructor(
    readonly options: ServerOptions,
    readonly port: number,
    readonly home: string,
    readonly logFile: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(options: ServerOptions): Promise<VscodeServer> {
    const port = await freePort();
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-vscode-'));
    writeSettings(home, { ...QUIET_SETTINGS, ...options.settings });
    const logFile = options.logFile ?? path.join(LOGS, `vscode-server-${String(port)}.log`);
    const server = new VscodeServer(options, port, home, logFile, launch(options, port, home, logFile));
    process.on('exit', server.killNow);
    try {
      await server.untilUp();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** The page that shows `folder`; what `payload` may name depends on `smokeTestDriver`. */
  address(folder: string, payload: Payload = []): string {
    const query = new URLSearchParams({ folder });
    if (payload.length > 0) query.set('payload', JSON.stringify(payload));
    return `http://127.0.0.1:${String(this.port)}/?${query.toString()}`;
  }

  /** A file of this machine as the page names it. */
  uri(file: string): string {
    return `vscode-remote://127.0.0.1:${String(this.port)}${file}`;
  }

  async stop(): Promise<void> {
    process.off('exit', this.killNow);
    this.signal('SIGTERM');
    await Promise.race([exitOf(this.process), sleep(STOP_LIMIT_MS)]);
    this.killNow();
  }

  /** Synchronous, for the exit of our own process; the extension hosts and terminals are in the server's process group. */
  private readonly killNow = (): void => {
    this.signal('SIGKILL');
    fs.rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  };

  private signal(signal: NodeJS.Signals): void {
    if (this.process.pid === undefined) return;
    try {
      process.kill(-this.process.pid, signal);
    } catch {
      // the group has ended already
    }
  }

  private async untilUp(): Promise<void> {
    const end = Date.now() + START_LIMIT_MS;
    while (!(await answers(this.port))) {
      if (this.process.exitCode !== null) throw new Error(`The VS Code server ended with code ${String(this.process.exitCode)}: see ${this.logFile}`);
      if (Date.now() > end) throw new Error(`The VS Code server did not answer for ${String(START_LIMIT_MS / 1000)} s: see ${this.logFile}`);
      await sleep(100);
    }
  }
}

/** The environment without what a terminal inside another VS Code has set: a server must not take itself for its child. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return Object.fromEntries(inherited);
}

function launch(options: ServerOptions, port: number, home: string, logFile: string): ChildProcess {
  fs.mkdirSync(path.dirname(logFile), { recursive: true });
  const log = fs.openSync(logFile, 'w');
  const child = spawn(options.host.node, serverArguments(options, port, home), {
    // galleries are off: nothing may be fetched in a test
    env: { ...cleanEnvironment(), HOME: home, XDG_CONFIG_HOME: path.join(home, 'config'), XDG_DATA_HOME: path.join(home, 'share'), EXTENSIONS_GALLERY: '{}', ...options.env },
    stdio: ['ignore', log, log],
    // a process group of its own, to end all of it at once
    detached: true,
  });
  fs.closeSync(log);
  // a server that cannot even be started is reported by untilUp
  child.once('error', () => undefined);
  return child;
}

function serverArguments(options: ServerOptions, port: number, home: string): string[] {
  return [
    options.host.server,
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms', '--telemetry-level', 'off'],
    ...['--server-data-dir', home, '--user-data-dir', path.join(home, 'data'), '--extensions-dir', options.extensionsDir ?? path.join(home, 'extensions')],
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    ...(options.smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
  ];
}

function writeSettings(home: string, settings: Readonly<Record<string, unknown>>): void {
  const folder = path.join(home, 'data', 'Machine');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/version' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', () => {
      resolve(false);
    });
  });
}

function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
}
