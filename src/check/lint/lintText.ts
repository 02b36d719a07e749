import type { Inference } from '../../vectors/inference';
import { Findings, goldenFile } from './context';
import type { Finding } from './finding';
import { checkContradictions, checkHeaderBlanks } from './headerRules';
import { checkAddresses, checkRange } from './rangeRules';
import { checkEncoding, checkFileList, checkLines, isFileList } from './textRules';
import { checkWords } from './wordRules';

export interface LintRequest {
  /** File name or path, with `/`. */
  readonly name: string;
  readonly inference: Inference;
  /** The layout of the first candidate is a fact, from a manifest for example. */
  readonly declared?: boolean;
}

/** The findings of one file by itself, in the order of its lines. A file that is no golden file has none, unless its encoding made it one. Never throws. */
export function lintText({ name, inference, declared = false }: LintRequest): Finding[] {
  const findings = new Findings();
  const { shape } = inference;
  if (isFileList(name)) {
    checkFileList(shape, findings);
    return findings.list();
  }
  checkEncoding(shape, findings);
  const file = goldenFile(inference, declared);
  if (file === undefined) return findings.list();
  checkHeaderBlanks(file, findings);
  if (!declared) checkContradictions(file, findings);
  checkWords(file, findings);
  checkRange(file, findings);
  if (!declared) checkAddresses(file, findings);
  checkLines(file, findings);
  return findings.list();
}
