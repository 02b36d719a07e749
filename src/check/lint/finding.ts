import type { RuleId, Severity } from './rules';

/** Text that replaces a range of one line. Lines and columns count from 1. */
export interface Edit {
  readonly line: number;
  readonly column: number;
  /** Characters to replace. */
  readonly length: number;
  readonly text: string;
}

/** A repair that changes no value. */
export interface Fix {
  readonly description: string;
  readonly edits: readonly Edit[];
  /** Line end that every line gets; editors have an operation of their own for this. */
  readonly eol?: '\n' | '\r\n';
}

/** One place of a file that is not as it should be. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** What is there, as a sentence. */
  readonly what: string;
  /** What to do now, as an imperative sentence. */
  readonly next: string;
  /** From 1, header lines counted. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Characters. 0 marks a place between two characters, such as the end of a file. */
  readonly length: number;
  readonly fix?: Fix;
}

/** The text after a repair. */
export function applyFix(text: string, { edits, eol }: Fix): string {
  const lines = text.split('\n');
  // From the end, so that places before an edit stay where they are
  for (const edit of edits.toSorted((a, b) => b.line - a.line || b.column - a.column)) {
    const line = lines[edit.line - 1] ?? '';
    lines[edit.line - 1] = line.slice(0, edit.column - 1) + edit.text + line.slice(edit.column - 1 + edit.length);
  }
  const edited = lines.join('\n');
  return eol === undefined ? edited : edited.replaceAll(/\r?\n/g, eol);
}
