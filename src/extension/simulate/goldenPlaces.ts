import * as vscode from 'vscode';
import type { Coordinates, Kind } from '../../vectors/axis';
import type { Layout } from '../../vectors/layout';
import { nameClues } from '../../vectors/nameClues';
import type { Member } from '../../vectors/present/goldenSet';
import { fitCoordinates } from '../../vectors/present/terminalLinks';
import { GOLDEN_GLOB } from '../golden/eligible';
import type { FolderSets } from '../golden/folderSets';

/** A word, or a line of words, of a golden file that a line of a terminal may be about. */
export interface GoldenPlace {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
  /** The digits of its line, without separators. */
  readonly digits: string;
  readonly coordinates: Coordinates;
}

const EXCLUDED = '**/{node_modules,.git,.vscode}/**';
const MOST_FILES = 5000;
/** Folders whose files are read for one link. */
const MOST_FOLDERS = 100;

/** Where the golden files of the workspace hold a word. Twins and dumps count only where no golden file of the folder has it. */
export async function placesOf(sets: FolderSets, kind: Kind, coordinates: Coordinates): Promise<GoldenPlace[]> {
  const found: GoldenPlace[] = [];
  for (const members of await membersOf(sets, kind)) {
    const places = (wanted: readonly Member[]): GoldenPlace[] => wanted.flatMap((member) => placeIn(member, coordinates) ?? []);
    const golden = places(members.filter(({ secondary }) => !secondary));
    found.push(...(golden.length > 0 ? golden : places(members.filter(({ secondary }) => secondary))));
  }
  return found;
}

/** The lines of golden outputs that hold exactly these digits. */
export async function linesOf(sets: FolderSets, digits: string): Promise<GoldenPlace[]> {
  const wanted = plainDigits(digits);
  const found: GoldenPlace[] = [];
  for (const members of await membersOf(sets, 'out')) {
    for (const { id, reading, secondary } of members) {
      if (secondary) continue;
      for (const [line, fileLine] of reading.shape.dataLines.entries()) {
        const text = reading.shape.line(fileLine);
        if (line < reading.layout.lineCount && plainDigits(text) === wanted) found.push({ uri: vscode.Uri.parse(id), range: wholeLine(fileLine, text), digits: wanted, coordinates: reading.layout.coordinates(line, 0) });
      }
    }
  }
  return found;
}

export function plainDigits(text: string): string {
  return text.toLowerCase().replaceAll(/[\s_,]/g, '');
}

/** The members of each set that are of a kind. Sets of folders whose names speak of other kinds only are not read. */
async function membersOf(sets: FolderSets, kind: Kind): Promise<Member[][]> {
  const files = await vscode.workspace.findFiles(GOLDEN_GLOB, EXCLUDED, MOST_FILES);
  const folders = new Map<string, vscode.Uri>();
  for (const uri of files) {
    const named = nameClues(uri.path).kind;
    if (named === kind || named === undefined) folders.set(vscode.Uri.joinPath(uri, '..').toString(), uri);
  }
  const byId = new Map<string, Member>();
  const groups = new Set<Member[]>();
  for (const file of [...folders.values()].slice(0, MOST_FOLDERS)) {
    const { members } = await sets.of(file);
    const fresh = [...members.values()].filter(({ id, reading }) => reading.layout.spec.kind === kind && !byId.has(id));
    for (const member of fresh) byId.set(member.id, member);
    groups.add(fresh);
  }
  return [...groups];
}

function placeIn({ id, reading }: Member, printed: Coordinates): GoldenPlace | undefined {
  const coordinates = fitCoordinates(reading.layout, printed);
  const place = coordinates === undefined ? undefined : reading.placeOf(coordinates);
  if (coordinates === undefined || place === undefined) return undefined;
  const text = reading.shape.line(place.fileLine);
  const range = namesWord(reading.layout, printed) ? new vscode.Range(place.fileLine, place.column, place.fileLine, place.column + place.length) : wholeLine(place.fileLine, text);
  return { uri: vscode.Uri.parse(id), range, digits: plainDigits(text), coordinates };
}

/** Do these coordinates tell one word of a line from the others? */
function namesWord({ spec: { words } }: Layout, printed: Coordinates): boolean {
  return words.every(({ axis }) => printed[axis] !== undefined);
}

function wholeLine(line: number, text: string): vscode.Range {
  return new vscode.Range(line, text.length - text.trimStart().length, line, text.trimEnd().length);
}
