/**
 * The header texts of the notebooks, three lines each. `lst` and `co7` are in the originals, which test benches and
 * golden files share: they are never to be corrected, and they do not change with the array size or the bit width.
 */
export const HEADERS = {
  none: [],
  'time-row': ['#time0row7[msb-lsb],time0row6[msb-lst],....,time0row0[msb-lst]#', '#time1row7[msb-lsb],time1row6[msb-lst],....,time1row0[msb-lst]#', '#................#'],
  'col-row': ['#col0row7[msb-lsb],col0row6[msb-lst],....,col0row0[msb-lst]#', '#col1row7[msb-lsb],col1row6[msb-lst],....,col1row0[msb-lst]#', '#................#'],
  'time-col': ['#time0col7[msb-lsb],time0col6[msb-lst],....,time0col0[msb-lst]#', '#time1col7[msb-lsb],time1col6[msb-lst],....,time1col0[msb-lst]#', '#................#'],
  'time-co': ['#time0co7[msb-lsb],time0co6[msb-lst],....,time0col0[msb-lst]#', '#time1co7[msb-lsb],time1co6[msb-lst],....,time1col0[msb-lst]#', '#................#'],
} as const satisfies Record<string, readonly string[]>;

export type HeaderName = keyof typeof HEADERS;
export const HEADER_NAMES = Object.keys(HEADERS) as HeaderName[];
