import { holds, sourceHolds } from './conditions.ts';
import { noBody } from './dfs-write.ts';
import { type Answer, type Asked, headerOf, refuse } from './exchange.ts';
import { contentHeaders, propertiesOf } from './properties.ts';
import { attach, detach, type FolderNode, lookup, parentOf, segmentsOf, type TreeNode } from './tree.ts';

/**
 * Takes its source away and puts it under another name, whole, with its etag. A file replaces a file unless a condition forbids it.
 * @param space the tree of a filesystem of the same account.
 */
export function renamePath(asked: Asked, root: FolderNode, space: (filesystem: string) => FolderNode): Answer {
  noBody(asked);
  const source = sourceOf(asked);
  const from = space(source.filesystem);
  const node = source.path === '' ? undefined : lookup(from, source.path);
  const there = lookup(root, asked.path);
  if (node === undefined) throw refuse('SourcePathNotFound');
  sourceHolds(asked, node);
  const inItself = from === root && `${asked.path}/`.startsWith(`${source.path}/`);
  if (inItself && node.kind === 'folder') throw refuse('InvalidRenameSourcePath');
  holds(asked, there, 'PathAlreadyExists');
  const path = placeFor(asked, root, node, { there, name: source.path.slice(source.path.lastIndexOf('/') + 1) });
  if (from === root && source.path === path) return answer();
  detach(from, source.path);
  const properties = propertiesOf(asked);
  if (properties !== undefined) node.metadata = properties;
  if (node.kind === 'file') node.headers = new Map([...node.headers, ...contentHeaders(asked)]);
  attach(root, path, node);
  return answer();
}

const answer = (): Answer => ({ status: 201, headers: { 'content-length': '0' } });

/** A folder that is renamed to one that is there goes into it (`posix`), or not at all (`legacy`). */
function placeFor(
  asked: Asked,
  root: FolderNode,
  node: TreeNode,
  { there, name }: { readonly there: TreeNode | undefined; readonly name: string },
): string {
  if (there === undefined) {
    const parent = lookup(root, parentOf(asked.path));
    if (parent === undefined) throw refuse('RenameDestinationParentPathNotFound');
    if (parent.kind === 'file') throw refuse('PathConflict');
    return asked.path;
  }
  if (there.kind !== node.kind) throw refuse('InvalidSourceOrDestinationResourceType');
  if (there.kind === 'file') return asked.path;
  const inside = `${asked.path}/${name}`;
  if (asked.query.get('mode') === 'legacy' || lookup(root, inside) !== undefined) throw refuse('PathAlreadyExists');
  return inside;
}

/** `/filesystem/path`, encoded; what comes after `?` (a signature) is none of our business. */
function sourceOf(asked: Asked): { readonly filesystem: string; readonly path: string } {
  const written = headerOf(asked, 'x-ms-rename-source') ?? '';
  const [encoded = ''] = written.split('?');
  if (!encoded.startsWith('/') || /[^\x20-\x7e]/.test(encoded)) throw refuse('InvalidSourceUri');
  const [filesystem = '', ...rest] = decoded(encoded).slice(1).split('/');
  const path = rest.join('/');
  segmentsOf(path);
  return { filesystem, path };
}

function decoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw refuse('InvalidSourceUri');
  }
}
