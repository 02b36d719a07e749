import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { browserSetUp } from './setup';

export interface BrowserOptions {
  readonly width?: number;
  readonly height?: number;
  /** 2 for screenshots that are to look sharp on a page. */
  readonly pixelRatio?: number;
}

/** No name but this machine's resolves: a page that asks for anything else fails at once instead of waiting. */
const OFFLINE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';
const SILENT = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A headless Chromium with a profile of its own that goes when it closes. */
export class Browser {
  /** Addresses that pages asked for outside this machine. */
  readonly externalRequests: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    private readonly profile: string,
  ) {
    context.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1[:/]|data:|blob:|vscode-)/.test(request.url())) this.externalRequests.push(request.url());
    });
  }

  static async launch({ width = 1400, height = 900, pixelRatio = 1 }: BrowserOptions = {}): Promise<Browser> {
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: (await browserSetUp()).setUpBrowser(),
      headless: true,
      viewport: { width, height },
      deviceScaleFactor: pixelRatio,
      reducedMotion: 'reduce',
      // Chromium refuses to start as root with its sandbox
      chromiumSandbox: process.getuid?.() !== 0,
      args: [OFFLINE, ...SILENT],
    });
    await context.addInitScript(settleServiceWorkers);
    return new Browser(context, profile);
  }

  async page(): Promise<Page> {
    return this.context.pages()[0] ?? (await this.context.newPage());
  }

  async close(): Promise<void> {
    await this.context.close();
    fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Runs in every page and frame before its own scripts. The frame of a VS Code webview calls `update()` on a service worker that
 * already controls it; in a freshly started Chromium that promise may stay open for 15 s and more, and the webview blank. Nothing
 * changes between the webviews of one run, so `update()` does nothing here, and `register()` waits until the worker is in control.
 */
function settleServiceWorkers(): void {
  interface Registration {
    installing: unknown;
    waiting: unknown;
  }
  interface WorkerContainer {
    controller: unknown;
    register(...args: unknown[]): Promise<Registration>;
  }
  interface Scope {
    location: { pathname: string };
    ServiceWorkerRegistration?: { prototype: { update(): Promise<unknown> } };
    ServiceWorkerContainer?: { prototype: WorkerContainer };
    setTimeout(callback: () => void, ms: number): void;
  }
  const scope = globalThis as unknown as Scope;
  if (!scope.location.pathname.includes('/webview/browser/pre/') || !scope.ServiceWorkerRegistration || !scope.ServiceWorkerContainer) return;
  scope.ServiceWorkerRegistration.prototype.update = function () {
    return Promise.resolve(this);
  };
  const container = scope.ServiceWorkerContainer.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const register = container.register;
  container.register = async function (...args) {
    const registration = await register.apply(this, args);
    for (let waits = 0; waits < 400 && (registration.installing || registration.waiting || !this.controller); waits++) {
      await new Promise<void>((resolve) => {
        scope.setTimeout(resolve, 25);
      });
    }
    return registration;
  };
}
