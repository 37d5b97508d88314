import type { SeenAtDfs } from '../support/dfs/server.ts';
import type { Asked } from './condition-reader.ts';

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';

/** What a service wants to see for a request: each of these, by any one of its actions. */
export type Wanted = readonly (readonly Asked[])[];

const touch = (path: string, ...actions: readonly string[]): readonly Asked[] =>
  actions.map((action) => ({ action: `${blobs}/${action}`, path }));
const list = (prefix: string): readonly Asked[] => [{ action: `${blobs}/read`, sub: 'Blob.List', prefix }];

/**
 * The permissions of a request to a storage account:
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory#permissions-for-blob-service-operations and
 * https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control-model. Throws at a request that it does not know.
 */
export function wantedFor({ method, door, path, query, headers }: SeenAtDfs): Wanted {
  const what = `${method} ${door} ${path} ${query}`;
  if (door === 'dfs') {
    if (path === '' && query.get('resource') === 'filesystem') {
      if (method === 'GET') return [list(query.get('directory') ?? '')];
      // Of the container itself, which is no blob.
      if (method === 'HEAD') return [];
    }
    switch (method) {
      case 'GET':
      case 'HEAD':
        return [touch(path, 'read')];
      case 'PUT': {
        const source = headers['x-ms-rename-source'];
        if (typeof source !== 'string') return [touch(path, 'write', 'add/action')];
        const from = decodeURIComponent(source.replace(/\?.*$/, '')).replace(/^\/[^/]+\//, '');
        return [touch(from, 'move/action'), touch(path, 'write', 'add/action')];
      }
      case 'PATCH':
        return [touch(path, 'write')];
      case 'DELETE':
        return [touch(path, 'delete')];
    }
  } else {
    if (query.get('comp') === 'list' && query.get('restype') === 'container') return [list(query.get('prefix') ?? '')];
    if (query.get('restype') === 'container' && method === 'HEAD') return [];
    switch (method) {
      case 'GET':
      case 'HEAD':
        return [touch(path, 'read')];
      case 'PUT':
        return [query.has('comp') ? touch(path, 'write') : touch(path, 'write', 'add/action')];
      case 'DELETE':
        return [touch(path, 'delete')];
    }
  }
  throw new Error(`which permission does ${what} need?`);
}

/** Data actions of built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage */
export const dataActions: Readonly<Record<string, ReadonlySet<string>>> = {
  'Storage Blob Data Reader': new Set([`${blobs}/read`]),
  'Storage Blob Data Contributor': new Set(['read', 'write', 'add/action', 'delete', 'move/action'].map((action) => `${blobs}/${action}`)),
};
