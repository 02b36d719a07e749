import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import type { Browser } from './browser';
import { ROOT, SCREENS } from './paths';
import { storedState } from './storedState';
import { middleOfEditorText } from './textPosition';
import { THEMES, type ThemeName } from './windowThemes';
import type { Payload, VscodeServer } from './vscodeServer';

export interface OpenOptions {
  /** A file to show at once, relative to the folder. */
  readonly file?: string;
  /** Run the extension from this repository; needs a server with `smokeTestDriver`. Otherwise the server's installed ones run. */
  readonly fromSource?: boolean;
  readonly payload?: Payload;
}

/** How long a step may take, and the first try of one that is repeated; later tries may take longer, for a slow machine. */
const STEP_MS = 60_000;
const TRY_MS = 1_000;
const FADE_MS = 300;

/** The label of an entry in a quick pick; the second line, its detail, is made of the same parts. */
const LABEL = '.quick-input-list-row:first-child .label-name';

/** The window of a VS Code, by what a user sees and does there. Every step waits for what it needs and fails after a minute. */
export class Workbench {
  private readonly input: Locator;

  private constructor(
    readonly page: Page,
    private readonly server: VscodeServer,
    private readonly folder: string,
  ) {
    this.input = page.locator('.quick-input-widget input.input');
  }

  static async open(browser: Browser, server: VscodeServer, folder: string, options: OpenOptions = {}): Promise<Workbench> {
    const page = await browser.page();
    page.setDefaultTimeout(STEP_MS);
    const workbench = new Workbench(page, server, folder);
    await page.goto(server.address(folder, workbench.payload(options)));
    await page.locator('.monaco-workbench .part.statusbar').waitFor();
    if (options.file) await workbench.untilOpen(path.basename(options.file));
    return workbench;
  }

  /** Runs the command with exactly this title, "Category: Title", from the command palette. */
  async runCommand(title: string): Promise<void> {
    await this.chooseAfter('F1', `>${title}`, this.choice(title, { exact: true }), `no such command: ${title}`);
  }

  /** Chooses a theme by the settings of the folder, which it replaces, and waits until the window has it. */
  async setTheme(name: ThemeName): Promise<void> {
    const file = path.join(this.folder, '.vscode/settings.json');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify({ 'workbench.colorTheme': THEMES[name].label }));
    await this.page.locator(`.monaco-workbench[class*="${THEMES[name].mark}"]`).waitFor();
  }

  /** Opens a file of the folder, given relative to it. */
  async openFile(file: string): Promise<void> {
    const name = path.basename(file);
    // a whole path is found without a search
    // Titles of diffs and reports that were open before hold the name too
    await this.chooseAfter('Control+p', path.join(this.folder, file), this.choice(name, { exact: true }), `no such file: ${file}`);
    await this.untilOpen(name);
  }

  /** Chooses the entry of the open quick pick whose label contains `label`. */
  async pick(label: string): Promise<void> {
    const row = this.choice(label);
    await row.waitFor();
    const list = await this.rows.allInnerTexts();
    await row.click();
    await this.untilListChanges(list);
  }

  /** The labels of the open quick pick, as far as they are in view. */
  async choices(): Promise<string[]> {
    await this.rows.first().waitFor();
    return this.rows.locator(LABEL).allInnerTexts();
  }

  /** Waits for a quick pick or an input box that says `text`: as its title, its message, or in its empty input. */
  async untilAsked(text: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget:visible');
    await widget.filter({ hasText: text }).or(widget.filter({ has: this.page.getByPlaceholder(text) })).waitFor();
  }

  /** Answers the open input box. */
  async type(text: string): Promise<void> {
    await this.input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Waits for a notification that contains `text`. Under the smoke-test driver there are no toasts: then it opens the list of notifications. */
  async waitForNotification(text: string): Promise<Locator> {
    if (this.server.options.smokeTestDriver) await this.runCommand('Notifications: Show Notifications');
    const notification = this.page.locator('.notification-list-item', { hasText: text }).first();
    await notification.waitFor();
    return notification;
  }

  /** The item of the status bar that contains `text`. */
  async statusBarItem(text: string | RegExp): Promise<Locator> {
    const item = this.page.locator('.part.statusbar .statusbar-item', { hasText: text }).first();
    await item.waitFor();
    return item;
  }

  /** What the status bar says, item by item from left to right. */
  async statusBar(): Promise<string[]> {
    const texts = await this.page.locator('.part.statusbar .statusbar-item').allInnerTexts();
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  }

  /** Shows the Problems view and waits for a line that contains `text`; returns all lines in view. */
  async problems(text: string): Promise<string[]> {
    await this.runCommand('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    await rows.filter({ hasText: text }).first().waitFor();
    return rows.allInnerTexts();
  }

  /** Puts the cursor of the active editor there, both counted from 1 as the status bar does. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+g');
    await this.type(`:${line}:${column}`);
    await this.statusBarItem(`Ln ${line}, Col ${column}`);
  }

  /** Shows the hover for the cursor of the active editor. */
  async hoverAtCursor(): Promise<Locator> {
    await this.runCommand('Show or Focus Hover');
    await this.shownHover.waitFor();
    return this.shownHover;
  }

  /** Points at the first `text` in view in an editor and returns the hover that appears. */
  async hover(text: string): Promise<Locator> {
    const end = Date.now() + STEP_MS;
    while (Date.now() < end) {
      const point = await this.page.evaluate(middleOfEditorText, text);
      if (!point) {
        await this.page.waitForTimeout(100);
        continue;
      }
      // a pointer that was there already does not move: come from beside
      await this.page.mouse.move(point.x - 3, point.y);
      await this.page.mouse.move(point.x, point.y);
      if (await appears(this.shownHover)) return this.shownHover;
    }
    throw new Error(`no hover at ${text}`);
  }

  /** The frame inside a webview that contains what `selector` selects. */
  async webview(selector: string): Promise<Frame> {
    const end = Date.now() + STEP_MS;
    while (Date.now() < end) {
      for (const frame of this.page.frames().slice(1)) {
        // a frame may go while it is asked
        if ((await frame.locator(selector).count().catch(() => 0)) > 0) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`no webview with ${selector}`);
  }

  /** Reloads the window once VS Code has written what matches `kept`: a page that goes has no time for that on a busy machine. */
  async reload(kept: RegExp): Promise<void> {
    const end = Date.now() + STEP_MS;
    while (!kept.test(await this.page.evaluate(storedState))) {
      if (Date.now() > end) throw new Error(`VS Code keeps nothing like ${String(kept)}`);
      await this.page.waitForTimeout(100);
    }
    await this.page.reload();
  }

  /** Saves out/screens/NAME.png and returns its path. */
  async screenshot(name: string): Promise<string> {
    fs.mkdirSync(SCREENS, { recursive: true });
    const file = path.join(SCREENS, `${name}.png`);
    // what is just appearing is still half transparent
    await this.page.waitForTimeout(FADE_MS);
    await this.page.screenshot({ path: file });
    return file;
  }

  private get shownHover(): Locator {
    return this.page.locator('.monaco-hover:visible').filter({ hasText: /\S/ }).last();
  }

  private get rows(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row');
  }

  private choice(label: string, { exact = false } = {}): Locator {
    const text = exact ? new RegExp(`^${escaped(label)}$`) : label;
    return this.rows.filter({ has: this.page.locator(LABEL, { hasText: text }) }).first();
  }

  /** What the extension shows next must not be taken for the list that is closing; if both look the same, no harm is done. */
  private async untilListChanges(before: readonly string[]): Promise<void> {
    const end = Date.now() + TRY_MS;
    while (Date.now() < end && String(await this.rows.allInnerTexts()) === String(before)) await this.page.waitForTimeout(20);
  }

  private async untilOpen(name: string): Promise<void> {
    await this.page.locator(`.editor-group-container.active .tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /**
   * Opens the quick input by a key, types into it and chooses a row. While the workbench still restores the focus it swallows the key or
   * closes the input again, and the palette does not learn of commands that come after it was opened: so all of it is repeated.
   */
  private async chooseAfter(key: string, query: string, row: Locator, failure: string): Promise<void> {
    const end = Date.now() + STEP_MS;
    for (let tries = 1; !(await this.tryToChoose(key, query, row, tries * TRY_MS)); tries++) {
      if (Date.now() > end) throw new Error(failure);
      await this.page.keyboard.press('Escape');
      await this.page.waitForTimeout(100);
    }
    // what the command opens next must not be taken for this list
    await row.waitFor({ state: 'hidden' });
  }

  private async tryToChoose(key: string, query: string, row: Locator, timeout: number): Promise<boolean> {
    try {
      await this.page.keyboard.press(key);
      await this.input.waitFor({ state: 'visible', timeout });
      await this.input.fill(query, { timeout });
      await row.waitFor({ timeout });
      return await row.evaluate(clickIfVisible, undefined, { timeout });
    } catch {
      return false;
    }
  }

  private payload({ file, fromSource, payload = [] }: OpenOptions): Payload {
    return [
      ...(fromSource ? [['extensionDevelopmentPath', this.server.uri(ROOT)] as const] : []),
      ...(file ? [['openFile', this.server.uri(path.join(this.folder, file))] as const] : []),
      ...payload,
    ];
  }
}

function appears(locator: Locator): Promise<boolean> {
  return locator.waitFor({ timeout: 3 * TRY_MS }).then(
    () => true,
    () => false,
  );
}

/** Runs in the page, all at once: a click that is given up half-way may have run the command all the same, and a second try would run it twice. */
function clickIfVisible(row: { checkVisibility(): boolean; click(): void }): boolean {
  const visible = row.checkVisibility();
  if (visible) row.click();
  return visible;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
