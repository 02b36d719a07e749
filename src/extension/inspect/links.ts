import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { CONFIG_FILE } from '../../project/configFile';
import type { Selection } from '../../protocol/panel';
import type { InspectLink } from './link';
import { checkedLink, parseLink } from './link';
import { leadsInside } from './leadsInside';
import type { SubjectKey } from './subjects';

const EXTENSION = 'tilescope.tilescope';
const PATH = '/inspect';

/** A link to a subject in this workspace, or why there is none: a link names no place on one machine. */
export function linkTo(subject: SubjectKey, selection: Selection): { readonly uri: vscode.Uri } | { readonly problem: string } {
  const file = subject.type === 'layer' ? subject.file : subject.folder;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  if (folder === undefined) return { problem: 'Only what lies in the workspace has a link.' };
  const relative = path.relative(folder.uri.fsPath, file).split(path.sep).join('/');
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const link: InspectLink = { ...(several && { root: folder.name }), path: relative === '' ? '.' : relative, ...(subject.type === 'layer' && { layer: subject.layer }), selection };
  const checked = checkedLink(link);
  if ('problem' in checked) return { problem: `This place has no link. ${checked.problem}` };
  return { uri: vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: EXTENSION, path: PATH, query: checked.query }) };
}

/** What a link means in this workspace, or why nothing. */
export async function followLink(uri: Pick<vscode.Uri, 'path' | 'query'>): Promise<{ readonly subject: SubjectKey; readonly selection?: Selection } | { readonly problem: string }> {
  if (uri.path !== PATH) return { problem: 'The link leads to nothing that TileScope has.' };
  const link = parseLink(uri.query);
  if ('problem' in link) return link;
  const { root, layer, selection } = link;
  if (layer !== undefined && path.posix.basename(link.path) !== CONFIG_FILE) return { problem: `The link names a layer of a file that is no ${CONFIG_FILE}.` };
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ name, uri: { scheme } }) => scheme === 'file' && (root === undefined || name === root));
  if (folders.length === 0) return { problem: root === undefined ? 'The link leads into a workspace, and no folder is open.' : `The link leads into the folder "${root.slice(0, 60)}", which is not open.` };
  for (const { uri: { fsPath } } of folders) {
    const file = path.join(fsPath, ...link.path.split('/'));
    const stats = await fs.stat(file).catch(() => undefined);
    if (layer === undefined ? stats?.isDirectory() === true : stats?.isFile() === true) {
      if (!(await leadsInside(fsPath, file).catch(() => false))) return { problem: `${link.path} leads out of the workspace.` };
      return { subject: layer === undefined ? { type: 'set', folder: file } : { type: 'layer', file, layer }, ...(selection !== undefined && { selection }) };
    }
  }
  return { problem: `${link.path} is not in this workspace.` };
}
