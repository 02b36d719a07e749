/** What can be found to be wrong with a dump, by the name that a diagnosis gives it. */
export type CauseId =
  | 'address-shift'
  | 'column-skew'
  | 'line-offset'
  | 'truncated'
  | 'word-order-reversed'
  | 'bit-order-reversed'
  | 'bytes-swapped'
  | 'weights-transposed'
  | 'rows-reversed'
  | 'weight-unsigned'
  | 'activation-signed'
  | 'sign-extension-lost'
  | 'narrow-accumulator'
  | 'saturation'
  | 'relu-missing'
  | 'relu-early'
  | 'kij-dropped'
  | 'kij-transposed'
  | 'ictile-missing'
  | 'accumulator-not-reset'
  | 'padding-nonzero'
  | 'dead-pe'
  | 'dead-row'
  | 'dead-column'
  | 'stuck-bit'
  | 'corrupt-word'
  | 'stale-tile'
  | 'golden-defective'
  | 'uninitialised';

/** A fault that the example bench can plant. */
export interface PlantedFault {
  /** Of `+fault=`; with the details it is also the name of a test. */
  readonly name: string;
  /** What goes beside `+fault=`. */
  readonly details: readonly string[];
  /** A layer of the example, on its 8x8 array, on which the fault shows. */
  readonly layer: 'conv5' | 'conv3';
  /** Which output-channel tile shows it, of a layer that has several. */
  readonly ocTile?: number;
  /** The dumped memories that differ from the golden files. A wrong psum makes outputs wrong as well, if ReLU lets it through. */
  readonly shows: readonly ('psum' | 'out')[];
  /** What a diagnosis of the dump is expected to name, first or as what cannot be told apart from the first. */
  readonly cause: CauseId;
  /** What the outputs show instead, when they cannot show the cause. */
  readonly outCause?: CauseId;
  /** Where the outputs' differing words stand, when they are too few to prove any cause: the report has to say that instead. */
  readonly outPlace?: string;
}

const PSUM_AND_OUT = ['psum', 'out'] as const;
const OUT = ['out'] as const;

/** A sum that takes in one word never written is unknown: all outputs read x, and no word says which psum was the first. */
const unknownOutputs = (planted: PlantedFault): PlantedFault => ({ ...planted, outCause: 'uninitialised' });

function fault(name: string, cause: CauseId, shows: PlantedFault['shows'], details: readonly string[] = [], layer: PlantedFault['layer'] = 'conv5', ocTile?: number): PlantedFault {
  return { name, details, layer, ...(ocTile !== undefined && { ocTile }), shows, cause };
}

/** Every fault of examples/digits/rtl/tb_faults.vh at least once. */
export const FAULTS: readonly PlantedFault[] = [
  // arithmetic of a PE
  fault('weight_unsigned', 'weight-unsigned', PSUM_AND_OUT),
  fault('activation_signed', 'activation-signed', PSUM_AND_OUT),
  fault('no_sign_ext', 'sign-extension-lost', PSUM_AND_OUT),
  fault('narrow_psum', 'narrow-accumulator', PSUM_AND_OUT, ['+fault_bits=7']),
  fault('saturate_psum', 'saturation', PSUM_AND_OUT, ['+fault_bits=7']),
  // broken parts
  fault('dead_pe', 'dead-pe', PSUM_AND_OUT, ['+fault_row=3', '+fault_col=5']),
  fault('dead_row', 'dead-row', PSUM_AND_OUT, ['+fault_row=3']),
  fault('dead_col', 'dead-column', PSUM_AND_OUT, ['+fault_col=5']),
  fault('stuck_bit', 'stuck-bit', PSUM_AND_OUT, ['+fault_col=2', '+fault_bits=4', '+fault_value=1']),
  // Four outputs differ, and three of them read the most usual value, 0: no evidence for one bit of 512
  { ...fault('stuck_bit', 'stuck-bit', PSUM_AND_OUT, ['+fault_col=6', '+fault_bits=5', '+fault_value=0']), outPlace: 'col 6' },
  fault('corrupt_word', 'corrupt-word', PSUM_AND_OUT, ['+fault_value=151', '+fault_col=2', '+fault_bits=9']),
  // feeding and aligning
  fault('reverse_rows', 'rows-reversed', PSUM_AND_OUT),
  fault('column_late', 'column-skew', PSUM_AND_OUT, ['+fault_col=2']),
  fault('column_late', 'column-skew', PSUM_AND_OUT, ['+fault_col=7']),
  fault('no_deskew', 'column-skew', PSUM_AND_OUT),
  fault('reverse_psum_cols', 'word-order-reversed', PSUM_AND_OUT),
  // addresses and sequence
  fault('psum_addr_plus1', 'address-shift', PSUM_AND_OUT),
  fault('out_addr_plus1', 'address-shift', OUT),
  fault('kij_transposed', 'kij-transposed', PSUM_AND_OUT),
  fault('acc_kij_transposed', 'kij-transposed', OUT),
  fault('drop_kij', 'kij-dropped', OUT, ['+fault_kij=4']),
  fault('skip_pass', 'uninitialised', PSUM_AND_OUT, ['+fault_kij=4']),
  unknownOutputs(fault('truncated', 'truncated', PSUM_AND_OUT, ['+fault_kij=4'])),
  fault('truncated_out', 'truncated', OUT),
  fault('ictile_missing', 'ictile-missing', OUT, ['+fault_tile=1'], 'conv3', 0),
  fault('stale_tile', 'stale-tile', PSUM_AND_OUT, [], 'conv3', 1),
  // SFP
  fault('no_relu', 'relu-missing', OUT),
  fault('early_relu', 'relu-early', OUT),
  fault('relu_per_psum', 'relu-early', OUT),
  fault('narrow_acc', 'narrow-accumulator', OUT, ['+fault_bits=8']),
  fault('saturate_acc', 'saturation', OUT, ['+fault_bits=8']),
  fault('acc_not_reset', 'accumulator-not-reset', OUT),
  fault('reverse_cols', 'word-order-reversed', OUT),
  fault('reverse_bits', 'bit-order-reversed', OUT),
  fault('swap_bytes', 'bytes-swapped', OUT),
  // what the memories were filled with
  fault('weight_transposed', 'weights-transposed', PSUM_AND_OUT),
  fault('padding_nonzero', 'padding-nonzero', PSUM_AND_OUT),
  // With padding of zeros psums one address too low are the same words; both have to be named, in either order
  fault('first_line_skipped', 'line-offset', PSUM_AND_OUT),
];
