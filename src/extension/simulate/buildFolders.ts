import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SimulationDefinition } from './definition';

interface Build {
  readonly key: string;
  readonly folder: string;
  busy: boolean;
}

/** A folder that is one simulation's until it is released. */
export interface BuildFolder {
  readonly folder: string;
  readonly release: () => void;
}

/** Folders for what compilers make, kept as long as the window: Verilator builds again only what changed since. */
export class BuildFolders {
  private root: string | undefined;
  private readonly builds: Build[] = [];

  /** The folder in which these sources were built last with these settings, if nobody uses it; else a new one. What only the run reads makes no difference. */
  take({ simulator, sources, fileLists, top, includes, defines, parameters, cwd, flags }: SimulationDefinition): BuildFolder {
    this.root ??= fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-simulate-'));
    const key = JSON.stringify([simulator, sources, fileLists, top, includes, defines, parameters, cwd, flags]);
    const build = this.builds.find((other) => other.key === key && !other.busy) ?? this.add(key, path.join(this.root, String(this.builds.length)));
    build.busy = true;
    fs.mkdirSync(build.folder, { recursive: true });
    return { folder: build.folder, release: () => { build.busy = false; } };
  }

  /** At once: a window that closes does not wait. */
  dispose(): void {
    if (this.root !== undefined) fs.rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
    this.root = undefined;
    this.builds.length = 0;
  }

  private add(key: string, folder: string): Build {
    const build = { key, folder, busy: false };
    this.builds.push(build);
    return build;
  }
}
