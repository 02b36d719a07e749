import path from 'node:path';
import { Problem, asProblem } from '../engine/problem';
import type { JobReply } from '../protocol/job';
import { isJobRequest, problemData } from '../protocol/job';
import type { Progress } from '../protocol/report';
import { paced } from './paced';
import { runJob } from './job';

/** The process that does the extension's long work: one job, then the end. It ends by itself when its parent goes away. */

const stop = new AbortController();

/** Sends unless nobody listens any more; a parent that goes away meanwhile is no failure of ours. */
function send(reply: JobReply, sent?: () => void): void {
  if (process.connected) process.send?.(reply, undefined, undefined, () => sent?.());
}

/** Disconnecting only after the last reply has left: the process then ends by itself. */
function end(reply: JobReply): void {
  send(reply, () => {
    if (process.connected) process.disconnect();
  });
}

process.on('message', (message: unknown) => {
  if (!isJobRequest(message)) {
    end({ type: 'failed', problems: [problemData(new Problem('internal', 'TileScope itself failed: a job was not understood.', 'Report it with the log (Output > TileScope).'))] });
    return;
  }
  if (message.type === 'cancel') {
    stop.abort();
    return;
  }
  const onProgress = paced(
    (progress: Progress) => {
      send({ type: 'progress', progress });
    },
    ({ phase }) => phase,
  );
  void runJob(message, { signal: stop.signal, ortScript: path.join(__dirname, 'ort.js'), onProgress })
    .catch((error: unknown): JobReply => ({ type: 'failed', problems: [problemData(asProblem(error))] }))
    .then(end);
});

process.on('disconnect', () => {
  stop.abort();
});
