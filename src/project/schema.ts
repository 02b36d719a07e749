import Type from 'typebox';
import { OVERFLOW_POLICIES } from '../engine/width';
import { MAX_BITS, MIN_BITS } from '../engine/quantize';
import { KINDS } from '../vectors/axis';
import { HEADER_NAMES } from '../vectors/header';
import { RADIXES } from '../vectors/layout';
import { EXTRAS } from '../vectors/plan';
import { BUILT_IN_PROFILES } from '../vectors/profile';

/**
 * The one description of tilescope.json: TypeScript types, the validator and the JSON schema that VS Code completes from
 * (`npm run schema` writes it to schemas/) all come from here.
 */

const closed = { additionalProperties: false } as const;

/** A closed set of words, as an enum with a type of its own. */
function oneOf<const Words extends readonly string[]>(words: Words, options: { description: string; default?: Words[number] }) {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], ...options });
}

const Bits = (what: string) => Type.Integer({ minimum: MIN_BITS, maximum: MAX_BITS, description: `Bits of ${what}, ${MIN_BITS} to ${MAX_BITS}.` });
const Alpha = (what: string) => Type.Number({ exclusiveMinimum: 0, description: `Clipping threshold ${what}, > 0, from the trained model.` });
const Path = (what: string) => Type.String({ minLength: 1, description: `${what}, relative to this file.` });
const Size = (what: string) => Type.Integer({ minimum: 1, maximum: 65536, description: what });

/** One whole number for both directions, or [vertical, horizontal]. */
const perSide = (least: number, description: string) =>
  Type.Unsafe<number | [number, number]>({
    description,
    anyOf: [
      { type: 'integer', minimum: least },
      { type: 'array', items: { type: 'integer', minimum: least }, minItems: 2, maxItems: 2 },
    ],
  });

const OnnxSource = Type.Object(
  {
    type: Type.Literal('onnx', { description: 'Capture from a model: codes, bits and alphas come from the graph.' }),
    model: Path('The ONNX model'),
    layer: Type.String({ minLength: 1, description: 'Name of the convolution layer, as `tilescope layers MODEL` lists it.' }),
    input: Path('The network input, .npy float [N,C,H,W] or [C,H,W]'),
    sample: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Index of the sample in `input`, from 0.' })),
  },
  { ...closed, description: 'ONNX model and an input.' },
);

const FloatSource = Type.Object(
  {
    type: Type.Literal('float', { description: 'Quantise float tensors with given alphas.' }),
    activation: Path('Layer input before quantisation, .npy float [C,H,W] or [N,C,H,W]'),
    weight: Path('Layer weights before quantisation, .npy float [OC,IC,Kh,Kw]'),
    sample: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Index of the sample in `activation`, from 0.' })),
  },
  { ...closed, description: 'Float tensors; quantization.actAlpha and quantization.wgtAlpha are required.' },
);

const CodesSource = Type.Object(
  {
    type: Type.Literal('codes', { description: 'Integer codes, quantised already.' }),
    activation: Path('Activation codes, .npy integers [C,H,W] or [N,C,H,W]'),
    weight: Path('Weight codes, .npy integers [OC,IC,Kh,Kw]'),
    sample: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Index of the sample in `activation`, from 0.' })),
  },
  { ...closed, description: 'Integer codes.' },
);

const Source = Type.Unsafe<Type.Static<typeof OnnxSource> | Type.Static<typeof FloatSource> | Type.Static<typeof CodesSource>>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [OnnxSource, FloatSource, CodesSource],
  description: 'Where the layer comes from.',
});

const OutOfRange = oneOf(OVERFLOW_POLICIES, {
  description: 'What to do with codes that the bits cannot hold, such as negative activations of a layer that does not follow a ReLU: stop, keep the low bits, or cut to the range.',
  default: 'error',
});

const Quantization = Type.Object(
  {
    actBits: Type.Optional(Bits('an activation code (unsigned)')),
    wgtBits: Type.Optional(Bits('a weight code (signed)')),
    actAlpha: Type.Optional(Alpha('act_alpha of the activations')),
    wgtAlpha: Type.Optional(Alpha('wgt_alpha of the weights')),
    normalizeWeights: Type.Optional(Type.Boolean({ description: 'Float weights only: bring the tensor to mean 0 and standard deviation 1 before dividing by wgtAlpha, as the course\'s weight_quantize_fn does. Default true.' })),
    outOfRange: Type.Optional(OutOfRange),
  },
  { ...closed, description: 'Bits and thresholds. An ONNX source brings its own; there, bits may be given to widen words, alphas may not.' },
);

const Convolution = Type.Object(
  {
    stride: Type.Optional(perSide(1, 'Stride, one number or [vertical, horizontal]. Default 1.')),
    dilation: Type.Optional(perSide(1, 'Dilation, one number or [vertical, horizontal]. Default 1.')),
    padding: Type.Optional(
      Type.Unsafe<number | [number, number] | [number, number, number, number]>({
        description: 'Zero pixels around the image: one number, [vertical, horizontal], or [top, left, bottom, right]. Default 0.',
        anyOf: [
          { type: 'integer', minimum: 0 },
          { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2, maxItems: 2 },
          { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 4, maxItems: 4 },
        ],
      }),
    ),
  },
  { ...closed, description: 'The convolution; sizes come from the tensors. An ONNX source brings its own.' },
);

const ArrayConfig = Type.Object(
  {
    rows: Type.Optional(Size('Rows of the array: input channels of a tile. Default 8.')),
    cols: Type.Optional(Size('Columns of the array: output channels of a tile. Default 8.')),
    psumBits: Type.Optional(Type.Integer({ minimum: 2, maximum: 32, description: 'Bits of a psum and of an SFP output, two\'s complement. Default 16.' })),
    overflow: Type.Optional(oneOf(OVERFLOW_POLICIES, { description: 'What to do with psums and outputs that do not fit psumBits: stop and name the first, wrap, or saturate.', default: 'error' })),
  },
  { ...closed, description: 'The weight-stationary systolic array.' },
);

const Selected = Type.Unsafe<'all' | number | `${number}:${number}`>({
  anyOf: [{ const: 'all' }, { type: 'integer', minimum: 0 }, { type: 'string', pattern: '^\\d+:\\d+$' }],
  description: '"all", one index, or a range "first:end" (end excluded).',
});

const Selection = Type.Object(
  { icTile: Type.Optional(Selected), ocTile: Type.Optional(Selected), kij: Type.Optional(Selected), nij: Type.Optional(Selected), o_nij: Type.Optional(Selected) },
  { ...closed, description: 'Which tiles, kernel positions and pixels are written. Default: what the profile selects.' },
);

const Loops = (what: string) => Type.Array(Type.String({ minLength: 1 }), { description: `${what}, outermost first: "axis", "axis desc", "axis/8" (blocks of 8) or "axis%8" (inside a block).` });

const ProfileFile = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'File name below the output folder. {kij} stands for a coordinate; [_kij{kij}] is left out when one value only is selected.' }),
    holds: oneOf(KINDS, { description: 'What the file holds.' }),
    lines: Loops('Loops over the lines'),
    words: Loops('Loops over the words of a line, left to right'),
    bits: Type.Optional(Type.Integer({ minimum: 1, maximum: 32, description: 'Bits of a word. Default: those of what it holds.' })),
    radix: Type.Optional(oneOf(RADIXES, { description: 'How a word is written.', default: 'binary' })),
    separator: Type.Optional(Type.String({ pattern: '^[ \\t,;_|]*$', description: 'Between two words. Default none.' })),
    trailing: Type.Optional(Type.String({ pattern: '^[ \\t,;_|]*$', description: 'After the last word of a line. Default none.' })),
    header: Type.Optional(
      Type.Unsafe<(typeof HEADER_NAMES)[number] | string[]>({
        anyOf: [{ type: 'string', enum: HEADER_NAMES }, { type: 'array', items: { type: 'string', pattern: '^[^\\r\\n]*$' } }],
        description: 'Lines before the data: the name of a notebook header, or the lines themselves.',
      }),
    ),
    eol: Type.Optional(oneOf(['\n', '\r\n'], { description: 'Line end.', default: '\n' })),
    relu: Type.Optional(Type.Boolean({ description: 'Outputs only: cut negatives to zero.' })),
    select: Type.Optional(Selection),
    twin: Type.Optional(Type.Unsafe<string | false>({ anyOf: [{ type: 'string', minLength: 1 }, { const: false }], description: 'Name of the decimal twin; default viz/viz_NAME; false for none.' })),
  },
  { ...closed, description: 'One golden file, or one per value of the axes that its name mentions.' },
);

const ProfileConfig = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'Name to use in "profile".' }),
    description: Type.Optional(Type.String()),
    files: Type.Array(ProfileFile, { minItems: 1, description: 'The files of a set.' }),
  },
  { ...closed, description: 'A set of golden files of your own.' },
);

const ProfileName = Type.String({
  minLength: 1,
  description: `A built-in profile (${BUILT_IN_PROFILES.map(({ name }) => name).join(', ')}) or one of "profiles".`,
  examples: BUILT_IN_PROFILES.map(({ name }) => name),
});
const ExtraFiles = Type.Array(oneOf(EXTRAS, { description: 'decimal: a decimal twin of every file. address: acc_address.txt, the psum SRAM address of every contribution.' }), {
  uniqueItems: true,
  description: 'Files beside the profile\'s own. Default ["decimal"].',
});

const Layer = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'Name of this entry, shown in lists and given to `tilescope generate NAME`.' }),
    source: Source,
    quantization: Type.Optional(Quantization),
    convolution: Type.Optional(Convolution),
    array: Type.Optional(ArrayConfig),
    profile: Type.Optional(ProfileName),
    select: Type.Optional(Selection),
    extras: Type.Optional(ExtraFiles),
    output: Type.String({ minLength: 1, description: 'Folder of the set, relative to this file and inside its folder. TileScope replaces it as a whole; files it did not write are kept.' }),
  },
  { ...closed, description: 'One layer to generate vectors for.' },
);

const Defaults = Type.Object(
  {
    quantization: Type.Optional(Type.Object({ outOfRange: Type.Optional(OutOfRange) }, closed)),
    array: Type.Optional(ArrayConfig),
    profile: Type.Optional(ProfileName),
    select: Type.Optional(Selection),
    extras: Type.Optional(ExtraFiles),
  },
  { ...closed, description: 'Settings of all layers that do not give their own.' },
);

const OneOrMore = (what: string) =>
  Type.Unsafe<string | string[]>({
    description: `${what}, relative to this file.`,
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
    ],
  });

const Vcd = Type.Object(
  {
    file: Path('The .vcd file'),
    signal: Type.String({ minLength: 1, description: 'Name or path of the signal that is compared, such as core.sfp_out; the last parts are enough when they are unique.' }),
    clock: Type.Optional(Type.String({ minLength: 1, description: 'Sample on the edges of this signal. Default: every change of `signal`.' })),
    valid: Type.Optional(Type.String({ minLength: 1, description: 'Sample only while this signal is 1.' })),
    edge: Type.Optional(oneOf(['rising', 'falling'], { description: 'Which edges of `clock`.', default: 'rising' })),
    sample: Type.Optional(oneOf(['before', 'after'], { description: 'What a register on that edge takes (before), or what the signal shows after it.', default: 'before' })),
  },
  { ...closed, description: 'A signal of a waveform in place of a dump file.' },
);

const DumpMap = Type.Object(
  {
    base: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Address of the first entry that holds something.' })),
    lines: Type.Optional(Loops('Loops over the entries (addresses)')),
    strides: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { description: 'Addresses from one value of each of `lines` to its next. Default: entries follow each other closely.' })),
    words: Type.Optional(Loops('Loops over the words of an entry, left to right')),
  },
  { ...closed, description: 'How addresses become coordinates. Default: inferred from what is expected, kij-major for psums.' },
);

const Check = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'Name of this comparison, shown in reports.' }),
    golden: Type.Optional(OneOrMore('Golden files, or one folder that holds them')),
    layer: Type.Optional(Type.String({ minLength: 1, description: 'Name of one of "layers", which is computed, in place of golden files.' })),
    kind: Type.Optional(oneOf(KINDS, { description: 'What is compared. Default: what the golden files hold, or what fits the dump.' })),
    bits: Type.Optional(Type.Integer({ minimum: 1, maximum: 32, description: 'Bits of a word. Default: what the golden files look like, 16 for computed values.' })),
    signed: Type.Optional(Type.Boolean({ description: "Two's complement? Default: as the golden files are read." })),
    relu: Type.Optional(Type.Boolean({ description: 'Outputs of a layer or a folder: cut at zero? Default: yes where the profile of the layer or the manifest of the set has outputs after ReLU, else whichever fits the dump.' })),
    icTile: Type.Optional(Type.Integer({ minimum: 0, description: 'The ic tile that the dump holds alone. Default: as its name says (psum_itile1.txt), else all of them, or the one that fits a dump of so few entries.' })),
    ocTile: Type.Optional(Type.Integer({ minimum: 0, description: 'The oc tile that the dump holds alone. Default: as its name says (out_otile1.txt), else all of them, or the one that fits a dump of so few entries.' })),
    dump: Type.Optional(OneOrMore('What the simulation wrote: a text or memory file or a log; several files hold the words of an entry side by side')),
    range: Type.Optional(Type.Unsafe<[number, number]>({ type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2, maxItems: 2, description: 'First and last address of a dump of a part of the memory, as given to $writememh.' })),
    vcd: Type.Optional(Vcd),
    map: Type.Optional(DumpMap),
    max: Type.Optional(Type.Integer({ minimum: 0, default: 100, description: 'Mismatches that are listed.' })),
  },
  { ...closed, description: 'A dump and what it is compared with.' },
);

export const ConfigSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    layers: Type.Array(Layer, { description: 'The layers to generate vectors for. May be empty when there are only checks.' }),
    defaults: Type.Optional(Defaults),
    profiles: Type.Optional(Type.Array(ProfileConfig, { description: 'File sets of your own.' })),
    checks: Type.Optional(Type.Array(Check, { description: 'Dumps of the simulation and what they are compared with: `tilescope check`.' })),
  },
  { ...closed, $id: 'tilescope.schema.json', title: 'TileScope configuration', description: 'Which layers to generate golden vectors for, and how. See docs/configuration.md.' },
);

export type ConfigData = Type.Static<typeof ConfigSchema>;
export type LayerConfig = Type.Static<typeof Layer>;
export type CheckConfig = Type.Static<typeof Check>;
export type SourceConfig = LayerConfig['source'];
