import { listBlobs } from './blob-list.ts';
import { holds } from './conditions.ts';
import type { Paging } from './dfs-list.ts';
import { type Answer, type Asked, headerOf, NotDone, type Refusal, refuse } from './exchange.ts';
import { checkBody, contentHeaders, metadataOf, stamps } from './properties.ts';
import { lookAnswer, readAnswer } from './reading.ts';
import { attach, detach, type FolderNode, lookup, newFile, type TreeNode } from './tree.ts';

const done = (headers: Record<string, string>): Record<string, string> => ({ ...headers, 'content-length': '0' });

/** The flat view of the same tree, as far as the official clients of the tree ask for it. */
export function blobAnswer(asked: Asked, root: FolderNode, paging: Paging): Answer {
  const comp = asked.query.get('comp');
  if (asked.path === '') {
    if (asked.method === 'GET' && comp === 'list') return listBlobs(asked, root, paging);
    throw new NotDone('of a container');
  }
  if (asked.method === 'PUT' && comp === null) return putBlob(asked, root);
  const node = lookup(root, asked.path);
  if (node === undefined) throw refuse('BlobNotFound');
  if (comp !== null) throw new NotDone(`comp=${comp}`);
  if (asked.method === 'GET') return readAnswer(asked, node);
  if (asked.method === 'HEAD') return lookAnswer(asked, node);
  if (asked.method === 'DELETE') return deleteBlob(asked, root, node);
  throw new NotDone('of a blob');
}

function putBlob(asked: Asked, root: FolderNode): Answer {
  if (headerOf(asked, 'x-ms-blob-type') !== 'BlockBlob' || headerOf(asked, 'x-ms-copy-source') !== undefined) {
    throw new NotDone('a blob that is no block blob of one piece');
  }
  const before = lookup(root, asked.path);
  holds(asked, before, 'BlobAlreadyExists');
  if (before?.kind === 'folder') throw refuse('ResourceTypeMismatch');
  checkBody(asked);
  const file = newFile(metadataOf(asked), contentHeaders(asked));
  file.content = asked.body;
  file.writtenBy = 'blob';
  attach(root, asked.path, file);
  return { status: 201, headers: done({ ...stamps(file), 'x-ms-request-server-encrypted': 'true' }) };
}

function deleteBlob(asked: Asked, root: FolderNode, node: TreeNode): Answer {
  holds(asked, node, 'BlobAlreadyExists');
  if (node.kind === 'folder' && node.children.size > 0) throw refuse('DirectoryNotEmpty');
  detach(root, asked.path);
  return { status: 202, headers: done({ 'x-ms-delete-type-permanent': 'true' }) };
}

/** Names of errors at this door. */
export function asBlobRefusal(refusal: Refusal): Refusal {
  if (refusal.code === 'FilesystemNotFound') return refuse('ContainerNotFound');
  if (refusal.code === 'PathNotFound') return refuse('BlobNotFound');
  return refusal;
}
