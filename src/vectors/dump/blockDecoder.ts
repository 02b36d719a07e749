import { kernelForm } from '../codec';
import type { Layout } from '../layout';
import type { LineForm } from '../simd/textKernel';
import { TextKernel, textKernel } from '../simd/textKernel';
import { asciiBytes } from './byteSource';
import type { EntryWords } from './entries';
import { WORD_STATES } from './entries';

/** Lines that are decoded together: of a block with anything irregular in it none is. */
const BLOCK = 32;

/** What became of a block. */
const NOT_YET = 0;
const DECODED = 1;
const REFUSED = 2;

/** The lines of a layout as vectors read them, with each end that a line of words may have. */
export class BlockForms {
  private readonly kernel: TextKernel | undefined;
  private readonly forms: readonly LineForm[];

  constructor(private readonly layout: Layout) {
    const form = kernelForm(layout);
    this.kernel = form === undefined ? undefined : textKernel();
    const ends = new Set(['\n', '\r\n'].flatMap((eol) => [layout.spec.trailing + eol, eol]));
    this.forms = form === undefined ? [] : [...ends].map((end) => ({ ...form, end: asciiBytes(end), above: 'copies' as const })).filter((one) => TextKernel.takes(one));
  }

  /** Decodes equal lines when they are asked for; undefined when they have not the length of the layout's. */
  decoder(bytes: Uint8Array, lines: number, pitch: number): BlockDecoder | undefined {
    const { kernel } = this;
    const form = this.formOf(bytes, pitch);
    if (kernel === undefined || form === undefined || bytes.length < lines * pitch) return undefined;
    return new BlockDecoder(bytes, lines, pitch, form, kernel);
  }

  /** The words of equal lines at once, until the next call; undefined when there is anything else among them. */
  decode(bytes: Uint8Array, lines: number, pitch: number): Int32Array | undefined {
    const form = this.formOf(bytes, pitch);
    return form === undefined || bytes.length < lines * pitch ? undefined : this.kernel?.decode(form, lines, bytes);
  }

  /** By the length of the lines and the end of the first. */
  private formOf(bytes: Uint8Array, pitch: number): LineForm | undefined {
    const { lineWidth, spec } = this.layout;
    const end = pitch - (lineWidth - spec.trailing.length);
    return this.forms.find((one) => one.end.length === end && endsWith(bytes, pitch, one.end));
  }
}

/** The values of lines that are words of digits and nothing else, as {@link LineDecoder} gives them. */
export class BlockDecoder {
  private readonly values: Int32Array;
  private readonly done: Uint8Array;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly lines: number,
    private readonly pitch: number,
    private readonly form: LineForm,
    private readonly kernel: TextKernel,
  ) {
    this.values = new Int32Array(lines * form.words);
    this.done = new Uint8Array(Math.ceil(lines / BLOCK));
  }

  /** @returns whether the words of a line could be told so; if not, nothing is known of them */
  read(line: number, into: EntryWords): boolean {
    const { words } = this.form;
    const block = Math.floor(line / BLOCK);
    if (this.done[block] === NOT_YET) this.done[block] = this.decode(block);
    if (this.done[block] === REFUSED) return false;
    for (let word = 0, at = line * words; word < words; word++, at++) {
      into.values[word] = this.values[at]!;
      into.state[word] = WORD_STATES.known;
      into.unknown[word] = 0;
    }
    return true;
  }

  private decode(block: number): number {
    const first = block * BLOCK;
    const lines = Math.min(BLOCK, this.lines - first);
    const values = this.kernel.decode(this.form, lines, this.bytes.subarray(first * this.pitch));
    if (values === undefined) return REFUSED;
    this.values.set(values, first * this.form.words);
    return DECODED;
  }
}

function endsWith(bytes: Uint8Array, pitch: number, end: Uint8Array): boolean {
  return end.every((byte, i) => bytes[pitch - end.length + i] === byte);
}
