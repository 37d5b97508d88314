// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { type Bucket, clientOf, noRadosgw, radosgwBucket } from '../support/radosgw.ts';
import { TestWorkspace } from '../support/workspace.ts';

const problem = noRadosgw();

const way = 'endpoint: "${LAKE_URL}", access_key_id: "${LAKE_KEY_ID}", secret_access_key: "${LAKE_SECRET}"';
const incremental = 'run_type: incremental\nwatermark: { column: at }\n';
const flows = {
  'hygge.yml': `name: test\nstate: { type: object, path: s3://acceptance/northwind, ${way} }\n`,
  'flows/up/flow.yml': `home: in\nstore: { type: s3, bucket: acceptance, path: raw, ${way} }\n${incremental}`,
  'flows/down/flow.yml': `home: { path: s3a://acceptance/raw, ${way} }\nstore: out\n${incremental}`,
  'flows/texts/flow.yml': `home: { path: s3://acceptance/raw, ${way} }\nstore: { path: s3://acceptance/texts, format: csv, ${way} }\n`,
};

const rows = (from: number, to: number) =>
  `select range as id, timestamp '2026-01-01' + interval (range // 4) minute as at, 'näme ' || range as name from range(${from}, ${to})`;

async function contents(client: S3Client, prefix: string): Promise<readonly string[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'acceptance', Prefix: prefix }));
  return Contents.map(({ Key = '' }) => Key);
}

async function openUploads(client: S3Client): Promise<number> {
  return (await client.send(new ListMultipartUploadsCommand({ Bucket: 'acceptance' }))).Uploads?.length ?? 0;
}

describe.skipIf(problem !== '')(`a lake in S3${problem && ` (${problem})`}`, () => {
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = await radosgwBucket('acceptance');
  });

  test('files with a column without a value are written anew with the type of its first ones', async () => {
    const env = { LAKE_URL: bucket.endpoint, LAKE_KEY_ID: bucket.accessKeyId, LAKE_SECRET: bucket.secretAccessKey };
    using workspace = new TestWorkspace({
      'flows/firsts/flow.yml': `home: in/*.csv\nstore: { type: s3, bucket: acceptance, path: firsts, ${way} }\nrun_type: incremental\n`,
      'flows/back/flow.yml': `home: { path: s3://acceptance/firsts, ${way} }\nstore: out\n`,
      'in/1.csv': 'id,n\n1,\n2,\n',
    });
    const go = async (flow: string) => {
      const run = await workspace.run(['go', '-f', flow, '--output', 'json'], { env });
      expect(run.events.at(-1), run.stdout).toMatchObject({ pass: 1, error: 0 });
    };
    await go('firsts');
    const [first] = (await contents(clientOf(bucket), 'firsts/0')).slice();
    workspace.write({ 'in/2.csv': 'id,n\n3,7\n' });
    await go('firsts');
    const now = await contents(clientOf(bucket), 'firsts/0');
    expect(now).toHaveLength(2);
    expect(now).not.toContain(first);
    await go('back');
    const read = await duck(`select id, n, typeof(n) as type from read_parquet('${workspace.path('out')}/*.parquet') order by id`);
    expect(read).toEqual([
      { id: '1', n: null, type: 'BIGINT' },
      { id: '2', n: null, type: 'BIGINT' },
      { id: '3', n: '7', type: 'BIGINT' },
    ]);
    expect(await openUploads(clientOf(bucket))).toBe(0);
  });

  test('takes rows from a local disk and gives them back, incrementally, as they were', async () => {
    const env = { LAKE_URL: bucket.endpoint, LAKE_KEY_ID: bucket.accessKeyId, LAKE_SECRET: bucket.secretAccessKey };
    const client = clientOf(bucket);
    using workspace = new TestWorkspace(flows);
    const go = async (flow: string) => {
      const run = await workspace.run(['go', '--flow', flow, '--output', 'json'], { env });
      expect(run.stdout + run.stderr).not.toContain(bucket.secretAccessKey);
      const last = run.events.at(-1);
      if (last?.event !== 'summary' || last.error > 0) throw new Error(run.stdout + run.stderr);
      return last;
    };

    await workspace.parquet('in/1.parquet', rows(0, 3000));
    expect(await go('up')).toMatchObject({ pass: 1, rows: 3000 });
    expect(await go('down')).toMatchObject({ pass: 1, rows: 3000 });
    await workspace.parquet('in/2.parquet', rows(3000, 4000));
    expect(await go('up')).toMatchObject({ pass: 1, rows: 1000 });
    expect(await go('up')).toMatchObject({ skip: 1, rows: 0 });
    expect(await go('down')).toMatchObject({ pass: 1, rows: 1000 });
    const written = await duck(`select * from '${workspace.path('in')}/*.parquet' order by all`);
    expect(await workspace.settled('out', 'down', 'down')).toEqual(written);

    expect(await go('texts')).toMatchObject({ pass: 1, rows: 4000 });
    for (const Key of (await contents(client, 'texts/')).filter((key) => key.endsWith('.csv'))) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'acceptance', Key }));
      workspace.write({ [`copy/${Key}`]: (await Body?.transformToString()) ?? '' });
    }
    const texts = `select id, cast("at" as timestamp) as "at", name from '${workspace.path('copy')}/**/*.csv' order by all`;
    expect(await duck(texts)).toEqual(written);

    expect(await contents(client, 'northwind/.hygge/state/')).toHaveLength(3);
    expect([...workspace.tree().keys()].filter((path) => path.includes('.hygge/state'))).toEqual([]);
    expect((await contents(client, '')).filter((key) => key.includes('/staging/'))).toEqual([]);
    expect(await openUploads(client)).toBe(0);
  });
});
