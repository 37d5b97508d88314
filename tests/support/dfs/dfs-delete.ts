import { holds } from './conditions.ts';
import type { Paging } from './dfs-list.ts';
import { type Answer, type Asked, refuse } from './exchange.ts';
import { detach, type FolderNode, lookup, walk } from './tree.ts';

/** A folder goes with what is in it when `recursive` says so; with `paginated`, so many paths in one request. */
export function deletePath(asked: Asked, root: FolderNode, { pageSize }: Paging): Answer {
  if (asked.path === '') throw refuse('InvalidUri');
  const node = lookup(root, asked.path);
  const goingOn = (asked.query.get('continuation') ?? '') !== '';
  if (node === undefined) throw refuse('PathNotFound');
  if (!goingOn) holds(asked, node, 'PathAlreadyExists');
  if (node.kind === 'folder' && node.children.size > 0) {
    if (asked.query.get('recursive') !== 'true') throw refuse('DirectoryNotEmpty');
    if (asked.query.get('paginated') === 'true' && !emptied(node, asked.path, root, pageSize)) {
      return { status: 200, headers: { 'x-ms-continuation': 'going-on', 'content-length': '0' } };
    }
  }
  detach(root, asked.path);
  return { status: 200, headers: { 'content-length': '0' } };
}

/** Whether nothing was left after removing so many, from the leaves. */
function emptied(folder: FolderNode, path: string, root: FolderNode, atMost: number): boolean {
  const all = [...walk(folder, path, true)].reverse();
  for (const met of all.slice(0, atMost)) detach(root, met.path);
  return all.length <= atMost;
}
