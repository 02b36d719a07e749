import path from 'node:path';
import type { LayoutChoice } from '../../protocol/pages';
import type { Coordinates } from '../../vectors/axis';
import { inferShape } from '../../vectors/infer';
import { Layout } from '../../vectors/layout';
import type { LineMap } from '../../vectors/pages/lineMap';
import type { Pixels } from '../../vectors/present/pixels';
import { countOf, pixelsOf } from '../../vectors/present/pixels';
import type { WordContext } from '../../vectors/present/wordText';
import { FileReading } from '../../vectors/reading';
import { suits } from '../../vectors/textForm';
import { textShape } from '../../vectors/textShape';
import { layoutForLines } from '../../vectors/wholeFile';
import type { FoundManifest } from '../setManifest';

/** How a file is read. */
export interface PageLayout {
  readonly layout: Layout;
  /** Where the layout is from, as sentences. */
  readonly how: string;
  /** Stated by a manifest, or chosen by the user. */
  readonly certain: boolean;
  readonly context: WordContext;
}

/**
 * The layout of a file whose lines are mapped: as its manifest states or the user chose, as far as that still fits, else as its beginning
 * and its number of lines tell.
 * @returns a sentence instead when the file is no table of words
 */
export function pageLayout(file: string, map: LineMap, manifest: FoundManifest | undefined, choice: LayoutChoice | undefined): PageLayout | string {
  const { shape } = map.head;
  const stated = manifest?.files.get(file);
  const best = inferShape(shape, path.basename(file), {});
  const candidate = best.candidates[0];
  if (choice !== undefined) {
    const chosen = chosenLayout(choice, candidate?.layout, map);
    if (fits(chosen, map)) return { layout: chosen, how: 'chosen: You chose this reading for files of this name.', certain: true, context: contextOf(chosen, manifest, file) };
  }
  if (stated?.layout !== undefined && stated.bytes === map.source.size && fits(stated.layout, map)) {
    return { layout: stated.layout, how: 'stated: The manifest of its set states the layout.', certain: true, context: contextOf(stated.layout, manifest, file) };
  }
  if (candidate === undefined) return best.report ?? 'The lines have no common form.';
  const { data } = map.status;
  const layout = candidate.layout.lineCount === data ? candidate.layout : layoutForLines(candidate.layout, path.basename(file), shape.header, data);
  const against = candidate.contradictions.length === 0 ? '' : ` · against it: ${candidate.contradictions.join(' ')}`;
  return { layout, how: `${Math.round(100 * candidate.confidence)} % sure: ${candidate.evidence.slice(0, 3).join(' ')}${against}`, certain: false, context: contextOf(layout, manifest, file) };
}

/** A dump is written in the form of what it is compared with: the layout of that file, where its lines fit it. */
export function layoutLike({ layout, context }: PageLayout, map: LineMap, name: string): PageLayout | undefined {
  const { shape } = map.head;
  const like = new Layout({ ...layout.spec, header: shape.header, eol: shape.eol });
  return sameLines(like, map) ? { layout: like, how: `read like ${name}, whose form it has`, certain: false, context } : undefined;
}

function fits(layout: Layout, map: LineMap): boolean {
  const { data, counted } = map.status;
  return sameLines(layout, map) && (!counted || data === layout.lineCount);
}

/** Do the first lines have the length and the digits of the layout? */
function sameLines(layout: Layout, { head: { shape } }: LineMap): boolean {
  const first = shape.dataLines[0];
  return first !== undefined && Math.abs(shape.line(first).length - layout.lineWidth) <= layout.spec.trailing.length && suits(shape, layout.spec.radix);
}

function chosenLayout(choice: LayoutChoice, inferred: Layout | undefined, { head: { shape } }: LineMap): Layout {
  const looped = new Set([...choice.lines, ...choice.words].map(({ axis }) => axis));
  const fixed = Object.fromEntries(Object.entries(inferred?.spec.fixed ?? {}).filter(([axis]) => !looped.has(axis as keyof Coordinates)));
  return new Layout({ ...choice, fixed, header: shape.header, eol: shape.eol });
}

const NOTHING = textShape('');

/** What the manifest's files tell of the geometry. Their texts are not read: activations tell the zeros around the image, which only their values show. */
function contextOf(layout: Layout, manifest: FoundManifest | undefined, file: string): WordContext {
  const others = [...(manifest?.files ?? [])].flatMap(([name, { layout: other }]) => (name === file || other === undefined ? [] : [other]));
  const readings = [layout, ...others].map((one) => new FileReading(NOTHING, one));
  const rows = countOf(readings, 'row', ['activation', 'weight']);
  const cols = countOf(readings, 'col', ['weight', 'psum', 'out']);
  return { pixels: geometry(readings), sides: { ...(rows !== undefined && { rows }), ...(cols !== undefined && { cols }) }, ...(manifest?.steps !== undefined && { steps: manifest.steps }) };
}

function geometry(readings: readonly FileReading[]): Pixels {
  return pixelsOf(readings.filter(({ layout }, i) => i === 0 || layout.spec.kind !== 'activation'));
}
