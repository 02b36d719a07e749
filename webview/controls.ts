import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeDropdown, vsCodeOption, vsCodeProgressRing, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { keyed } from 'lit/directives/keyed.js';
import { ref } from 'lit/directives/ref.js';
import { wantsLessMotion } from './motion';

/**
 * Buttons, lists and fields of the page. The one module that knows which library they come from: their elements, attributes and events
 * stand nowhere else, so that another library takes over here.
 */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing(), vsCodeTextField());
}

const MOVING = /^(Arrow|Page|Home$|End$)/;
const PRESSING = /^( |Enter)$/;
/** What takes which keys itself, so that they mean nothing to the page while it has the focus. */
const TAKES: readonly (readonly [string, (key: string) => boolean])[] = [
  ['vscode-text-field, textarea, input:not([type=range])', (key) => key !== 'Escape'],
  ['input[type=range]', (key) => MOVING.test(key)],
  ['vscode-dropdown', (key) => MOVING.test(key) || PRESSING.test(key) || /^([a-z0-9]|Escape)$/i.test(key)],
  ['vscode-button, vscode-checkbox, button, a, summary', (key) => PRESSING.test(key)],
];

/** Does the control that an event comes from need a key for itself? */
export function takesKey(target: Element, key: string): boolean {
  const root = target.getRootNode();
  const control = root instanceof ShadowRoot ? root.host : target;
  return TAKES.some(([elements, takes]) => control.closest(elements) !== null && takes(key));
}

export interface ButtonOptions {
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** A button that is on or off. */
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  /** What it does, where its text is a sign. */
  readonly label?: string;
  readonly title?: string;
}

export function button(text: string, press: () => void, { primary, disabled, pressed, expanded, label, title }: ButtonOptions = {}): TemplateResult {
  return html`<vscode-button
    class=${pressed === true ? 'on' : ''}
    appearance=${primary === true ? 'primary' : 'secondary'}
    ?disabled=${disabled === true}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)}
    aria-expanded=${expanded === undefined ? nothing : String(expanded)}
    aria-label=${label ?? nothing}
    title=${title ?? label ?? nothing}
    @click=${press}
    >${text}</vscode-button
  >`;
}

/** One of a few, each always in sight. */
export function toggles<T extends string>(label: string, options: readonly { readonly value: T; readonly text: string; readonly disabled?: boolean }[], value: T, pick: (value: T) => void): TemplateResult {
  return html`<div class="toggles" role="group" aria-label=${label}>
    ${options.map((option) =>
      button(
        option.text,
        () => {
          pick(option.value);
        },
        { pressed: option.value === value, ...(option.disabled !== undefined && { disabled: option.disabled }) },
      ),
    )}
  </div>`;
}

/** Longer lists are typed into. */
const MOST_OPTIONS = 64;

/** One of a list. */
export function choice(label: string, options: readonly { readonly value: string; readonly text: string }[], value: string, pick: (value: string) => void): TemplateResult {
  const changed = (event: Event): void => {
    const list = event.target as HTMLElement & { value: string };
    const { value: chosen } = list;
    // Who chose with a pointer goes on with the keys of the page; who came by keys stays where they are
    if (!list.matches(':focus-visible')) list.blur();
    if (chosen !== value && options.some((option) => option.value === chosen)) pick(chosen);
  };
  // A new list is a new element: the toolkit's does not follow options that are exchanged
  const key = options.map((option) => option.value).join('\u0000');
  return html`${keyed(
    key,
    html`<vscode-dropdown aria-label=${label} @change=${changed} ${ref((list) => {
        showChosen(list, value);
      })}>
      ${guard([options.map((option) => option.text).join('\u0000')], () => options.map((option) => html`<vscode-option value=${option.value}>${option.text}</vscode-option>`))}
    </vscode-dropdown>`,
  )}`;
}

/** The toolkit's list knows its options a moment after they stand in it, and forgets a value that it was given before. */
function showChosen(list: Element | undefined, value: string): void {
  const show = (): void => {
    const chosen = list as (HTMLElement & { value: string }) | undefined;
    if (chosen !== undefined && chosen.value !== value) chosen.value = value;
  };
  show();
  setTimeout(show);
}

/** A number from 0: a list while that is short, else a field. */
export function index(label: string, count: number, value: number, pick: (value: number) => void): TemplateResult {
  if (count <= MOST_OPTIONS) {
    const options = Array.from({ length: count }, (_, i) => ({ value: String(i), text: String(i) }));
    return choice(label, options, String(value), (text) => {
      pick(Number(text));
    });
  }
  const changed = (event: Event): void => {
    const typed = Number((event.target as HTMLElement & { value: string }).value);
    if (Number.isInteger(typed) && typed >= 0 && typed < count) pick(typed);
  };
  return html`<vscode-text-field class="number" aria-label=${`${label}, 0 to ${count - 1}`} size="4" .value=${String(value)} @change=${changed}></vscode-text-field>`;
}

export function check(text: string, on: boolean, change: (on: boolean) => void): TemplateResult {
  return html`<vscode-checkbox
    .checked=${on}
    @change=${(event: Event) => {
      const { checked } = event.target as HTMLElement & { checked: boolean };
      if (checked !== on) change(checked);
    }}
    >${text}</vscode-checkbox
  >`;
}

/** Beside what is waited for: a ring that turns, or a text where the user wants less motion. */
export function waiting(): TemplateResult {
  if (wantsLessMotion()) return html`<span class="waiting">Please wait:</span>`;
  return html`<vscode-progress-ring aria-hidden="true"></vscode-progress-ring>`;
}

/** A place on a line: the browser's own, the toolkit has none. */
export function slider(label: string, value: number, most: number, text: string, pick: (value: number) => void): TemplateResult {
  return html`<input
    type="range"
    min="0"
    max=${most}
    step="1"
    .value=${String(value)}
    aria-label=${label}
    aria-valuetext=${text}
    @input=${(event: Event) => {
      pick(Number((event.target as HTMLInputElement).value));
    }}
  />`;
}
