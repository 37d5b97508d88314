import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { openState } from '../../src/assembly/open-state.ts';
import { enginePorts, openProcess } from '../../src/assembly/ports.ts';
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

/** How many requests a run may cost whose home, store and state all lie in one lake. The numbers may only become smaller. */
test('a first load of one file costs at most 51 requests, a run that finds nothing new at most 19', async () => {
  const lake = lakeInGcs(server, 'unchanged', proxy.url);
  const account = `endpoint: "${proxy.url}", key_file: "${server.keyFile}"`;
  using workspace = new TestWorkspace({
    'hygge.yml': `name: test\nstate: { type: object, path: "gs://unchanged/state", ${account} }\n`,
    'flows/f/flow.yml': `home: ${lake.side('in')}\nstore: ${lake.side('out')}\nrun_type: incremental\nwatermark: { column: id }\n`,
  });
  const keys = { key_file: server.keyFile };
  const source = gcsFileSystem({
    ...{
      url: 'gs://unchanged/in',
      bucket: 'unchanged',
      folder: 'in',
      endpoint: server.url,
      keys,
      random: realRandom(),
      network: testNetwork,
    },
  });
  await workspace.parquet('a.parquet', 'select range as id, range * 2 as twice from range(50)');
  await source.put('a.parquet', readFileSync(workspace.path('a.parquet')), { ifNoneMatch: '*' });

  const run = async (n: number): Promise<readonly [status: string, requests: number]> => {
    const before = proxy.seen.length;
    const loaded = await loadedFrom(workspace, lake.env);
    await using process = await openProcess('test');
    const given = {
      clock: realClock(),
      random: realRandom(),
      emit: () => undefined,
      state: await openState(loaded, process),
      within: process,
    };
    await using ports = await enginePorts(loaded, given);
    const spec = loaded.flows[0]?.entities[0];
    if (!spec) throw new Error('the workspace has no entity');
    const ids = { invocationId: 'r', runId: `r${n}`, entityRunId: `r${n}.1`, flow: spec.flow, entity: spec.entity };
    const how = { workspace: 'test', runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(2) };
    const { status } = await runEntity({ ids, spec, ...how, signal: new AbortController().signal }, ports);
    return [status, proxy.seen.length - before];
  };

  const [first, load] = await run(1);
  expect(first).toBe('pass');
  expect(load).toBeLessThanOrEqual(51);
  for (const n of [2, 3]) {
    const [status, requests] = await run(n);
    expect(status).toBe('skip');
    expect(requests).toBeLessThanOrEqual(19);
  }
  const left = [...server.bucket('unchanged').objects.keys()].filter((name) =>
    /objects\/f\/f\/(plans|receipts|intents)|staging/.test(name),
  );
  expect(left).toEqual([]);
});
