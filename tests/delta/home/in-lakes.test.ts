/** Tables that another program keeps on real servers, read by flows; chdb is the second reader of the same folders. */
import { PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, test } from 'vitest';
import { azureTable, noChdb, type SecondReader, s3Table, startChdb } from '../../support/delta/chdb/reader.ts';
import { folderIn } from '../../support/delta/writer/folder.ts';
import { DeltaTable } from '../../support/delta/writer/table.ts';
import type { LakePlace } from '../../support/lakes/lake.ts';
import { sharedLakes } from '../../support/lakes/test-lakes.ts';
import { treeIn } from '../../support/lakes/tree-in.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { errorOf, rows } from './scene.ts';

const lakes = sharedLakes().filter(({ name }) => name === 'azure_blob' || name === 's3');
const columns = [
  { name: 'id', type: 'long' },
  { name: 'note', type: 'string' },
  { name: 'day', type: 'string' },
] as const;

let reader: SecondReader | undefined;
afterAll(async () => {
  await reader?.[Symbol.asyncDispose]();
});

/** What chdb reads at the address; undefined: there is no chdb here. */
async function byChdb({ sdk }: LakePlace, path: string): Promise<readonly string[] | undefined> {
  if (noChdb() !== '') return undefined;
  reader ??= startChdb();
  const { url = '', account = '', key = '', endpoint = '', bucket = '', accessKeyId = '', secretAccessKey = '' } = sdk;
  const slash = url.lastIndexOf('/');
  const isAzure = sdk.kind === 'azure_blob';
  if (!isAzure) {
    const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
    const resources = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
    const anyone = { Effect: 'Allow', Principal: '*', Action: ['s3:GetObject', 's3:ListBucket'], Resource: resources };
    await client.send(
      new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [anyone] }) }),
    );
    client.destroy();
  }
  const table = isAzure
    ? azureTable({ url: url.slice(0, slash), container: url.slice(slash + 1), path, account, key })
    : s3Table(`${endpoint}/${bucket}/${path}`);
  return (await reader.query(`SELECT toString(id) AS id, note, day FROM ${table}`)).map(rowText).sort();
}

const rowText = ({ id, note, day }: Readonly<Record<string, unknown>>): string => JSON.stringify([String(id), note, day]);

describe.each(lakes)('a table in a lake, $name', ({ missing = '', start }) => {
  test.skipIf(missing !== '')(`is read whole, and then by its log, as chdb reads it${missing && ` (skipped: ${missing})`}`, async () => {
    await using lake = await start();
    const flow = `home: ${lake.side('tables', 'format: delta')}\nstore: out\nrun_type: incremental\nchanged_files: replace\nentities: [orders]\n`;
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': flow,
      '.env': Object.entries(lake.env)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
        .join(''),
    });
    const options = { seed: 7, columns, partitionBy: ['day'], features: ['deletionVectors', 'columnMapping'] } as const;
    await using table = await DeltaTable.create(folderIn(await treeIn(lake, 'tables'), 'orders'), options);
    const dated = (from: number, to: number) =>
      rows(from, to).map((row, i) => ({ ...row, day: ['a b', 'p%q', 'é/x', 'x=1'][i % 4] ?? null }));
    const same = async () => {
      const run = await workspace.run(['go', '--output', 'json']);
      expect(errorOf(run), run.stdout + run.stderr).toBeUndefined();
      const wanted = table.rows().map(rowText).sort();
      expect((await workspace.settled('out', 'f', 'orders')).map(rowText).sort()).toEqual(wanted);
      const second = await byChdb(lake, 'tables/orders/');
      if (second !== undefined) expect(second).toEqual(wanted);
    };
    await table.append(dated(0, 8), 2);
    await same();
    await table.append(dated(8, 12));
    await table.delete(({ id }) => id === 2, 'vectors');
    await same();
    await table.checkpoint();
    await table.update((row) => (row.id === 5 ? { ...row, note: 'other' } : undefined), 'rewrite');
    await table.optimize();
    await table.cleanLog();
    await table.vacuum(0);
    await same();
  });
});
