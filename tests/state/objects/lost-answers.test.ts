import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hygge } from '../../cli/workspace.ts';
import { type Azurite, sharedAzurite } from '../../support/azurite.ts';
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from '../../support/fault-proxy.ts';
import { growingFlow, growingRows, settleAndCheck } from '../../support/kill-rounds.ts';
import { objectPlace, objectStateAt, objectsIn, objectWorkspace } from '../../support/object-state.ts';
import { sampled } from '../../support/samples.ts';

vi.mock('node:timers/promises', async (original) =>
  (await import('../../support/lakes/no-pauses.ts')).withoutPauses(original as () => Promise<typeof import('node:timers/promises')>),
);

const azurite = sharedAzurite();
let server: Azurite;
let blobs: FaultProxy;

beforeAll(async () => {
  server = await azurite();
  blobs = await startFaultProxy(server.blobUrl);
});
afterAll(() => blobs[Symbol.asyncDispose]());

/** Writes that are struck come so far from each other. */
const apart = 3;
const rounds = sampled([1, 2, 3, 4, 5], 5);

/**
 * From the next request on: the `n`th that changes anything never arrives, and the answer to the one after it (the same again, or the next) is
 * lost; and so on every few requests. Answers how many there have been.
 */
function losing(n: number): () => number {
  let writes = 0;
  const faults: Readonly<Record<number, Fault>> = { 0: 'drop before', 1: 'drop after' };
  blobs.rule(({ method }: SeenRequest) => {
    if (method !== 'PUT' && method !== 'DELETE') return undefined;
    writes += 1;
    return writes < n ? undefined : faults[(writes - n) % apart];
  });
  return () => writes;
}

test('an incremental run settles once, whichever write to the state next to the data is lost, and lost again', async () => {
  const place = await objectPlace(server, blobs.url);
  using workspace = objectWorkspace(place, growingFlow);
  await workspace.parquet('in/0.parquet', growingRows(0, 100));
  expect((await hygge(['go'], workspace.root)).code).toBe(0);
  let rows = 100;
  for (const n of rounds) {
    await workspace.parquet(`in/${n}.parquet`, growingRows(rows, rows + 10));
    const writes = losing(n);
    const ended = await hygge(['go', '--output', 'json'], workspace.root);
    expect(ended, `from write ${n}`).toMatchObject({ code: 0 });
    const last: unknown = JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '');
    // With a boundary group of up to seven rows that is read again and replaced.
    expect(last, `from write ${n}`).toMatchObject({ pass: 1, rows: 10 });
    expect(writes()).toBeGreaterThan(2 * apart);
    rows += 10;
  }
  losing(Number.POSITIVE_INFINITY);
  await settleAndCheck(workspace);
  const state = await objectStateAt(place);
  const journal = await state.journal({ flow: 'f', entity: 'f' });
  // And the two that found nothing new.
  expect(journal).toHaveLength(1 + rounds.length + 2);
  expect(new Set(journal.map((row) => row.entity_run_id)).size).toBe(journal.length);
  expect((await objectsIn(place)).filter((path) => /\/(plans|receipts|intents)\/|probe-/.test(path))).toEqual([]);
});
