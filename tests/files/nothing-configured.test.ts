/** What a run asks of a lake, and keeps of it, where no contract, check or expectation is configured: as much as before hygge had any. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Seen } from '../support/s3-server/server.ts';
import { startS3Server } from '../support/s3-server/server.ts';
import { TestWorkspace } from '../support/workspace.ts';

const word = /quarantin|checks_|rule|contract|stale|missed|broken|expect/i;

/** Requests by what they ask. */
const counted = (seen: readonly Seen[]): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(Object.groupBy(seen, ({ operation }) => operation)).map(([name, all]) => [name, all?.length ?? 0]));

/** Of one file that is staged, published and looked at. */
const oneFile = { CreateMultipartUpload: 1, UploadPart: 1, CompleteMultipartUpload: 1, HeadObject: 2 };
const twoFiles = { CreateMultipartUpload: 2, UploadPart: 2, CompleteMultipartUpload: 2, HeadObject: 4 };

test('a flow with nothing configured asks a lake for so much and no more, and neither state nor journal nor head has a word of rules', async () => {
  await using server = await startS3Server();
  server.bucket('lake');
  const s3 = `type: s3, bucket: lake, region: us-east-1, endpoint: "${server.url}", access_key_id: ${server.accessKeyId}, secret_access_key: "\${S3_SECRET}"`;
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: plain\n',
    'flows/up/flow.yml': `home: { path: in }\nstore: { ${s3}, path: up }\nrun_type: incremental\n`,
    'flows/full/flow.yml': `home: { path: in }\nstore: { ${s3}, path: full }\n`,
  });
  const found: unknown[] = [];
  for (const part of [1, 2, null]) {
    if (part !== null)
      await workspace.parquet(`in/${part}.parquet`, `select range as id, range as n from range(${part * 10}, ${part * 10 + 10})`);
    for (const flow of ['up', 'full']) {
      const before = server.seen.length;
      const { code, stdout } = await workspace.run(['go', '-f', flow, '--output', 'json'], { env: { S3_SECRET: server.secretAccessKey } });
      expect(code, stdout).toBe(0);
      expect(stdout).not.toMatch(word);
      found.push({ flow, ...counted(server.seen.slice(before)) });
    }
  }
  // Measured with the version before contracts: the same requests, one by one.
  expect(found).toEqual([
    { flow: 'up', ...oneFile, ListObjectsV2: 5, GetObject: 4, PutObject: 3, DeleteObject: 1 },
    { flow: 'full', ...oneFile, ListObjectsV2: 5, GetObject: 4, PutObject: 3, DeleteObject: 1 },
    { flow: 'up', ...oneFile, ListObjectsV2: 6, GetObject: 4, PutObject: 3, DeleteObject: 1 },
    { flow: 'full', ...twoFiles, ListObjectsV2: 6, GetObject: 5, PutObject: 4, DeleteObject: 3 },
    // Nothing is new.
    { flow: 'up', ListObjectsV2: 2, GetObject: 1 },
    { flow: 'full', ...twoFiles, ListObjectsV2: 6, GetObject: 5, PutObject: 4, DeleteObject: 4 },
  ]);
  const state = readFileSync(workspace.path('.hygge/state/up/up.state.yml'), 'utf8');
  expect(state).not.toMatch(word);
  expect(Object.keys((parse(state) as { readonly protocol: { readonly settled: object } }).protocol.settled)).toEqual([
    'id',
    'epoch',
    'boundary',
    'snapshot',
    'seen',
    'source_version',
    'rows',
    'total',
    'at',
    'full_at',
  ]);
  expect((await workspace.run(['journal', '--output', 'json'])).stdout).not.toMatch(word);
  const [head] = server.seen
    .filter(({ operation, request }) => operation === 'PutObject' && request.key.endsWith('current.json'))
    .slice(-1);
  expect(String(head?.request.body)).not.toMatch(word);
});
