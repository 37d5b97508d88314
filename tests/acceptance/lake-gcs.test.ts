import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { TestWorkspace } from '../support/workspace.ts';

let server: GcsServer;

beforeAll(async () => {
  server = await startGcsServer();
});
afterAll(async () => {
  expect(server.notTaught).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const stamp = (seconds: string) => `timestamp '2024-01-01' + interval (${seconds}) second as at`;

function flows(): Readonly<Record<string, string>> {
  const incremental = 'run_type: incremental\nwatermark: { column: at }\n';
  const way = `endpoint: ${server.url}, key_file: ${server.keyFile}`;
  return {
    'flows/up/flow.yml': `home: in\nstore: { type: gcs, bucket: lake, path: raw, ${way} }\n${incremental}`,
    'flows/down/flow.yml': `home: { path: gs://lake/raw, ${way} }\nstore: out\n${incremental}`,
  };
}

async function go(workspace: TestWorkspace, flow: string) {
  const run = await workspace.run(['go', '--flow', flow, '--output', 'json']);
  const last = run.events.at(-1);
  if (last?.event !== 'summary' || last.error > 0 || last.total === 0) throw new Error(run.stdout + run.stderr);
  return last;
}

describe('a lake in Cloud Storage', () => {
  it('takes rows from a local disk and gives them back, incrementally, as they were', async () => {
    const bucket = server.bucket('lake');
    using workspace = new TestWorkspace(flows());
    await workspace.parquet('in/1.parquet', `select range as id, ${stamp('range // 4')}, 'row ' || range as name from range(3000)`);
    expect(await go(workspace, 'up')).toMatchObject({ pass: 1, rows: 3000 });
    expect(await go(workspace, 'down')).toMatchObject({ pass: 1, rows: 3000 });
    await workspace.parquet('in/2.parquet', `select 3000 + range as id, ${stamp('749 + range // 4')}, 'more' as name from range(1000)`);
    expect(await go(workspace, 'up')).toMatchObject({ pass: 1, rows: 1000 });
    expect(await go(workspace, 'up')).toMatchObject({ skip: 1, rows: 0 });
    expect(await go(workspace, 'down')).toMatchObject({ pass: 1, rows: 1000 });
    expect(await workspace.settled('out', 'down', 'down')).toEqual(
      await duck(`select * from '${workspace.path('in')}/*.parquet' order by all`),
    );
    expect(bucket.names('').filter((name) => name.includes('/staging/'))).toEqual([]);
    expect(server.uploads.open).toBe(0);
  });
});
