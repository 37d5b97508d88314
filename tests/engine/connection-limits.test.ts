import { describe, expect, test } from 'vitest';
import type { ConnectionSpec, EntitySpec } from '../../src/engine/contracts/spec.ts';
import { ConnectionLimits, lanesWithinLimits, mostSlicesAtOnce } from '../../src/engine/entity/connection-limits.ts';

const connection = (name: string, maxReads: number | null, maxWrites: number | null): ConnectionSpec => ({
  name,
  type: 't',
  maxReads,
  maxWrites,
});
const entity = (home?: ConnectionSpec, store?: ConnectionSpec) =>
  ({ home: { type: 't', config: {}, connection: home }, store: { type: 't', config: {}, connection: store } }) as unknown as EntitySpec;

describe('connections in one process', () => {
  test('bear no more than they say, however many ask, and each gets a turn', async () => {
    const [erp, lake] = [connection('erp', 2, 1), connection('lake', 3, 2)];
    const specs = [entity(erp, lake), entity(lake, erp), entity(erp, erp), entity(lake, lake)];
    const limits = new ConnectionLimits();
    const busy = new Map<string, number>();
    const note = (key: string | undefined, by: number, most: number | null | undefined) => {
      if (key === undefined) return;
      busy.set(key, (busy.get(key) ?? 0) + by);
      expect(busy.get(key)).toBeLessThanOrEqual(most ?? Number.POSITIVE_INFINITY);
    };
    let done = 0;
    const one = (spec: EntitySpec) =>
      limits.run(spec, { reads: true, writes: true }, async () => {
        const { home, store } = spec;
        note(`${home.connection?.name} reads`, 1, home.connection?.maxReads);
        note(`${store.connection?.name} writes`, 1, store.connection?.maxWrites);
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        note(`${home.connection?.name} reads`, -1, null);
        note(`${store.connection?.name} writes`, -1, null);
        done++;
      });
    await Promise.all(Array.from({ length: 80 }, (_, i) => one(specs[i % specs.length] ?? entity())));
    expect(done).toBe(80);
  });

  /** What waits for something of its own kind would wait for ever. */
  const atOnce = async (work: Promise<unknown>) => Promise.race([work, new Promise((resolve) => setImmediate(resolve, 'still waiting'))]);

  test.each([1, 3])('bear %i reads and as many writes of the same work, as each is counted apart', async (most) => {
    const both = connection('erp', most, most);
    const limits = new ConnectionLimits();
    const one = () => limits.run(entity(both, both), { reads: true, writes: true }, async () => 'done');
    const all = Array.from({ length: 2 * most }, () => 'done');
    expect(await atOnce(Promise.all(all.map(one)))).toEqual(all);
  });

  test.each([
    ['of one name and two types are two connections', { type: 's3' }],
    ['of a config that was pushed meanwhile bear what that says, whatever runs by the one before', { maxReads: 2 }],
  ])('%s', async (_, other) => {
    const limits = new ConnectionLimits();
    const one = connection('lake', 1, null);
    const read = <T>(of: ConnectionSpec, work: () => Promise<T>) => limits.run(entity(of), { reads: true, writes: false }, work);
    expect(await atOnce(read(one, () => read({ ...one, ...other }, async () => 'both')))).toBe('both');
  });
});

describe('lanes that know nothing of each other', () => {
  test.each([
    [8, null, { lanes: 8, slicesPerLane: null }],
    [8, 20, { lanes: 8, slicesPerLane: 2 }],
    [8, 8, { lanes: 8, slicesPerLane: 1 }],
    [8, 3, { lanes: 3, slicesPerLane: 1 }],
    [2, 7, { lanes: 2, slicesPerLane: 3 }],
  ])('%s of them, and %s at once: %o', (lanes, most, expected) => {
    const shared = lanesWithinLimits([entity(connection('erp', most, null), connection('lake', null, null))], lanes);
    expect(shared).toEqual(expected);
    if (most !== null) expect(shared.lanes * (shared.slicesPerLane ?? 0)).toBeLessThanOrEqual(most);
  });

  test('the narrowest connection of a flow counts', () => {
    expect(mostSlicesAtOnce([entity(connection('a', 5, 1)), entity(undefined, connection('b', 1, 4))])).toBe(4);
    expect(mostSlicesAtOnce([entity()])).toBeNull();
  });
});
