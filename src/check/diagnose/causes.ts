/** What a cause says about itself; docs/causes.md is made of this. */
export interface CauseEntry {
  /** Description length of the bare cause in bits: simpler and more usual causes have fewer. Its parameters are counted apart. */
  readonly rank: number;
  /** What it means, in one sentence. */
  readonly means: string;
  /** How it is tested: the transformation of the expected words, or the altered computation. */
  readonly test: string;
  /** Where to look in the RTL. */
  readonly look: string;
}

/** Every cause that can be named, the simplest first. */
export const CAUSES = {
  'golden-defective': {
    rank: 1,
    means: 'The golden words are wrong, the dump is right.',
    test: 'The psums or outputs computed anew from activations and weights equal the dump where the golden differs; or the caller says that a golden word is malformed.',
    look: 'The golden file, not the RTL: write it anew, and see what edited it or which tensors it was made from.',
  },
  'all-zero': {
    rank: 1,
    means: 'Every word of the dump is zero.',
    test: 'All words are predicted as 0.',
    look: 'Reset and enables: is the array ever given its execute instruction, is the write enable of the memory ever active, is the dump taken before the run ends?',
  },
  uninitialised: {
    rank: 2,
    means: 'A region was never written: it reads x, or 0 in simulators without x.',
    test: 'A run of entries that does not reach the end, the whole dump, or the words at one coordinate of an axis, are predicted as x (as 0 where the simulator knows no x).',
    look: 'The write enable and the address range of the memory: which state of the controller should write this region, and does it get that far?',
  },
  truncated: {
    rank: 2,
    means: 'The run or the dump ended early: the last entries were never written, or are not there.',
    test: 'Words from one entry to the end are predicted as absent, or as x (as 0 where the simulator knows no x); or the last line as malformed and all behind it as absent.',
    look: 'The last states of the controller, $finish before the last entries, the loop bound of the dump, a file that was not closed.',
  },
  'relu-applied': {
    rank: 2,
    means: 'The dump is after ReLU, the golden before.',
    test: 'Negative expected words are predicted as 0.',
    look: 'Where the dump is taken: behind the ReLU of the SFP. Compare with the golden after ReLU, or dump the accumulator.',
  },
  'relu-missing': {
    rank: 2,
    means: 'The dump is before ReLU, the golden after.',
    test: 'Outputs are computed anew without ReLU; without a model, words expected 0 are predicted as some negative value.',
    look: 'The ReLU of the SFP: is its enable set in the cycle in which the output is taken, and does it look at the sign bit of the full width?',
  },
  'address-shift': {
    rank: 2,
    means: 'Every entry stands N addresses too high or too low.',
    test: 'Each entry is predicted as the expected entry N addresses before it, over the whole dump, inside each tile or inside each kij; for outputs the SFP reads psums N addresses off.',
    look: 'The address counter of the psum memory against its write enable: one of them is a cycle late, or the counter is incremented before the first write.',
  },
  'line-offset': {
    rank: 2,
    means: 'The dump, or a file that the bench reads, has extra or missing leading lines.',
    test: 'Entries are predicted N lines later (earlier) where the dump has just N entries more (fewer) than expected; computed anew with the first 1 to 3 activation lines skipped.',
    look: 'The capture in the test bench: it begins before the first valid word, or a cycle after it. Look at the valid signal at the first line. For activations: how many header lines the bench passes over.',
  },
  'weight-unsigned': {
    rank: 2,
    means: 'Weights are taken as unsigned: each negative weight is 2^bits too large.',
    test: 'Computed anew with negative weights raised by 2^bits.',
    look: 'The multiplier of the PE: declare the weight signed and sign-extend it ($signed) before the product; one unsigned operand makes a Verilog product unsigned.',
  },
  'activation-signed': {
    rank: 2,
    means: 'Activations are taken as signed: codes with the top bit set turn negative.',
    test: 'Computed anew with activations read in two\'s complement.',
    look: 'The multiplier of the PE: put a zero above the activation before it is made signed: $signed({1\'b0, a}).',
  },
  'weights-transposed': {
    rank: 2,
    means: 'Weights are loaded with rows and columns exchanged.',
    test: 'Computed anew with each weight tile transposed; square arrays only.',
    look: 'Loading of the weights: does a line of the weight file belong to a column of PEs, and does it travel along the rows?',
  },
  'rows-reversed': {
    rank: 2,
    means: 'The rows of the activations (or of the weights) are in reverse order.',
    test: 'Computed anew with row r fed by row R-1-r.',
    look: 'The slices of the activation word: row 0 is the rightmost, lowest slice in these files.',
  },
  'kij-transposed': {
    rank: 2,
    means: 'Kernel positions have ki and kj exchanged.',
    test: 'Computed anew with the weights of (ki, kj) at (kj, ki); psum entries of kij are predicted likewise. Square kernels only.',
    look: 'The order in which kernel positions are exported or counted: kij = ki * Kw + kj.',
  },
  'kij-order': {
    rank: 2,
    means: 'Kernel positions are in reverse order, in both directions or in one.',
    test: 'Computed anew with the kernel rotated by 180 degrees, or mirrored in ki or in kj.',
    look: 'Convolution against correlation: the network does not flip its kernels; the loop over kij counts up.',
  },
  'word-order-reversed': {
    rank: 2,
    means: 'The words of each entry are in reverse order.',
    test: 'Word w is predicted as expected word W-1-w.',
    look: 'The concatenation of the columns: {col7, ..., col0} has column 0 at the lowest bits. Check the generate loop and the dump\'s format.',
  },
  'sign-flipped': {
    rank: 2,
    means: 'Every word is negated.',
    test: 'Each word is predicted as its negative.',
    look: 'An adder that subtracts: the sign of the product or of the accumulation.',
  },
  'bytes-swapped': {
    rank: 3,
    means: 'The bytes (or half words) of each word are exchanged.',
    test: 'Each word is predicted with its bytes in reverse order; words of 16 or 32 bits only.',
    look: 'Byte order of the bus or of the script that wrote the dump.',
  },
  'bit-order-reversed': {
    rank: 3,
    means: 'The bits of each word are in reverse order.',
    test: 'Each word is predicted with bit b at bit B-1-b.',
    look: 'Declarations [0:N] against [N:0], and serial shifts from the wrong end.',
  },
  'word-order-interleaved': {
    rank: 3,
    means: 'The words of each entry are ordered even, then odd, or the reverse of that.',
    test: 'Words are predicted in the order 0 2 4 ... 1 3 5 ..., and in its inverse.',
    look: 'Packing of two channels or banks into a word, and the generate loop that unpacks them.',
  },
  'column-skew': {
    rank: 3,
    means: 'One column, or each by its own number, is late or early by entries.',
    test: 'The words of a column are predicted as those N entries before, over the dump or inside each kij; for all columns together also with N growing from column to column, and with leftovers at the border of each pass; outputs computed anew from such psums.',
    look: 'The output FIFOs behind the columns: a column is written or read a cycle late, or the systolic skew (column c comes c cycles later) is not undone.',
  },
  'ictile-missing': {
    rank: 3,
    means: 'An input-channel tile is not accumulated, or is the only one that is.',
    test: 'Outputs computed anew without this ic tile, or from it alone; psums of the tile predicted as 0.',
    look: 'The outer loop over ic tiles: its bound, and whether the psum memory is overwritten instead of added to.',
  },
  'kij-dropped': {
    rank: 3,
    means: 'A kernel position is not accumulated.',
    test: 'Outputs computed anew without this kij; psums of the kij predicted as 0.',
    look: 'The loop over kij in the SFP: first and last iteration, and the cycle in which accumulation is enabled.',
  },
  'dead-column': {
    rank: 3,
    means: 'A column is zero or constant.',
    test: 'All words of one column predicted as one value.',
    look: 'This column: its weight load, its enable, its wire at the bottom of the array and the slice of the output word.',
  },
  'dead-row': {
    rank: 3,
    means: 'A row adds nothing to any psum.',
    test: 'Computed anew with the weights of the row at 0.',
    look: 'This row: activation slice, input FIFO and its enable, instruction passed along the row.',
  },
  'relu-early': {
    rank: 3,
    means: 'ReLU is applied before the accumulation has ended.',
    test: 'Outputs computed anew with ReLU on each psum, on each ic tile\'s sum, or after each addition.',
    look: 'When ReLU is enabled in the SFP: only after the last kij of the last ic tile.',
  },
  'leaky-relu': {
    rank: 3,
    means: 'Negative outputs are scaled down instead of cut.',
    test: 'Negative sums are predicted as the sum shifted right by 1 to 8 bits, or divided by 10.',
    look: 'Which activation function the SFP implements and which the network has.',
  },
  'narrow-accumulator': {
    rank: 3,
    means: 'Sums wrap at fewer bits than they need.',
    test: 'Psums, or accumulated outputs, are wrapped at k bits in two\'s complement.',
    look: 'The width of the psum wires, of the memory word and of the SFP\'s accumulator.',
  },
  saturation: {
    rank: 3,
    means: 'Sums are cut at the limits of k bits.',
    test: 'Psums, outputs, the accumulator after each addition, or the sum of each PE, are saturated at k bits.',
    look: 'The clamp behind the adder and its width; a golden made with "wrap" does not have it.',
  },
  'sign-extension-lost': {
    rank: 3,
    means: 'Values are taken from fewer bits and extended with zeros: negatives turn into large positives.',
    test: 'Psums, or outputs, are replaced by their lower k bits without sign; computed anew, PE by PE, with each product or each psum from above taken so.',
    look: 'Assignments from a narrow to a wide vector: both sides must be signed, or the sign bit repeated by hand.',
  },
  'accumulator-not-reset': {
    rank: 3,
    means: 'The accumulator still holds the previous sum.',
    test: 'Running sums along pixels, kij or tiles.',
    look: 'The clear of the accumulator: in the cycle of the first kij of each output, and between tiles.',
  },
  'padding-nonzero': {
    rank: 3,
    means: 'The padding pixels are not zero.',
    test: 'Computed anew with a constant at the padding pixels, or with the nearest pixel of the image. Activation files hold the padding: there it is looked for in the zeros about the image.',
    look: 'What feeds the array at padding pixels: zeros must be written into the activation memory, or the input be gated.',
  },
  'pixel-address': {
    rank: 3,
    means: 'The pixel address is computed with a wrong row pitch or stride.',
    test: 'Outputs computed anew with psums read at other pitches (without padding, output width, one more, one less) and strides.',
    look: 'The address of the SFP: nij = (oi * stride + ki) * paddedWidth + oj * stride + kj.',
  },
  'constant-offset': {
    rank: 4,
    means: 'Every word is too large by the same number.',
    test: 'A constant, the most frequent difference, is added to every word.',
    look: 'A carry-in or bias that should be zero, or rounding added twice.',
  },
  'stale-tile': {
    rank: 4,
    means: 'A tile or kernel position holds data of another one.',
    test: 'Words of a tile or kij are predicted as those of another; also computed anew with weights or activations of another tile or kij, and with all weights one kij late. A dump of one tile also as that of another tile of the golden files.',
    look: 'The reload between tiles: weights are loaded, or memory is switched, after the next pass has begun.',
  },
  'tile-shift': {
    rank: 4,
    means: 'The entries of one tile or kernel position alone stand N addresses too high or too low.',
    test: 'The address shift inside one coordinate of ic tile, oc tile or kij.',
    look: 'The base address of this pass, and what is different in the controller at its first cycle.',
  },
  'duplicated-entry': {
    rank: 4,
    means: 'An entry is written twice or skipped.',
    test: 'From one entry on, entries are predicted as the one before (written twice) or after (skipped); or one entry alone as its neighbour.',
    look: 'A stall at this entry: the address goes on while the data wait, or the other way round.',
  },
  'skipped-block': {
    rank: 4,
    means: 'Several entries one after the other, a whole kij for instance, are left out.',
    test: 'From one entry on, entries are predicted as those N behind: N as many as the dump is short of, or a distance at which entries are met.',
    look: 'The loop of the dump, or the controller\'s states, at this border: a pass that is not run, a write enable that is off for it, lines that the bench does not print.',
  },
  'swapped-columns': {
    rank: 4,
    means: 'Two columns stand in each other\'s place.',
    test: 'The words of two columns that differ are predicted as each other\'s.',
    look: 'The wires or the concatenation of these two columns, and the columns of the weights that they were loaded with.',
  },
  'swapped-blocks': {
    rank: 4,
    means: 'Two kernel positions, tiles or entries stand in each other\'s place.',
    test: 'The words of two kij or tiles that differ are predicted as each other\'s; where only two entries differ, these.',
    look: 'The order in which the controller runs these two passes, and the base addresses that it gives them; for two entries what decides the order of two writes.',
  },
  'stuck-bit': {
    rank: 4,
    means: 'A bit is always 0 or always 1, in all words or in one column.',
    test: 'Each bit is predicted at 0 and at 1, for all words and for each column; outputs are also computed anew from psums, and from sums before ReLU, with such a bit.',
    look: 'The wire of this bit: an unconnected or wrongly sliced bus, a port narrower than its wire.',
  },
  'dead-pe': {
    rank: 5,
    means: 'One processing element adds nothing, or loses the psum from above.',
    test: 'Computed anew with one weight position at 0, alone or with all rows above it.',
    look: 'This PE: weight register, enable, and the psum wire from the PE above.',
  },
  'corrupt-word': {
    rank: 6,
    means: 'A single word is wrong.',
    test: 'Only one word differs, and nothing else explains it.',
    look: 'What is written at this address in this cycle; a second write to the same address; a hand-edited file.',
  },
  combination: {
    rank: 5,
    means: 'Two causes together.',
    test: 'Tried only when no single cause explains all: pairs of the causes that explain most, and of the usual ones.',
    look: 'Both places; mend one and compare again.',
  },
} as const satisfies Record<string, CauseEntry>;

export type CauseId = keyof typeof CAUSES;
export const CAUSE_IDS = Object.keys(CAUSES) as CauseId[];
