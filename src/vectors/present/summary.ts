import type { Axis } from '../axis';
import type { Layout, Loop } from '../layout';

/** `8 x int4`: how many words of which type stand in a line. */
export function wordsText({ wordsPerLine, spec }: Layout): string {
  return `${wordsPerLine} x ${spec.signed ? 'int' : 'uint'}${spec.bits}`;
}

/** `8 x int4 · rows 7..0 · 3 header`: a layout in the status bar. */
export function layoutSummary(layout: Layout): string {
  const { header, radix, words } = layout.spec;
  const parts = [wordsText(layout), ...(words.length === 0 ? [] : [orderText(words)]), ...(radix === 'binary' ? [] : [radix]), ...(header.length === 0 ? [] : [`${header.length} header`])];
  return parts.join(' · ');
}

/** `kij 0..8, nij 0..35`: what lines or words run over. */
export function orderText(loops: readonly Loop[]): string {
  return loops.map(({ axis, start, step, count }) => `${plural(axis)} ${start}${count > 1 ? `..${start + step * (count - 1)}` : ''}${Math.abs(step) > 1 && count > 1 ? ` step ${Math.abs(step)}` : ''}`).join(', ');
}

const PLURALS: Readonly<Record<Axis, string>> = { icTile: 'ic tiles', ocTile: 'oc tiles', row: 'rows', col: 'cols', kij: 'kij', nij: 'nij', o_nij: 'o_nij' };

function plural(axis: Axis): string {
  return PLURALS[axis];
}
