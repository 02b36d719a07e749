/** How grave a finding is. Errors break a test bench; warnings most likely do; an info is worth knowing and does not fail a run. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a rule says about itself; docs/lint.md is made of this. */
export interface Rule {
  /** Of its findings; where a finding is less grave for a reason of its own, it says so. */
  readonly severity: Severity;
  /** A paragraph: what it finds, and what a simulator makes of it. */
  readonly about: string;
}

/** Every rule. The statements about simulators were measured with Icarus Verilog 11. */
export const RULES = {
  'minus-sign': {
    severity: 'error',
    about:
      'A minus sign stands inside a binary or hex word, as `format(-15, "016b")` in Python writes it. `$fscanf("%b")` stops at the sign: the read gives 0 items, the variable keeps its old value, and so does every read after it, because the file position no longer moves. `$readmemb` reports an invalid character and stops. Write negative values in two\'s complement: `format(value & 0xffff, "016b")`.',
  },
  'space-padded': {
    severity: 'error',
    about:
      'Words are padded with blanks instead of zeros, as `format(value, "16b")` writes them. `$fscanf("%128b")` ends a word at the first blank, so one line becomes many reads, and each takes a single word for the whole line. Pad with zeros: `format(value, "016b")`.',
  },
  'wrong-width': {
    severity: 'error',
    about:
      'A word or a line has more or fewer digits than the others. In lines without blanks each word behind the missing or added digit is shifted, and a `%b` scan, which takes what it finds, fills the top of the vector with zeros.',
  },
  'odd-word-count': {
    severity: 'error',
    about: 'A line has more or fewer words than the others. Words of joined lines then stand in the wrong place, because test benches cut lines from the right; with blanks between the words, every later line is read late or early.',
  },
  'mixed-line-lengths': {
    severity: 'warning',
    about: 'There is no common line length: so many lines or words differ that single ones cannot be called wrong. It is only an info when every line has its words and these are merely written without leading zeros.',
  },
  'strange-digit': {
    severity: 'error',
    about:
      'A character among the data is no digit of the file\'s radix: the letter `O` for a zero, a `2` in a binary word, a line of text between the data. `$fscanf("%b")` stops there and all later reads return the old value; `$readmemb` stops with an error.',
  },
  'unknown-digit': {
    severity: 'warning',
    about: 'The simulator digits `x` or `z` stand in a word. They are legal to read, but a comparison with `==` against them is never true and with `!=` never either, so an error counter stays at zero. In files that look like dumps (memory files, `rtl_...`) it is an info: words that were never written read x.',
  },
  'header-blanks': {
    severity: 'warning',
    about:
      'The header has blanks inside a line, or an empty line. Test benches of the course skip three header lines by three `$fscanf("%s")`, which read three words, not three lines; the rest of the header then stands where data are expected, and nothing is read. It is an info for `//` comments, which `$readmemb` skips.',
  },
  'header-contradicts-data': {
    severity: 'warning',
    about:
      'The header says something else than the data: another number of words, another line count, columns over a list of addresses, transposed weights. Headers are often copied from file to file. It is an info when an output is headed `row` instead of `col`, a habit that does no harm, and when another reading without the contradiction is nearly as likely.',
  },
  'name-contradicts-data': {
    severity: 'warning',
    about: 'The file name says another kind or radix than the data show, such as addresses in `psum_2.txt`. It is an info when another reading without the contradiction is nearly as likely.',
  },
  'out-of-range': {
    severity: 'error',
    about: 'A value does not fit the width that the file has by its manifest, its binary twin or your choice: a decimal that is too large, or a word in a wider memory whose upper bits are neither zeros nor a copied sign.',
  },
  'sign-magnitude': {
    severity: 'warning',
    about: 'A psum or output word has its top bit set and is otherwise small: read in two\'s complement it is near the lowest value of its width, while all others are small numbers. Most likely it was written as a sign and a magnitude: `1000000000000111` for -7, which reads -32761.',
  },
  'lowest-code': {
    severity: 'info',
    about: 'Weights hold the least code of their width, -8 at 4 bits. The course\'s quantiser is symmetric and gives -7 to 7, so such a code comes from another quantiser or from a wrong sign. Hardware reads it without trouble.',
  },
  'line-ends': {
    severity: 'warning',
    about: 'Lines end in different ways: some with CR LF, some with LF. It is an info when all end with CR LF: `$fscanf` and `$readmemb` take the CR for a blank, but scripts that cut lines by length or compare files byte for byte do not. The fix gives all lines an LF.',
  },
  'no-final-newline': {
    severity: 'error',
    about:
      'The last line of a Verilog file list (`.f`, `.vc`, `filelist`) has no line end. Icarus then silently drops it: the last file is not compiled, and a run may print nothing at all. It is an info when that line is a comment, because nothing is lost, and for golden files: they are read to the end, but tools that append to them join two lines. The fix adds the line end.',
  },
  'blank-line': {
    severity: 'info',
    about: 'There are blank lines between the data. `$fscanf` skips them; a reader that works line by line (`$fgets`, scripts) sees lines without words. Blank lines at the end of a file are not reported.',
  },
  'comment-in-data': {
    severity: 'info',
    about: 'There are comment lines between the data. `$readmemb` skips those that begin with `//`; `$fscanf("%b")` stops at any comment, and all later reads return the old value.',
  },
  encoding: {
    severity: 'error',
    about: 'The file is not plain text: it begins with a byte order mark or is UTF-16, as PowerShell\'s `>` writes. `$fscanf("%b")` stops at the first byte. Save it as UTF-8 without a mark.',
  },
  'missing-member': {
    severity: 'warning',
    about: 'Files of a set lack one: kij 0 to 8 without kij 5, an ic tile without its file, or a file that the manifest names. A test bench that opens a missing file prints `invalid file descriptor` and may still end with exit code 0.',
  },
  'missing-lines': {
    severity: 'warning',
    about: 'A file has fewer or more data lines than the other files of its set, or than its manifest says; it may be empty, or hold a header only. At the end of a file a scan leaves the last answer in place, so later comparisons check it again.',
  },
  'duplicate-content': {
    severity: 'info',
    about: 'Two files of a set have the same content under different names: a copy that was never regenerated, or one file written twice. Files of zeros and files that the manifest names are not reported.',
  },
  'psum-contradicts': {
    severity: 'warning',
    about: 'Psums or outputs that the activations and weights beside explain nearly everywhere have words that differ, or explain other files of the same set and shape but this one in no order: a golden file with a wrong word, or a stale one. For files that look like dumps it is an info, because there a difference is a fault of the design, and so it is for a file of another number of lines than those that are explained.',
  },
  'twin-differs': {
    severity: 'warning',
    about: 'Two files whose names say that they hold the same, one binary and one decimal or hex (`out.txt` and `viz_out.txt`), agree in at least half of their words but not in this one: one of them is wrong, or older than the other. The other rules take each of them for itself, so a wrong decimal misleads whoever looks a value up.',
  },
  'address-differs': {
    severity: 'warning',
    about: 'An address does not follow the formula `kij * nijCount + nij` that at least nine of ten others in the file follow: the SFP would add a psum of another pixel or kernel position. Unknown digits have a rule of their own.',
  },
  'edited-file': {
    severity: 'warning',
    about: 'The content differs from what TileScope wrote: the digest in `tilescope-manifest.json` is another. The file was edited by hand or by a script.',
  },
  'stale-inputs': {
    severity: 'warning',
    about: 'An input that the set was made from (model, tensors) has changed or is gone since. The golden files show the old state.',
  },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;
export const RULE_IDS = Object.keys(RULES) as RuleId[];
