import path from 'node:path';
import { version } from '../../package.json';
import { run } from './program';

const stop = new AbortController();
process.once('SIGINT', () => {
  stop.abort();
});

// A reader that has seen enough (head, less) closes the pipe: that ends the output, not the work
let unread = false;
let resume = (): void => undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  unread = true;
  resume();
});

const line = (stream: NodeJS.WriteStream) => (text: string): void => {
  stream.write(`${text}\n`);
};

process.stdout.on('drain', () => { resume(); });

/** Waits until the reader of a pipe has caught up; false when it has gone. */
async function written(): Promise<boolean> {
  if (process.stdout.writableNeedDrain && !unread) {
    await new Promise<void>((resolve) => {
      resume = resolve;
    });
  }
  return !unread;
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
