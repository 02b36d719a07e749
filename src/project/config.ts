import path from 'node:path';
import type { ErrorObject } from 'ajv';
import type { Node, ParseError } from 'jsonc-parser';
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Place } from '../engine/problem';
import { Problem } from '../engine/problem';
import { validateConfig } from './configValidator';
import type { ConfigData } from './schema';

/** Keys and indexes that lead to a value of the configuration. */
export type ConfigPath = readonly (string | number)[];

/** A configuration file that was read. */
export interface Config {
  /** Absolute path of the file. */
  readonly file: string;
  /** Folder that its relative paths start from and that outputs must stay in. */
  readonly folder: string;
  readonly data: ConfigData;
  /** Place of a value in the file, or of the nearest thing around it that is there; of its key with `mark`. */
  place(where: ConfigPath, mark?: 'key'): Place;
}

/** What reading a configuration gives: the configuration unless it is unusable, and everything wrong with it. */
export interface ConfigReading {
  readonly config?: Config;
  readonly problems: readonly Problem[];
}

/** Reads a configuration: JSON with comments, checked against the schema. Files that it names are not looked at here. */
export function parseConfig(text: string, file: string): ConfigReading {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || root === undefined) {
    const [error] = errors;
    const place = { file, ...lineAndColumn(text, error?.offset ?? 0), length: Math.max(1, error?.length ?? 1) };
    const what = error === undefined ? 'The file is empty.' : `This is not JSON: ${spaced(printParseErrorCode(error.error))}.`;
    return { problems: [new Problem('config-syntax', what, 'Correct the text here; VS Code completes the keys.', place)] };
  }
  const data: unknown = getNodeValue(root);
  const place: Config['place'] = (where, mark) => ({ file, ...placeIn(text, root, where, mark) });
  if (validateConfig(data)) return { config: { file, folder: path.dirname(file), data, place }, problems: [] };
  return { problems: mostTelling(validateConfig.errors ?? []).map((error) => schemaProblem(error, place)) };
}

/** An `anyOf` reports every branch and then itself: the last says it all. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf');
  return errors.filter((error) => !unions.some((union) => error !== union && error.schemaPath.startsWith(`${union.schemaPath}/`)));
}

function schemaProblem(error: ErrorObject, place: Config['place']): Problem {
  const where = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const { what, next, at, mark } = explain(error, where);
  return new Problem('config-schema', what, next, place(at ?? where, mark));
}

interface Explanation {
  readonly what: string;
  readonly next: string;
  /** Where to point, when it is not the value itself. */
  readonly at?: ConfigPath;
  readonly mark?: 'key';
}

function explain(error: ErrorObject, where: ConfigPath): Explanation {
  const key = describePath(where);
  const params = error.params as Record<string, unknown>;
  const schema = error.parentSchema as { description?: string; properties?: Record<string, { description?: string }> } | undefined;
  const allowed = schema?.description ?? error.message ?? 'See docs/configuration.md.';
  const found = JSON.stringify(error.data);
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = String(params['additionalProperty']);
      return { what: `Unknown key "${unknown}" in ${key}.`, next: `Allowed here: ${Object.keys(schema?.properties ?? {}).join(', ')}.`, at: [...where, unknown], mark: 'key' };
    }
    case 'required': {
      const missing = String(params['missingProperty']);
      return { what: `${key} has no "${missing}".`, next: `Add "${missing}". ${schema?.properties?.[missing]?.description ?? ''}`.trim() };
    }
    case 'enum':
      return { what: `${key} is ${found}.`, next: `Use one of: ${(params['allowedValues'] as unknown[]).join(', ')}.` };
    case 'discriminator':
      return { what: `${key} has the type ${JSON.stringify(params['tagValue'])}.`, next: 'Set "type" to one of: onnx, float, codes.', at: [...where, String(params['tag'])] };
    case 'anyOf':
      return { what: `${key} is ${found}.`, next: allowed };
    case 'pattern':
      return { what: `${key} is ${found}.`, next: `It must match ${String(params['pattern'])}. ${allowed}` };
    default:
      return { what: `${key} ${error.message ?? 'is not valid'}; it is ${found}.`, next: allowed };
  }
}

/** `layers[0].array.rows`, or "the configuration" for the top. */
export function describePath(where: ConfigPath): string {
  const text = where.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text === '' ? 'the configuration' : text.replace(/^\./, '');
}

/** The value's own range; an object or array is marked by its key, so that the eye finds it. */
function placeIn(text: string, root: Node, where: ConfigPath, mark: 'key' | undefined): Place {
  for (let length = where.length; length >= 0; length--) {
    const node = findNodeAtLocation(root, where.slice(0, length));
    if (node === undefined) continue;
    const byKey = mark === 'key' || node.type === 'object' || node.type === 'array';
    const marked = byKey && node.parent?.type === 'property' ? (node.parent.children?.[0] ?? node) : node;
    const firstLine = text.slice(marked.offset, marked.offset + marked.length).split(/\r?\n/, 1)[0] ?? '';
    return { ...lineAndColumn(text, marked.offset), length: Math.max(1, firstLine.length) };
  }
  return { line: 1, column: 1 };
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** `PropertyNameExpected` as words. */
function spaced(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
