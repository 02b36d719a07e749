import path from 'node:path';
import * as vscode from 'vscode';
import { DEFAULT_ARRAY } from '../project/entry';
import type { LayerConfig } from '../project/schema';
import type { ConvLayerSummary } from '../protocol/layers';
import { describeCode } from '../protocol/layers';
import { BUILT_IN_PROFILES } from '../vectors/profile';
import type { Choice, Step, StepContext } from './steps';
import { ask, choose, runSteps } from './steps';

/** What the questions need of the rest of the extension. */
export interface LayerQuestions {
  readonly folder: vscode.Uri;
  readonly layersOf: (model: string) => Promise<readonly ConvLayerSummary[]>;
}

type SourceType = LayerConfig['source']['type'];

/** Answers so far; a field is absent until its question was asked. */
interface Answers {
  readonly type?: SourceType;
  readonly files?: readonly string[];
  readonly layer?: string;
  readonly sample?: number;
  readonly bits?: readonly [number, number];
  readonly alphas?: readonly [number, number];
  readonly geometry?: readonly [number, number];
  readonly profile?: string;
  readonly array?: readonly [number, number];
  readonly output?: string;
}

/** Asks for everything that a layer needs and gives it as an entry of a configuration; undefined when the user leaves. */
export async function askForLayer(questions: LayerQuestions): Promise<LayerConfig | undefined> {
  const steps = stepsFor(questions);
  const answers = await runSteps<Answers>(
    'TileScope: Generate Vectors',
    {},
    (state, step) => steps(state)[step - 1],
    (state) => steps(state).length,
  );
  return answers === undefined ? undefined : layerOf(answers);
}

function stepsFor(questions: LayerQuestions): (state: Answers) => Step<Answers>[] {
  const file = (placeholder: string, extension: string, index: number): Step<Answers> => async (state, context) => {
    const chosen = await chooseFile(context, questions.folder, placeholder, extension);
    return { ...state, files: [...(state.files ?? []).slice(0, index), chosen] };
  };
  const ending: Step<Answers>[] = [chooseProfile, askArray, askOutput];
  const bySource: Readonly<Record<SourceType, Step<Answers>[]>> = {
    onnx: [file('The ONNX model', 'onnx', 0), chooseLayer(questions), file('The network input (.npy, float [N,C,H,W])', 'npy', 1), askSample],
    float: [file('The layer input before quantisation (.npy, float [C,H,W])', 'npy', 0), file('The weights before quantisation (.npy, float [OC,IC,Kh,Kw])', 'npy', 1), askBits, askAlphas, askGeometry],
    codes: [file('The activation codes (.npy, integers [C,H,W])', 'npy', 0), file('The weight codes (.npy, integers [OC,IC,Kh,Kw])', 'npy', 1), askBits, askGeometry],
  };
  return (state) => [chooseSource, ...(state.type === undefined ? bySource.onnx : bySource[state.type]), ...ending];
}

const chooseSource: Step<Answers> = async (state, context) => ({
  ...state,
  type: await choose<SourceType>(context, 'Where does the layer come from?', [
    { label: '$(symbol-structure) ONNX model', detail: 'Capture a layer of a quantised network: codes, bits and alphas come from the model', value: 'onnx' },
    { label: '$(symbol-number) Float tensors', detail: 'Quantise .npy tensors with alphas that you give', value: 'float' },
    { label: '$(symbol-array) Integer codes', detail: 'Use .npy tensors that are quantised already', value: 'codes' },
  ]),
});

const chooseLayer = ({ folder, layersOf }: LayerQuestions): Step<Answers> => async (state, context) => {
  const model = path.resolve(folder.fsPath, state.files?.[0] ?? '');
  const choices = layersOf(model).then((layers) => layers.toSorted((a, b) => Number(a.refusal !== undefined) - Number(b.refusal !== undefined)).map(layerChoice));
  for (;;) {
    const layer = await choose(context, 'The layer to map', choices);
    if (layer.refusal === undefined) return { ...state, layer: layer.name };
    void vscode.window.showWarningMessage(`${layer.name} cannot be mapped. ${layer.refusal.reason} ${layer.refusal.remedy}`);
  }
};

function layerChoice(layer: ConvLayerSummary): Choice<ConvLayerSummary> {
  const { activation, weight, refusal } = layer;
  const shape = `${layer.inChannels} to ${layer.outChannels} channels, ${layer.kernel.join('x')}${layer.image === undefined ? '' : `, image ${layer.image.join('x')}`}`;
  const codes = activation === undefined || weight === undefined ? '' : `, ${describeCode(weight)} x ${describeCode(activation)}`;
  return refusal === undefined
    ? { label: layer.name, description: shape + codes, value: layer }
    : { label: `$(circle-slash) ${layer.name}`, description: shape, detail: `Cannot be mapped: ${refusal.reason}`, value: layer };
}

const askSample: Step<Answers> = async (state, context) => ({
  ...state,
  sample: Number(await ask(context, { prompt: 'Index of the sample in the input file', value: '0', validate: (text) => (/^\d+$/.test(text) ? undefined : 'Give a whole number from 0') })),
});

const askBits: Step<Answers> = async (state, context) => ({
  ...state,
  bits: await askPair(context, 'Bits of activation and weight, 2 to 8', '4, 4', (value) => Number.isInteger(value) && value >= 2 && value <= 8),
});

const askAlphas: Step<Answers> = async (state, context) => ({
  ...state,
  alphas: await askPair(context, 'act_alpha and wgt_alpha of the trained layer', '', (value) => Number.isFinite(value) && value > 0),
});

const askGeometry: Step<Answers> = async (state, context) => ({
  ...state,
  geometry: await askPair(context, 'Stride and padding of the convolution', '1, 1', (value) => Number.isInteger(value) && value >= 0),
});

const chooseProfile: Step<Answers> = async (state, context) => ({
  ...state,
  profile: await choose(
    context,
    'The files to write',
    BUILT_IN_PROFILES.map(({ name, description }) => ({ label: name, detail: description, value: name })),
  ),
});

const askArray: Step<Answers> = async (state, context) => ({
  ...state,
  array: await askPair(context, 'Rows and columns of the array', `${DEFAULT_ARRAY.rows}, ${DEFAULT_ARRAY.cols}`, (value) => Number.isInteger(value) && value >= 1),
});

const askOutput: Step<Answers> = async (state, context) => ({
  ...state,
  output: await ask(context, {
    prompt: 'Output folder inside the workspace; a set replaces it as a whole',
    value: `golden/${entryName(state)}`,
    validate: (text) => (text === '' || path.isAbsolute(text) || path.normalize(text).split(path.sep)[0] === '..' || path.normalize(text) === '.' ? 'Give a folder below the workspace folder' : undefined),
  }),
});

async function askPair(context: StepContext, prompt: string, value: string, valid: (value: number) => boolean): Promise<[number, number]> {
  const numbers = (text: string): number[] => text.split(/[\s,x]+/).filter((part) => part !== '').map(Number);
  const text = await ask(context, { prompt, value, validate: (typed) => (numbers(typed).length === 2 && numbers(typed).every(valid) ? undefined : `Give two numbers, such as "${value === '' ? '2.5, 1.8' : value}"`) });
  return numbers(text) as [number, number];
}

/** A file of the workspace, relative to the folder where it lies inside, or one that the user browses for. */
async function chooseFile(context: StepContext, folder: vscode.Uri, placeholder: string, extension: string): Promise<string> {
  const found = vscode.workspace.findFiles(new vscode.RelativePattern(folder, `**/*.${extension}`), '**/{node_modules,.git}/**', 500).then((files): Choice<vscode.Uri | 'browse'>[] => [
    ...files.toSorted((a, b) => a.fsPath.localeCompare(b.fsPath)).map((uri) => ({ label: relativeTo(folder, uri), value: uri })),
    { label: '$(folder-opened) Browse…', alwaysShow: true, value: 'browse' },
  ]);
  for (;;) {
    const chosen = await choose(context, placeholder, Promise.resolve(found));
    if (chosen !== 'browse') return relativeTo(folder, chosen);
    const browsed = await vscode.window.showOpenDialog({ defaultUri: folder, filters: { [extension]: [extension] }, title: placeholder });
    if (browsed?.[0] !== undefined) return relativeTo(folder, browsed[0]);
  }
}

function relativeTo(folder: vscode.Uri, file: vscode.Uri): string {
  return path.relative(folder.fsPath, file.fsPath).split(path.sep).join('/');
}

function entryName({ type, layer, files }: Answers): string {
  return type === 'onnx' ? (layer ?? 'layer') : path.posix.basename(files?.[1] ?? 'layer', '.npy');
}

function layerOf(answers: Answers): LayerConfig {
  const { type, files, layer, sample, bits, alphas, geometry, profile, array, output } = answers;
  const [first, second] = files ?? [];
  if (type === undefined || first === undefined || second === undefined || output === undefined || array === undefined || profile === undefined) throw new Error('A question was left out');
  const common = { name: entryName(answers), array: { rows: array[0], cols: array[1] }, profile, output };
  if (type === 'onnx') return { ...common, source: { type, model: first, layer: layer ?? '', input: second, sample: sample ?? 0 } };
  const [actBits, wgtBits] = bits ?? [4, 4];
  const [stride, padding] = geometry ?? [1, 1];
  return {
    ...common,
    source: { type, activation: first, weight: second },
    quantization: { actBits, wgtBits, ...(alphas !== undefined && { actAlpha: alphas[0], wgtAlpha: alphas[1] }) },
    convolution: { stride, padding },
  };
}
