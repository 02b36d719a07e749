import type { FileData, FilePath, ReadQuestion } from '../../protocol/reading';
import { GivenUp } from './reader';

/** A file on disk; the stamp is another when it was written since. */
export interface StampedFile extends FilePath {
  readonly stamp: string;
}

type Ask = (question: ReadQuestion & { readonly type: 'folder' }, signal?: AbortSignal) => Promise<{ readonly files: readonly FileData[] }>;

interface Alone {
  readonly stamp: string;
  /** Undefined when the thread ended over it. */
  readonly files: readonly FileData[] | undefined;
}

/**
 * Reads the files of folders together. When the thread fails over that, each is read alone, and then those together that could be read: a
 * file that ends the thread costs its time once, until it changes, and its neighbours nothing.
 */
export class FolderReadings {
  /** Files that were not read together, by folder. */
  private readonly failed = new Map<string, string>();
  /** By path. */
  private readonly alone = new Map<string, Alone>();

  constructor(
    private readonly ask: Ask,
    private readonly log: { readonly warn: (message: string) => void },
  ) {}

  /** @returns what could be read; nothing when it was given up */
  async read(folder: string, files: readonly StampedFile[], infer: boolean, signal?: AbortSignal): Promise<readonly FileData[]> {
    const readable = files.filter((file) => !this.isHard(file));
    if (readable.length === 0) return [];
    const stamps = JSON.stringify(readable.map(({ path, stamp }) => [path, stamp]));
    try {
      if (this.failed.get(folder) !== stamps) {
        const together = await this.together(readable, infer, signal);
        if (together !== undefined) return together;
        this.failed.set(folder, stamps);
      }
      const found: FileData[] = [];
      for (const file of readable) found.push(...(await this.readAlone(file, infer, signal)));
      // Without those that cannot be read at all, the others may explain each other
      return readable.some((file) => this.isHard(file)) ? await this.read(folder, files, infer, signal) : found;
    } catch (error) {
      if (error instanceof GivenUp) return [];
      throw error;
    }
  }

  /** @throws GivenUp */
  private async together(files: readonly StampedFile[], infer: boolean, signal: AbortSignal | undefined): Promise<readonly FileData[] | undefined> {
    return this.answer(files, infer, signal, `The files of ${files[0]!.path} and those beside it were not read together: each is read alone.`);
  }

  /** @throws GivenUp */
  private async readAlone(file: StampedFile, infer: boolean, signal: AbortSignal | undefined): Promise<readonly FileData[]> {
    const kept = this.alone.get(file.path);
    if (kept?.stamp === file.stamp) return kept.files ?? [];
    const files = await this.answer([file], infer, signal, `${file.path} was not read. It is left out until it changes.`);
    this.alone.set(file.path, { stamp: file.stamp, files });
    return files ?? [];
  }

  private isHard({ path, stamp }: StampedFile): boolean {
    const kept = this.alone.get(path);
    return kept?.stamp === stamp && kept.files === undefined;
  }

  private async answer(files: readonly StampedFile[], infer: boolean, signal: AbortSignal | undefined, failure: string): Promise<readonly FileData[] | undefined> {
    try {
      return (await this.ask({ type: 'folder', files: files.map(({ path, name }) => ({ path, name })), infer }, signal)).files;
    } catch (error) {
      if (error instanceof GivenUp) throw error;
      this.log.warn(`${failure} ${String(error)}`);
      return undefined;
    }
  }
}
