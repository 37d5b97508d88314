import { describe, expect, test } from 'vitest';
import type { Fault } from '../support/fault-proxy.ts';
import { type FaultyLake, faultyKinds, type LakeRequest } from '../support/lakes/faulty.ts';
import { GrowingLake } from '../support/lakes/growing-lake.ts';
import { whole } from '../support/samples.ts';

/** How the policy of src/ports/retry.ts comes out in a whole run: nothing that wraps a request multiplies its sendings. */
const all = faultyKinds();
/** OneLake and ADLS have one client. */
const kinds = all.filter(({ name }) => whole || name !== 'onelake');
/** Google says by another status than the others that it is asked too much. */
const patient = all.filter(({ name }) => whole || name === 'azure_blob' || name === 'gcs');

const isHeadWrite = ({ what, writes }: LakeRequest): boolean => writes && what.includes(' head');

/** Does it to every write of the head. */
function meet(lake: FaultyLake, fault: () => Fault | undefined): { count: number } {
  const met = { count: 0 };
  lake.rule((asked) => {
    if (!isHeadWrite(asked)) return undefined;
    met.count++;
    return fault();
  });
  return met;
}

describe.each(kinds)('the head of a lake on $name', (kind) => {
  const title =
    'is written 13 times where every answer is 500: 8 by the commit, 5 by who gives up; and is waited for where the service is busy';
  test.skipIf(kind.missing)(title, async () => {
    await using lake = await kind.start();
    await using grown = await GrowingLake.in(lake, 'tree');
    await grown.grow();
    const met = meet(lake, () => ({ status: 500, code: 'InternalError' }));
    const waits: number[] = [];
    expect(await grown.run({ waits })).toMatchObject({ status: 'error' });
    expect(met.count).toBe(13);
    // Half a second, doubled up to 20 s; and to give up, no more than 10 s.
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 500, 1_000, 2_000, 4_000]);
    lake.rule(() => undefined);
    expect(await grown.run({ takeOver: true })).toMatchObject({ status: expect.stringMatching(/pass|skip/) });
    if (patient.includes(kind)) await isPatient(grown, lake, kind.name);
    expect(await grown.problems()).toEqual([]);
  });
});

/** For minutes, where the service is asked too much. */
async function isPatient(grown: GrowingLake, lake: FaultyLake, kind: string): Promise<void> {
  await grown.grow();
  const waits: number[] = [];
  const passedMs = (): number => waits.reduce((sum, ms) => sum + ms, 0);
  // Google says it by 429 only: after a 503 it is looked whether it happened.
  const busy = kind === 'gcs' ? { status: 429 } : { status: 503, code: 'SlowDown' };
  const met = meet(lake, () => (passedMs() < 240_000 ? busy : undefined));
  expect(await grown.run({ waits })).toMatchObject({ status: 'pass' });
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, ...Array.from({ length: 7 }, () => 30_000)]);
  // And one that went well; S3 may be written once more, in the other form of its ETag.
  expect(met.count).toBe(waits.length + (kind === 's3' ? 2 : 1));
  await grown.grow();
  meet(lake, () => ({ status: 429, code: 'TooManyRequests', retryAfter: 45 }));
  waits.length = 0;
  const refused = await grown.run({ waits });
  expect(refused.error).toMatchObject({ code: 'HYG-6053' });
  expect(waits).toEqual(Array.from({ length: 6 }, () => 45_000));
  lake.rule(() => undefined);
  expect(await grown.run({ takeOver: true })).toMatchObject({ status: expect.stringMatching(/pass|skip/) });
}
