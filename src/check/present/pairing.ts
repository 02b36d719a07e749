import { isDumpName } from '../../vectors/fileNames';
import { nameClues } from '../../vectors/nameClues';
import { baseName } from './names';

/**
 * How much a name speaks for the dump of a simulation, against a golden file. 0 says nothing.
 * A golden file may be called `mem` too, so that names only order what is offered.
 */
export function dumpScore(file: string): number {
  const name = baseName(file).toLowerCase();
  const folders = file.split(/[\\/]/).slice(-3, -1).join('/').toLowerCase();
  const strong = /\.(?:vcd|log)$/.test(name) || isDumpName(name);
  const golden = /golden|expected|reference|viz|decimal/.test(name) || /manifest|\.json$/.test(name);
  const folder = /(?:^|[/_-])(?:dumps?|sim|rtl|waves?)(?:[/_-]|$)/.test(folders) ? 1 : /golden|expected/.test(folders) ? -1 : 0;
  return (strong ? 2 : 0) + (golden ? -2 : 0) + folder;
}

/** Of selected files the dump, and the golden files that it is compared with; the later one where names say nothing. */
export function splitSelection(files: readonly { readonly file: string; readonly changedAt: number }[]): { readonly dump: string; readonly golden: readonly string[] } | undefined {
  const ordered = [...files].sort((a, b) => dumpScore(b.file) - dumpScore(a.file) || b.changedAt - a.changedAt);
  const [dump, ...golden] = ordered.map(({ file }) => file);
  return dump === undefined ? undefined : { dump, golden: golden.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })) };
}

/** How well a golden file fits a dump by name and place; undefined when they cannot belong together. */
export function goldenScore(golden: string, dump: string): number | undefined {
  if (golden === dump) return undefined;
  const [one, other] = [nameClues(golden), nameClues(dump)];
  const kind = one.kind ?? 'psum';
  if (kind !== 'psum' && kind !== 'out' && other.kind !== kind) return undefined;
  if (one.kind !== undefined && other.kind !== undefined && one.kind !== other.kind) return undefined;
  const sameKind = one.kind !== undefined && one.kind === other.kind ? 4 : 0;
  const sameSet = other.set !== '' && (one.set === other.set || golden.toLowerCase().includes(other.set)) ? 1 : 0;
  const places = JSON.stringify(one.fixed) === JSON.stringify(other.fixed) ? 1 : 0;
  const [near, far] = [folderOf(golden), folderOf(dump)];
  const folder = near === far ? 2 : 0;
  const layer = near.split('/').some((part) => part !== '' && part.length > 2 && far.split('/').slice(-1).includes(part)) ? 1 : 0;
  return sameKind + sameSet + places + folder + layer - Math.max(0, dumpScore(golden)) - (one.radix === 'decimal' ? 2 : 0);
}

function folderOf(file: string): string {
  return file.split(/[\\/]/).slice(0, -1).join('/');
}
