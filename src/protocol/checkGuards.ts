import type { CheckResult, CheckTarget } from './checkReport';
import { VERDICTS } from './checkReport';
import { isRecord } from './record';

export function isCheckTarget(value: unknown): value is CheckTarget {
  if (!isRecord(value) || !isString(value['name'])) return false;
  switch (value['type']) {
    case 'configured':
      return isString(value['file']) && isString(value['text']);
    case 'files':
      return isPaths(value['golden']) && isPaths(value['dump']) && isVcdChoice(value['vcd']);
    case 'layer':
      return isString(value['file']) && isString(value['text']) && isString(value['layer']) && isPaths(value['dump']) && isVcdChoice(value['vcd']);
    default:
      return false;
  }
}

export function isCheckResult(value: unknown): value is CheckResult {
  if (!isRecord(value) || !isListOf(value['inputs'], isString) || !isRecord(value['report'])) return false;
  const { report, view } = value;
  const counts = ['compared', 'mismatched', 'unknown', 'unwritten', 'missing', 'malformed', 'differing'].every((key) => typeof report[key] === 'number');
  const texts = ['name', 'kind', 'what', 'expected', 'dump', 'map'].every((key) => isString(report[key]));
  const lists = ['axes', 'first', 'notes', 'causes', 'bits'].every((key) => Array.isArray(report[key]));
  return counts && texts && lists && VERDICTS.some((verdict) => verdict === report['verdict']) && (view === undefined || isView(view));
}

function isView(value: unknown): boolean {
  return isRecord(value) && ['rows', 'words', 'lineAxes', 'wordAxes'].every((key) => Array.isArray(value[key])) && typeof value['lineCount'] === 'number' && isRecord(value['ranges']) && isRecord(value['pixels']);
}

function isVcdChoice(value: unknown): boolean {
  return value === undefined || (isRecord(value) && isString(value['signal']) && [value['clock'], value['valid']].every((one) => one === undefined || isString(one)));
}

function isPaths(value: unknown): boolean {
  return isListOf(value, isString) && (value as readonly unknown[]).length > 0;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isListOf(value: unknown, isOne: (value: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}
