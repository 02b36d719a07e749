import fs from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../engine/problem';
import type { ConfigReading } from './config';
import { parseConfig } from './config';
import { errno } from './disk';
import { CONFIG_FILE } from './configFile';

/**
 * Reads a configuration file.
 * @param where the file, or the folder that holds `tilescope.json`
 * @throws Problem `config-missing`
 */
export async function openConfig(where: string): Promise<ConfigReading> {
  const file = await fileOf(path.resolve(where));
  try {
    // VS Code hides a byte order mark, so must this
    return parseConfig((await fs.readFile(file, 'utf8')).replace(/^\ufeff/, ''), file);
  } catch (error) {
    const code = errno(error);
    if (code === undefined) throw error;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new Problem('config-missing', `The configuration ${file} ${why}.`, `Create ${CONFIG_FILE} (VS Code: "TileScope: Generate Vectors" offers to), or name another with --config.`, {}, { cause: error });
  }
}

async function fileOf(where: string): Promise<string> {
  const status = await fs.stat(where).catch((error: unknown) => {
    if (errno(error) === undefined) throw error;
    return undefined;
  });
  return status?.isDirectory() === true ? path.join(where, CONFIG_FILE) : where;
}
