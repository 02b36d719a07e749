/** A matrix of whole numbers with the names of its lines and columns. A value that is not known, or that there is not, is undefined. */
export interface Matrix {
  /** What it holds, one line. */
  readonly title: string;
  readonly corner: string;
  readonly rows: readonly string[];
  readonly cols: readonly string[];
  readonly at: (row: number, col: number) => number | undefined;
  /** Undefined are values that there are not: empty cells, instead of the x of an unknown value. */
  readonly sparse?: boolean;
}

/** As comma separated values (RFC 4180); a value that is not known is `x`. */
export function csvOf({ corner, rows, cols, at, sparse }: Matrix): string {
  const none = sparse === true ? '' : 'x';
  const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
  return [line([corner, ...cols].map(field)), ...rows.map((name, row) => line([field(name), ...cols.map((_, col) => String(at(row, col) ?? none))]))].join('');
}

/** As Python: one line for each line of the matrix. Values that are not known make it floating point, with nan for each. */
export function numpyOf({ title, rows, cols, at }: Matrix): string {
  const lines = rows.map((_, row) => {
    const cells = cols.map((__, col) => String(at(row, col) ?? 'np.nan'));
    return `    [${cells.join(', ')}],`;
  });
  const known = !lines.some((line) => line.includes('nan'));
  return `# ${title.replaceAll(/\s+/g, ' ')}\nnp.array([\n${lines.join('\n')}\n], dtype=np.${known ? 'int32' : 'float64'})\n`;
}

/** Quoted where the format asks for it, and never a formula to a spreadsheet. */
function field(text: string): string {
  const safe = /^[=+@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
