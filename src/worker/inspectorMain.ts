import { parentPort, workerData } from 'node:worker_threads';
import { InspectSession } from '../project/inspect/session';
import { isRecord } from '../protocol/record';
import { Inspector } from './inspector';

/**
 * The thread that computes what one inspector shows. Its `workerData` is `{ ortScript }`, the bundled script of the ONNX Runtime process.
 * It ends with the extension host, or when it is ended.
 */

const ortScript: unknown = isRecord(workerData) ? workerData['ortScript'] : undefined;
if (typeof ortScript !== 'string') throw new Error('The inspector needs workerData.ortScript');

const inspector = new Inspector(new InspectSession({ ortScript }), (reply) => parentPort?.postMessage(reply));

parentPort?.on('message', (message: unknown) => {
  inspector.receive(message);
});
