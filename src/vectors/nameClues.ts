import type { Coordinates, Kind } from './axis';
import type { Radix } from './layout';

/** What a file name says about its content. Everything is a hint: names are often wrong. */
export interface NameClues {
  /** Base name without folder, extension, copy mark (`(1)`, `-checkpoint`). */
  readonly stem: string;
  readonly kind?: Kind;
  /** Coordinates in the name: `itile0`, `otile1`, `kij3`, `tile0`. */
  readonly fixed: Coordinates;
  readonly radix?: Radix;
  /** Outputs cut at zero, or raw ones. */
  readonly relu?: boolean;
  /** Order of an output-stationary array: output pixels in a line. */
  readonly outputStationary: boolean;
  /** The dump of a memory or of a port of the simulated design. */
  readonly memory: boolean;
  /** What is left without kind, numbers and form: equal for the files of one set. */
  readonly set: string;
}

const KIND_WORDS: readonly (readonly [Kind, RegExp])[] = [
  ['address', /addr/],
  ['out', /relu|(?<![a-z])out|output|ofmap|ofm(?![a-z])|sfp|result|answer|accumulated/],
  ['psum', /psum|pmem|partial|(?<![a-z])p\d*(?![a-z])/],
  ['weight', /weight|wgt|kernel|filter|wmem|(?<![a-z])w\d*(?![a-z])/],
  ['activation', /activation|(?<![a-z])act(?![a-z])|(?<![a-z])ifmap|(?<![a-z])ifm(?![a-z])|feature|amem|xmem|(?<![a-z]\d*)[ax]\d*(?![a-z])|(?<![a-z])input|image/],
];

const RADIX_WORDS: readonly (readonly [Radix, RegExp])[] = [
  ['hex', /hex|memh/],
  ['decimal', /(?<![a-z])viz|(?<![a-z])dec(?![a-z])|decimal/],
  ['binary', /(?<![a-z])bin(?![a-z])|binary|memb/],
];

/** @param name path or base name, `/` or `\` between folders */
export function nameClues(name: string): NameClues {
  const base = name.split(/[\\/]/).at(-1)!.toLowerCase();
  const stem = base.replace(/(?:\.(?:txt|mem|dat|data|hex|bin|dec|memb|memh|list|csv|log))+$/, '').replace(/(?:-checkpoint| \(\d+\)|- ?copy)+$/, '');
  const kind = kindOf(stem);
  const extension = base.slice(stem.length);
  const radix = RADIX_WORDS.find(([, words]) => words.test(stem) || words.test(extension))?.[0];
  return {
    stem,
    ...(kind !== undefined && { kind }),
    fixed: coordinatesIn(stem, kind),
    ...(radix !== undefined && { radix }),
    ...(/relu/.test(stem) ? { relu: true } : /raw|before/.test(stem) ? { relu: false } : {}),
    outputStationary: /(?<![a-z])os(?![a-z])/.test(stem),
    memory: /mem/.test(base),
    set: setOf(stem),
  };
}

/** The word that names the kind: an output of psums is an output, a weight input is a weight. */
function kindOf(stem: string): Kind | undefined {
  // What the numbers and underscores cut apart are words: "w_kij", "a0"
  return KIND_WORDS.find(([, words]) => words.test(stem))?.[0];
}

function coordinatesIn(stem: string, kind: Kind | undefined): Coordinates {
  const number = (pattern: RegExp): number | undefined => {
    const found = pattern.exec(stem)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const tile = number(/(?<![a-z])tile_?(\d+)/);
  const icTile = number(/(?<![a-z])(?:ic?_?tile|ict|it|ic)_?(\d+)/) ?? (kind === 'activation' ? tile : undefined);
  const ocTile = number(/(?<![a-z])(?:oc?_?tile|oct|ot|oc)_?(\d+)/) ?? (kind === 'out' ? tile : undefined);
  const perKij = kind === 'weight' || kind === 'psum';
  const last = perKij && icTile === undefined && ocTile === undefined ? number(/^(?:viz_)?[a-z]+_?(\d{1,2})(?:_(?:bin|hex|dec|fixed))?$/) : number(/tile_?\d+_(\d{1,2})$/);
  const kij = number(/(?<![a-z])kij_?(\d+)/) ?? number(/(?<![a-z])k_?(\d+)/) ?? (perKij ? last : undefined);
  return {
    ...(icTile !== undefined && kind !== 'out' && { icTile }),
    ...(ocTile !== undefined && kind !== 'activation' && { ocTile }),
    ...(kij !== undefined && perKij && { kij }),
  };
}

function setOf(stem: string): string {
  const words = stem
    .replaceAll(/(?:ic?|oc?)?_?tile_?\d+|kij_?\d*|(?<![a-z])k_?\d+/g, ' ')
    .replaceAll(/activation|act(?![a-z])|weights?|wgt|kernel|psums?|outputs?|out|relu|raw|address|addr|acc(?![a-z])|accumulated|viz|hex|bin(?:ary)?|dec(?:imal)?|fixed|pmem|mem|rtl|(?<![a-z])[apwx]\d*(?![a-z])/g, ' ')
    .split(/[\s_.-]+/)
    .filter((word) => word !== '');
  // A number belongs to the word before it (layer_1), if that is not one of the kinds or coordinates
  return words.filter((word, i) => !/^\d+$/.test(word) || (i > 0 && !/^\d+$/.test(words[i - 1]!))).join('_');
}
