import { placesLike, placesOfWords } from '../simd/byteClasses';
import type { TextKernel } from '../simd/textKernel';
import { arePlainLines, endsInSign, mayBegin } from './lineRoles';

const NEWLINE = 0x0a;

/** Fewer lines are taken one by one. */
const FEW = 8;

/** Lines that are alike, and what stands at each of their places where that is known. */
export interface CountedLines {
  readonly lines: number;
  readonly places?: Uint8Array;
}

const NONE: CountedLines = { lines: 0 };

/** Counts lines of words of the same length: on vectors where all are of one form, else with more care. */
export class AlikeLines {
  /** Of the lines that were counted last, and of lines of any words of that length. */
  private regular: Uint8Array | undefined;
  private ofWords: Uint8Array = new Uint8Array(0);

  /**
   * How many lines of words, each of `pitch` bytes with its newline, stand one behind the other.
   * @param bytes where a kernel is given, its room from its beginning on
   */
  count(bytes: Uint8Array, start: number, pitch: number, kernel: TextKernel | undefined): CountedLines {
    const most = Math.floor((bytes.length - start) / pitch);
    // Nearly all lines that are not alike are told here
    if (most < FEW || bytes[start + FEW * pitch - 1] !== NEWLINE) return NONE;
    return (kernel === undefined ? undefined : (this.regularLines(bytes, start, pitch, most, kernel) ?? this.linesOfWords(bytes, start, pitch, most, kernel))) ?? plainLines(bytes, start, pitch, most);
  }

  private regularLines(bytes: Uint8Array, start: number, pitch: number, most: number, kernel: TextKernel): CountedLines | undefined {
    const line = bytes.subarray(start, start + pitch);
    const forms = [(): Uint8Array | undefined => (this.regular?.length === pitch ? this.regular : undefined), () => placesLike(line, true), () => placesLike(line, false)];
    for (const form of forms) {
      const places = form();
      const lines = places === undefined ? 0 : kernel.fits(start, most, places);
      if (lines < FEW) continue;
      this.regular = places;
      return { lines, places: places! };
    }
    return undefined;
  }

  private linesOfWords(bytes: Uint8Array, start: number, pitch: number, most: number, kernel: TextKernel): CountedLines | undefined {
    if (this.ofWords.length !== pitch) this.ofWords = placesOfWords(pitch);
    const fitting = kernel.fits(start, most, this.ofWords);
    let lines = 0;
    while (lines < fitting && mayBegin(bytes, start + lines * pitch) && !endsInSign(bytes, start + (lines + 1) * pitch)) lines++;
    return lines < FEW ? undefined : { lines };
  }
}

function plainLines(bytes: Uint8Array, start: number, pitch: number, most: number): CountedLines {
  let lines = 0;
  while (lines < most && bytes[start + (lines + 1) * pitch - 1] === NEWLINE) lines++;
  return lines < FEW || !arePlainLines(bytes, start, pitch, lines) ? NONE : { lines };
}
