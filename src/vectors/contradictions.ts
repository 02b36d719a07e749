import type { Axis, Kind } from './axis';
import type { HeaderClues } from './headerClues';
import type { Layout } from './layout';
import type { NameClues } from './nameClues';

const WORD_AXIS: Readonly<Partial<Record<Axis, string>>> = { row: 'rows', col: 'columns', o_nij: 'output pixels', nij: 'input pixels', kij: 'kernel positions' };
const KIND_NAMES: Readonly<Record<Kind, string>> = { activation: 'activations', weight: 'weights', psum: 'psums', out: 'outputs', address: 'addresses' };

/** Sentences that say where header and name disagree with a layout. */
export function contradictionsOf(layout: Layout, header: HeaderClues, name: NameClues): string[] {
  const { spec, lineCount, wordsPerLine } = layout;
  const found: string[] = [];
  const claim = headerClaim(header);
  if (spec.kind === 'address') {
    if (claim !== undefined) found.push(`The header names ${claim}, but the file holds one address a line.`);
  } else if (claim !== undefined && !header.outputStationary) {
    if (header.count !== undefined && header.count !== wordsPerLine) found.push(`The header names ${claim}, but ${wordsPerLine} words a line fit better.`);
    const inner = spec.words.at(-1)?.axis;
    if (header.words !== undefined && inner !== undefined && header.words !== inner) {
      found.push(`The header names ${header.words === 'row' ? 'rows' : 'columns'}, but the words of a line are ${WORD_AXIS[inner] ?? inner}.`);
    } else if (header.words === inner && header.descending !== undefined && wordsPerLine > 1 && (spec.words.at(-1)?.step ?? -1) > 0 === header.descending) {
      found.push(`The header counts ${claim}, but the words of a line run the other way.`);
    }
    const line = spec.lines.at(-1)?.axis;
    if (header.lines === 'col' && line === 'row') found.push('The header says that a line is a column, but each line is a row.');
    if (header.lines === 'row' && line === 'col') found.push('The header says that a line is a row, but each line is a column.');
    if (header.lines !== undefined && header.lines !== 'time' && spec.kind !== 'weight') found.push(`The header is that of weights, but the file holds ${KIND_NAMES[spec.kind]}.`);
  }
  const { stated, statedLines } = header;
  if (stated !== undefined && (stated.bits !== spec.bits || stated.count !== wordsPerLine)) found.push(`The header states ${stated.count} words of ${stated.bits} bits, but ${wordsPerLine} words of ${spec.bits} bits fit better.`);
  if (statedLines !== undefined && statedLines !== lineCount) found.push(`The header states ${statedLines} lines, but there are ${lineCount}.`);
  if (name.kind !== undefined && name.kind !== spec.kind && !(name.kind === 'psum' && spec.kind === 'out')) found.push(`The file name says ${KIND_NAMES[name.kind]}, but the file holds ${KIND_NAMES[spec.kind]}.`);
  if (name.radix !== undefined && name.radix !== spec.radix) found.push(`The file name says ${name.radix}, but the words are ${spec.radix}.`);
  return found;
}

/** `row7..row0`: the words that a header names. */
function headerClaim({ words, count, descending }: HeaderClues): string | undefined {
  if (words === undefined || count === undefined) return undefined;
  return descending === false ? `${words}0..${words}${count - 1}` : `${words}${count - 1}..${words}0`;
}
