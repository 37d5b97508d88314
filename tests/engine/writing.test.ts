import { describe, expect, it } from 'vitest';
import { schemaDefaults } from '../../src/engine/contracts/spec.ts';
import { dryRun } from '../../src/engine/drive/dry-run.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { reset } from '../../src/engine/repair/reset.ts';
import type { EntitySummary, HyggeEvent } from '../../src/ports/events.ts';
import type { JournalRow } from '../../src/ports/state.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { how } from '../support/sim/backfilled.ts';
import { baseSchema, multiset, type Row, row, withColumn } from '../support/sim/rows.ts';
import { key, type Setting, type SpecChanges } from '../support/sim/world.ts';

const merging: SpecChanges = { writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } };
const theirs = row(99, 2, { by: 'theirs' });

function table(spec: SpecChanges, more: Partial<Setting> = {}): Simulated {
  return simulated({ pair: { store: 'sql', state: 'memory' }, rows: [row(1, 1), row(2, 2)], spec, ...more });
}

const run = ({ world, ports }: Simulated, name: string): Promise<EntitySummary> =>
  runEntity({ ids: idsOf(name), spec: world.spec, ...how }, ports);

const there = ({ world }: Simulated) => multiset(world.destination.rows());
const settling = async ({ world }: Simulated): Promise<JournalRow> => (await world.memoryState.journal(key)).at(0) as JournalRow;
const planned = (events: readonly HyggeEvent[]) => events.flatMap((event) => (event.event === 'plan' ? [event.write] : []));

describe('write_strategy: merge where the store merges', () => {
  it('updates the rows whose key is there and inserts the others', async () => {
    const sim = table(merging);
    await run(sim, 'first');
    sim.world.source.set([row(1, 3), row(2, 2), row(5, 4)]);
    expect(await run(sim, 'second')).toMatchObject({ status: 'pass', rows: 1 });
    expect(there(sim)).toBe('1@3 2@2 5@4');
  });

  it('counts in the journal what the commit did: an update settles a row and takes the place of one', async () => {
    const sim = table(merging);
    await run(sim, 'first');
    expect(await settling(sim)).toMatchObject({ rows: 2, rows_settled: 2, rows_replaced: 0 });
    sim.world.source.set([row(1, 3), row(2, 2), row(5, 4)]);
    await run(sim, 'second');
    expect(await settling(sim)).toMatchObject({ rows: 1, rows_settled: 2, rows_replaced: 1, rows_updated: 1 });
    expect((await sim.world.row())?.settled).toMatchObject({ rows: 2, total: 3 });
  });

  it('says nothing of rows at the watermark that have moved on', async () => {
    const sim = table(merging);
    await run(sim, 'first');
    sim.world.source.set([row(1, 1), row(2, 9)]);
    const { status, message } = await run(sim, 'second');
    expect({ status, message }).toEqual({ status: 'pass', message: undefined });
    expect(there(sim)).toBe('1@1 2@9');
  });

  it('settles the newest of rows that come twice with one key', async () => {
    const sim = table(merging, { rows: [row(1, 1), row(2, 2), row(1, 2), row(1, 2)] });
    expect(await run(sim, 'first')).toMatchObject({ status: 'pass', rows: 2 });
    expect(there(sim)).toBe('1@2 2@2');
  });

  it('stops before it decides where nothing tells which row of a key is the newest', async () => {
    const sim = table(merging, { rows: [row(1, 1), row(1, 1, { note: 'other' })] });
    sim.world.source.schema = withColumn(baseSchema, 'note');
    expect((await run(sim, 'first')).error).toMatchObject({ code: 'HYG-4016', what: expect.stringContaining('same id: [1]') });
    expect((await sim.world.row())?.pending).toBeNull();
  });

  it('stops before it decides at rows without a key', async () => {
    const sim = table({ writeStrategy: 'merge', watermark: { key: ['code'], nulls: 'exclude' } });
    sim.world.source.schema = withColumn(baseSchema, 'code');
    expect((await run(sim, 'first')).error).toMatchObject({ code: 'HYG-2074', what: expect.stringContaining('2 rows') });
    expect(there(sim)).toBe('');
  });

  it('stops at a key that does not settle', async () => {
    const sim = table({ writeStrategy: 'merge', watermark: { key: ['nothing'], nulls: 'exclude' } });
    expect((await run(sim, 'first')).error).toMatchObject({ code: 'HYG-2073', what: expect.stringContaining('by nothing') });
  });

  it('merges by the names that columns settle with', async () => {
    const schema = { ...schemaDefaults, migrations: [{ what: 'rename', from: 'id', to: 'nr' }] } as const;
    const sim = table({ ...merging, schema });
    await run(sim, 'first');
    sim.world.source.set([row(1, 3), row(2, 2)]);
    expect(await run(sim, 'second')).toMatchObject({ status: 'pass', rows: 0 });
    expect(planned(sim.events).at(-1)).toEqual({ mode: 'merge', key: ['nr'], why: 'key' });
    expect(sim.world.db.table.map((one) => one.row).sort((a, b) => Number(a.nr) - Number(b.nr))).toEqual([
      { nr: 1, mark: 3 },
      { nr: 2, mark: 2 },
    ]);
  });
});

describe('how rows go in is told', () => {
  it('by the plan of a run and by a dry run, with the key and the reason', async () => {
    const sim = table(merging);
    await run(sim, 'first');
    sim.world.source.set([row(1, 3), row(2, 2)]);
    const request = { entities: [sim.world.spec], invocationId: 'dry', workspace: 'w', runType: null, signal: how.signal };
    await dryRun(request, sim.ports);
    await dryRun({ ...request, runType: 'full_drop' }, sim.ports);
    expect(planned(sim.events)).toEqual([
      { mode: 'merge', key: ['id'], why: 'key' },
      { mode: 'merge', key: ['id'], why: 'key' },
      { mode: 'swap', key: ['id'], why: 'full_load' },
    ]);
  });

  it('of a key in a store that cannot merge: it adds, and says so', async () => {
    const sim = simulated({ spec: { watermark: { key: ['id'], nulls: 'exclude' } } });
    await run(sim, 'first');
    sim.world.source.set([row(1, 1), row(2, 2), row(3, 3)]);
    await run(sim, 'second');
    expect(planned(sim.events).at(-1)).toEqual({ mode: 'append', key: [], why: 'no_merge' });
  });

  it('of direct_insert with a full load: it deletes and inserts, where the store can', async () => {
    const spec: SpecChanges = { runType: 'full_drop', writeStrategy: 'direct_insert', watermark: null };
    const sim = table(spec);
    await run(sim, 'first');
    await run(sim, 'second');
    expect(planned(sim.events).at(-1)).toEqual({ mode: 'delete_insert', key: [], why: 'direct_insert' });
    const files = simulated({ spec });
    await run(files, 'first');
    expect((await run(files, 'second')).error).toMatchObject({ code: 'HYG-2014', what: expect.stringContaining('delete rows to insert') });
  });
});

describe('rows of others in the same table', () => {
  const others: SpecChanges = { ifExists: 'append', watermark: { nulls: 'exclude' } };

  async function beside(more: Partial<Setting> = {}, spec: SpecChanges = others, planted: readonly Row[] = [theirs]): Promise<Simulated> {
    const sim = table(spec, more);
    sim.world.plantForeign(planted);
    await run(sim, 'first');
    return sim;
  }

  it('are counted, and the head says so', async () => {
    const sim = await beside();
    const store = await sim.ports.store(sim.world.spec);
    expect(await store.head()).toMatchObject({ rows: 2, foreign: 1 });
    expect(await store.inspect()).toMatchObject({ done: { content: 'ours', rows: 2, foreign: 1 } });
  });

  it('never go with the boundary group: where the count differs nothing goes at all', async () => {
    const sim = await beside();
    sim.world.source.set([row(1, 1), row(2, 2), row(3, 2)]);
    expect((await run(sim, 'second')).error).toMatchObject({
      code: 'HYG-2075',
      what: expect.stringContaining('2 rows in sql lake have mark 2, but 1 settled'),
    });
    expect(there(sim)).toBe('1@1 2@2 99@2:by=theirs');
    sim.world.db.table = sim.world.db.table.filter(({ ours }) => ours);
    sim.world.planted = [];
    expect(await run(sim, 'third')).toMatchObject({ status: 'pass', rows: 1 });
    expect(there(sim)).toBe('1@1 2@2 3@2');
  });

  it('are told from ours by a mark column', async () => {
    const sim = await beside({ markColumn: true });
    sim.world.source.set([row(1, 1), row(2, 2), row(3, 2)]);
    expect(await run(sim, 'second')).toMatchObject({ status: 'pass', rows: 1 });
    expect(there(sim)).toBe('1@1 2@2 3@2 99@2:by=theirs');
  });

  it('stop a full load that could not tell them from ours', async () => {
    const sim = await beside();
    await reset(sim.world.spec, { how: 'full', takeOver: false }, sim.ports);
    expect((await run(sim, 'second')).error).toMatchObject({
      code: 'HYG-2076',
      what: expect.stringContaining('contains 1 row of other programs'),
    });
    expect(there(sim)).toBe('1@1 2@2 99@2:by=theirs');
  });

  it('go with ours where if_exists: replace says so, and the plan and the run warn of it', async () => {
    const sim = table({ ifExists: 'replace', runType: 'full_drop', watermark: null });
    await run(sim, 'first');
    sim.world.plantForeign([theirs]);
    expect(await run(sim, 'second')).toMatchObject({ status: 'warn' });
    const said = sim.events.flatMap((event) => (event.event === 'plan' ? event.warnings : []));
    expect(said).toEqual([expect.stringContaining('1 row of other programs is removed together with the rows that settled')]);
    expect(there(sim)).toBe('1@1 2@2');
    expect(await run(sim, 'third')).toMatchObject({ status: 'pass' });
  });

  it('stay when ours are loaded anew beside them, which is deleted and inserted, not swapped', async () => {
    const sim = await beside({ markColumn: true });
    await reset(sim.world.spec, { how: 'full', takeOver: false }, sim.ports);
    sim.world.source.set([row(5, 5)]);
    expect(await run(sim, 'second')).toMatchObject({ status: 'warn', rows: 1 });
    expect(planned(sim.events).at(-1)).toMatchObject({ mode: 'delete_insert', why: 'beside_others' });
    expect(there(sim)).toBe('5@5 99@2:by=theirs');
  });

  it('become ours where a key of ours is merged into them', async () => {
    const sim = await beside({ markColumn: true }, { ...merging, ifExists: 'append' }, [row(2, 7, { by: 'theirs' })]);
    expect(there(sim)).toBe('1@1 2@2');
    expect(await (await sim.ports.store(sim.world.spec)).head()).toMatchObject({ rows: 2, foreign: 0 });
    expect(await settling(sim)).toMatchObject({ rows: 2, rows_settled: 2, rows_updated: 1 });
  });
});

describe('the counts of a commit', () => {
  it('are the same when another process finishes it, though it only finds it done', async () => {
    const sim = table(merging);
    await run(sim, 'first');
    sim.world.source.set([row(1, 3), row(2, 2), row(5, 4)]);
    const killed = await new Promise<string>((resolve) => {
      const ports = sim.another('dies', (label) => {
        if (!label.includes('(settle)')) return undefined;
        resolve(label);
        return new Promise(() => undefined);
      });
      void runEntity({ ids: idsOf('second'), spec: sim.world.spec, ...how }, ports);
    });
    expect(killed).toContain('(settle)');
    expect((await sim.world.row())?.pending).not.toBeNull();
    await runEntity({ ids: idsOf('third'), spec: sim.world.spec, ...how, takeOver: true }, sim.ports);
    const [settled] = (await sim.world.memoryState.journal(key)).filter((one) => one.entity_run_id === 'second.1' && one.status === 'pass');
    expect(settled).toMatchObject({ rows: 1, rows_settled: 2, rows_replaced: 1, rows_updated: 1 });
  });

  it('of copies that full loads append add up', async () => {
    const sim = table({ runType: 'full_drop', ifExists: 'append', watermark: null });
    await run(sim, 'first');
    await run(sim, 'second');
    expect((await sim.world.row())?.settled).toMatchObject({ rows: 2, total: 4 });
  });
});
