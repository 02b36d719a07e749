import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths';

/** Figures of a window, for `npm run bench`, which takes them into docs/performance.md. @returns the file, relative to the repository */
export function writeFigures(name: string, figures: Readonly<Record<string, readonly number[]>>): string {
  const file = path.join('out/bench', `${name}.json`);
  fs.mkdirSync(path.join(ROOT, 'out/bench'), { recursive: true });
  fs.writeFileSync(path.join(ROOT, file), `${JSON.stringify(figures)}\n`);
  return file;
}

/** `best 1.0, median 2.0, worst 3.0 of 9`. */
export function summaryOf(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [best, median, worst] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((value) => value?.toFixed(1) ?? 'none');
  return `best ${best!}, median ${median!}, worst ${worst!} of ${values.length}`;
}
