import * as vscode from 'vscode';
import path from 'node:path';
import type { LineLink, LinkTarget } from '../../vectors/present/terminalLinks';
import { outputPixels, terminalLinks } from '../../vectors/present/terminalLinks';
import { placeText } from '../../vectors/present/place';
import { isGoldenName } from '../golden/eligible';
import type { FolderSets } from '../golden/folderSets';
import { select } from '../golden/goToCoordinate';
import type { GoldenPlace } from './goldenPlaces';
import { linesOf, placesOf, plainDigits } from './goldenPlaces';
import type { RunMemory, SeenOutput } from './runMemory';

/** A link of a terminal's line to a golden word. */
export class GoldenLink extends vscode.TerminalLink {
  constructor(
    { start, length, target }: LineLink,
    /** The line that it stands in. */
    readonly line: string,
  ) {
    super(start, length, 'TileScope: go to the golden word');
    this.target = target;
  }

  readonly target: LinkTarget;
}

const LAST = 'tilescope.lastLinkedFiles';
const MOST_LAST = 20;
/** Runs whose outputs are remembered. */
const MOST_RUNS = 8;

/** Makes coordinates in the terminal lead to the golden word. */
export class GoldenLinks implements vscode.TerminalLinkProvider<GoldenLink> {
  private runs: readonly RunMemory[] = [];

  constructor(
    private readonly sets: FolderSets,
    private readonly memory: vscode.Memento,
    private readonly log: Pick<vscode.LogOutputChannel, 'error'>,
  ) {}

  /** A run whose lines will be clicked on; the latest first. */
  remember(run: RunMemory): void {
    this.runs = [run, ...this.runs].slice(0, MOST_RUNS);
  }

  provideTerminalLinks({ line }: Pick<vscode.TerminalLinkContext, 'line'>): GoldenLink[] {
    return terminalLinks(line)
      .filter(({ target }) => target.type !== 'digits' || target.side === 'answer' || this.outputsOf(line).length > 0)
      .map((link) => new GoldenLink(link, line));
  }

  async handleTerminalLink(link: GoldenLink): Promise<void> {
    try {
      const places = this.ranked(await this.placesOf(link), link.line);
      if (places.length === 0) {
        void vscode.window.showInformationMessage(`TileScope: ${missing(link.target)}`);
        return;
      }
      const place = places.length === 1 ? places[0] : await choosePlace(places);
      if (place !== undefined) await this.reveal(place);
    } catch (error) {
      this.log.error(error instanceof Error ? error : String(error));
      void vscode.window.showErrorMessage(`TileScope: the word could not be shown. ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async placesOf({ target, line }: GoldenLink): Promise<GoldenPlace[]> {
    switch (target.type) {
      case 'file':
        return filePlaces(target);
      case 'coordinates':
        for (const kind of target.kinds) {
          const places = await placesOf(this.sets, kind, target.coordinates);
          if (places.length > 0) return places;
        }
        return [];
      case 'digits':
        return target.side === 'answer' ? this.withRun(line, linesOf(this.sets, target.digits)) : this.outputPlaces(this.outputsOf(line));
      case 'output': {
        const seen = this.outputsOf(line);
        return this.outputPlaces(seen.length > 0 ? seen : [{ printed: target.printed, base: target.base, folders: [] }]);
      }
    }
  }

  /** Golden lines of outputs. One whose digits are those that the run called the answer is the one, whatever it is counted from. */
  private async outputPlaces(outputs: readonly SeenOutput[]): Promise<GoldenPlace[]> {
    const found: GoldenPlace[] = [];
    for (const { printed, base, ocTile, answer } of outputs) {
      const pixels = outputPixels({ printed, ...(base !== undefined && { base }) });
      const places = (await Promise.all(pixels.map(async (pixel) => placesOf(this.sets, 'out', { o_nij: pixel, ...(ocTile !== undefined && { ocTile }) })))).flat();
      const answered = answer === undefined ? [] : places.filter(({ digits }) => digits === plainDigits(answer));
      found.push(...(answered.length > 0 ? answered : places));
    }
    return unique(found);
  }

  /** An answer's digits may stand in many places: the run that printed them knows which output it was. */
  private async withRun(line: string, lines: Promise<GoldenPlace[]>): Promise<GoldenPlace[]> {
    const places = await lines;
    const outputs = this.outputsOf(line);
    if (places.length < 2 || outputs.length === 0) return places;
    const known = new Set((await this.outputPlaces(outputs)).map(keyOf));
    const both = places.filter((place) => known.has(keyOf(place)));
    return both.length > 0 ? both : places;
  }

  private outputsOf(line: string): SeenOutput[] {
    return this.runs.find((run) => run.has(line))?.outputsOf(line) ?? [];
  }

  /** Those that the run read, if it did; those in files used last first. */
  private ranked(places: readonly GoldenPlace[], line: string): GoldenPlace[] {
    const run = this.runs.find((seen) => seen.has(line));
    // The folders stand in the order of the plusargs, the run's own folder last: the first one that has the word is the one that was meant
    const own = run?.folders.map((folder) => places.filter(({ uri }) => uri.fsPath === folder || uri.fsPath.startsWith(folder + path.sep))).find((inside) => inside.length > 0) ?? places;
    const last = this.memory.get<string[]>(LAST, []);
    const rank = ({ uri }: GoldenPlace): number => (last.includes(uri.toString()) ? last.indexOf(uri.toString()) : last.length);
    return [...own].sort((a, b) => rank(a) - rank(b) || (a.uri.path < b.uri.path ? -1 : a.uri.path > b.uri.path ? 1 : 0));
  }

  private async reveal({ uri, range }: GoldenPlace): Promise<void> {
    select(await vscode.window.showTextDocument(uri), range);
    await this.memory.update(LAST, [uri.toString(), ...this.memory.get<string[]>(LAST, []).filter((other) => other !== uri.toString())].slice(0, MOST_LAST));
  }
}

async function choosePlace(places: readonly GoldenPlace[]): Promise<GoldenPlace | undefined> {
  const items = places.map((place) => ({ label: vscode.workspace.asRelativePath(place.uri), description: `line ${place.range.start.line + 1} · ${placeText(place.coordinates, {})}`, place }));
  return (await vscode.window.showQuickPick(items, { title: 'TileScope: Go to Golden Word', placeHolder: 'Several golden files hold such a word', matchOnDescription: true }))?.place;
}

/** A golden file that a line names, wherever in the workspace it is. */
async function filePlaces({ name, line, column = 1 }: Extract<LinkTarget, { type: 'file' }>): Promise<GoldenPlace[]> {
  if (!isGoldenName(name)) return [];
  const plain = name.replaceAll('\\', '/').replace(/^(?:\.\.?\/)+/, '');
  const at = new vscode.Range(Math.max(0, line - 1), Math.max(0, column - 1), Math.max(0, line - 1), Math.max(0, column - 1));
  const uris = plain.startsWith('/') || /^[A-Za-z]:/.test(plain) ? [vscode.Uri.file(plain)] : await vscode.workspace.findFiles(`**/${plain.replaceAll(/[[\]{}*?]/g, '[$&]')}`, '**/{node_modules,.git}/**', 50);
  return uris.map((uri) => ({ uri, range: at, digits: '', coordinates: {} }));
}

function missing(target: LinkTarget): string {
  switch (target.type) {
    case 'file':
      return `there is no golden file ${target.name} in this workspace.`;
    case 'coordinates':
      return `no golden ${target.kinds.join(' or ')} file of this workspace holds ${placeText(target.coordinates, {})}. Generate its vectors, or open the folder that holds them.`;
    case 'output':
      return `no golden output file of this workspace holds output ${target.printed}.`;
    case 'digits':
      return 'no golden output file of this workspace holds these digits.';
  }
}

function unique(places: readonly GoldenPlace[]): GoldenPlace[] {
  return [...new Map(places.map((place) => [keyOf(place), place])).values()];
}

function keyOf({ uri, range }: GoldenPlace): string {
  return `${uri.toString()} ${range.start.line}`;
}
