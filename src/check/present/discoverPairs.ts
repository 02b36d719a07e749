import { isDumpName } from '../../vectors/fileNames';
import { nameClues } from '../../vectors/nameClues';

export interface NamedFile {
  readonly name: string;
  /** Data lines. */
  readonly lines: number;
}

/** Dumps of one folder, each with the one golden file of the same kind, tile and kij, and of as many lines as it has or fewer. */
export function pairsIn(files: readonly NamedFile[]): { readonly golden: string; readonly dump: string }[] {
  const goldens = files.filter(({ name }) => !isDumpName(name) && nameClues(name).radix !== 'decimal');
  return files
    .filter(({ name }) => isDumpName(name))
    .flatMap((dump) => {
      const clues = nameClues(dump.name);
      if (clues.kind !== 'psum' && clues.kind !== 'out') return [];
      const fitting = goldens.filter(({ name, lines }) => {
        const golden = nameClues(name);
        return golden.kind === clues.kind && lines > 0 && fits(lines, dump.lines) && JSON.stringify(golden.fixed) === JSON.stringify(clues.fixed);
      });
      return fitting.length === 1 ? [{ golden: fitting[0]!.name, dump: dump.name }] : [];
    });
}

/** As many, one more or fewer (an offset, which a check finds), or the memory's own size. */
function fits(golden: number, dump: number): boolean {
  return Math.abs(golden - dump) <= 1 || dump === 2 ** Math.ceil(Math.log2(golden));
}
