/** `hygge compact` in Azure Blob Storage, where what is staged can't be read before it is published. */
import { BlobServiceClient } from '@azure/storage-blob';
import { expect, it } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { TestWorkspace } from '../support/workspace.ts';

const azurite = sharedAzurite();

it('puts the files of increments together, and the next run goes on', async () => {
  const { connectionString } = await azurite();
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('compacted');
  await container.createIfNotExists();
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: "in/{entity}.parquet"\nstore: { type: azure_blob, container: compacted, path: lake, connection_string: "\${LAKE_CONNECTION}" }\nrun_type: incremental\nwatermark: { column: n }\nentities: [e]\n`,
  });
  const hygge = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await workspace.run([...args, '--output', 'json'], { env: { LAKE_CONNECTION: connectionString } });
    expect(code, stdout + stderr).toBe(0);
    return stdout;
  };
  const names = async () => {
    const found: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix: 'lake/e/' })) found.push(name);
    return found;
  };
  for (const rows of [3, 5, 7]) {
    await workspace.parquet('in/e.parquet', `select i as id, i as n from range(1, ${rows + 1}) t(i)`);
    await hygge('go');
  }
  expect(await names()).toHaveLength(6);
  expect(await hygge('compact', 'f.e')).toContain('"compacted"');
  expect(await names()).toHaveLength(2);
  expect(await hygge('verify')).toContain('"verdict":"same"');
  await workspace.parquet('in/e.parquet', 'select i as id, i as n from range(1, 10) t(i)');
  expect(await hygge('go')).toContain('"rows":2');
  expect(await hygge('verify')).toContain('"verdict":"same"');
});
