import path from 'node:path';
import { version } from '../../package.json';
import { run } from './program';

const stop = new AbortController();
process.once('SIGINT', () => {
  stop.abort();
});

// A reader that has seen enough (head, less) closes the pipe: that ends the output, not the work
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const line = (stream: NodeJS.WriteStream) => (text: string): void => {
  stream.write(`${text}\n`);
};

let resume = (): void => undefined;
for (const event of ['drain', 'close'] as const) process.stdout.on(event, () => { resume(); });

/** Waits until the reader of a pipe has caught up; false when it has gone. */
async function written(): Promise<boolean> {
  if (process.stdout.writableNeedDrain && !process.stdout.destroyed) {
    await new Promise<void>((resolve) => {
      resume = resolve;
    });
  }
  return !process.stdout.destroyed;
}

const terminal = {
  out: line(process.stdout),
  err: line(process.stderr),
  written,
  // A status line makes sense only where it can be overwritten
  ...(process.stderr.isTTY && { status: (text: string) => void process.stderr.write(`\r\x1b[K${text}`) }),
  signal: stop.signal,
  cwd: process.cwd(),
  ortScript: path.join(__dirname, 'ort.js'),
};

void run(process.argv.slice(2), version, terminal).then((code) => {
  process.exitCode = code;
});
