import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
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

const files = 16;

/** One slice at a time, and state on this machine's disk. */
test('larger files of a slice are fetched while those before them are read', async () => {
  const lake = lakeInGcs(server, 'larger', proxy.url);
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: ${lake.side('in')}\nstore: out\n` });
  const random = realRandom();
  const keys = { key_file: server.keyFile };
  const place = { url: 'gs://larger', bucket: 'larger', folder: 'in', endpoint: server.url };
  const bucket = gcsFileSystem({ ...place, keys, random, network: testNetwork });
  await workspace.parquet('one.parquet', 'select range as id, md5(range::text) as noise from range(20000)', ', compression uncompressed');
  const body = readFileSync(workspace.path('one.parquet'));
  expect(body.length).toBeGreaterThan(256 * 1024);
  for (let n = 0; n < files; n++) await bucket.put(`${String(n).padStart(2, '0')}.parquet`, body, { ifNoneMatch: '*' });
  const loaded = await loadedFrom(workspace, lake.env);
  await using process = await openProcessResources('test');
  const given = { clock: realClock(), random, emit: () => undefined, state: await openState(loaded, process), within: process };
  await using ports = await enginePorts(loaded, given);
  const spec = loaded.flows[0]?.entities[0];
  if (!spec) throw new Error('the workspace has no entity');
  const ids = { invocationId: 'r', runId: 'r', entityRunId: 'r.1', flow: spec.flow, entity: spec.entity };
  const how = { workspace: 'test', runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(1) };
  const before = proxy.seen.length;
  let [bodies, underWay, most] = [0, 0, 0];
  proxy.rule(({ method, path }) => {
    // The footers come first, many at once.
    if (method !== 'GET' || !path.includes('alt=media') || ++bodies <= files) return undefined;
    most = Math.max(most, ++underWay);
    return { hold: setTimeout(40).then(() => void underWay--) };
  });
  const ended = await runEntity({ ids, spec, ...how, signal: new AbortController().signal }, ports);
  expect(ended).toMatchObject({ status: 'pass', rows: files * 20_000 });
  // One to list, a footer and the pages of each file. One after the other they took 18 rounds; on a quiet machine they take 11.
  expect(proxy.seen.length - before).toBe(1 + 2 * files);
  expect(most).toBe(3);
});
