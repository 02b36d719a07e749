import type { Inference } from '../../vectors/inference';
import { nameClues } from '../../vectors/nameClues';
import { digitsOf, isJoined, recut } from '../../vectors/readAs';
import { FileReading } from '../../vectors/reading';
import type { Add, SetFile } from './lintSet';

/** Files that agree in fewer words are no twins: the name is a coincidence, or one is of another run. */
const LEAST_EQUAL = 0.5;

/** Words of a decimal or hex file that differ from those of the binary file beside whose name says that it holds the same. */
export function checkTwins(files: readonly SetFile[], add: Add): void {
  const binaries = new Map<string, SetFile>();
  for (const file of files) if (radixOf(file.inference) === 'binary') binaries.set(plainName(file.name), file);
  for (const file of files) {
    const radix = radixOf(file.inference);
    const twin = radix === undefined || radix === 'binary' ? undefined : binaries.get(plainName(file.name));
    if (twin === undefined || (file.declared === 'unchanged' && twin.declared === 'unchanged')) continue;
    compare(file, twin, add);
  }
}

function radixOf({ candidates: [best] }: Inference): string | undefined {
  return best?.layout.spec.radix;
}

/** The stem of a name without the words for its radix. */
function plainName(name: string): string {
  return nameClues(name).stem.replaceAll(/(?<![a-z])(?:viz|hex|bin|binary|dec|decimal|fixed)(?![a-z])/g, '').split(/[_.-]+/).filter((word) => word !== '').join('_');
}

function compare({ name, inference }: SetFile, twin: SetFile, add: Add): void {
  const reading = new FileReading(inference.shape, inference.candidates[0]!.layout);
  const shown = reading.values();
  const words = reading.layout.wordsPerLine;
  const different = valuesAs(twin.inference, words)
    .filter(({ length }) => length === shown.length)
    .map((values) => ({ values, at: Array.from(values.keys()).filter((i) => values[i] !== shown[i] && !Number.isNaN(values[i]!) && !Number.isNaN(shown[i]!)) }))
    .sort((a, b) => a.at.length - b.at.length)[0];
  if (different === undefined || different.at.length > shown.length * (1 - LEAST_EQUAL)) return;
  for (const i of different.at) {
    const [line, word] = [Math.floor(i / words), i % words];
    const fileLine = inference.shape.dataLines[line]!;
    const place = reading.words(fileLine)[word];
    add(name, { rule: 'twin-differs', what: `The word is ${shown[i]!}, but ${different.values[i]!} in ${twin.name}, its binary twin.`, next: 'Generate both files again: one of them is wrong.', fileLine, column: place?.column ?? 0, length: place?.length ?? 1 });
  }
}

/** The values of a binary file in lines of so many words, signed and unsigned; none when its lines cannot be cut so. */
function valuesAs({ shape, candidates }: Inference, words: number): Float64Array[] {
  const { layout } = candidates[0]!;
  const bits = layout.wordsPerLine === words ? layout.spec.bits : digitsOf(layout) / words;
  if (!Number.isInteger(bits) || (layout.wordsPerLine !== words && !isJoined(layout))) return [];
  const layouts = isJoined(layout) ? [true, false].map((signed) => recut(layout, words, bits, signed)) : [layout];
  return layouts.map((each) => new FileReading(shape, each).values());
}
