import type { LineRole } from '../textShape';
import { LINE_ROLES, TextShape } from '../textShape';

const NONE = new Int32Array(0);

/** A line of a window. */
export interface WindowLine {
  readonly text: string;
  readonly role: LineRole;
  /** How many data lines stand before it; -1 when it is none. */
  readonly data: number;
  /** It holds NUL bytes, such as a hole of a sparse file: nothing of it is shown. */
  readonly unreadable?: true;
  /** It goes on: only its beginning is here. */
  readonly cut?: true;
}

/**
 * Some lines of a file that is not in memory as a whole. Lines are numbered as in the file, so a `FileReading` of it decodes them as one of
 * the whole file would; `dataLines` and `header` are only those of the window.
 */
export class WindowShape extends TextShape {
  /** Not there yet when the constructor of the base asks for lines. */
  private readonly lines: readonly WindowLine[] | undefined;

  constructor(
    /** File line of the first. */
    readonly from: number,
    lines: readonly WindowLine[],
    eol: '\n' | '\r\n',
  ) {
    super('', NONE, NONE, Uint8Array.from(lines, ({ role }) => LINE_ROLES.indexOf(role)), eol, false, true);
    this.lines = lines;
  }

  at(fileLine: number): WindowLine | undefined {
    return this.lines?.[fileLine - this.from];
  }

  override role(fileLine: number): LineRole {
    return this.lines === undefined ? super.role(fileLine) : (this.at(fileLine)?.role ?? 'blank');
  }

  override line(fileLine: number): string {
    return this.at(fileLine)?.text ?? '';
  }

  override dataLine(fileLine: number): number | undefined {
    const data = this.at(fileLine)?.data ?? -1;
    return data < 0 ? undefined : data;
  }
}
