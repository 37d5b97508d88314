import type { BlockBlobClient } from '@azure/storage-blob';
import { expect, test } from 'vitest';
import type { AzureRequests } from '../../src/filesystems/azure/requests.ts';
import { commit } from '../../src/filesystems/blob/uploads.ts';

test('the ids of as many blocks as a blob may have are of one length, and all different', async () => {
  let sent: readonly string[] = [];
  const requests = { send: ({ ask }: { ask: (moving: object) => Promise<unknown> }) => ask({}) } as unknown as AzureRequests;
  const blob = {
    name: 'a',
    commitBlockList: async (ids: readonly string[]) => {
      sent = ids;
      return { etag: 'e' };
    },
  } as unknown as BlockBlobClient;
  await commit(requests, blob, { id: 'upload', sendings: '0'.repeat(50_000) });
  expect(new Set(sent.map(({ length }) => length)).size).toBe(1);
  expect(new Set(sent).size).toBe(50_000);
});
