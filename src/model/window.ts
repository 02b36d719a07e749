import { intAttribute, intsAttribute, textAttribute } from './attributes';
import type { NodeProto } from './gen/onnx_pb';

/** How a convolution or a pooling operator slides over the image. Lists hold one entry a spatial axis: height, width. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Pixels added before and after each axis: `[top, left, bottom, right]`; undefined when `auto_pad` needs an input size that is not known. */
  readonly pads: readonly number[] | undefined;
  readonly ceilMode: boolean;
}

/**
 * Reads the window attributes of a Conv or pooling node, with ONNX's defaults for what is absent.
 * @param weightKernel kernel size from the weight's shape, where `kernel_shape` is not given
 * @param input spatial sizes of the input, as far as they are known; `auto_pad` SAME needs them
 * @returns undefined when not even the kernel size is known, or the attributes contradict each other
 */
export function windowOf(node: NodeProto, weightKernel: readonly number[] | undefined, input: readonly (number | undefined)[]): Window | undefined {
  const kernel = intsAttribute(node, 'kernel_shape') ?? weightKernel;
  if (kernel === undefined || kernel.length === 0) return undefined;
  const ones = kernel.map(() => 1);
  const strides = intsAttribute(node, 'strides') ?? ones;
  const dilations = intsAttribute(node, 'dilations') ?? ones;
  const pads = padsOf(node, kernel, strides, dilations, input);
  const sane =
    [kernel, strides, dilations].every((list) => list.length === kernel.length && list.every((size) => Number.isSafeInteger(size) && size > 0)) &&
    (pads === undefined || (pads.length === 2 * kernel.length && pads.every((size) => Number.isSafeInteger(size) && size >= 0)));
  return sane ? { kernel, strides, dilations, pads, ceilMode: intAttribute(node, 'ceil_mode', 0) === 1 } : undefined;
}

/** Spatial output sizes of a window over an input of the given spatial sizes; undefined where they are not known. */
export function slide({ kernel, strides, dilations, pads, ceilMode }: Window, input: readonly (number | undefined)[]): (number | undefined)[] {
  return kernel.map((size, axis) => {
    const given = input[axis];
    if (given === undefined || pads === undefined) return undefined;
    const padded = given + pads[axis]! + pads[axis + kernel.length]!;
    const steps = (padded - (dilations[axis]! * (size - 1) + 1)) / strides[axis]!;
    const whole = ceilMode ? Math.ceil(steps) : Math.floor(steps);
    // a window that begins in the padding behind the image does not count
    const last = ceilMode && whole * strides[axis]! >= given + pads[axis]! ? whole - 1 : whole;
    return last >= 0 ? last + 1 : undefined;
  });
}

function padsOf(node: NodeProto, kernel: readonly number[], strides: readonly number[], dilations: readonly number[], input: readonly (number | undefined)[]): readonly number[] | undefined {
  const zeros = kernel.flatMap(() => [0, 0]);
  const mode = textAttribute(node, 'auto_pad', 'NOTSET');
  if (mode === 'VALID') return zeros;
  if (mode !== 'SAME_UPPER' && mode !== 'SAME_LOWER') return intsAttribute(node, 'pads') ?? zeros;
  const totals = kernel.map((size, axis) => {
    const given = input[axis];
    if (given === undefined) return undefined;
    const outputs = Math.ceil(given / strides[axis]!);
    return Math.max(0, (outputs - 1) * strides[axis]! + dilations[axis]! * (size - 1) + 1 - given);
  });
  if (!totals.every((total) => total !== undefined)) return undefined;
  // an odd pixel goes behind the image with UPPER, before it with LOWER
  const before = totals.map((total) => (mode === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2)));
  return [...before, ...totals.map((total, axis) => total - before[axis]!)];
}
