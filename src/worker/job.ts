import { checkTarget } from '../project/check/checkTarget';
import { checkConfig } from '../project/checkConfig';
import { parseConfig } from '../project/config';
import { findEntries } from '../project/entry';
import type { GenerateOptions } from '../project/generate';
import { generate } from '../project/generate';
import { summarizeLayers } from '../project/modelLayers';
import type { JobReply, JobRequest } from '../protocol/job';
import { problemData } from '../protocol/job';

/** Does one job. @throws Problem */
export async function runJob(request: Exclude<JobRequest, { type: 'cancel' }>, context: Pick<GenerateOptions, 'signal' | 'ortScript' | 'onProgress'>): Promise<JobReply> {
  if (request.type === 'check') return { type: 'checked', result: await checkTarget(request.target, context) };
  if (request.type === 'layers') return { type: 'layers', layers: await summarizeLayers(request.model) };
  const { config, problems } = parseConfig(request.text, request.file);
  const wrong = config === undefined ? problems : await checkConfig(config, { names: [request.entry] });
  if (config === undefined || wrong.length > 0) return { type: 'failed', problems: wrong.map(problemData) };
  const [entry] = findEntries(config, [request.entry]);
  if (entry === undefined) throw new Error(`No entry ${request.entry}`);
  return { type: 'generated', report: await generate(entry, { ...context, overwrite: request.overwrite }) };
}
