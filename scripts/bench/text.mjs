import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { timesOf } from './measure.mjs';

/** A psum file of 8 words a line, with the values that it holds. */
export function psumText({ Layout, encode }, radix, nijs) {
  const layout = new Layout({ kind: 'psum', bits: 16, signed: true, radix, lines: [{ axis: 'kij', start: 0, step: 1, count: 9 }, { axis: 'nij', start: 0, step: 1, count: nijs }], words: [{ axis: 'col', start: 7, step: -1, count: 8 }], fixed: {}, separator: '', trailing: '', header: [], eol: '\n' });
  const values = Int32Array.from({ length: 72 * nijs }, (_, i) => ((i * 7919) % 65536) - 32768);
  const source = { strides: { col: 9 * nijs, nij: 9, kij: 1 }, block: () => values };
  return { layout, source, text: encode(layout, source) };
}

/** How long the tools of the system take to compare two equal files of this text. Milliseconds; undefined for one that is not there. */
export async function systemTools(text) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-bench-'));
  const files = ['a.txt', 'b.txt'].map((name) => path.join(folder, name));
  try {
    for (const file of files) fs.writeFileSync(file, text);
    const result = {};
    for (const tool of ['cmp', 'diff']) {
      try {
        // Its processor time is not this process's
        result[tool] = [...(await timesOf(() => execFileSync(tool, files)))];
      } catch (error) {
        if (error.code !== 'ENOENT') throw error;
      }
    }
    return result;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
