import path from 'node:path';
import { asProblem } from '../engine/problem';
import { summarizeLayers } from '../project/modelLayers';
import type { ConvLayerSummary, QuantizerSummary } from '../protocol/layers';
import { describeCode } from '../protocol/layers';
import type { Terminal } from './terminal';
import { EXIT, formatJson, reportProblems, table } from './terminal';

/** `tilescope layers MODEL`: the convolution layers of a model, and why some cannot be mapped. */
export async function runLayers(terminal: Terminal, args: { model: string; json: boolean; verbose: boolean }): Promise<number> {
  try {
    const layers = await summarizeLayers(path.resolve(terminal.cwd, args.model));
    terminal.out(args.json ? formatJson({ ok: true, layers }) : describe(layers));
    return EXIT.done;
  } catch (error) {
    return reportProblems(terminal, [asProblem(error)], args.json, args.verbose);
  }
}

function describe(layers: readonly ConvLayerSummary[]): string {
  if (layers.length === 0) return 'No convolution layers.';
  const rows = layers.map((layer) => [
    layer.name,
    `${layer.inChannels} to ${layer.outChannels}`,
    layer.kernel.join('x'),
    layer.image?.join('x') ?? '?',
    layer.stride.join('x'),
    layer.padding?.join(',') ?? '?',
    quantizer(layer.activation),
    quantizer(layer.weight),
    layer.refusal === undefined ? 'yes' : 'no',
  ]);
  const refusals = layers.flatMap(({ name, refusal }) => (refusal === undefined ? [] : [`${name} cannot be mapped: ${refusal.reason} Remedy: ${refusal.remedy}`]));
  return [table(['layer', 'channels', 'kernel', 'image', 'stride', 'pad', 'activation', 'weight', 'maps'], rows), ...(refusals.length > 0 ? ['', ...refusals] : [])].join('\n');
}

function quantizer(summary: QuantizerSummary | undefined): string {
  return summary === undefined ? '-' : `${describeCode(summary)} alpha ${Number(summary.alpha.toPrecision(6))}`;
}
