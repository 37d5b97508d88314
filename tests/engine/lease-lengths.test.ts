import { beforeEach, describe, expect, it } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { claimEntity, leaseMs, renewLease } from '../../src/engine/protocol/claim.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { key } from '../support/sim/world.ts';

const hour = 3_600_000;
let sim: Simulated;
let patient: EnginePorts;

beforeEach(() => {
  sim = simulated();
  patient = { ...sim.ports, host: { ...sim.ports.host, leaseMs: 4 * hour, fate: async () => 'unknown' } };
});

async function claimed(ports: EnginePorts, run: string, takeOver: boolean | string = false): Promise<string> {
  const step = await claimEntity(ports, sim.world.spec, await ports.store(sim.world.spec), { run, takeOver });
  return 'done' in step ? step.done.outcome : 'again';
}

/** What is left of the lease. */
async function left(): Promise<number> {
  const until = (await sim.world.memoryState.read(key))?.row.owner?.until ?? '';
  return Date.parse(until) - Date.parse(sim.ports.clock.now());
}

describe('a lease', () => {
  it('is of the usual length, unless the host says otherwise', async () => {
    await claimed(sim.ports, 'A.1');
    expect(await left()).toBeLessThanOrEqual(leaseMs);
    await claimed(patient, 'B.1', true);
    expect(await left()).toBeGreaterThan(3 * hour);
  });

  it('is renewed when half of it is gone, for as long again', async () => {
    await claimed(patient, 'A.1');
    sim.world.tick(hour);
    await renewLease(patient, sim.world.spec, { run: 'A.1', epoch: 1 });
    expect(await left()).toBeLessThan(3 * hour + 60_000);
    sim.world.tick(1.5 * hour);
    await renewLease(patient, sim.world.spec, { run: 'A.1', epoch: 1 });
    expect(await left()).toBeGreaterThan(3.5 * hour);
  });

  it('that is to be taken from one run is not taken from another one, which was faster', async () => {
    await claimed(patient, 'dead.1');
    await claimed(patient, 'faster.1', 'dead.1');
    expect(await claimed(patient, 'slower.1', 'dead.1')).toBe('held');
  });
});
