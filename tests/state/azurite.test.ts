import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { expect, test } from 'vitest';
import { startAzurite } from '../support/azurite.ts';

test('the storage account of the tests takes blobs and rows, and ends when its test does', async () => {
  let pid = 0;
  {
    await using azurite = await startAzurite();
    pid = azurite.pid;
    const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('hygge');
    await container.create();
    await container.getBlockBlobClient('a').upload('hi', 2);
    expect((await container.getBlockBlobClient('a').downloadToBuffer()).toString()).toBe('hi');
    const table = TableClient.fromConnectionString(azurite.connectionString, 'hygge', { allowInsecureConnection: true });
    await table.createTable();
    await table.createEntity({ partitionKey: 'p', rowKey: 'r', n: 1 });
    expect((await table.getEntity('p', 'r')).n).toBe(1);
  }
  expect(() => process.kill(pid, 0)).toThrow();
});
