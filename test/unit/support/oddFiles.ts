import { Buffer } from 'node:buffer';

const HEADER = '#time0col7[msb-lsb],....,time0col0[msb-lsb]#\n#time1col7[msb-lsb]#\n#....#\n';

/** A psum file of 36 lines, as text. */
export const PSUM = `${HEADER}${Array.from({ length: 36 }, (_, line) => Array.from({ length: 8 }, (__, word) => ((((line * 8 + word) * 7919) % 601) - 300 + 65536).toString(2).slice(-16)).join('')).join('\n')}\n`;

/** Contents that nobody means and everybody meets, by what is odd about them. */
export const ODD_FILES: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  'one newline': Buffer.from('\n'),
  'newlines only': Buffer.from('\n'.repeat(5000)),
  'carriage returns only': Buffer.from('\r'.repeat(5000)),
  NUL: Buffer.alloc(4096),
  'NUL in the middle': Buffer.concat([Buffer.from(PSUM), Buffer.alloc(3), Buffer.from(PSUM)]),
  'UTF-16, little-endian, with BOM': Buffer.from(`\ufeff${PSUM}`, 'utf16le'),
  'UTF-16, big-endian, with BOM': Buffer.from(`\ufeff${PSUM}`, 'utf16le').swap16(),
  'UTF-8 with BOM': Buffer.from(`\ufeff${PSUM}`),
  'the header alone': Buffer.from(HEADER),
  'one long line': Buffer.from('01'.repeat(200_000)),
  'a lone surrogate and marks': Buffer.from([0xed, 0xa0, 0x80, 0x30, 0x31, 0xff, 0xfe, 0x0a, 0x30]),
};

/** Bytes that look random and are the same each time. */
export function randomBytes(seed: number, length: number): Buffer {
  let state = seed >>> 0 || 1;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    }),
  );
}
