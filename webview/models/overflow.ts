import type { OverflowPolicy } from '../../src/engine/width';

/** What happens to values that the psum width does not hold, in a word and in a sentence with the configuration's own. */
export const OVERFLOW: Readonly<Record<OverflowPolicy, { readonly does: string; readonly means: string }>> = {
  error: { does: 'stops', means: 'Psums and outputs that do not fit stop Generate Vectors, which names the first one: "overflow": "error" in tilescope.json.' },
  wrap: { does: 'wraps', means: 'Psums and outputs that do not fit lose their upper bits, as in an adder without overflow logic: "overflow": "wrap" in tilescope.json.' },
  saturate: { does: 'saturates', means: 'Psums and outputs that do not fit become the nearest value that does, after every addition: "overflow": "saturate" in tilescope.json.' },
};
