import { parentPort } from 'node:worker_threads';
import { asProblem } from '../engine/problem';
import { problemData } from '../protocol/job';
import type { ReadAnswer } from '../protocol/reading';
import { isReadRequest } from '../protocol/reading';
import { GoldenReader } from './goldenReader';

/** The thread that reads golden files for the editor. It ends with the extension host, or when it has had nothing to do for long. */

const reader = new GoldenReader();
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (message: unknown) => {
  if (!isReadRequest(message)) throw new Error('A request was not understood');
  if (message.type === 'text') reader.addText(message.key, message.text);
  else if (message.type === 'forget') reader.forget(message.key);
  else {
    const { id } = message;
    last = last
      .then(() => reader.answer(message))
      .catch((error: unknown): ReadAnswer => ({ type: 'failed', problem: problemData(asProblem(error)) }))
      .then((answer) => {
        parentPort?.postMessage({ id, ...answer }, answer.type === 'document' ? [answer.lines.roles.buffer as ArrayBuffer] : []);
      });
  }
});
