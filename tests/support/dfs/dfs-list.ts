import { type Answer, type Asked, refuse } from './exchange.ts';
import { type FolderNode, lookup, type Met, walk } from './tree.ts';

export interface Paging {
  /** At most so many in one answer, whatever was asked for. */
  pageSize: number;
  /** Every answer but the last comes without a path now and then: the service may do that. */
  emptyPages: boolean;
  /** Whether OneLake's listings name items as they were asked for or by their ids. Nothing we know of says which: `by turns` is both. */
  itemNames: 'as asked' | 'ids' | 'by turns';
}

interface Page {
  readonly met: readonly Met[];
  readonly continuation: string | undefined;
}

const token = (path: string, empty: boolean): string => Buffer.from(JSON.stringify([path, empty])).toString('base64');

/** One page of a listing. The token says where the last one ended: what comes and goes between the pages may be met or not. */
export function page(all: Iterable<Met>, asked: Asked, paging: Paging, parameter: 'continuation' | 'marker'): Page {
  const [after, empty] = tokenOf(asked.query.get(parameter));
  const wanted = Number(asked.query.get(parameter === 'marker' ? 'maxresults' : 'maxResults') ?? 5000);
  if (!Number.isInteger(wanted) || wanted < 1) throw refuse('InvalidQueryParameterValue');
  const size = Math.min(wanted, paging.pageSize);
  const rest = [...all].filter(({ path }) => after === '' || compareTree(path, after) > 0);
  if (paging.emptyPages && !empty && rest.length > 0) return { met: [], continuation: token(after, true) };
  const met = rest.slice(0, size);
  const last = met.at(-1);
  return { met, continuation: rest.length > size && last !== undefined ? token(last.path, false) : undefined };
}

function tokenOf(written: string | null): readonly [string, boolean] {
  if (written === null || written === '') return ['', false];
  try {
    return JSON.parse(Buffer.from(written, 'base64').toString('utf8')) as [string, boolean];
  } catch {
    throw refuse('InvalidQueryParameterValue');
  }
}

/** The order of a walk through the tree. */
function compareTree(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const order = Buffer.compare(Buffer.from(left[at] ?? ''), Buffer.from(right[at] ?? ''));
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Path - List, as JSON: numbers and booleans are text, `isDirectory` is there for folders only, etags have no quotes. */
export function listPaths(asked: Asked, root: FolderNode, paging: Paging, naming = (path: string): string => path): Answer {
  const directory = (asked.query.get('directory') ?? '').replace(/^\/+|\/+$/g, '');
  const recursive = asked.query.get('recursive');
  if (recursive !== 'true' && recursive !== 'false') throw refuse('MissingRequiredQueryParameter');
  const at = lookup(root, directory);
  if (at === undefined) throw refuse('PathNotFound');
  const all = at.kind === 'file' ? [{ path: directory, node: at }] : walk(at, directory, recursive === 'true');
  const { met, continuation } = page(all, asked, paging, 'continuation');
  const headers = {
    'content-type': 'application/json;charset=utf-8',
    ...(continuation === undefined ? {} : { 'x-ms-continuation': continuation }),
  };
  return { status: 200, headers, body: JSON.stringify({ paths: met.map((one) => shown({ ...one, path: naming(one.path) })) }) };
}

function shown({ path, node }: Met): Record<string, string> {
  return {
    contentLength: String(node.kind === 'file' ? node.content.length : 0),
    creationTime: String(BigInt(node.created.getTime()) * 10_000n + 116_444_736_000_000_000n),
    etag: node.etag.replaceAll('"', ''),
    group: '$superuser',
    ...(node.kind === 'folder' ? { isDirectory: 'true' } : {}),
    lastModified: node.modified.toUTCString(),
    name: path,
    owner: '$superuser',
    permissions: node.kind === 'file' ? 'rw-r-----' : 'rwxr-x---',
  };
}
