import fs from 'node:fs/promises';
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
  private root: Promise<string> | undefined;
  private readonly builds: Build[] = [];

  /** The folder in which these sources were built last with these settings, if nobody uses it; else a new one. What only the run reads makes no difference. */
  async take({ simulator, sources, fileLists, top, includes, defines, parameters, cwd, flags }: SimulationDefinition): Promise<BuildFolder> {
    this.root ??= fs.mkdtemp(path.join(os.tmpdir(), 'tilescope-simulate-'));
    const root = await this.root;
    const key = JSON.stringify([simulator, sources, fileLists, top, includes, defines, parameters, cwd, flags]);
    const build = this.builds.find((other) => other.key === key && !other.busy) ?? this.add(key, path.join(root, String(this.builds.length)));
    build.busy = true;
    await fs.mkdir(build.folder, { recursive: true });
    return { folder: build.folder, release: () => { build.busy = false; } };
  }

  dispose(): void {
    void this.root?.then((root) => fs.rm(root, { recursive: true, force: true, maxRetries: 3 }));
  }

  private add(key: string, folder: string): Build {
    const build = { key, folder, busy: false };
    this.builds.push(build);
    return build;
  }
}
