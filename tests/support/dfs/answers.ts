import { authorize, type Guard } from './authorize.ts';
import { asBlobRefusal, blobAnswer } from './blob.ts';
import { deletePath } from './dfs-delete.ts';
import { listPaths, type Paging } from './dfs-list.ts';
import { renamePath } from './dfs-rename.ts';
import { createPath, updatePath } from './dfs-write.ts';
import { type Answer, type Asked, headerOf, NotDone, Refusal, refuse } from './exchange.ts';
import { checkPlace, noKeys, type OneLake } from './onelake.ts';
import { shownProperties, stamps } from './properties.ts';
import { lookAnswer, readAnswer } from './reading.ts';
import { type FolderNode, lookup } from './tree.ts';

/** All there is behind the doors. */
export interface Place {
  /** Filesystems by account and name. */
  readonly spaces: ReadonlyMap<string, Map<string, FolderNode>>;
  readonly onelake: OneLake | undefined;
  readonly paging: Paging;
  readonly guard: Guard;
}

/** Headers that change what a request means, and that nothing here looks at. */
const unread = [
  'x-ms-structured-body',
  'x-ms-lease-id',
  'x-ms-source-lease-id',
  'x-ms-proposed-lease-id',
  'x-ms-encryption-key',
  'x-ms-acl',
];
const known = /^\d{4}-\d\d-\d\d$/;

/** What the service answers. Throws a `Refusal`, or `NotDone` of what this server does not do. */
export function answerOf(asked: Asked, place: Place): Answer {
  if (!known.test(headerOf(asked, 'x-ms-version') ?? asked.query.get('sv') ?? '')) throw refuse('MissingRequiredHeader');
  const strange = unread.find((name) => asked.headers[name] !== undefined);
  if (strange !== undefined) throw new NotDone(`header ${strange}`);
  try {
    authorize(asked, place.guard);
    if (asked.account !== 'onelake') return inSpaces(asked, place);
    return inOneLake(asked, place);
  } catch (error) {
    throw asked.door === 'blob' && error instanceof Refusal ? asBlobRefusal(error) : error;
  }
}

function inSpaces(asked: Asked, place: Place): Answer {
  const space = (filesystem: string): FolderNode => {
    const root = place.spaces.get(asked.account)?.get(filesystem);
    if (root === undefined) throw refuse('FilesystemNotFound');
    return root;
  };
  if (asked.filesystem === '') throw new NotDone('of an account');
  const root = space(asked.filesystem);
  if (asked.path === '' && asked.door === 'dfs' && asked.query.get('resource') === 'filesystem' && asked.method === 'HEAD') {
    const properties = { 'x-ms-properties': shownProperties(root.metadata), 'x-ms-namespace-enabled': 'true' };
    return { status: 200, headers: { ...stamps(root), ...properties, 'content-length': '0' } };
  }
  return asked.door === 'blob' ? blobAnswer(asked, root, place.paging) : dfsAnswer(asked, root, place.paging, space);
}

/** Fabric knows people, not keys; workspaces and items are made elsewhere. */
function inOneLake(asked: Asked, { onelake, paging }: Place): Answer {
  if (onelake === undefined || !(headerOf(asked, 'authorization') ?? '').startsWith('Bearer ')) throw noKeys();
  const root = onelake.root(asked.filesystem);
  const resolved = onelake.resolved(asked);
  checkPlace(resolved);
  if (asked.path === '' && asked.method === 'HEAD') return { status: 200, headers: { ...stamps(root), 'content-length': '0' } };
  if (asked.query.get('resource') === 'filesystem') return listPaths(resolved, root, paging, onelake.naming(asked, paging.itemNames));
  if (asked.query.get('comp') === 'list') throw new NotDone('a flat listing of a workspace');
  return asked.door === 'blob' ? blobAnswer(resolved, root, paging) : dfsAnswer(resolved, root, paging, (name) => onelake.root(name));
}

function dfsAnswer(asked: Asked, root: FolderNode, paging: Paging, space: (filesystem: string) => FolderNode): Answer {
  const { method, path, query } = asked;
  if (path === '') {
    if (method === 'GET' && query.get('resource') === 'filesystem') return listPaths(asked, root, paging);
    throw new NotDone('of a filesystem');
  }
  if (method === 'PUT')
    return headerOf(asked, 'x-ms-rename-source') === undefined ? createPath(asked, root) : renamePath(asked, root, space);
  if (method === 'PATCH') return updatePath(asked, root);
  if (method === 'DELETE') return deletePath(asked, root, paging);
  const node = lookup(root, path);
  if (node === undefined) throw refuse('PathNotFound');
  if (method === 'GET') return readAnswer(asked, node);
  if (method === 'HEAD' && (query.get('action') ?? 'getStatus') === 'getStatus') return lookAnswer(asked, node);
  throw new NotDone(`${method} of a path`);
}
