import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { openState } from '../../src/assembly/open-state.ts';
import { enginePorts, openProcessResources } from '../../src/assembly/ports.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import type { Status } from '../../src/ports/state.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { lakeInGcs } from '../support/lakes/gcs-lake.ts';
import { loadedFrom } from '../support/lakes/growing-lake.ts';
import { type Cost, slowed } from '../support/rounds.ts';
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

const flows = ['f', 'g', 'h'];

/** A machine that is busy sends late what could have been sent at once: of several equal runs the best one tells. */
const best = (costs: readonly Cost[]): Cost => ({
  requests: Math.max(...costs.map(({ requests }) => requests)),
  rounds: Math.min(...costs.map(({ rounds }) => rounds)),
});

/** What a run costs whose home, store and state all lie in one lake. The numbers may only become smaller. */
test('requests and rounds of a first load of one file, of the first run after it, and of each one that finds nothing new', async () => {
  const lake = lakeInGcs(server, 'unchanged', proxy.url);
  const account = `endpoint: "${proxy.url}", key_file: "${server.keyFile}"`;
  const flow = (name: string) =>
    `home: ${lake.side('in')}\nstore: ${lake.side(`out-${name}`)}\nrun_type: incremental\nwatermark: { column: id }\n`;
  using workspace = new TestWorkspace({
    'hygge.yml': `name: test\nstate: { type: object, path: "gs://unchanged/state", ${account} }\n`,
    ...Object.fromEntries(flows.map((name) => [`flows/${name}/flow.yml`, flow(name)])),
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
  const loaded = await loadedFrom(workspace, lake.env);
  const network = slowed(proxy);

  /** In a process of its own, as far as what it knows goes. */
  const run = async (name: string, n: number): Promise<readonly [status: Status, cost: Cost]> => {
    await using process = await openProcessResources('test');
    const given = {
      clock: realClock(),
      random: realRandom(),
      emit: () => undefined,
      state: await openState(loaded, process),
      within: process,
    };
    await using ports = await enginePorts(loaded, given);
    const spec = loaded.flows.find((one) => one.name === name)?.entities[0];
    if (!spec) throw new Error(`the workspace has no flow ${name}`);
    const ids = { invocationId: 'r', runId: `r${n}`, entityRunId: `r${n}.1`, flow: spec.flow, entity: spec.entity };
    const how = { workspace: 'test', runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(2) };
    const [{ status }, cost] = await network.cost(() => runEntity({ ids, spec, ...how, signal: new AbortController().signal }, ports));
    return [status, cost];
  };
  const runs = async (n: number, expected: Status, of = flows): Promise<Cost> => {
    const costs: Cost[] = [];
    for (const name of of) {
      const [status, cost] = await run(name, n);
      expect(status).toBe(expected);
      costs.push(cost);
    }
    return best(costs);
  };

  // The first entity of a state tries whether the bucket keeps conditional writes: 7 requests, once for all that share it.
  const [first = '', ...others] = flows;
  const ever = await runs(1, 'pass', [first]);
  const load = await runs(1, 'pass', others);
  const next = await runs(2, 'skip');
  const usual = [await runs(3, 'skip'), await runs(4, 'skip')];
  expect({ ever: ever.requests, load, next, usual: best(usual) }).toEqual({
    ever: 33,
    // One of them keeps the list of files, by which later runs know a new one whose rows all lie below the watermark.
    load: { requests: 26, rounds: 17 },
    // It sweeps what the load may have left.
    next: { requests: 11, rounds: 6 },
    usual: { requests: 9, rounds: 5 },
  });
  const left = [...server.bucket('unchanged').objects.keys()].filter((name) => /objects\/.*\/(plans|receipts|intents)|staging/.test(name));
  expect(left).toEqual([]);
});
