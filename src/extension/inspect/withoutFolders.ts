import path from 'node:path';

/**
 * A text for the page, which is told no absolute paths: what lies in one of the workspace's folders is named from there, what lies in another
 * known folder by its own name.
 * @param workspace absolute paths of its folders
 * @param others further folders that the text may name
 */
export function withoutFolders(text: string, workspace: readonly string[], others: readonly string[]): string {
  const longestFirst = (folders: readonly string[]): string[] => [...new Set(folders)].filter((folder) => path.dirname(folder) !== folder).sort((a, b) => b.length - a.length);
  return [...longestFirst(workspace), ...longestFirst(others)].reduce((rest, folder) => {
    const literal = folder.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return rest.replaceAll(new RegExp(`${literal}[\\\\/](?=[^\\s\\\\/])`, 'g'), '').replaceAll(new RegExp(`${literal}(?![\\w-])`, 'g'), path.basename(folder));
  }, text);
}
