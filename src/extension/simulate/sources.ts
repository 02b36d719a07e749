import fs from 'node:fs/promises';
import path from 'node:path';

/** The files below `base` (absolute) that match a glob pattern, absolute. */
export type FindFiles = (base: string, pattern: string) => Promise<readonly string[]>;

/**
 * The source files of a simulation, absolute, in the order in which they are named; those of a pattern by name, none twice.
 * @returns or `problem`: the first name that no file has
 */
export async function resolveSources(sources: readonly string[], cwd: string, findFiles: FindFiles): Promise<readonly string[] | { readonly problem: string }> {
  const found = new Set<string>();
  for (const source of sources) {
    const files = await filesOf(source, cwd, findFiles);
    if (files.length === 0) return { problem: `No source file matches ${JSON.stringify(source)} in ${cwd}. Correct "sources" or "cwd" of the task.` };
    for (const file of files) found.add(file);
  }
  return [...found];
}

async function filesOf(source: string, cwd: string, findFiles: FindFiles): Promise<readonly string[]> {
  const plain = path.resolve(cwd, source);
  if (await isFile(plain)) return [plain];
  const { base, pattern } = splitPattern(source);
  return pattern === undefined ? [] : [...(await findFiles(path.resolve(cwd, base), pattern))].sort();
}

/** The folder that all matches lie in, and the pattern from there; no pattern in a plain name. */
export function splitPattern(source: string): { readonly base: string; readonly pattern?: string } {
  const parts = source.replaceAll('\\', '/').split('/');
  const first = parts.findIndex((part) => /[*?{[]/.test(part));
  if (first < 0) return { base: source };
  const base = parts.slice(0, first).join('/');
  return { base: base === '' && source.startsWith('/') ? '/' : base, pattern: parts.slice(first).join('/') };
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await fs.stat(file)).isFile();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
