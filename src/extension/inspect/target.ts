import path from 'node:path';
import * as vscode from 'vscode';
import { coordinatesOf } from '../../check/present/cells';
import { wordAt } from '../../check/present/diffText';
import { CONFIG_FILE } from '../../project/configFile';
import { isRecord } from '../../protocol/record';
import { isCoordinates, isKind } from '../../protocol/viewGuards';
import type { Coordinates, Kind } from '../../vectors/axis';
import type { CheckRecord, Checks } from '../check/checks';
import { isDiffSide, isOurs } from '../check/documents';
import { chooseLayer } from './choose';
import { setOf, subjectOf } from './concerns';
import type { Spot } from './session';
import { say } from './effects';
import type { SubjectKey } from './subjects';

/** Arguments of the command, for links, code lenses, key bindings and other extensions; what is missing is asked for. Paths are absolute. */
export interface InspectArguments {
  /** A tilescope.json, and one of its layers. */
  readonly config?: string;
  readonly layer?: string;
  /** A golden file, or a folder of them. */
  readonly golden?: string;
  /** A comparison, by its key: both of its sides. */
  readonly check?: string;
  /** The value to select. */
  readonly kind?: Kind;
  readonly coordinates?: Coordinates;
}

/** What to open, and what to select in it. */
export interface InspectTarget {
  readonly subject: SubjectKey;
  readonly spot?: Spot;
}

/** @param argument of the command: a file that was clicked, an item of the Vector Sets view, arguments, or nothing @returns undefined when the user leaves */
export async function targetOf(checks: Checks, argument: unknown): Promise<InspectTarget | 'nothing' | undefined> {
  if (argument instanceof vscode.Uri) return ofUri(checks, argument);
  if (isRecord(argument) && argument['folder'] instanceof vscode.Uri) return { subject: { type: 'set', folder: argument['folder'].fsPath } };
  if (isRecord(argument)) return ofArguments(checks, argumentsIn(argument));
  const { document } = vscode.window.activeTextEditor ?? {};
  return document !== undefined && isOurs(document.uri) ? ofUri(checks, document.uri) : chosen(undefined);
}

async function ofUri(checks: Checks, uri: vscode.Uri): Promise<InspectTarget | 'nothing' | undefined> {
  if (isOurs(uri)) return ofCheck(checks, uri.query, atCursor(checks, uri));
  if (path.basename(uri.fsPath) === CONFIG_FILE) return chosen(uri.fsPath);
  return { subject: await setOf(uri.fsPath) };
}

async function ofArguments(checks: Checks, { config, layer, golden, check, kind, coordinates }: InspectArguments): Promise<InspectTarget | 'nothing' | undefined> {
  const spot = kind === undefined || coordinates === undefined ? undefined : { kind, coordinates };
  if (check !== undefined) return ofCheck(checks, check, spot);
  const found = golden !== undefined ? { subject: await setOf(golden) } : config !== undefined && layer !== undefined ? { subject: { type: 'layer', file: config, layer } as const } : await chosen(config);
  return found === undefined || found === 'nothing' || spot === undefined ? found : { ...found, spot };
}

/** The comparison's dump is attached, and its first mismatch selected unless another place is named. */
async function ofCheck(checks: Checks, key: string, named: Spot | undefined): Promise<InspectTarget | undefined> {
  const record = checks.get(key);
  const subject = record && (await subjectOf(record.target));
  if (record === undefined || subject === undefined) {
    say('TileScope: this comparison is not known any more. Run TileScope: Cross-check RTL Dump.');
    return undefined;
  }
  const spot = named ?? firstOf(record);
  return { subject, ...(spot !== undefined && { spot: { ...spot, dump: record.key } }) };
}

function firstOf({ result: { report } }: CheckRecord): Spot | undefined {
  const [first] = report.first;
  return first && { kind: report.kind, coordinates: first.coordinates };
}

/** The word at the cursor of a decoded document. */
function atCursor(checks: Checks, uri: vscode.Uri): Spot | undefined {
  const record = checks.get(uri.query);
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const texts = record && isDiffSide(uri.scheme) ? checks.textsOf(record) : undefined;
  const view = record?.result.view;
  if (record === undefined || editor === undefined || texts === undefined || view === undefined) return undefined;
  const { line, character } = editor.selection.start;
  const at = wordAt(texts, view, line, character);
  return at && { kind: record.result.report.kind, coordinates: coordinatesOf(view.rows[at.row]!, at.word, view) };
}

async function chosen(config: string | undefined): Promise<InspectTarget | 'nothing' | undefined> {
  const subject = await chooseLayer(config);
  return subject === undefined || subject === 'nothing' ? subject : { subject };
}

/** Another extension may have put anything there. */
function argumentsIn(value: Record<string, unknown>): InspectArguments {
  const texts = (['config', 'layer', 'golden', 'check'] as const).flatMap((name) => (typeof value[name] === 'string' ? [[name, value[name]] as const] : []));
  const { kind, coordinates } = value;
  return { ...Object.fromEntries(texts), ...(isKind(kind) && isCoordinates(coordinates) && { kind: kind as Kind, coordinates: coordinates as Coordinates }) };
}
