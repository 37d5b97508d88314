import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { openState } from '../../src/assembly/open-state.ts';
import { enginePorts, openProcessResources } from '../../src/assembly/ports.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { lakeInGcs } from '../support/lakes/gcs-lake.ts';
import { loadedFrom } from '../support/lakes/growing-lake.ts';
import { testNetwork } from '../support/test-network.ts';
import { TestWorkspace } from '../support/workspace.ts';

let server: GcsServer;
let proxy: FaultProxy;
beforeAll(async () => {
  server = await startGcsServer();
  proxy = await startFaultProxy(server.url);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const files = 40;

/** CSV tells its types by its content: what was fetched for the plan is there when the slices are read. */
test.each(['parquet', 'csv'])('each of many small %s files of a lake is fetched whole, once', async (format) => {
  const lake = lakeInGcs(server, `small-${format}`, proxy.url);
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: ${lake.side('in', `format: ${format}`)}\nstore: out\n`,
  });
  const random = realRandom();
  const bucket = gcsFileSystem({
    ...{
      url: 'gs://small',
      bucket: `small-${format}`,
      folder: 'in',
      endpoint: server.url,
      keys: { key_file: server.keyFile },
      random,
      network: testNetwork,
    },
  });
  await workspace.parquet('one.parquet', 'select range as id, range * 2 as twice from range(50)');
  const text = Array.from({ length: 50 }, (_, id) => `${id},${id * 2}`).join('\n');
  const body = format === 'parquet' ? readFileSync(workspace.path('one.parquet')) : Buffer.from(`id,twice\n${text}\n`);
  for (let n = 0; n < files; n++) await bucket.put(`${String(n).padStart(4, '0')}.${format}`, body, { ifNoneMatch: '*' });

  const before = proxy.seen.length;
  const loaded = await loadedFrom(workspace, lake.env);
  await using process = await openProcessResources('test');
  const given = { clock: realClock(), random, emit: () => undefined, state: await openState(loaded, process), within: process };
  await using ports = await enginePorts(loaded, given);
  const spec = loaded.flows[0]?.entities[0];
  if (!spec) throw new Error('the workspace has no entity');
  const ids = { invocationId: 'r', runId: 'r', entityRunId: 'r.1', flow: spec.flow, entity: spec.entity };
  const how = { workspace: 'test', runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(2) };
  const ended = await runEntity({ ids, spec, ...how, signal: new AbortController().signal }, ports);
  expect(ended).toMatchObject({ status: 'pass', rows: files * 50 });
  const bodies = proxy.seen.slice(before).filter(({ method, path }) => method === 'GET' && path.includes('alt=media'));
  expect(bodies).toHaveLength(files);
});
