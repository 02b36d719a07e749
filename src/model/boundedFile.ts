import { readFile, stat } from 'node:fs/promises';
import type { ProblemCode } from '../engine/problem';
import { Problem } from '../engine/problem';

/** Largest file read whole: what Node reads in one piece, and protobuf's own limit for a message. */
export const MAX_FILE_BYTES = 2 ** 31 - 1;

/** How the failures of one kind of file are worded. */
export interface FileKind {
  /** Code of "cannot be read at all". */
  readonly code: ProblemCode;
  /** As in "The {noun} does not exist". */
  readonly noun: string;
}

/**
 * Reads a whole file; its kind and size are checked before it is opened, so that neither a pipe nor a huge file stalls the caller.
 * @param limit in bytes
 * @throws Problem `kind.code` when the path is missing, a folder, not permitted, too large, or cannot be read
 */
export async function readBoundedFile(path: string, kind: FileKind, limit: number = MAX_FILE_BYTES): Promise<Uint8Array> {
  try {
    const status = await stat(path);
    if (!status.isFile()) throw Object.assign(new Error('not a regular file'), { code: status.isDirectory() ? 'EISDIR' : 'ENOTFILE' });
    if (status.size > limit) {
      throw new Problem(kind.code, `The ${kind.noun} has ${status.size} bytes; TileScope reads at most ${limit}.`, 'Give a smaller file: one layer, or fewer samples, is enough.', { file: path });
    }
    const bytes = await readFile(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    throw error instanceof Problem ? error : readProblem(path, kind, error);
  }
}

/** Turns an error of the file system into one that says what to do. */
export function readProblem(path: string, { code, noun }: FileKind, error: unknown): Problem {
  const [what, next] = wording(path, noun, error);
  return new Problem(code, what, next, { file: path }, { cause: error });
}

function wording(path: string, noun: string, error: unknown): [string, string] {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (errno) {
    case 'ENOENT':
    case 'ENOTDIR':
      return [`The ${noun} ${path} does not exist.`, 'Check the path and its spelling.'];
    case 'EISDIR':
      return [`${path} is a folder, not a ${noun}.`, 'Give the path of the file inside it.'];
    case 'ENOTFILE':
      return [`${path} is a device or a pipe, not a ${noun}.`, 'Give the path of a regular file.'];
    case 'EACCES':
    case 'EPERM':
      return [`The ${noun} ${path} may not be read: permission denied.`, 'Give yourself read permission on the file and its folders.'];
    default:
      return [`The ${noun} ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, 'Check the disk and the path, then try again.'];
  }
}
