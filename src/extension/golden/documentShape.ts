import type * as vscode from 'vscode';
import type { LinesData } from '../../protocol/reading';
import { TextShape, textShape } from '../../vectors/textShape';
import type { Pieces } from './reader';

const NONE = new Int32Array(0);
/** Characters of a piece; joining so many takes a few milliseconds. */
const PIECE = 1 << 18;

/**
 * The shape of an open document: what its lines are was worked out elsewhere, and their texts are the document's own, so that a large
 * one is not held twice. Valid for the version it was made of and for later ones of the same lines, see {@link keepsLines}.
 */
export class DocumentShape extends TextShape {
  override readonly header: readonly string[];
  /** Not there yet when the constructor of the base asks for lines. */
  private readonly document: vscode.TextDocument | undefined;

  constructor(document: vscode.TextDocument, lines: LinesData, report: string | undefined) {
    super('', NONE, NONE, lines.roles, lines.eol, lines.mixedEnds, lines.finalNewline, report);
    this.header = lines.header;
    this.document = document;
  }

  override line(fileLine: number): string {
    const { document } = this;
    return document !== undefined && fileLine >= 0 && fileLine < document.lineCount ? document.lineAt(fileLine).text : '';
  }
}

/** The text of a document as it is now, piece by piece. @throws Changed between two pieces, when it is another by then */
export function piecesOf(document: vscode.TextDocument, range: (first: number, end: number) => vscode.Range): Pieces {
  const { uri, version } = document;
  return {
    key: `${uri.toString()} ${version}`,
    *pieces() {
      for (let first = 0, count = 64; first < document.lineCount; ) {
        const end = Math.min(document.lineCount, first + count);
        const piece = document.getText(range(first, end));
        first = end;
        count = Math.max(1, Math.min(count * 4, Math.floor((count * PIECE) / Math.max(1, piece.length))));
        yield piece;
        if (document.version !== version) throw new Changed();
      }
    },
  };
}

/** A document was edited while its text was read. */
export class Changed extends Error {}

/** Longer lines, and more edits at once, are looked at in the thread: here they would keep everything else waiting. */
const LONGEST_LINE = 1 << 14;
const MOST_EDITS = 200;

/** Do edits leave every line what it is? True when each changed a data line inside, and it is one still; false as well when that takes long to say. */
export function keepsLines(shape: TextShape, document: vscode.TextDocument, changes: readonly vscode.TextDocumentContentChangeEvent[]): boolean {
  if (changes.length > MOST_EDITS) return false;
  return changes.every(({ range, text }) => {
    const { start, end } = range;
    if (start.line !== end.line || text.length > LONGEST_LINE || /[\r\n]/.test(text) || shape.dataLine(start.line) === undefined) return false;
    const line = document.lineAt(start.line).text;
    return line.length <= LONGEST_LINE && textShape(line).dataLines.length === 1;
  });
}
