import fs from 'node:fs/promises';
import path from 'node:path';

/** Is a file or folder inside a folder, wherever symbolic links on the way to both of them lead? Both must exist. */
export async function leadsInside(folder: string, file: string): Promise<boolean> {
  const [inner, outer] = await Promise.all([fs.realpath(file), fs.realpath(folder)]);
  const relative = path.relative(outer, inner);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
