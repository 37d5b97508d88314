import { holds } from './conditions.ts';
import { type Answer, type Asked, headerOf, NotDone, refuse } from './exchange.ts';
import { checkBody, contentHeaders, propertiesOf, stamps } from './properties.ts';
import { attach, type FileNode, type FolderNode, lookup, newFile, newFolder, touch } from './tree.ts';

/** Create a file or a folder; without a condition it replaces a file. Folders above are made. */
export function createPath(asked: Asked, root: FolderNode): Answer {
  const resource = asked.query.get('resource');
  if (resource !== 'file' && resource !== 'directory') throw refuse('InvalidQueryParameterValue');
  noBody(asked);
  const before = lookup(root, asked.path);
  holds(asked, before, 'PathAlreadyExists');
  if (before !== undefined && before.kind !== (resource === 'file' ? 'file' : 'folder')) throw refuse('PathConflict');
  const metadata = propertiesOf(asked) ?? new Map();
  if (before?.kind === 'folder') {
    before.metadata = metadata;
    touch(before);
    return { status: 201, headers: { ...stamps(before), 'content-length': '0' } };
  }
  const made = resource === 'file' ? newFile(metadata, contentHeaders(asked)) : newFolder(metadata);
  attach(root, asked.path, made);
  return { status: 201, headers: { ...stamps(made), 'x-ms-request-server-encrypted': 'true', 'content-length': '0' } };
}

/** Append, flush. */
export function updatePath(asked: Asked, root: FolderNode): Answer {
  const node = lookup(root, asked.path);
  const action = asked.query.get('action');
  if (node === undefined) throw refuse('PathNotFound');
  if (action !== 'append' && action !== 'flush') throw new NotDone(`action ${action}`);
  if (node.kind === 'folder') throw refuse('ResourceTypeMismatch');
  if (node.writtenBy === 'blob') throw refuse('InvalidFlushOperation');
  return action === 'append' ? append(asked, node) : flush(asked, node);
}

function positionOf({ query }: Asked): number {
  const written = query.get('position');
  if (written === null) throw refuse('MissingRequiredQueryParameter');
  if (!/^\d+$/.test(written)) throw refuse('InvalidQueryParameterValue');
  return Number(written);
}

/** The same position again replaces what was appended there: senders try again. */
function append(asked: Asked, node: FileNode): Answer {
  const position = positionOf(asked);
  if (asked.body.length === 0) throw refuse('InvalidHeaderValue');
  if (position < node.content.length) throw refuse('InvalidQueryParameterValue');
  checkBody(asked);
  node.pending.set(position, asked.body);
  if (asked.query.get('flush') !== 'true') {
    return { status: 202, headers: { 'x-ms-request-server-encrypted': 'true', 'content-length': '0' } };
  }
  const { headers } = flushTo(asked, node, position + asked.body.length);
  return { status: 202, headers: headers ?? {} };
}

function flush(asked: Asked, node: FileNode): Answer {
  noBody(asked);
  holds(asked, node, 'PathAlreadyExists');
  return flushTo(asked, node, positionOf(asked));
}

function flushTo({ query }: Asked, node: FileNode, position: number): Answer {
  const blocks: Buffer[] = [node.content];
  let length = node.content.length;
  for (let next = node.pending.get(length); next !== undefined && length < position; next = node.pending.get(length)) {
    blocks.push(next);
    length += next.length;
  }
  if (length !== position) throw refuse('InvalidFlushPosition');
  const strays = [...node.pending.keys()].some((at) => at < position && !startsBlock(blocks, at));
  if (strays) throw refuse('InvalidFlushPosition');
  if (blocks.length > 1) node.content = Buffer.concat(blocks, length);
  for (const at of [...node.pending.keys()]) if (query.get('retainUncommittedData') !== 'true' || at < position) node.pending.delete(at);
  touch(node);
  return { status: 200, headers: { ...stamps(node), 'x-ms-request-server-encrypted': 'false', 'content-length': '0' } };
}

function startsBlock(blocks: readonly Buffer[], at: number): boolean {
  let start = 0;
  for (const block of blocks) {
    if (start === at) return true;
    start += block.length;
  }
  return false;
}

/** The service wants the length said, and zero. */
export function noBody(asked: Asked): void {
  if (asked.body.length > 0 || headerOf(asked, 'content-length') !== '0') throw refuse('ContentLengthMustBeZero');
}
