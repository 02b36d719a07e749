import { describeCode } from '../protocol/layers';
import type { GenerateReport, LayerFacts } from '../protocol/report';

/** A report in a few lines: the terminal's and the output channel's. @param folder the output folder as the reader would name it */
export function describeReport(report: GenerateReport, folder: string): string {
  const { selfCheck, warnings } = report;
  const lines = [`${report.entry}: ${describeLayer(report.layer)}, ${report.profile}`, `  files       ${describeFiles(report)} in ${folder}`];
  lines.push(`  range       psums ${report.layer.psumMin}..${report.layer.psumMax}, outputs ${report.layer.outMin}..${report.layer.outMax}, in ${report.layer.psumBits} bits`);
  lines.push(`  self-check  tiled result = direct convolution (${selfCheck.outputs} outputs)`);
  if (selfCheck.error !== undefined) {
    lines.push(`              mean |recovered - reference| = ${selfCheck.error.mean.toExponential(2)}, max ${selfCheck.error.max.toExponential(2)} (${selfCheck.error.reference})${selfCheck.error.cut ? '; values were cut, see below' : ''}`);
  }
  return [...lines, ...report.notes.map((note) => `  note        ${note}`), ...warnings.map((warning) => `  warning     ${warning}`)].join('\n');
}

/** `8 to 8 channels, 3x3, image 4x4, int4 x uint4 on an 8x8 array (1 x 1 tiles)` */
export function describeLayer(facts: LayerFacts): string {
  const [height, width] = facts.image;
  const [kernelHeight, kernelWidth] = facts.kernel;
  return `${facts.inChannels} to ${facts.outChannels} channels, ${kernelHeight}x${kernelWidth}, image ${height}x${width}, ${describeCode({ bits: facts.wgtBits, signed: true })} x ${describeCode({ bits: facts.actBits, signed: facts.actSigned })}, array ${facts.rows}x${facts.cols} (${facts.icTiles} x ${facts.ocTiles} tiles)`;
}

/** `27 files (3 written, 24 unchanged, 2 removed)` */
export function describeFiles({ set }: GenerateReport): string {
  const written = set.files.filter(({ status }) => status === 'written').length;
  const parts = [`${written} written`, ...(written < set.files.length ? [`${set.files.length - written} unchanged`] : []), ...(set.removed.length > 0 ? [`${set.removed.length} removed`] : [])];
  return `${set.files.length} files (${parts.join(', ')})`;
}
