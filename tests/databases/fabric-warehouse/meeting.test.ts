import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Schema } from '../../../src/frames/schema.ts';
import {
  committed,
  decided,
  everything,
  finished,
  first,
  idAndName,
  type Load,
  loaded,
  second,
  staged,
  writing,
} from '../../support/commits.ts';
import { openedOnce } from '../../support/opened-once.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { type WarehouseStores, warehouseStores } from './stores.ts';

describe('several who write to one Warehouse at the same time', () => {
  let before: (request: TdsRequest) => Promise<Answer | undefined> = async () => undefined;
  const served: WarehouseStores = openedOnce(() => warehouseStores({ before: (request) => before(request) }));
  beforeEach(async () => {
    before = async () => undefined;
    await served.cleared();
  });
  const rowsOf = (beginning: string) =>
    served.warehouse.tables.filter((name) => name.startsWith(beginning)).flatMap((name) => served.warehouse.rows(name));

  /** The first two statements of a kind go on once both have come, or one of the sessions waits for the other. */
  const meetAt = (statement: RegExp) => {
    let come = 0;
    before = async ({ sql }) => {
      if (!statement.test(sql) || ++come > 2) return undefined;
      await vi.waitUntil(() => come >= 2 || served.warehouse.waiting > 0, { interval: 2, timeout: 3_000 }).catch(() => undefined);
      return undefined;
    };
  };
  const outcomes = async (all: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(all)).map((one) => JSON.stringify(one.status === 'fulfilled' ? one.value : one.reason)).sort();

  test('the head of an entity is one row when two processes make its table', async () => {
    meetAt(/create table \[hygge_metadata\]\.\[?heads_/);
    const stores = await Promise.all([served.store(), served.store()]);
    await Promise.all(stores.map((store) => staged(store, first)));
    expect(rowsOf('hygge_metadata.heads_')).toHaveLength(1);
    expect(await loaded(stores[0] as never, first)).toMatchObject({ outcome: 'committed' });
  });

  test('of two entities that settle first in one empty table one settles', async () => {
    await served.asked('create table dbo.e (id bigint null, name varchar(max) null)');
    const stores = await Promise.all(['a', 'b'].map((entity) => served.store({ entity })));
    const intents = await Promise.all(stores.map((store) => decided(store, first)));
    meetAt(/^COMMIT/);
    const told = await outcomes(stores.map((store, at) => committed(store, intents[at] as never)));
    expect(told).toEqual([expect.stringContaining('"outcome":"committed"'), expect.stringContaining('HYG-4233')]);
    expect(served.warehouse.rows('dbo.e')).toHaveLength(2);
  });

  test('of two entities that merge one new key into a table with a mark column one settles it', async () => {
    const stores = await Promise.all(['a', 'b'].map((entity) => served.store({ entity, markColumn: 'mark' })));
    const merge = (epoch: number, id: bigint): Load => ({ epoch, schema: idAndName, rows: [[id, 'x']], writing: writing('merge', ['id']) });
    for (const [at, store] of stores.entries()) {
      await loaded(store, merge(1, BigInt(at)));
      // An entity settles first where no rows of another one are.
      await served.asked('delete from dbo.e');
    }
    const intents = await Promise.all(stores.map((store) => decided(store, merge(2, 7n))));
    meetAt(/^COMMIT/);
    const told = await outcomes(stores.map((store, at) => committed(store, intents[at] as never)));
    expect(told).toEqual([expect.stringContaining('"outcome":"committed"'), expect.stringContaining('HYG-4293')]);
    expect(served.marks()).toHaveLength(1);
  });

  test('a table that a run makes after another one has swept its record is found by the next sweep, with its file', async () => {
    await loaded(served.store(), first);
    const store = await served.store();
    const other = await served.store();
    let isDead = false;
    before = async ({ sql }) => {
      if (/^create table \[hygge_staging\]/.test(sql) && !isDead) await other.sweep({ lineage: 'l1', before: 3 });
      isDead ||= sql.startsWith('COPY INTO');
      return isDead ? { drop: 'reset' } : undefined;
    };
    await expect(staged(store, second)).rejects.toThrow();
    before = async () => undefined;
    expect(served.staged()).toHaveLength(1);
    await other.sweep({ lineage: 'l1', before: 4 });
    expect([
      ...served.staged(),
      ...rowsOf('hygge_metadata.staged'),
      ...served.warehouse.tables.filter((name) => name.startsWith('hygge_staging')),
    ]).toEqual([]);
  });

  const five = [0, 1, 2, 3, 4];
  const unfinished = async (all: readonly Promise<unknown>[]) =>
    (await outcomes(all)).filter((told) => !/"outcome":"(committed|already)"/.test(told));
  const commitsSince = (from: number) => served.server.requests.slice(from).filter(({ sql }) => sql.startsWith('COMMIT')).length;

  test('five entities that commit at once into one table with a mark column lose no commit: conflicts are begun again', async () => {
    const load = (epoch: number, at: number): Load => ({
      ...{ epoch, schema: idAndName, rows: [[BigInt(epoch * 100 + at), `${epoch}`]] },
      ...{ supersede: everything, writing: writing('delete_insert') },
    });
    const stores = await Promise.all(five.map((at) => served.store({ entity: `e${at}`, markColumn: 'mark' })));
    for (const [at, store] of stores.entries()) {
      await loaded(store, load(1, at));
      // An entity settles first where no rows of another one are.
      await served.asked('delete from dbo.e');
    }
    const intents = await Promise.all(stores.map((store, at) => decided(store, load(2, at))));
    const from = served.server.requests.length;
    expect(await unfinished(stores.map((store, at) => finished(store, intents[at] as never)))).toEqual([]);
    const ids = served.warehouse.rows('dbo.e').map(({ id }) => Number(id));
    expect(ids.sort((one, other) => one - other)).toEqual(five.map((at) => 200 + at));
    expect(commitsSince(from)).toBeGreaterThan(five.length);
  });

  test('an entity is told that another one settled in its table under another metadata_schema', async () => {
    await loaded(served.store({ entity: 'a' }), first);
    const other = await served.store({ entity: 'b', metadataSchema: 'elsewhere' });
    await expect(other.inspect()).rejects.toMatchObject({ code: 'HYG-4245' });
  });

  test('a column of times with fewer digits takes those that have no more', async () => {
    const schema: Schema = { columns: [{ name: 'clock', type: { kind: 'time', unit: 'us' }, nullable: true }] };
    await served.asked('create table dbo.e (clock time(0) null)');
    const noon = 43_200_000_000_000n;
    expect(await loaded(served.store(), { epoch: 1, schema, rows: [[noon], [null]] })).toMatchObject({ outcome: 'committed' });
    await expect(loaded(served.store(), { epoch: 2, schema, rows: [[noon + 1000n]] })).rejects.toMatchObject({ code: 'HYG-4234' });
    expect(served.warehouse.rows('dbo.e').map(({ clock }) => clock)).toEqual(['12:00:00', null]);
  });
});
