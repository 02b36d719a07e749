/** The last part of a path with either kind of slash. */
export function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
