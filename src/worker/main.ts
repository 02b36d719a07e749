import path from 'node:path';
import { asProblem } from '../engine/problem';
import type { JobReply } from '../protocol/job';
import { isJobRequest, problemData } from '../protocol/job';
import { runJob } from './job';

/** The process that does the extension's long work: one job, then the end. It ends by itself when its parent goes away. */

const stop = new AbortController();

const send = (reply: JobReply): void => {
  if (process.connected) process.send?.(reply);
};

process.on('message', (message: unknown) => {
  if (!isJobRequest(message)) return;
  if (message.type === 'cancel') {
    stop.abort();
    return;
  }
  const context = { signal: stop.signal, ortScript: path.join(__dirname, 'ort.js'), onProgress: (progress: Extract<JobReply, { type: 'progress' }>['progress']) => { send({ type: 'progress', progress }); } };
  void runJob(message, context)
    .catch((error: unknown): JobReply => ({ type: 'failed', problems: [problemData(asProblem(error))] }))
    .then((reply) => {
      // Disconnecting only after the reply has left: the process then ends by itself
      process.send?.(reply, undefined, undefined, () => {
        process.disconnect();
      });
    });
});

process.on('disconnect', () => {
  stop.abort();
});
