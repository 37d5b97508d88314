import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { count } from '../support/duck.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { lakeInGcs } from '../support/lakes/gcs-lake.ts';
import { testNetwork } from '../support/test-network.ts';
import { TestWorkspace } from '../support/workspace.ts';

const files = 40;
/** Neither at an end, nor large or new: nothing but a look at every file finds it. */
const odd = 20;
const rows = files * 100 + 1;

let server: GcsServer;
let proxy: FaultProxy;
let workspace: TestWorkspace;
beforeAll(async () => {
  server = await startGcsServer();
  proxy = await startFaultProxy(server.url);
  const lake = lakeInGcs(server, 'many', proxy.url);
  workspace = new TestWorkspace({
    'flows/parquet/flow.yml': `home: ${lake.side('in')}\nstore: out/parquet\nwatermark: { column: id }\nrun_type: incremental\n`,
    'flows/whole/flow.yml': `home: ${lake.side('in')}\nstore: out/whole\n`,
    'flows/csv/flow.yml': `home: ${lake.side('in', 'format: csv')}\nstore: out/csv\n`,
  });
  const url = 'gs://many/in';
  const keys = { key_file: server.keyFile };
  const network = testNetwork;
  const bucket = gcsFileSystem({ url, bucket: 'many', folder: 'in', endpoint: server.url, keys, random: realRandom(), network });
  for (let n = 0; n < files; n++) {
    const name = String(n).padStart(2, '0');
    // The newest value is where nobody looks first.
    const query = n === odd ? `select 9999 as id, 'only here' as extra` : `select range + ${n * 100} as id from range(100)`;
    const from = n === odd ? `${query} union all by name select range + ${n * 100} as id from range(100)` : query;
    await workspace.parquet('one.parquet', from);
    await bucket.put(`${name}.parquet`, readFileSync(workspace.path('one.parquet')), { ifNoneMatch: '*' });
    const lines = Array.from({ length: 100 }, (_, i) => `${n * 100 + i}\n`).join('');
    await bucket.put(`${name}.csv`, Buffer.from(`id\n${lines}`), { ifNoneMatch: '*' });
  }
});
afterAll(async () => {
  workspace[Symbol.dispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

let before = 0;
beforeEach(() => {
  before = proxy.seen.length;
});

/** Files of which anything was fetched. */
function fetched(): ReadonlySet<string> {
  const bodies = proxy.seen.slice(before).filter(({ method, path }) => method === 'GET' && path.includes('alt=media'));
  return new Set(bodies.map(({ path }) => /in\/\d+\.\w+/.exec(path)?.[0] ?? path));
}

const planIn = (events: readonly HyggeEvent[]) => events.find((event) => event.event === 'plan');
const json = ['--output', 'json'];

describe('of many files in a lake', () => {
  test.each(['whole', 'parquet', 'csv'])('a dry run opens a few (%s), and says so', async (flow) => {
    const { events, code } = await workspace.run(['go', '--dry-run', '--flow', flow, ...json]);
    expect(code).toBe(0);
    const plan = planIn(events);
    expect(plan).toMatchObject({ looked_at: { files: 8, of: files }, rows: { exact: false } });
    expect(fetched().size).toBe(8);
    expect(Math.abs((plan?.rows.n ?? 0) - rows)).toBeLessThan(rows / 10);
  });

  test('debug opens the same few each time, and says so', async () => {
    const look = async () => {
      before = proxy.seen.length;
      const { stdout, code } = await workspace.run(['debug', '--flow', 'whole']);
      expect([code, stdout]).toEqual([0, expect.stringContaining('by the 8 of 40 files that were looked at')]);
      return [...fetched()].sort();
    };
    const first = await look();
    expect([first.length, await look()]).toEqual([8, first]);
  });

  test('--count looks at all of them', async () => {
    const { events } = await workspace.run(['go', '--dry-run', '--count', '--flow', 'parquet', ...json]);
    const plan = planIn(events);
    expect(plan).toMatchObject({ rows: { n: rows, exact: true }, window: { upper: '9999' } });
    expect(plan).not.toHaveProperty('looked_at');
    expect(fetched().size).toBe(files);
  });

  test('a run settles what only a file has that no dry run opened, and status then finds it all settled', async () => {
    const { code, stdout } = await workspace.run(['go', '--flow', 'parquet']);
    expect(code, stdout).toBe(0);
    const settled = `read_parquet('${workspace.path('out/parquet')}/*.parquet', union_by_name = true)`;
    expect(await count(`select count(*) as n from ${settled}`)).toBe(rows);
    expect(await count(`select count(*) as n from ${settled} where extra = 'only here' and id = 9999`)).toBe(1);
    const again = await workspace.run(['go', '--dry-run', '--flow', 'parquet', ...json]);
    // The settled watermark is above all that it looked at: that is no source which went back.
    expect(planIn(again.events)?.warnings.join()).not.toContain('below');
  });
});
