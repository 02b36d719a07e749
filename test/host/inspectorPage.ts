import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import type { HostMessage, PageMessage, PanelState } from '../../src/protocol/panel';
import { isPageMessage } from '../../src/protocol/panelGuards';
import { Browser } from './browser';
import type { FakeInspector } from './fakeInspector';
import { ROOT, SCREENS } from './paths';
import type { ThemeName } from './themes';
import { themeVariables } from './themes';

const NONCE = 'nonceOfTheHarness';

interface PageGlobals {
  acquireVsCodeApi: () => unknown;
  readonly tileScopePost: (message: unknown) => void;
  readonly tileScopeKept: (state: unknown) => void;
  tileScopeViolations: string[];
}

/** The page of the inspector in a browser, under the content security policy of its webview, with a host that a test plays. */
export class InspectorPage {
  readonly heard: PageMessage[] = [];
  readonly strange: unknown[] = [];
  readonly errors: string[] = [];
  kept: PanelState | undefined;
  /** Answers questions; undefined leaves one open. */
  fake: FakeInspector | undefined;
  held = false;

  private constructor(
    private readonly browser: Browser,
    private readonly server: http.Server,
    readonly page: Page,
  ) {}

  static async start(size: { readonly width: number; readonly height: number }): Promise<InspectorPage> {
    const server = http.createServer(serve);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const browser = await Browser.launch(size);
    const self = new InspectorPage(browser, server, await browser.page());
    self.page.on('pageerror', (error) => self.errors.push(error.message));
    self.page.on('console', (message) => {
      if (message.type() === 'error') self.errors.push(message.text());
    });
    await self.page.exposeFunction('tileScopePost', (message: unknown) => self.receive(message));
    await self.page.exposeFunction('tileScopeKept', (state: PanelState) => {
      self.kept = state;
    });
    return self;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await new Promise((closed) => this.server.close(closed));
  }

  /** Loads the page anew, in a theme, and waits until it listens. */
  async load(theme: ThemeName, kept?: PanelState): Promise<void> {
    this.heard.length = 0;
    this.held = false;
    await this.page.addInitScript(handle, kept);
    await this.page.goto(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${theme}`);
    await this.waitFor(({ type }) => type === 'ready');
  }

  async setTheme(theme: ThemeName): Promise<void> {
    await this.page.evaluate(
      ({ kind, variables }) => {
        const { document } = globalThis as unknown as { document: { documentElement: { style: { setProperty(name: string, value: string): void } }; body: { className: string; setAttribute(name: string, value: string): void } } };
        for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
        document.body.setAttribute('data-vscode-theme-kind', kind);
        document.body.className = `${kind} vscode-reduce-motion`;
      },
      { kind: kindOf(theme), variables: themeVariables(theme) },
    );
    await this.settle();
  }

  async send(message: HostMessage): Promise<void> {
    await this.page.evaluate((data) => {
      (globalThis as unknown as { postMessage(data: unknown, origin: string): void }).postMessage(data, '*');
    }, message);
  }

  async open(fake: FakeInspector, more: { readonly state?: PanelState; readonly dump?: boolean } = {}): Promise<void> {
    this.fake = fake;
    await this.send({ type: 'opened', subject: 'layer', layer: fake.info, dumps: more.dump === true ? [{ id: 'dump', name: 'psum.memh', kind: 'psum' }] : [], follow: true, ...(more.state !== undefined && { state: more.state }) });
    await this.page.locator('.top h1').waitFor();
    await this.settle();
  }

  /** Until nothing is asked that is not answered, and it is drawn. */
  async settle(): Promise<void> {
    for (let quiet = 0, seen = -1; quiet < 3; quiet = this.heard.length === seen ? quiet + 1 : 0) {
      seen = this.heard.length;
      await this.page.evaluate(frames);
    }
  }

  async waitFor(wanted: (message: PageMessage) => boolean): Promise<PageMessage> {
    for (;;) {
      const found = this.heard.find(wanted);
      if (found !== undefined) return found;
      await this.page.waitForTimeout(10);
    }
  }

  violations(): Promise<string[]> {
    return this.page.evaluate(() => (globalThis as unknown as PageGlobals).tileScopeViolations);
  }

  /** What axe finds in the page as it stands. */
  async faults(): Promise<string[]> {
    // Evaluated by the test's own connection, which no policy of the page concerns
    await this.page.evaluate(fs.readFileSync(path.join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8'));
    const { violations } = await this.page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary ?? ''}`));
  }

  async screenshot(name: string): Promise<void> {
    await this.settle();
    fs.mkdirSync(SCREENS, { recursive: true });
    await this.page.screenshot({ path: path.join(SCREENS, `${name}.png`) });
  }

  private async receive(message: unknown): Promise<void> {
    if (!isPageMessage(message)) {
      this.strange.push(message);
      return;
    }
    this.heard.push(message);
    const { fake } = this;
    if (message.type !== 'ask' || fake === undefined || this.held) return;
    const { id, question } = message;
    if (question.type === 'compare') {
      fake.dumped = question.dump !== undefined;
      await this.send({ type: 'answer', id, answer: { type: 'compared', ...(fake.dumped && { dump: fake.dump }) } });
    } else await this.send({ type: 'answer', id, answer: fake.answer(question) });
  }
}

function kindOf(theme: ThemeName): string {
  return { dark: 'vscode-dark', light: 'vscode-light', 'hc-black': 'vscode-high-contrast', 'hc-light': 'vscode-high-contrast-light' }[theme];
}

/** What a webview's page finds: the handle of VS Code, and here a list of what the policy forbade. */
function handle(kept: unknown): void {
  const scope = globalThis as unknown as PageGlobals & { document: { addEventListener(type: string, heard: (event: { violatedDirective: string; blockedURI: string; sample: string }) => void): void } };
  scope.tileScopeViolations = [];
  scope.document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => scope.tileScopeViolations.push(`${violatedDirective} ${blockedURI} ${sample}`));
  let state = kept;
  scope.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => {
      scope.tileScopePost(message);
    },
    getState: () => state,
    setState: (next: unknown) => {
      state = next;
      scope.tileScopeKept(next);
    },
  });
}

function frames(): Promise<void> {
  const { requestAnimationFrame } = globalThis as unknown as { readonly requestAnimationFrame: (callback: () => void) => void };
  return new Promise((done) => {
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        done();
      });
    });
  });
}

function serve(request: http.IncomingMessage, response: http.ServerResponse): void {
  const { pathname, origin } = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
  if (/^\/inspector\.(js|css)$/.test(pathname)) {
    response.setHeader('Content-Type', pathname.endsWith('.js') ? 'text/javascript' : 'text/css');
    response.end(fs.readFileSync(path.join(ROOT, 'dist/webview', pathname)));
    return;
  }
  if (!['/dark', '/light', '/hc-black', '/hc-light'].includes(pathname)) {
    // A browser asks for an icon of its own accord
    response.statusCode = pathname === '/favicon.ico' ? 204 : 404;
    response.end();
    return;
  }
  const theme = pathname.slice(1) as ThemeName;
  const variables = Object.entries(themeVariables(theme)).map(([name, value]) => `${name}: ${value};`).join('\n');
  // VS Code sets the variables from a script of its own; a sheet stands in for it, which the policy lets through by its nonce here
  const policy = `default-src 'none'; script-src 'nonce-${NONCE}'; style-src ${origin} 'nonce-${NONCE}'; img-src ${origin} data: blob:; font-src ${origin}`;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Inspector</title>
<style nonce="${NONCE}">html { ${variables} }</style>
<link rel="stylesheet" href="${origin}/inspector.css">
</head>
<body class="${kindOf(theme)} vscode-reduce-motion" data-vscode-theme-kind="${kindOf(theme)}">
<script nonce="${NONCE}" src="${origin}/inspector.js"></script>
</body>
</html>`);
}
