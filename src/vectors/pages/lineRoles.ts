import type { LineRole } from '../textShape';
import { LOOK, textShape } from '../textShape';
import type { FileHead } from './fileHead';

/** What lines behind the beginning of a file are: the same as in the whole text, without reading it. */
export class LineRoles {
  constructor(private readonly head: FileHead) {}

  /** The roles of lines behind the prefix, in one look for all. */
  of(lines: readonly string[]): LineRole[] {
    const { prefix, prefixLines } = this.head;
    const joint = prefix === '' || prefix.endsWith('\n') ? '' : '\n';
    const shape = textShape(`${prefix}${joint}${lines.map((line) => line.slice(0, LOOK + 1)).join('\n')}\n`);
    return lines.map((_, i) => shape.role(prefixLines + i));
  }
}
