/** The few parts of a browser's own world that are used here: the project is compiled without them. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
interface TextNode {
  readonly data: string;
}
interface TextRange {
  setStart(node: TextNode, offset: number): void;
  setEnd(node: TextNode, offset: number): void;
  getBoundingClientRect(): Box;
}
interface PageDocument {
  querySelectorAll(selector: string): Iterable<object>;
  createTreeWalker(root: object, show: number): { nextNode(): TextNode | null };
  createRange(): TextRange;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Runs in the page: the middle of the first `text` that stands within one line of an editor, however many colours it has.
 * One function with all it needs, since only its own source reaches the page.
 */
export function middleOfEditorText(text: string): Point | undefined {
  const SHOW_TEXT = 4;
  const { document } = globalThis as unknown as { document: PageDocument };
  for (const line of document.querySelectorAll('.view-line')) {
    const walker = document.createTreeWalker(line, SHOW_TEXT);
    const pieces: { node: TextNode; start: number }[] = [];
    let content = '';
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      pieces.push({ node, start: content.length });
      // an editor draws spaces as no-break spaces
      content += node.data.replaceAll('\u00a0', ' ');
    }
    const from = content.indexOf(text);
    const to = from + text.length;
    const first = pieces.findLast(({ start }) => start <= from);
    const last = pieces.findLast(({ start }) => start < to);
    if (from < 0 || !first || !last) continue;
    const range = document.createRange();
    range.setStart(first.node, from - first.start);
    range.setEnd(last.node, to - last.start);
    const box = range.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
  return undefined;
}
