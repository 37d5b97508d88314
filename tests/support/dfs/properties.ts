import { hash } from 'node:crypto';
import { type Asked, headerOf, refuse } from './exchange.ts';
import type { TreeNode } from './tree.ts';

const kept = ['cache-control', 'content-encoding', 'content-language', 'content-disposition', 'content-type'] as const;

/** `name=base64` pairs, as the tree's door has them; undefined: the header is not there. */
export function propertiesOf(asked: Asked): ReadonlyMap<string, string> | undefined {
  const written = headerOf(asked, 'x-ms-properties');
  if (written === undefined) return undefined;
  const pairs = written.split(',').filter((pair) => pair.trim() !== '');
  return new Map(pairs.map((pair) => pairOf(pair.trim())));
}

function pairOf(pair: string): [string, string] {
  const at = pair.indexOf('=');
  const name = pair.slice(0, at);
  const value = pair.slice(at + 1);
  if (at < 1 || !/^[A-Za-z_]\w*$/.test(name) || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw refuse('InvalidHeaderValue');
  return [name, Buffer.from(value, 'base64').toString('latin1')];
}

export const shownProperties = (metadata: ReadonlyMap<string, string>): string =>
  [...metadata].map(([name, value]) => `${name}=${Buffer.from(value, 'latin1').toString('base64')}`).join(',');

/** The content's own headers, as the tree's door names them (`x-ms-content-type`) or the other one (`x-ms-blob-content-type`). */
export function contentHeaders(asked: Asked): ReadonlyMap<string, string> {
  const prefix = asked.door === 'dfs' ? 'x-ms-' : 'x-ms-blob-';
  return new Map(
    kept.flatMap((name) => {
      const value = headerOf(asked, prefix + name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

export function metadataOf(asked: Asked): ReadonlyMap<string, string> {
  const start = 'x-ms-meta-';
  const written = Object.keys(asked.headers).filter((name) => name.startsWith(start));
  return new Map(written.map((name) => [name.slice(start.length), headerOf(asked, name) ?? '']));
}

/** Throws where a body is not what its sender says of it. */
export function checkBody(asked: Asked): void {
  const md5 = headerOf(asked, 'content-md5');
  if (md5 !== undefined && hash('md5', asked.body, 'base64') !== md5) throw refuse('Md5Mismatch');
}

/** Of every answer that is about a file or folder. */
export function stamps(node: TreeNode): Record<string, string> {
  return { etag: node.etag, 'last-modified': node.modified.toUTCString() };
}

/** What both doors say of a file or folder when it is read or looked at. */
export function description(node: TreeNode, door: Asked['door']): Record<string, string> {
  const own = node.kind === 'file' ? Object.fromEntries(node.headers) : {};
  const metadata =
    door === 'dfs'
      ? { 'x-ms-properties': shownProperties(node.metadata) }
      : Object.fromEntries([...node.metadata].map(([name, value]) => [`x-ms-meta-${name}`, value]));
  return {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    ...own,
    ...metadata,
    ...stamps(node),
    'x-ms-resource-type': node.kind === 'file' ? 'file' : 'directory',
    'x-ms-owner': '$superuser',
    'x-ms-group': '$superuser',
    'x-ms-permissions': node.kind === 'file' ? 'rw-r-----' : 'rwxr-x---',
    'x-ms-creation-time': node.created.toUTCString(),
    'x-ms-server-encrypted': 'true',
    'x-ms-lease-status': 'unlocked',
    'x-ms-lease-state': 'available',
    ...(door === 'blob' ? { 'x-ms-blob-type': 'BlockBlob' } : {}),
    ...(door === 'blob' && node.kind === 'folder' ? { 'x-ms-meta-hdi_isfolder': 'true' } : {}),
  };
}
