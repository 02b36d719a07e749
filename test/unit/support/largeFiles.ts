import fs from 'node:fs';

const HEADER = ['#time0col7[msb-lsb],time0col6[msb-lsb],....,time0col0[msb-lsb]#', '#time1col7[msb-lsb],time1col6[msb-lsb],....,time1col0[msb-lsb]#', '#................#'];
export const HEADER_LINES = HEADER.length;
/** 8 words of 16 bits, and a line end. */
export const PITCH = 129;
const AT_ONCE = 8192;

export function psumValue(line: number, col: number): number {
  return ((line * 31 + col * 7) % 401) - 200;
}

function psumLine(line: number): string {
  let text = '';
  for (let col = 7; col >= 0; col--) text += (psumValue(line, col) & 0xffff).toString(2).padStart(16, '0');
  return `${text}\n`;
}

function psumLines(from: number, count: number): string {
  return Array.from({ length: count }, (_, i) => psumLine(from + i)).join('');
}

/** A psum file of so many lines. @param change of some lines, `[line, text of its last 16 digits]` */
export function writePsums(file: string, lines: number, changed: ReadonlyMap<number, string> = new Map()): void {
  const descriptor = fs.openSync(file, 'w');
  fs.writeSync(descriptor, `${HEADER.join('\n')}\n`);
  // Lines repeat: making 200 MB of distinct ones would take longer than the tests
  const block = psumLines(0, 401 * 20);
  for (let line = 0; line < lines; line += 401 * 20) fs.writeSync(descriptor, block.slice(0, Math.min(401 * 20, lines - line) * PITCH));
  const start = HEADER.join('\n').length + 1;
  for (const [line, digits] of changed) fs.writeSync(descriptor, digits, start + line * PITCH + 112);
  fs.closeSync(descriptor);
}

/** A psum file of which only the beginning and the end were written: between them the disk holds nothing, and a reader finds NUL bytes. */
export function writeSparse(file: string, bytes: number): { readonly lines: number } {
  const head = `${HEADER.join('\n')}\n`;
  const data = Math.floor((bytes - head.length) / PITCH);
  const descriptor = fs.openSync(file, 'w');
  fs.writeSync(descriptor, head + psumLines(0, AT_ONCE));
  fs.ftruncateSync(descriptor, head.length + data * PITCH);
  fs.writeSync(descriptor, psumLines(data - AT_ONCE, AT_ONCE), head.length + (data - AT_ONCE) * PITCH);
  fs.closeSync(descriptor);
  return { lines: data + HEADER_LINES };
}
