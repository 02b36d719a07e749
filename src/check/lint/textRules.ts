import type { TextShape } from '../../vectors/textShape';
import type { Findings, GoldenFile } from './context';
import { plural } from './context';
import type { Fix } from './finding';

const FILE_LIST = /(?:\.(?:f|vc|fl|flist)|(?:^|[\\/_.-])(?:file_?list(?:\.txt)?|(?:sources?|files?)\.list))$/i;

/** A list of Verilog files, as `iverilog -f` and `-c` read. */
export function isFileList(name: string): boolean {
  return FILE_LIST.test(name);
}

/** The one rule of file lists. */
export function checkFileList(shape: TextShape, findings: Findings): void {
  if (shape.finalNewline || shape.lineCount === 0) return;
  const last = shape.lineCount - 1;
  const line = shape.line(last);
  if (line.trim() === '') return;
  const comment = /^\s*(?:\/\/|#)/.test(line);
  findings.add({
    rule: 'no-final-newline',
    ...(comment && { severity: 'info' as const }),
    what: comment ? 'The last line, a comment, has no line end: a file name that is appended would be part of the comment.' : `The last line has no line end: Icarus drops ${JSON.stringify(line.trim())} without a word.`,
    next: 'Add a line end.',
    fileLine: last,
    column: 0,
    length: line.length,
    fix: finalNewline(shape),
  });
}

/** A byte order mark, or UTF-16. */
export function checkEncoding(shape: TextShape, findings: Findings): void {
  const beginning = shape.text.slice(0, 4096);
  if (beginning.startsWith('\uFEFF')) {
    findings.add({ rule: 'encoding', what: 'The file begins with a byte order mark: a %b scan stops at it and reads nothing.', next: 'Save it as UTF-8 without a byte order mark.', fileLine: 0, length: 1, fix: { description: 'Remove the byte order mark', edits: [{ line: 1, column: 1, length: 1, text: '' }] } });
  } else if (isUtf16(beginning)) {
    findings.add({ rule: 'encoding', what: 'The file is UTF-16: a %b scan stops at its first byte and reads nothing.', next: 'Save it as UTF-8 without a byte order mark.', fileLine: 0 });
  }
}

/** Every other character NUL: digits in two bytes each. */
function isUtf16(text: string): boolean {
  return /(?:[0-9a-fx#/ ]\0){8}/i.test(text) || /(?:\0[0-9a-fx#/ ]){8}/i.test(text);
}

/** Line ends and lines without words. */
export function checkLines({ shape, layout, declared }: GoldenFile, findings: Findings): void {
  if (shape.mixedEnds) checkMixedEnds(shape, findings);
  else if (shape.eol === '\r\n' && shape.text.includes('\r\n') && !(declared && layout.spec.eol === '\r\n')) {
    findings.add({ rule: 'line-ends', severity: 'info', what: 'All lines end with CR LF.', next: 'Keep it if your test bench is used to it; LF is what simulators and scripts write.', fileLine: 0, length: shape.line(0).length, fix: ALL_LF });
  }
  if (!shape.finalNewline) {
    const last = shape.lineCount - 1;
    findings.add({ rule: 'no-final-newline', severity: 'info', what: 'The last line has no line end.', next: 'Add one, so that tools which append to the file do not join two lines.', fileLine: last, column: shape.line(last).length, length: 0, fix: finalNewline(shape) });
  }
  checkBetweenData(shape, findings);
}

const ALL_LF: Fix = { description: 'End all lines with LF', edits: [], eol: '\n' };

function checkMixedEnds(shape: TextShape, findings: Findings): void {
  const lines = shape.text.split('\n').slice(0, -1);
  const crlf = lines.filter((line) => line.endsWith('\r')).length;
  const usual = crlf * 2 > lines.length;
  const first = lines.findIndex((line) => line.endsWith('\r') !== usual);
  findings.add({
    rule: 'line-ends',
    what: `${plural(crlf, 'line')} of ${lines.length} end with CR LF, the others with LF; this is the first of the ${usual ? 'LF' : 'CR LF'} kind.`,
    next: 'Give all lines the same end.',
    fileLine: first,
    column: shape.line(first).length,
    length: 0,
    fix: ALL_LF,
  });
}

function finalNewline(shape: TextShape): Fix {
  const last = shape.lineCount - 1;
  return { description: 'Add the final line end', edits: [{ line: last + 1, column: shape.line(last).length + 1, length: 0, text: shape.eol }] };
}

function checkBetweenData(shape: TextShape, findings: Findings): void {
  const first = shape.dataLines[0] ?? 0;
  const last = shape.dataLines.at(-1) ?? 0;
  let [blank, blanks, comment, comments] = [-1, 0, -1, 0];
  for (let i = first; i < last; i++) {
    const role = shape.role(i);
    if (role === 'blank') {
      if (blanks++ === 0) blank = i;
    } else if (role === 'comment' && comments++ === 0) comment = i;
  }
  if (blanks > 0) findings.add({ rule: 'blank-line', what: `${plural(blanks, 'blank line')} between the data; this is the first.`, next: 'Remove them unless your reader expects them.', fileLine: blank, length: shape.line(blank).length });
  // Memory files may carry comments wherever they like
  if (comments > 0 && !shape.isMemory) findings.add({ rule: 'comment-in-data', what: `${plural(comments, 'comment line')} between the data; this is the first.`, next: 'Remove them, unless the file is read by $readmemb and they begin with "//".', fileLine: comment, length: shape.line(comment).length });
}
