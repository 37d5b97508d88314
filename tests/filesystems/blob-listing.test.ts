import type { ContainerClient } from '@azure/storage-blob';
import { describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { AzureRequests } from '../../src/filesystems/azure/requests.ts';
import { listed } from '../../src/filesystems/blob/listing.ts';
import { collect } from '../support/collect.ts';
import { testNetwork } from '../support/test-network.ts';

const requests = new AzureRequests(
  'https://tests',
  { url: 'az://tests', place: 'container c', credential: 'anonymous' },
  { network: testNetwork },
);
const refused = Object.assign(new Error('no'), { name: 'RestError', statusCode: 403, code: 'AuthorizationPermissionMismatch' });

/** What comes of a listing that the service gives in this order, two names in an answer. @param info what it tells of the account. */
async function inOrder(names: readonly string[], info: () => Promise<object>): Promise<readonly string[]> {
  const entry = (name: string) => ({ name, properties: { etag: 'x', lastModified: new Date(0), contentLength: 1 } });
  const container = {
    url: `https://${realRandom().nonce()}.blob.core.windows.net/c`,
    getAccountInfo: info,
    listBlobsFlat: () => ({
      byPage: async function* ({ continuationToken = '0' }: { readonly continuationToken?: string }) {
        const to = Number(continuationToken) + 2;
        const blobItems = names.slice(to - 2, to).map(entry);
        yield { segment: { blobItems }, ...(to < names.length ? { continuationToken: `${to}` } : {}) };
      },
    }),
  };
  return (await collect(listed(requests, container as unknown as ContainerClient, ''))).map(({ key }) => key);
}

describe('a listing comes in the order of the bytes of whole names', () => {
  const byFolder = ['a/z', 'a-b', 'a.txt', 'b', 'c'];
  const byBytes = ['a-b', 'a.txt', 'a/z', 'b', 'c'];

  test('from an account that lists folder by folder', async () => {
    expect(await inOrder(byFolder, async () => ({ isHierarchicalNamespaceEnabled: true }))).toEqual(byBytes);
  });

  test('from one that does not tell', async () => {
    expect(await inOrder(byFolder, () => Promise.reject(refused))).toEqual(byBytes);
  });

  test('from one that goes by units of UTF-16', async () => {
    const byUnits = ['a', 'z/😀', 'z/😀/x', 'z/\ufb01', 'z/\uffee', 'zz'];
    const flat = async () => ({ isHierarchicalNamespaceEnabled: false });
    expect(byUnits.toSorted()).toEqual(byUnits);
    expect(await inOrder(byUnits, flat)).toEqual(['a', 'z/\ufb01', 'z/\uffee', 'z/😀', 'z/😀/x', 'zz']);
    // At the end no other name comes after those that wait.
    expect(await inOrder(byUnits.slice(0, -1), flat)).toEqual(['a', 'z/\ufb01', 'z/\uffee', 'z/😀', 'z/😀/x']);
  });
});
