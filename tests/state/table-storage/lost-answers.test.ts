import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hygge } from '../../cli/workspace.ts';
import { type Azurite, connectionStringOf, sharedAzurite } from '../../support/azurite.ts';
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from '../../support/fault-proxy.ts';
import { growingFlow, growingRows, settleAndCheck } from '../../support/kill-rounds.ts';
import { sampled, whole } from '../../support/samples.ts';
import { cloudWorkspace, placeOfItsOwn, tableStateAt } from '../../support/table-state.ts';
import type { TestWorkspace } from '../../support/workspace.ts';

vi.mock('node:timers/promises', async (original) =>
  (await import('../../support/lakes/no-pauses.ts')).withoutPauses(original as () => Promise<typeof import('node:timers/promises')>),
);

const azurite = sharedAzurite();
let server: Azurite;
let tables: FaultProxy;
let blobs: FaultProxy;

beforeAll(async () => {
  server = await azurite();
  [tables, blobs] = await Promise.all([startFaultProxy(server.tableUrl), startFaultProxy(server.blobUrl)]);
});
afterAll(async () => {
  await Promise.all([tables[Symbol.asyncDispose](), blobs[Symbol.asyncDispose]()]);
});

function throughProxies(place: ReturnType<typeof placeOfItsOwn>): TestWorkspace {
  const connectionString = connectionStringOf(`TableEndpoint=${tables.url};BlobEndpoint=${blobs.url};`);
  return cloudWorkspace({ connectionString, ...place }, growingFlow);
}

/** From the next request on: the `n`th that changes anything meets the fault; answers whether there were so many. */
function onWrite(n: number, fault: Fault): () => boolean {
  let writes = 0;
  const rule = ({ method }: SeenRequest): Fault | undefined => (method !== 'GET' && ++writes === n ? fault : undefined);
  tables.rule(rule);
  blobs.rule(rule);
  return () => writes >= n;
}

describe('an incremental run of which the answer to one write to the state is lost', () => {
  test.each(['drop before', 'drop after'] as const)('settles all the same, once, whichever write it is: %s', async (fault) => {
    const place = placeOfItsOwn();
    using workspace = throughProxies(place);
    await workspace.parquet('in/0.parquet', growingRows(0, 100));
    onWrite(Number.POSITIVE_INFINITY, fault);
    expect((await hygge(['go'], workspace.root)).code).toBe(0);
    let rows = 100;
    let writes = 0;
    for (const n of sampled(
      Array.from({ length: 40 }, (_, i) => i + 1),
      6,
    )) {
      await workspace.parquet(`in/${n}.parquet`, growingRows(rows, rows + 10));
      const met = onWrite(n, fault);
      const ended = await hygge(['go', '--output', 'json'], workspace.root);
      expect(ended, `write ${n}`).toMatchObject({ code: 0 });
      const last: unknown = JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '');
      // With a boundary group of up to seven rows that is read again and replaced.
      expect(last, `write ${n}`).toMatchObject({ pass: 1, rows: 10 });
      rows += 10;
      if (!met()) break;
      writes = n;
    }
    // The last that was met is up to five before the last there is, where one in six is tried.
    expect(writes).toBeGreaterThan(whole ? 3 : 2);
    await settleAndCheck(workspace);
    const state = await tableStateAt({ connectionString: server.connectionString, ...place });
    const journal = await state.journal({ flow: 'f', entity: 'f' });
    expect(new Set(journal.map((row) => row.entity_run_id)).size).toBe(journal.length);
  });
});
