import { PROBLEM_CODES, Problem } from '../engine/problem';
import type { Place, ProblemCode } from '../engine/problem';
import type { CheckResult, CheckTarget } from './checkReport';
import { isCheckResult, isCheckTarget } from './checkGuards';
import type { ConvLayerSummary } from './layers';
import { isRecord } from './record';
import type { GenerateReport, Progress } from './report';

export { isRecord } from './record';

/**
 * Messages between the extension host and the process that does its long work. One job a process; ending the process ends
 * the job, and `cancel` ends it in good order.
 */
export type JobRequest =
  | {
      readonly type: 'generate';
      /** Text of the configuration, saved or not, and the file that it is or would be. */
      readonly text: string;
      readonly file: string;
      readonly entry: string;
      readonly overwrite: boolean;
    }
  | { readonly type: 'layers'; readonly model: string }
  | { readonly type: 'check'; readonly target: CheckTarget }
  | { readonly type: 'cancel' };

export type JobReply =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'generated'; readonly report: GenerateReport }
  | { readonly type: 'layers'; readonly layers: readonly ConvLayerSummary[] }
  | { readonly type: 'checked'; readonly result: CheckResult }
  | { readonly type: 'failed'; readonly problems: readonly ProblemData[] };

/** A problem as plain data. */
export interface ProblemData {
  readonly code: ProblemCode;
  readonly what: string;
  readonly next: string;
  readonly place: Place;
  /** Stack of the error behind it, for the log. */
  readonly detail?: string;
}

export function problemData(problem: Problem): ProblemData {
  const { code, what, next, place, cause } = problem;
  return { code, what, next, place, ...(cause instanceof Error && cause.stack !== undefined && { detail: cause.stack }) };
}

export function problemOf({ code, what, next, place, detail }: ProblemData): Problem {
  return new Problem(code, what, next, place, detail === undefined ? undefined : { cause: Object.assign(new Error(what), { stack: detail }) });
}

const REQUESTS: readonly string[] = ['generate', 'layers', 'check', 'cancel'] satisfies readonly JobRequest['type'][];
const REPLIES: readonly string[] = ['progress', 'generated', 'layers', 'checked', 'failed'] satisfies readonly JobReply['type'][];

export function isJobRequest(value: unknown): value is JobRequest {
  if (!isRecord(value) || typeof value['type'] !== 'string' || !REQUESTS.includes(value['type'])) return false;
  const strings = (...keys: string[]): boolean => keys.every((key) => typeof value[key] === 'string');
  if (value['type'] === 'generate') return strings('text', 'file', 'entry') && typeof value['overwrite'] === 'boolean';
  if (value['type'] === 'check') return isCheckTarget(value['target']);
  return value['type'] === 'cancel' || strings('model');
}

export function isJobReply(value: unknown): value is JobReply {
  if (!isRecord(value) || typeof value['type'] !== 'string' || !REPLIES.includes(value['type'])) return false;
  switch (value['type']) {
    case 'progress':
      return isRecord(value['progress']);
    case 'generated':
      return isRecord(value['report']);
    case 'layers':
      return Array.isArray(value['layers']);
    case 'checked':
      return isCheckResult(value['result']);
    default:
      return Array.isArray(value['problems']) && value['problems'].every(isProblemData);
  }
}

export function isProblemData(value: unknown): value is ProblemData {
  return isRecord(value) && PROBLEM_CODES.some((code) => code === value['code']) && typeof value['what'] === 'string' && typeof value['next'] === 'string' && isRecord(value['place']);
}
