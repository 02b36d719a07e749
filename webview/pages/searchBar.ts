import type { FindQuery, FoundPlace, TextPlace, ViewAnswer } from '../../src/protocol/pages';
import type { Asked, Host } from './host';
import { Unanswered } from './host';

export interface SearchParts {
  readonly text: HTMLInputElement;
  readonly mode: HTMLSelectElement;
  readonly stop: HTMLButtonElement;
  readonly status: HTMLElement;
}

/** Finds text, values and mismatches, one search at a time. */
export class SearchBar {
  private running: Asked<ViewAnswer & { type: 'found' }> | undefined;

  constructor(
    private readonly host: Host,
    private readonly parts: SearchParts,
    private readonly from: () => TextPlace,
    private readonly onFound: (place: FoundPlace) => void,
  ) {
    parts.stop.addEventListener('click', () => { this.running?.cancel(); });
  }

  async find(backward: boolean): Promise<void> {
    const { text, mode } = this.parts;
    if (text.value === '') return;
    if (mode.value === 'coordinate') {
      await this.goTo(text.value);
      return;
    }
    const query = queryOf(text.value, mode.value);
    if (query === undefined) this.say(`"${text.value}" is no whole number.`);
    else await this.run((onProgress) => this.host.ask({ type: 'find', query, from: this.from(), backward }, 'found', onProgress), 'Not found.');
  }

  async mismatch(backward: boolean): Promise<void> {
    await this.run((onProgress) => this.host.ask({ type: 'mismatch', from: this.from(), backward }, 'found', onProgress), 'No word differs.');
  }

  async goTo(text: string): Promise<boolean> {
    try {
      const { place, problem } = await this.host.ask({ type: 'goTo', text, from: this.from() }, 'wentTo').answer;
      this.say(problem ?? '');
      if (place !== undefined) this.onFound(place);
      return place !== undefined;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  say(text: string): void {
    this.parts.status.textContent = text;
  }

  private async run(start: (onProgress: (done: number, total: number) => void) => Asked<ViewAnswer & { type: 'found' }>, nothing: string): Promise<void> {
    this.running?.cancel();
    const asked = start((done, total) => { this.say(`Searching… ${total === 0 ? 0 : Math.floor((100 * done) / total)} %`); });
    this.running = asked;
    this.parts.stop.hidden = false;
    try {
      const { place, wrapped } = await asked.answer;
      this.say(place === undefined ? nothing : wrapped === true ? 'Went on at the other end of the file.' : '');
      if (place !== undefined) this.onFound(place);
    } catch (error) {
      if (this.running === asked) this.failed(error);
    } finally {
      if (this.running === asked) {
        this.running = undefined;
        this.parts.stop.hidden = true;
      }
    }
  }

  private failed(error: unknown): void {
    if (!(error instanceof Unanswered)) throw error;
    this.say(error.message === '' ? 'Stopped.' : error.message);
  }
}

function queryOf(text: string, mode: string): FindQuery | undefined {
  if (mode !== 'value') return { type: 'text', text };
  const value = Number(text.trim().replace('\u2212', '-'));
  return Number.isSafeInteger(value) ? { type: 'value', value } : undefined;
}
