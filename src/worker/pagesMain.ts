import { parentPort } from 'node:worker_threads';
import { isPagesRequest } from '../protocol/pageGuards';
import { PageServer } from './pageServer';

/** The thread that reads one file of the viewer of large files. */

const server = new PageServer((reply) => {
  parentPort?.postMessage(reply);
});

parentPort?.on('message', (message: unknown) => {
  if (!isPagesRequest(message)) throw new Error('A request was not understood');
  void server.take(message);
});
