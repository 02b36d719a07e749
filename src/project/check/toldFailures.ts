import { asciiText } from '../../vectors/dump/byteSource';
import type { ToldFailure } from '../../vectors/dump/failurePhrases';
import { tellsOfFailure } from '../../vectors/dump/failurePhrases';
import type { OpenedDump, OpenedText } from './dumpSide';

/** Where a test bench says that it gave up: at its end. */
const TAIL_BYTES = 1 << 16;

/** What stands among the words of a dump's text and tells of a run that went wrong; of a long file its beginning and its end are looked at. */
export function toldFailures({ files, recording }: OpenedDump): ToldFailure[] {
  // A log was read line by line, and a waveform says nothing
  return recording === undefined ? files.flatMap((file) => [...inHead(file), ...inTail(file)]) : [];
}

function inHead({ head }: OpenedText): ToldFailure[] {
  const told: ToldFailure[] = [];
  for (let at = 0; at < head.lineCount; at++) {
    if (head.role(at) !== 'data' && tellsOfFailure(head.line(at))) told.push({ text: head.line(at).trim(), line: at + 1 });
  }
  return told;
}

function inTail({ source, head }: OpenedText): ToldFailure[] {
  const from = Math.max(head.text.length, source.size - TAIL_BYTES);
  if (from >= source.size) return [];
  const bytes = new Uint8Array(source.size - from);
  const lines = asciiText(bytes.subarray(0, source.read(from, bytes))).split(/\r?\n/);
  return lines.filter(tellsOfFailure).map((text) => ({ text: text.trim() }));
}
