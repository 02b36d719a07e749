import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeNpy } from '../../../src/model/npy';
import type { Config } from '../../../src/project/config';
import { parseConfig } from '../../../src/project/config';
import type { Entry } from '../../../src/project/entry';
import { findEntries } from '../../../src/project/entry';
import type { LayerConfig } from '../../../src/project/schema';
import { ROOT, fixture, oracleCase } from './fixtures';

/** A folder of its own for one test. */
export interface TestFolder {
  readonly path: string;
  file(...parts: string[]): string;
  write(name: string, content: string | Uint8Array): string;
  read(name: string): string;
  /** Files below a folder with their content, sorted; hidden ones included. */
  files(below?: string): Record<string, string>;
}

const made: string[] = [];

export function testFolder(): TestFolder {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-test-')));
  made.push(folder);
  const file = (...parts: string[]): string => path.join(folder, ...parts);
  return {
    path: folder,
    file,
    write: (name, content) => {
      fs.mkdirSync(path.dirname(file(name)), { recursive: true });
      fs.writeFileSync(file(name), content);
      return file(name);
    },
    read: (name) => fs.readFileSync(file(name), 'latin1'),
    files: (below = '.') =>
      Object.fromEntries(
        fs
          .readdirSync(file(below), { recursive: true, withFileTypes: true })
          .filter((entry) => !entry.isDirectory())
          .map((entry) => path.join(entry.parentPath, entry.name))
          .map((name) => [path.relative(file(below), name).split(path.sep).join('/'), fs.lstatSync(name).isSymbolicLink() ? '(link)' : fs.readFileSync(name, 'latin1')] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
  };
}

export function removeTestFolders(): void {
  for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

/** Bundled script of the ONNX Runtime process, as `npm run build` makes it. */
export const ORT_SCRIPT = path.join(ROOT, 'dist/ort.js');

/** An entry that maps a notebook's tensors from their floats, as a user would write it. */
export function notebookLayer(name: string, profile: string): LayerConfig {
  const meta = oracleCase(name);
  return {
    name: 'layer',
    source: { type: 'float', activation: fixture('oracle', name, 'inputs/act_float.npy'), weight: fixture('oracle', name, 'inputs/weight_float.npy') },
    quantization: { actBits: meta.act_bit, wgtBits: meta.w_bit, actAlpha: meta.act_alpha, wgtAlpha: meta.w_alpha },
    convolution: { stride: meta.stride, padding: meta.padding },
    array: { rows: meta.array_size, cols: meta.array_size },
    profile,
    extras: [],
    output: 'golden',
  };
}

/** A tiny layer of integer codes written into the folder: 2 to 2 channels, 1x1 kernel, 2x2 image. */
export function tinyLayer(folder: TestFolder, activation: number[] = [1, 2, 3, 4, 5, 6, 7, 8]): LayerConfig {
  folder.write('a.npy', writeNpy(Int8Array.from(activation), [2, 2, 2]));
  folder.write('w.npy', writeNpy(Int8Array.of(1, -2, 3, -4), [2, 2, 1, 1]));
  return { name: 'tiny', source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' }, array: { rows: 2, cols: 2 }, profile: 'memory-data-4bit', extras: [], output: 'golden' };
}

export function configOf(folder: TestFolder, ...layers: LayerConfig[]): Config {
  const text = JSON.stringify({ layers }, null, 2);
  folder.write('tilescope.json', text);
  const { config, problems } = parseConfig(text, folder.file('tilescope.json'));
  if (config === undefined) throw new Error(problems.map((problem) => problem.format()).join('\n'));
  return config;
}

export function entryOf(folder: TestFolder, layer: LayerConfig): Entry {
  return findEntries(configOf(folder, layer), [])[0]!;
}
