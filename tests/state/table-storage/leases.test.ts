import { beforeEach, describe, expect, test } from 'vitest';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realHost } from '../../../src/adapters/real-host.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import type { EnginePorts } from '../../../src/engine/contracts/ports.ts';
import type { EntitySpec } from '../../../src/engine/contracts/spec.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { claimEntity, leaseMs, renewLease } from '../../../src/engine/protocol/claim.ts';
import type { StateStore } from '../../../src/ports/state.ts';
import { sharedAzurite } from '../../support/azurite.ts';
import { placeOfItsOwn, type TablePlace, tableStateAt } from '../../support/table-state.ts';

const azurite = sharedAzurite();
const spec = { flow: 'crm', entity: 'Account' } as EntitySpec;
const store = { head: async () => null, sweep: async () => ({ done: undefined }) } as unknown as Store;
const hour = 3_600_000;

let place: TablePlace;
let truth: StateStore;

beforeEach(async () => {
  place = { connectionString: (await azurite()).connectionString, ...placeOfItsOwn() };
  truth = await tableStateAt(place);
});

/** A machine of its own, whose clock is wrong by so much. */
async function machine(name: string, wrongByMs: number): Promise<EnginePorts> {
  const clock = { ...realClock(), now: () => new Date(Date.now() + wrongByMs).toISOString() };
  const host = { ...realHost(), self: { ...realHost().self, host: name }, fate: async () => 'unknown' as const };
  const state = await tableStateAt({ ...place, clock });
  return { clock, host, random: realRandom(), state, trace: () => undefined } as unknown as EnginePorts;
}

const claimed = async (ports: EnginePorts, run: string) => {
  const step = await claimEntity(ports, spec, store, { run, takeOver: false });
  return 'done' in step ? step.done.outcome : 'again';
};

const lease = async () => (await truth.read(spec))?.row.owner?.until ?? '';

describe('leases go by the clock of the service', () => {
  test.each([
    ['ahead', 3 * hour],
    ['behind', -3 * hour],
  ])('a machine whose clock is %s takes a lease of the usual length', async (_, wrongByMs) => {
    expect(await claimed(await machine('one', wrongByMs), 'R1.1')).toBe('claimed');
    const left = Date.parse(await lease()) - Date.parse(truth.now?.() ?? '');
    // The service tells its time in whole seconds.
    expect(left).toBeGreaterThan(leaseMs - 60_000);
    expect(left).toBeLessThan(leaseMs + 60_000);
  });

  test('a live lease is respected by a machine whose clock is ahead', async () => {
    expect(await claimed(await machine('one', 0), 'R1.1')).toBe('claimed');
    expect(await claimed(await machine('two', 3 * hour), 'R2.1')).toBe('held');
  });

  test('a lease that is over is taken by a machine whose clock is behind', async () => {
    expect(await claimed(await machine('one', 0), 'R1.1')).toBe('claimed');
    const found = await truth.read(spec);
    if (!found?.row.owner) throw new Error('no lease');
    const until = new Date(Date.parse(truth.now?.() ?? '') - 60_000).toISOString();
    await truth.write(spec, found.etag, { ...found.row, owner: { ...found.row.owner, until }, writeId: 'over' });
    expect(await claimed(await machine('two', -3 * hour), 'R2.1')).toBe('claimed');
  });

  test('a lease that is still long is not renewed for a clock that is ahead', async () => {
    const one = await machine('one', 3 * hour);
    await claimed(one, 'R1.1');
    const before = (await truth.read(spec))?.etag;
    await renewLease(one, spec, { run: 'R1.1', epoch: 1 });
    expect((await truth.read(spec))?.etag).toBe(before);
  });
});
