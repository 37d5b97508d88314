import { describe, expect, test } from 'vitest';
import { commitOutlastsStep } from '../../src/databases/store/errors.ts';
import type { Catalog, PlannedChange, TargetColumn } from '../../src/engine/contracts/catalog.ts';
import { type FitDialect, fitColumns } from '../../src/engine/contracts/fit.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import type { Intent } from '../../src/engine/contracts/intent.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { CommitSize, Store, StoreTable, Target } from '../../src/engine/contracts/store.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import type { EntitySummary, HyggeEvent } from '../../src/ports/events.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import { but } from '../support/but.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { baseSchema, row, withColumn, withDeletes } from '../support/sim/rows.ts';
import type { Setting } from '../support/sim/world.ts';

/** A table as a database shows it, beside the rows of the simulated one. */
interface Table {
  readonly catalog: Catalog;
  readonly dialect?: Partial<FitDialect>;
  readonly evolution?: Store['howChanged'];
  /** Says "again" so often before it answers. */
  readonly again?: number;
  readonly foreign?: true;
  readonly tooLarge?: StoreTable['tooLarge'];
}

const own = (name: string, more: Partial<TargetColumn> = {}): TargetColumn => ({
  name,
  type: 'bigint',
  holds: { type: { kind: 'int64' } },
  nullable: true,
  default: null,
  filled: 'by rows',
  length: null,
  collation: null,
  ...more,
});
const catalogOf = (columns: readonly TargetColumn[], more: Partial<Catalog> = {}): Catalog => ({
  columns,
  keys: [],
  dependents: [],
  rights: {},
  ...more,
});

interface Seen {
  readonly prepared: (readonly PlannedChange[])[];
  readonly committed: Intent[];
  reads: number;
}

function withTable(ports: EnginePorts, table: Table, seen: Seen): EnginePorts {
  const dialect: FitDialect = {
    remediesFor: () => [],
    where: 'db orders',
    naming: { longest: null, case: 'ignored', reserved: [] },
    held: (type) => ({ type }),
    ...table.dialect,
  };
  const around = (store: Store): Store =>
    but(store, {
      async inspect(cursor) {
        const asked = typeof cursor === 'number' ? cursor : 0;
        if (asked < (table.again ?? 0)) return { again: asked + 1 };
        const found = (await store.inspect()) as { readonly done: Target };
        const { catalog } = table;
        const stranger: Target = { content: 'foreign', summary: 'a table', newest: null, others: [], sharing: 'none', catalog };
        return { done: table.foreign && found.done.content === 'empty' ? stranger : { ...found.done, catalog } };
      },
      fit: (wanted, standing) => fitColumns(wanted, standing, dialect),
      howChanged: table.evolution ?? (() => 'in place'),
      ...(table.tooLarge ? { table: { makeReady: async () => {}, ddl: async () => [], tooLarge: table.tooLarge } } : {}),
      prepare(request) {
        seen.prepared.push(request.changes);
        return store.prepare(request);
      },
      commit(intent, cursor) {
        seen.committed.push(intent);
        return store.commit(intent, cursor);
      },
    });
  const watched = (home: Home): Home =>
    but(home, {
      read(...of) {
        seen.reads++;
        return home.read(...of);
      },
    });
  return {
    ...ports,
    home: async (...of) => watched(await ports.home(...of)),
    store: async (...of) => around(await ports.store(...of)),
    storeAt: async (...of) => around(await ports.storeAt(...of)),
  };
}

function scene(change: Partial<Setting>) {
  const sim = simulated({ pair: { store: 'sql', state: 'memory' }, ...change });
  const seen: Seen = { prepared: [], committed: [], reads: 0 };
  const run = (name: string, table: Table): Promise<EntitySummary> => {
    const how = { workspace: 'simulated', runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(2) };
    return runEntity(
      { ids: idsOf(name), spec: sim.world.spec, ...how, signal: new AbortController().signal },
      withTable(sim.ports, table, seen),
    );
  };
  return { sim, seen, run };
}

function planned({ events }: Simulated): Extract<HyggeEvent, { readonly event: 'plan' }> {
  const found = events.findLast((one) => one.event === 'plan');
  if (found?.event !== 'plan') throw new Error('nothing was planned');
  return found;
}

const full = { watermark: null, runType: 'full_drop', ifExists: 'append' } as const;
const base = [own('id'), own('mark')];

describe('a full load of a table that something is bound to', () => {
  const replacing = { watermark: null, runType: 'full_drop', ifExists: 'replace' } as const;
  const withView = catalogOf(base, { dependents: [{ kind: 'view', name: 'monthly', columns: ['id'], staysWithOld: true }] });
  const pointedAt = catalogOf(base, {
    dependents: [{ kind: 'foreign key', name: 'lines_fk of lines', columns: ['id'], staysWithOld: true, holdsRows: true }],
  });

  test('deletes and inserts, and says what a swap would leave behind', async () => {
    const { sim, run } = scene({ spec: replacing });
    await run('A', { catalog: catalogOf(base) });
    expect(await run('B', { catalog: withView })).toMatchObject({ status: 'pass', rows: 2 });
    const { write, warnings } = planned(sim);
    expect(write).toEqual({ mode: 'delete_insert', key: [], why: 'bound', because: ['view monthly'] });
    expect(warnings).toContain('the run deletes the rows and does not swap the table, because a swap would lose: view monthly');
  });

  test('refuses a swap that was asked for, by the name of what it would leave behind', async () => {
    const { run } = scene({ spec: { ...replacing, writeStrategy: 'temp_swap' } });
    await run('A', { catalog: catalogOf(base) });
    const { error } = await run('B', { catalog: withView });
    expect(error).toMatchObject({ code: 'HYG-2077', what: expect.stringContaining('view monthly') });
  });

  test('is refused where a foreign key points at its rows, which can only be merged', async () => {
    const { seen, run } = scene({ spec: replacing });
    await run('A', { catalog: catalogOf(base) });
    const { error } = await run('B', { catalog: pointedAt });
    expect(error).toMatchObject({ code: 'HYG-2077', what: expect.stringContaining('the foreign key lines_fk of lines refers to them') });
    expect(seen.committed).toHaveLength(1);
  });
});

describe('an incremental run into a table whose rows others point at', () => {
  const dependents = (more: object) => [
    { kind: 'foreign key', name: 'lines_fk of lines', columns: ['id'], staysWithOld: true, holdsRows: true as const, ...more },
  ];

  test('is refused where they would go with what it replaces, before anything is read', async () => {
    const { seen, run } = scene({});
    await run('A', { catalog: catalogOf(base) });
    const { reads } = seen;
    const { error } = await run('B', { catalog: catalogOf(base, { dependents: dependents({ passesOn: true }) }) });
    expect(error).toMatchObject({
      code: 'HYG-2077',
      what: expect.stringContaining('the foreign key lines_fk of lines would delete or change the rows that refer to them'),
    });
    expect({ reads: seen.reads, committed: seen.committed.length }).toEqual({ reads, committed: 1 });
  });

  test('continues where the database would refuse to delete them', async () => {
    const { run } = scene({});
    await run('A', { catalog: catalogOf(base) });
    expect(await run('B', { catalog: catalogOf(base, { dependents: dependents({}) }) })).toMatchObject({ status: 'skip' });
  });

  test('notes, where deletes that the source tells are applied, what goes with a deleted row and is not counted', async () => {
    const noted = 'A run does not count those rows: foreign key lines_fk of lines';
    for (const [deletes, isNoted] of [
      ['apply', true],
      ['mark', false],
    ] as const) {
      const watermark = { key: ['id'], nulls: 'exclude', boundary: 'open' } as const;
      const { sim, run } = scene({ home: 'api that tells deletes', spec: { deletes, writeStrategy: 'merge', watermark } });
      sim.world.source.schema = withDeletes(baseSchema);
      sim.world.source.set([row(1, 1, { _deleted: 'false' })]);
      await run('A', { catalog: catalogOf(base, { dependents: dependents({ passesOn: true }) }) });
      expect(
        planned(sim).warnings.some((warning) => warning.includes(noted)),
        deletes,
      ).toBe(isNoted);
    }
  });
});

describe("the destination's own columns", () => {
  test('are asked for until the answer is there', async () => {
    const { run } = scene({});
    expect(await run('A', { catalog: catalogOf(base), again: 3 })).toMatchObject({ status: 'pass', rows: 2 });
  });

  test.each(['slices', 'pages'] as const)(
    'that have to change are reported in the plan, and go with the decision to the commit: %s',
    async (home) => {
      const { sim, seen, run } = scene({
        home,
        spec: full,
      });
      sim.world.source.schema = withColumn(baseSchema, 'email');
      const told = await run('A', { catalog: catalogOf([own('id'), own('mark', { nullable: false })]), foreign: true });
      expect(told).toMatchObject({ status: 'warn', rows: 2 });
      const changes = [
        { change: 'drop not null', column: 'mark', how: 'in place' },
        { change: 'add column', column: { name: 'email', type: { kind: 'string' }, nullable: true }, how: 'in place' },
      ];
      expect(seen.prepared).toEqual([changes]);
      expect(seen.committed[0]?.changes).toEqual(changes);
      const said = 'the commit alters sql lake for the rows: it makes column mark nullable, adds column email (string)';
      expect(home === 'pages' ? told.message : planned(sim).warnings.join()).toContain(said);
      // A source of pages shows its columns only while it is read.
      expect(planned(sim).changes).toEqual(
        home === 'pages'
          ? undefined
          : [
              { change: 'drop not null', column: 'mark', how: 'in place' },
              { change: 'add column', column: 'email', type: 'string', how: 'in place' },
            ],
      );
    },
  );

  test('that the store writes again for a change are told so', async () => {
    const { sim, run } = scene({ spec: full });
    const narrow = own('mark', { type: 'int', holds: { type: { kind: 'int32' } } });
    await run('A', {
      catalog: catalogOf([own('id'), narrow]),
      foreign: true,
      evolution: ({ change }) => (change === 'widen' ? 'rewrites' : 'no'),
    });
    expect(planned(sim).changes).toEqual([{ change: 'widen', column: 'mark', type: 'int64', how: 'rewrites' }]);
  });

  test.each<[string, Table, string]>([
    ['a change that the store does not make', { catalog: catalogOf([own('id')]), evolution: () => 'no' }, 'HYG-2077'],
    ['a value that no one gives', { catalog: catalogOf([...base, own('made_by', { nullable: false })]) }, 'HYG-2078'],
    ['a right that is missing', { catalog: catalogOf(base, { rights: { insert: false } }) }, 'HYG-2079'],
  ])('stop a run before it reads anything: %s', async (_, table, code) => {
    const { sim, seen, run } = scene({ spec: full });
    const { status, error } = await run('A', { ...table, foreign: true });
    expect({ status, code: error?.code, reads: seen.reads, settled: sim.world.db.table }).toEqual({
      status: 'error',
      code,
      reads: 0,
      settled: [],
    });
  });

  test('a load that could not be committed in time is stopped before it reads anything', async () => {
    const { seen, run } = scene({ spec: { watermark: null, runType: 'full_drop', ifExists: 'replace', writeStrategy: 'direct_insert' } });
    await run('A', { catalog: catalogOf(base) });
    const sizes: CommitSize[] = [];
    const before = seen.reads;
    const { status, error } = await run('B', {
      catalog: catalogOf(base),
      tooLarge(commit) {
        sizes.push(commit);
        return commitOutlastsStep('postgres db.example/erp sales.orders', 40 * 1024 ** 3);
      },
    });
    expect({ status, code: error?.code, reads: seen.reads - before }).toEqual({ status: 'error', code: 'HYG-4237', reads: 0 });
    expect(sizes).toEqual([{ mode: 'delete_insert', createsTable: false, bytes: expect.any(Number), replacedBytes: expect.any(Number) }]);
  });

  test('stop one whose source shows its columns late before it writes anything', async () => {
    const { sim, run } = scene({ home: 'pages', spec: full });
    const { error } = await run('A', { catalog: catalogOf([own('id')]), evolution: () => 'no', foreign: true });
    expect({ code: error?.code, staged: sim.world.db.staging.size }).toEqual({ code: 'HYG-2077', staged: 0 });
  });
});

describe('a name that the store cannot have', () => {
  const short = { naming: { longest: { most: 11, of: 'bytes' }, case: 'ignored', reserved: [] } } as const;

  test('settles as another, is reported once, and stays when a column comes that wants it', async () => {
    const { sim, run } = scene({ spec: { ...full, ifExists: 'fail', watermark: { nulls: 'exclude' }, runType: 'incremental' } });
    const table = { catalog: catalogOf(base), dialect: short };
    sim.world.source.schema = withColumn(baseSchema, 'comments_of_customers');
    expect(await run('A', { ...table, catalog: catalogOf([]) })).toMatchObject({ status: 'warn', rows: 2 });
    const first = planned(sim);
    const name = first.schema[2]?.name ?? '';
    expect(first.warnings).toContain(`column "comments_of_customers" settles as ${name}: its name is too long for sql lake`);
    expect(name).toMatch(/^comm_[0-9a-f]{6}$/);

    sim.world.source.set([...sim.world.source.rows, row(3, 3)]);
    const settled = { ...table, catalog: catalogOf([...base, own(name, { holds: { type: { kind: 'string' } } })]) };
    expect(await run('B', settled)).toMatchObject({ status: 'pass', rows: 1 });
    expect(planned(sim)).toMatchObject({ drift: [], warnings: expect.not.arrayContaining([expect.stringContaining('comments_of')]) });
    expect(planned(sim).changes).toBeUndefined();

    sim.world.source.set([...sim.world.source.rows, row(4, 4)]);
    sim.world.source.schema = withColumn(withColumn(baseSchema, name.toUpperCase()), 'comments_of_customers');
    expect(await run('C', settled)).toMatchObject({ rows: 1 });
    const third = planned(sim);
    expect(third.schema.map(({ name: one }) => one).slice(0, 3)).toEqual(['id', 'mark', name]);
    expect(third.schema).toHaveLength(4);
    expect(third.schema[2]?.source_name).toBe('comments_of_customers');
  });

  test('is the watermark under its other name in the next run as well', async () => {
    const { sim, run } = scene({ spec: { watermark: { nulls: 'exclude' } } });
    const upper = { naming: { longest: null, case: 'upper', reserved: [] } } as const;
    const table = { catalog: catalogOf([own('ID'), own('MARK')]), dialect: upper };
    expect(await run('A', { ...table, catalog: catalogOf([]) })).toMatchObject({ status: 'warn', rows: 2 });
    sim.world.source.set([...sim.world.source.rows, row(3, 3)]);
    expect(await run('B', table)).toMatchObject({ status: 'pass', rows: 1, watermark: '3' });
    expect(planned(sim).schema.map(({ name }) => name)).toEqual(['ID', 'MARK']);
  });
});
