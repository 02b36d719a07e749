/** Gives the lines of a text that comes in pieces, without their line ends. */
export class LineReader {
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  push(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!;
    for (const line of lines) this.onLine(line.replace(/\r$/, ''));
  }

  /** The last line, when no line end follows it. */
  end(): void {
    if (this.rest !== '') this.onLine(this.rest);
    this.rest = '';
  }
}
