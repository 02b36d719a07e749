import type { InspectSubject } from '../../protocol/inspect';
import { parseConfig } from '../config';
import { findEntries } from '../entry';
import { openConfig } from '../openConfig';
import type { InspectedLayer } from './inspectedLayer';
import type { OpenOptions } from './openEntry';
import { openEntry } from './openEntry';
import { openSet } from './openSet';

/**
 * Reads what an inspector shows: codes in tiles and golden files with their layouts. No psum is computed.
 * @throws Problem of the configuration, its source or the folder (`inspect-set`); `cancelled`
 */
export async function openSubject(subject: InspectSubject, options: OpenOptions): Promise<InspectedLayer> {
  if (subject.type === 'set') return openSet(subject.folder, options, subject.filesOnly);
  const { config, problems } = subject.text === undefined ? await openConfig(subject.file) : parseConfig(subject.text, subject.file);
  if (config === undefined) throw problems[0]!;
  return openEntry(findEntries(config, [subject.layer])[0]!, options);
}
