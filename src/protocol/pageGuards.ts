import { KINDS, AXES } from '../vectors/axis';
import { RADIXES } from '../vectors/layout';
import { LINE_ROLES } from '../vectors/textShape';
import { isProblemData } from './job';
import type { PageMessage, PagesReply, PagesRequest, ToPage, ViewAnswer, ViewQuestion } from './pages';
import { DECORATION_MODES, DECORATION_SIDES, MOST_QUERY, MOST_ROWS, PAGE_ACTIONS, PAGE_COMMANDS } from './pages';
import { isRecord } from './record';

type Fields = Readonly<Record<string, unknown>>;

const isText = (value: unknown, most = Infinity): value is string => typeof value === 'string' && value.length <= most;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isListOf = (value: unknown, isOne: (one: unknown) => boolean): boolean => Array.isArray(value) && value.every((one) => isOne(one));
const isOneOf = (value: unknown, list: readonly unknown[]): boolean => list.includes(value);
const isMissingOr = (value: unknown, isIt: (value: unknown) => boolean): boolean => value === undefined || isIt(value);
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isInteger = (value: unknown): boolean => Number.isSafeInteger(value);

/** What the page may ask. The rest of the questions names files: those only the extension host asks. */
export function isViewQuestion(value: unknown): value is ViewQuestion {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'rows':
      return isCount(value['from']) && isCount(value['count']) && value['count'] <= MOST_ROWS;
    case 'hover':
      return isPlace(value) && isOneOf(value['side'], ['own', 'other']);
    case 'find':
      return isQuery(value['query']) && isPlace(value['from']) && isFlag(value['backward']);
    case 'goTo':
      return isText(value['text'], MOST_QUERY) && isPlace(value['from']);
    case 'mismatch':
      return isPlace(value['from']) && isFlag(value['backward']);
    default:
      return false;
  }
}

export function isPagesRequest(value: unknown): value is PagesRequest {
  if (!isRecord(value) || !isCount(value['id'])) return false;
  if (value['type'] === 'cancel') return true;
  if (value['type'] === 'open') return isText(value['file']) && isMissingOr(value['choice'], isChoice);
  if (value['type'] === 'compare') return isMissingOr(value['file'], isText) && isMissingOr(value['choice'], isChoice);
  return isViewQuestion(value);
}

export function isPagesReply(value: unknown): value is PagesReply {
  if (!isRecord(value)) return false;
  if (value['type'] === 'status') return isInfo(value['info']);
  if (!isCount(value['id'])) return false;
  switch (value['type']) {
    case 'progress':
      return isCount(value['done']) && isCount(value['total']);
    case 'opened':
      return isInfo(value['info']) && isListOf(value['rows'], isRow);
    case 'compared':
      return isMissingOr(value['other'], isOther);
    case 'cancelled':
      return true;
    case 'failed':
      return isProblemData(value['problem']);
    default:
      return isViewAnswer(value);
  }
}

export function isPageMessage(value: unknown): value is PageMessage {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'ready':
      return isMissingOr(value['version'], isCount);
    case 'ask':
      return isCount(value['id']) && isViewQuestion(value['question']);
    case 'cancel':
      return isCount(value['id']);
    case 'action':
      return isOneOf(value['action'], PAGE_ACTIONS);
    case 'copy':
      return isText(value['text'], 1 << 20);
    case 'drawn':
      return typeof value['ms'] === 'number';
    case 'trouble':
      return isText(value['what'], MOST_QUERY);
    default:
      return false;
  }
}

export function isToPage(value: unknown): value is ToPage {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'opened':
      return isCount(value['version']) && isInfo(value['info']) && isListOf(value['rows'], isRow) && isLook(value['look']) && isMissingOr(value['other'], isOther);
    case 'look':
      return isLook(value['look']);
    case 'status':
      return isInfo(value['info']);
    case 'compared':
      return isMissingOr(value['other'], isOther);
    case 'failed':
      return isProblemData(value['problem']);
    case 'answer':
      return isCount(value['id']) && isViewAnswer(value['answer']);
    case 'refused':
      return isCount(value['id']) && isProblemData(value['problem']);
    case 'cancelled':
      return isCount(value['id']);
    case 'progress':
      return isCount(value['id']) && isCount(value['done']) && isCount(value['total']);
    case 'show':
      return isFound(value['place']);
    case 'run':
      return isOneOf(value['command'], PAGE_COMMANDS);
    default:
      return false;
  }
}

function isViewAnswer(value: unknown): value is ViewAnswer {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'rows':
      return isCount(value['from']) && isListOf(value['rows'], isRow);
    case 'hover':
      return isMissingOr(value['word'], isFound) && isMissingOr(value['says'], isWordText) && isMissingOr(value['how'], isText);
    case 'found':
      return isMissingOr(value['place'], isFound) && isMissingOr(value['wrapped'], isFlag);
    case 'wentTo':
      return isMissingOr(value['place'], isFound) && isMissingOr(value['problem'], isText);
    default:
      return false;
  }
}

function isPlace(value: unknown): value is Fields {
  return isRecord(value) && isCount(value['line']) && isInteger(value['column']) && (value['column'] as number) >= -1;
}

function isFound(value: unknown): boolean {
  return isPlace(value) && isCount(value['length']);
}

function isQuery(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return value['type'] === 'text' ? isText(value['text'], MOST_QUERY) && value['text'] !== '' : value['type'] === 'value' && isInteger(value['value']);
}

function isChoice(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const loops = [value['lines'], value['words']].every((list) => isListOf(list, isLoop));
  return loops && isOneOf(value['kind'], KINDS) && isOneOf(value['radix'], RADIXES) && isCount(value['bits']) && isFlag(value['signed']) && isText(value['separator']) && isText(value['trailing']) && isMissingOr(value['width'], isCount);
}

function isLoop(value: unknown): boolean {
  return isRecord(value) && isOneOf(value['axis'], AXES) && isInteger(value['start']) && isInteger(value['step']) && isCount(value['count']);
}

function isInfo(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['columns'])) return false;
  const { columns, layout } = value as { columns: Fields; layout?: unknown };
  const isLayout = isMissingOr(layout, (it) => isRecord(it) && isText(it['summary']) && isText(it['legend']) && isText(it['how']));
  return isLayout && isText(value['name']) && ['size', 'lines', 'checked'].every((key) => isCount(value[key])) && isFlag(value['counted']) && isFlag(value['regular']) && isMissingOr(value['report'], isText) && isCount(columns['text']) && isCount(columns['values']);
}

function isLook(value: unknown): boolean {
  return isRecord(value) && isOneOf(value['decorations'], DECORATION_MODES) && isOneOf(value['side'], DECORATION_SIDES);
}

function isOther(value: unknown): boolean {
  return isRecord(value) && isText(value['name']) && isText(value['summary']) && isListOf(value['notes'], isText);
}

function isRow(value: unknown): boolean {
  if (!isRecord(value) || !isCount(value['line']) || !isText(value['text']) || !isOneOf(value['role'], LINE_ROLES)) return false;
  return isMissingOr(value['note'], (note) => isOneOf(note, ['unreadable', 'cut'])) && isMissingOr(value['address'], isCount) && isMissingOr(value['values'], isText) && isMissingOr(value['numbers'], (numbers) => isPart(numbers, value['values'])) && isMissingOr(value['words'], (words) => isListOf(words, isInteger)) && isMissingOr(value['other'], isOtherRow);
}

/** A part of a text. */
function isPart(value: unknown, text: unknown): boolean {
  return isRecord(value) && isText(text) && isCount(value['from']) && isCount(value['length']) && value['from'] + value['length'] <= text.length;
}

function isOtherRow(value: unknown): boolean {
  return isRecord(value) && isInteger(value['line']) && isText(value['text']) && isText(value['values']) && isListOf(value['words'], isInteger) && isListOf(value['differing'], isCount);
}

function isWordText(value: unknown): boolean {
  return isRecord(value) && isText(value['value']) && isOneOf(value['kind'], KINDS) && isListOf(value['place'], isText) && ['defect', 'real', 'beyond'].every((key) => isMissingOr(value[key], isText)) && isMissingOr(value['pattern'], (it) => isRecord(it) && ['bits', 'hex', 'unsigned', 'signed'].every((key) => isText(it[key])));
}
