import fs from 'node:fs';
import path from 'node:path';
import type { CheckReport } from '../../../src/check/compare/report';
import { run } from '../../../src/cli/program';
import { NOTEBOOK_CASES, fixture } from './fixtures';
import type { TestFolder } from './workspace';
import { ORT_SCRIPT, testFolder } from './workspace';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line. */
export async function cli(cwd: string, ...args: string[]): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(args, '1.2.3', { out: (text) => out.push(text), err: (text) => err.push(text), signal: new AbortController().signal, cwd, ortScript: ORT_SCRIPT });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

export const reportsOf = ({ out }: Outcome): CheckReport[] => (JSON.parse(out) as { reports: CheckReport[] }).reports;

/** The notebooks' own golden files: `part1` has one psum file of nine kernel positions, `golden-part1` outputs before and after ReLU. */
export function notebook(profile: 'part1' | 'golden-part1'): TestFolder {
  const folder = testFolder();
  const from = fixture('oracle', NOTEBOOK_CASES[profile], profile === 'golden-part1' ? 'golden/Part1' : '.');
  for (const name of fs.readdirSync(from)) if (name.endsWith('.txt')) fs.copyFileSync(path.join(from, name), folder.file(name));
  return folder;
}

export const dataLines = (text: string): string[] => text.split('\n').filter((line) => /^[01]+$/.test(line));
export const inHex = (line: string): string => line.replaceAll(/[01]{4}/g, (four) => Number.parseInt(four, 2).toString(16));
export const asMemh = (lines: readonly string[]): string => lines.map((line, i) => (i % 16 === 0 ? `// 0x${i.toString(16).padStart(8, '0')}\n` : '') + `${inHex(line)}\n`).join('');
export const signed = (bits: string): number => (Number.parseInt(bits, 2) << 16) >> 16;
