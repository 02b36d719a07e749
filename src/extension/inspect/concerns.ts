import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { parseConfig } from '../../project/config';
import type { CheckConfig } from '../../project/schema';
import { CONFIG_FILE } from '../../project/configFile';
import type { CheckTarget } from '../../protocol/checkReport';
import type { SubjectFile } from '../../protocol/inspect';
import type { Kind } from '../../vectors/axis';
import { configText, keyOf } from '../check/checks';
import type { Checks } from '../check/checks';
import { dumpsOf, findConfigs } from '../check/choose';
import { configurationOf } from '../golden/configurationOf';
import { manifestOf, readManifest } from '../golden/manifests';
import type { Dump } from './session';
import type { SubjectKey } from './subjects';

/** What a comparison compares, whoever names it. Paths are absolute. */
interface Sides {
  readonly layer?: { readonly file: string; readonly layer: string };
  readonly golden: readonly string[];
  readonly dump: readonly string[];
  readonly kind?: Kind;
}

/** The dumps that can be attached to a subject: what was compared with it, latest first, then the checks of the workspace that have not run. */
export async function dumpsFor(checks: Checks, subject: SubjectKey, files: readonly SubjectFile[]): Promise<Dump[]> {
  const made = checks.all.map(({ key, target, result: { report } }) => ({ key, target, name: report.name, kind: report.kind }));
  const configured = (await findConfigs()).flatMap(({ file, text, checks: own }) => own.map(({ name, kind }) => ({ target: { type: 'configured', file, text, name } as const, name, kind })));
  const others = configured.map((one) => ({ ...one, key: keyOf(one.target) })).filter(({ key }) => made.every((other) => other.key !== key));
  const layer = await layerOf(subject);
  const found: Dump[] = [];
  for (const { key, target, name, kind } of [...made, ...others]) {
    const sides = await sidesOf(target);
    if (sides === undefined || !concerns(sides, layer, subject, files)) continue;
    const known = kind ?? sides.kind;
    found.push({ choice: { id: key, name, ...(known !== undefined && { kind: known }) }, target, files: sides.dump });
  }
  return found;
}

/** What shows both sides of a comparison: the layer that it computes, or the folder of its golden files. */
export async function subjectOf(target: CheckTarget): Promise<SubjectKey | undefined> {
  const sides = await sidesOf(target);
  if (sides?.layer !== undefined) return { type: 'layer', ...sides.layer };
  const [golden] = sides?.golden ?? [];
  return golden === undefined ? undefined : setOf(golden);
}

/** The set that a golden file, or a folder of them, belongs to. */
export async function setOf(golden: string): Promise<SubjectKey> {
  const isFolder = await fs.stat(golden).then((stats) => stats.isDirectory(), () => false);
  if (isFolder) return { type: 'set', folder: golden };
  const named = await manifestOf(vscode.Uri.file(golden));
  return { type: 'set', folder: named?.manifest.folder.fsPath ?? path.dirname(golden) };
}

/** The layer of a configuration that a subject is, or was made from. */
async function layerOf(subject: SubjectKey): Promise<Sides['layer']> {
  if (subject.type === 'layer') return subject;
  const manifest = await readManifest(vscode.Uri.file(subject.folder));
  const made = manifest && (await configurationOf(manifest));
  return made && { file: path.join(made.folder, CONFIG_FILE), layer: made.entry };
}

function concerns({ layer, golden }: Sides, own: Sides['layer'], subject: SubjectKey, files: readonly SubjectFile[]): boolean {
  if (layer !== undefined) return layer.file === own?.file && layer.layer === own.layer;
  const isOwn = (file: string): boolean => files.some((other) => other.file === file || other.file.startsWith(`${file}${path.sep}`));
  return golden.some((file) => isOwn(file) || (subject.type === 'set' && file === subject.folder));
}

/** Undefined when the configuration does not say it any more. */
async function sidesOf(target: CheckTarget): Promise<Sides | undefined> {
  if (target.type === 'files') return { golden: target.golden, dump: target.dump };
  if (target.type === 'layer') return { layer: { file: target.file, layer: target.layer }, golden: [], dump: target.dump };
  const { config } = parseConfig(await configText(target.file).catch(() => target.text), target.file);
  const check = config?.data.checks?.find(({ name }) => name === target.name);
  return check && configuredSides(target.file, check);
}

function configuredSides(file: string, check: CheckConfig): Sides {
  const golden = [check.golden ?? []].flat().map((one) => path.resolve(path.dirname(file), one));
  return { ...(check.layer !== undefined && { layer: { file, layer: check.layer } }), golden, dump: dumpsOf(file, check), ...(check.kind !== undefined && { kind: check.kind }) };
}
