import type { Selection } from '../../protocol/panel';

/** What a link to an inspector says: a layer of a configuration, or a folder of golden files, and what is selected in it. */
export interface InspectLink {
  /** Name of the workspace folder; needed where there are several. */
  readonly root?: string;
  /** The configuration, or the folder of golden files, from the workspace folder, with `/`; `.` for the workspace folder itself. */
  readonly path: string;
  /** Of the configuration; without it `path` is a folder of golden files. */
  readonly layer?: string;
  readonly selection?: Selection;
}

const AXES = ['icTile', 'ocTile', 'kij', 'nij', 'row', 'col', 'oNij'] as const satisfies readonly (keyof Selection)[];
const KEYS: readonly string[] = ['root', 'path', 'layer', ...AXES];
const MOST_CHARACTERS = 4096;

/** The query of a link. */
export function formatLink({ root, path, layer, selection }: InspectLink): string {
  const query = new URLSearchParams({ ...(root !== undefined && { root }), path, ...(layer !== undefined && { layer }) });
  if (selection !== undefined) for (const axis of AXES) query.set(axis, String(selection[axis]));
  return query.toString();
}

/** The query of a link, unless it would be refused or lead elsewhere when it is followed. */
export function checkedLink(link: InspectLink): { readonly query: string } | { readonly problem: string } {
  const query = formatLink(link);
  const read = parseLink(query);
  if ('problem' in read) return read;
  return formatLink(read) === query && read.path === link.path && read.layer === link.layer && read.root === link.root ? { query } : { problem: 'A name in it cannot be written in a link.' };
}

/**
 * A link may come from anywhere: what is not exactly as `formatLink` makes it is refused.
 * @param query as a URI holds it, once or not at all percent-decoded
 */
export function parseLink(query: string): InspectLink | { readonly problem: string } {
  if (query.length > MOST_CHARACTERS) return { problem: 'The link is too long.' };
  const parameters = new URLSearchParams(query);
  const keys = [...parameters.keys()];
  const strange = keys.find((key, index) => !KEYS.includes(key) || keys.indexOf(key) !== index);
  if (strange !== undefined) return { problem: `The link says "${strange.slice(0, 40)}", which means nothing or stands there twice.` };
  const [root, path, layer] = ['root', 'path', 'layer'].map((key) => parameters.get(key) ?? undefined);
  if (path === undefined || !isInside(path)) return { problem: 'The link names no path inside the workspace.' };
  if (root === '' || layer === '') return { problem: 'The link has an empty name.' };
  const selection = selectionOf(parameters);
  if (selection === 'none') return { problem: 'The link does not say which value is selected.' };
  return { ...(root !== undefined && { root }), path, ...(layer !== undefined && { layer }), ...(selection !== undefined && { selection }) };
}

/** A relative path with `/` that stays where it starts; no other form of it. */
export function isInside(path: string): boolean {
  if (path === '.') return true;
  // A backslash or a colon is a separator or a drive on Windows
   
  if (/[\\:\u0000-\u001f]/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** Undefined without any coordinate; 'none' when they are not all there. */
function selectionOf(parameters: URLSearchParams): Selection | 'none' | undefined {
  if (AXES.every((axis) => !parameters.has(axis))) return undefined;
  const numbers = AXES.map((axis) => numberOf(parameters.get(axis), axis === 'oNij'));
  if (numbers.includes(undefined)) return 'none';
  const [icTile, ocTile, kij, nij, row, col, oNij] = numbers as [number, number, number, number, number, number, number];
  return { icTile, ocTile, kij, nij, row, col, oNij };
}

function numberOf(text: string | null, orNone: boolean): number | undefined {
  if (text === '-1' && orNone) return -1;
  return text !== null && /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : undefined;
}
