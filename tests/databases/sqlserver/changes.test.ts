import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findConnector } from '../../../src/registry.ts';
import { duck } from '../../support/duck.ts';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { here } from '../../support/here.ts';
import { inProcess } from '../../support/in-process.ts';
import { cases, sampled } from '../../support/samples.ts';
import type { MemoryDatabase, MemoryTable } from '../../support/sqlserver.ts';
import { ChangeTracking, trackedDatabase } from '../../support/sqlserver-changes.ts';
import type { Value } from '../../support/tds/values.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, served } from './support.ts';

const row = (id: number, text: string): Value[] => [String(id), text, `${id}.25`];
const put = (id: number, text: string) => ({ key: String(id), row: row(id, text) });
const gone = (id: number) => ({ key: String(id), row: null });

interface Scene extends AsyncDisposable {
  readonly tracking: ChangeTracking;
  readonly table: MemoryTable;
  readonly database: MemoryDatabase;
  readonly workspace: TestWorkspace;
  readonly asked: () => readonly string[];
  go(...args: readonly string[]): ReturnType<typeof here>;
}

/** A table of three rows that were there before it was tracked, and a flow that reads its changes. */
async function scene(
  store: string,
  more: {
    readonly home?: string;
    readonly flow?: string;
    readonly watermark?: string;
    readonly kind?: 'V';
    readonly keys?: readonly string[];
  } = {},
): Promise<Scene> {
  const tracking = new ChangeTracking(40);
  const table: MemoryTable = {
    name: 'dbo.orders',
    columns: { id: 'int not null', text: 'nvarchar(20) not null', price: 'decimal(20,2)' },
    rows: [row(1, 'one'), row(2, 'two'), row(3, 'three')],
    keys: more.keys ?? ['id'],
    ...(more.kind ? { kind: more.kind } : {}),
  };
  tracking.enable(table);
  const database = trackedDatabase(tracking, [table]);
  const server = await served(database);
  const workspace = new TestWorkspace({ 'hygge.yml': `name: w\n${connectionOf(server)}` });
  workspace.write({
    'flows/f/flow.yml': `home: { connection: erp, ${more.home ?? ''} }
store: ${store}
run_type: incremental
watermark: { changes: change_tracking, ${more.watermark ?? ''} }
${more.flow ?? ''}
entities: [orders]
`,
  });
  return {
    ...{ tracking, table, database, workspace },
    asked: () => server.server.requests.map(({ sql }) => sql),
    go: (...args) => here(workspace, 'go', ...args),
    async [Symbol.asyncDispose]() {
      workspace[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const parquet = '{ type: parquet, path: out }';
const merging = (file: DuckdbTestFile) => ({
  store: `{ type: duckdb, path: ${file.path}, table: orders }`,
  more: { watermark: 'key: [id]', flow: 'write_strategy: merge' },
});
const settledFiles = ({ workspace }: Scene) =>
  duck(
    `select id::int as id, text, price::varchar as price, _change_version::int as v, _deleted as gone from '${workspace.path('out/orders/*.parquet')}' order by v, id`,
  );
const errorOf = (run: Awaited<ReturnType<typeof here>>) => run.events.find(({ event }) => event === 'error');

describe('a table of SQL Server that is read by its changes', () => {
  test('settles whole with the version that was captured before, and then what changed, deletes and all, each once', async () => {
    await using given = await scene(parquet);
    const { tracking, table, go } = given;
    expect((await go()).summary).toMatchObject({ pass: 1, rows: 3 });
    const first = [1, 2, 3].map((id) => ({ id, text: ['one', 'two', 'three'][id - 1], price: `${id}.25`, v: 40, gone: false }));
    expect(await settledFiles(given)).toEqual(first);
    tracking.commit(table, [put(2, 'TWO'), put(4, 'four')]);
    tracking.commit(table, [gone(1), put(4, 'FOUR')]);
    expect((await go()).summary).toMatchObject({ pass: 1, rows: 3 });
    const second = [
      { id: 2, text: 'TWO', price: '2.25', v: 41, gone: false },
      { id: 1, text: null, price: null, v: 42, gone: true },
      { id: 4, text: 'FOUR', price: '4.25', v: 42, gone: false },
    ];
    expect(await settledFiles(given)).toEqual([...first, ...second]);
    expect((await go()).summary).toMatchObject({ skip: 1, rows: 0 });
    expect(await settledFiles(given)).toEqual([...first, ...second]);
  });

  test('is merged by its key where the store merges, and deletes are applied without being asked for', async () => {
    using file = new DuckdbTestFile();
    const { store, more } = merging(file);
    await using given = await scene(store, more);
    const { tracking, table, go } = given;
    const settled = () => file.sql('select id::int as id, text, _change_version::int as v from orders order by id');
    expect((await go()).summary).toMatchObject({ pass: 1, rows: 3 });
    tracking.commit(table, [put(2, 'TWO'), gone(1), gone(9)]);
    tracking.commit(table, [put(5, 'five')]);
    tracking.commit(table, [gone(5)]);
    expect((await go()).summary).toMatchObject({ pass: 1 });
    expect(await settled()).toEqual([
      { id: 2, text: 'TWO', v: 41 },
      { id: 3, text: 'three', v: 40 },
    ]);
    expect(await file.sql(`select count(*)::int as n from duckdb_columns() where column_name = '_deleted'`)).toEqual([{ n: 0 }]);
  });

  test('moves its version on where nothing of it changed, since changes are forgotten after a while', async () => {
    await using given = await scene(parquet);
    const { tracking, table, go } = given;
    await go();
    // Of other tables.
    for (let day = 0; day < 3; day++) {
      tracking.version += 10;
      expect((await go()).summary).toMatchObject({ pass: 1, rows: 0 });
      tracking.forget(tracking.version);
    }
    tracking.commit(table, [put(3, 'THREE')]);
    expect((await go()).summary).toMatchObject({ pass: 1, rows: 1 });
    expect((await settledFiles(given)).map(({ id, v }) => [id, v])).toEqual([...[1, 2, 3].map((id) => [id, 40]), [3, 71]]);
  });

  test('says how long changes are kept, and warns where that has become shorter', async () => {
    await using given = await scene(parquet);
    const { tracking, go } = given;
    const plan = (run: Awaited<ReturnType<typeof here>>) => JSON.stringify(run.events.find(({ event }) => event === 'plan'));
    expect(plan(await go())).toContain('changes are kept for 2 days');
    tracking.version++;
    tracking.retention = { period: 90, unit: 1, forgets: true };
    const shorter = await go();
    expect(shorter.summary).toMatchObject({ warn: 1 });
    expect(plan(shorter)).toContain('changes are kept for 90 minutes now, no longer for 2 days');
    tracking.version++;
    tracking.retention = { period: 2, unit: 2, forgets: true };
    expect((await go()).summary).toMatchObject({ pass: 1 });
  });
});

describe('changes that can’t all be told any more', () => {
  const faults: readonly (readonly [string, (given: Scene) => void, RegExp])[] = [
    ['that were forgotten', ({ tracking }) => tracking.forget(42), /after version 41 are no longer kept, only changes after version 42/],
    ['of a table that was truncated', ({ tracking, table }) => tracking.truncate(table), /truncated/],
    [
      'of a table that was not tracked for a while, though no version passed',
      ({ tracking, table }) => {
        tracking.disable(table);
        table.rows = [row(8, 'eight')];
        tracking.enable(table);
      },
      /switched off and on/,
    ],
    [
      'of a table that was recreated, though no version passed',
      ({ tracking, table }) => tracking.make(table, [row(8, 'eight')]),
      /dropped and recreated/,
    ],
    ['of a database that went back in time', ({ tracking }) => Object.assign(tracking, { version: 40 }), /newest version is 40, below 41/],
    [
      'of a database that went back in time, and has continued since',
      ({ tracking }) => Object.assign(tracking, { fork: 'another', version: 90 }),
      /restored, or lost commits/,
    ],
  ];

  test.each(sampled(faults, 6))(
    '%s stop the run, which changes nothing; and everything is loaded again when it is told to',
    async (_, fault, why) => {
      using file = new DuckdbTestFile();
      const { store, more } = merging(file);
      await using given = await scene(store, more);
      const { tracking, table, go, workspace } = given;
      const settled = () => file.sql('select id::int as id, text from orders order by id');
      await go();
      tracking.commit(table, [put(1, 'I')]);
      await go();
      const before = await settled();
      tracking.commit(table, [gone(3)]);
      fault(given);
      const stopped = await go();
      const error = errorOf(stopped);
      expect(error).toMatchObject({ code: 'HYG-3517', why: [expect.stringMatching(why), expect.any(String)] });
      expect(await settled()).toEqual(before);
      expect(error?.event === 'error' && error.tryThis).toEqual(['Load everything again: hygge reset f.orders, then hygge go -e f.orders']);
      expect((await inProcess(['reset', 'f.orders', '--yes'], workspace.root, {})).code).toBe(0);
      expect((await go('-e', 'f.orders')).summary).toMatchObject({ error: 0 });
      expect(await settled()).toEqual([...table.rows].map(([id, text]) => ({ id: Number(id), text })));
      tracking.commit(table, [put(60, 'sixty')]);
      expect((await go()).summary).toMatchObject({ error: 0 });
      expect((await settled()).at(-1)).toEqual({ id: 60, text: 'sixty' });
    },
  );
});

/** What others do, between two runs or in the middle of one. */
const deed = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      ids: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
      gone: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('truncate', 'untrack', 'remake', 'restore') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forget' as const), back: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('others write' as const) }) },
);
/** Of a run: what is done before it, at which look at the state of tracking, and between the changes and their rows. */
const round = fc.record({
  before: fc.array(deed, { maxLength: 3 }),
  atLook: fc.tuple(fc.integer({ min: 1, max: 6 }), deed),
  inBetween: fc.tuple(fc.integer({ min: 1, max: 2 }), deed),
});
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

/** Of each key what settled last. */
const stores = {
  merged: (file: DuckdbTestFile) => ({
    ...merging(file),
    settled: (_: Scene) => file.sql('select id::int as id, text from orders order by id'),
  }),
  'kept in files': () => ({
    ...{ store: parquet, more: {} },
    settled: async ({ workspace }: Scene) =>
      [...workspace.tree().keys()].some((path) => path.startsWith('out/orders/') && path.endsWith('.parquet'))
        ? duck(
            `select id::int as id, arg_max(text, _change_version) as text from '${workspace.path('out/orders/*.parquet')}' group by id having not arg_max(_deleted, _change_version) order by id`,
          )
        : [],
  }),
} as const;

test.each(sampled(Object.entries(stores), 2))(
  'a table that was %s by its changes is what the table was at that version, or the run stops',
  async (_, at) => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 3 }), async (rounds) => {
        using file = new DuckdbTestFile();
        const { store, more, settled } = at(file);
        await using given = await scene(store, more);
        const { tracking, table, go, workspace } = given;
        let text = 0;
        const touched = new Set<number | 'all'>();
        const doing = (one: Deed) => {
          for (const id of one.do === 'write' ? [...one.ids, one.gone] : one.do === 'forget' ? [] : ['all' as const]) touched.add(id);
          switch (one.do) {
            case 'write':
              return tracking.commit(table, [
                ...one.ids.filter((id) => id !== one.gone).map((id) => put(id, `text ${++text}`)),
                gone(one.gone),
              ]);
            case 'truncate':
              return tracking.truncate(table);
            case 'untrack':
              tracking.disable(table);
              table.rows = table.rows.slice(1);
              return tracking.enable(table);
            case 'remake':
              return tracking.make(table, [row(1, `text ${++text}`)]);
            case 'restore':
              Object.assign(tracking, { fork: `fork ${++text}` });
              return tracking.make(table, [row(2, 'restored')]);
            case 'forget':
              return tracking.forget(tracking.version - one.back);
            default:
              return ++tracking.version;
          }
        };
        const now = () => table.rows.map(([id, is]) => ({ id: Number(id), text: is })).sort((a, b) => a.id - b.id);
        for (const { before, atLook, inBetween } of rounds) {
          before.forEach(doing);
          touched.clear();
          const [was, seen] = [now(), { looks: 0, reads: 0 }];
          tracking.atLook = () => void (++seen.looks === atLook[0] && doing(atLook[1]));
          tracking.inBetween = () => void (++seen.reads === inBetween[0] && doing(inBetween[1]));
          const error = errorOf(await go());
          tracking.atLook = undefined;
          tracking.inBetween = undefined;
          // Between two looks of one plan it says so, and that it is to be run again.
          if (error) expect(error).toMatchObject({ code: expect.stringMatching(/^HYG-35(04|17)$/) });
          else if (!touched.has('all')) {
            const untouched = ({ id }: { readonly id?: unknown }) => !touched.has(Number(id));
            expect((await settled(given)).filter(untouched)).toEqual(was.filter(untouched));
          }
          // Nobody writes any more: what is there then is all that there is.
          const last = errorOf(await go());
          if (last) {
            expect(last).toMatchObject({ code: 'HYG-3517' });
            expect((await inProcess(['reset', 'f.orders', '--yes'], workspace.root, {})).code).toBe(0);
            expect(errorOf(await go())).toBeUndefined();
          }
          expect(await settled(given)).toEqual(now());
        }
      }),
      cases(20),
    );
  },
);

describe('what has no changes that could be read', () => {
  const stopped = async (given: Scene) => {
    const error = errorOf(await given.go());
    return error?.event === 'error' ? error : undefined;
  };

  test.each([
    [
      'database',
      [
        'ALTER DATABASE [erp] SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 7 DAYS, AUTO_CLEANUP = ON);',
        'ALTER TABLE [dbo].[orders] ENABLE CHANGE_TRACKING;',
      ],
    ],
    ['table', ['ALTER TABLE [dbo].[orders] ENABLE CHANGE_TRACKING;']],
  ] as const)('is a %s that is not tracked: the statements that change it are named, and do', async (what, statements) => {
    await using given = await scene(parquet);
    const { tracking, table, database, go } = given;
    tracking.disable(table);
    if (what === 'database') tracking.retention = undefined;
    const error = await stopped(given);
    expect(error).toMatchObject({ code: 'HYG-3513', tryThis: statements });
    for (const sql of error?.tryThis ?? []) tracking.run(sql, database);
    expect((await go()).summary).toMatchObject({ pass: 1, rows: 3 });
    tracking.halt(table);
    expect(await stopped(given)).toMatchObject({ code: 'HYG-3513', tryThis: ['ALTER TABLE [dbo].[orders] ENABLE CHANGE_TRACKING;'] });
  });

  test('is a table whose changes the role may not see: the right is named, by debug too', async () => {
    await using given = await scene(parquet);
    const { tracking, database, go, workspace } = given;
    tracking.may = false;
    const error = await stopped(given);
    expect(error).toMatchObject({ code: 'HYG-3514', tryThis: ['GRANT VIEW CHANGE TRACKING ON [dbo].[orders] TO [loader];'] });
    const debug = async () => (await inProcess(['debug', '--output', 'json'], workspace.root, {})).stdout;
    expect(await debug()).toContain('GRANT VIEW CHANGE TRACKING ON [dbo].[orders] TO [loader];');
    for (const sql of error?.tryThis ?? []) tracking.run(sql, database);
    const found = await debug();
    expect(found).toContain('change_tracking reports the changes of dbo.orders after version 40');
    expect(found).toMatch(/"name":"VIEW CHANGE TRACKING"/);
    // Of two servers with a database of one name each has its own.
    const { home } = (await findConnector('sqlserver')) ?? {};
    const needed = home?.requirements(home.config.parse({ server: 'a.example', database: 'erp', table: 'dbo.orders' }), 'change_tracking');
    const resource = { table: 'dbo.orders', database: 'erp', server: 'a.example' };
    expect(needed).toContainEqual({ need: 'role', system: 'sqlserver', doing: ['read'], resource, role: 'VIEW CHANGE TRACKING' });
    expect(found).not.toContain('VIEW DATABASE STATE');
    expect((await go()).summary).toMatchObject({ pass: 1 });
  });

  test('is a view, a table without a primary key, one whose key is not read, and a secondary', async () => {
    await using view = await scene(parquet, { kind: 'V' });
    expect(await stopped(view)).toMatchObject({ code: 'HYG-3515', why: [expect.stringContaining('not a table')] });
    await using keyless = await scene(parquet, { keys: [] });
    expect(await stopped(keyless)).toMatchObject({ code: 'HYG-3515', why: [expect.stringContaining('no primary key')] });
    await using without = await scene(parquet, { home: 'columns: [text]' });
    expect(await stopped(without)).toMatchObject({ code: 'HYG-3516', tryThis: [expect.stringContaining('put id into home.columns')] });
    await using within = await scene(parquet, { home: 'columns: [text, id]' });
    expect((await within.go()).summary).toMatchObject({ pass: 1, rows: 3 });
    await using secondary = await scene(parquet);
    secondary.tracking.isReadOnly = true;
    expect(await stopped(secondary)).toMatchObject({
      code: 'HYG-3518',
      tryThis: [expect.stringContaining('application_intent: read_write')],
    });
  });

  test('is a table with columns of the names that tell of a change', async () => {
    await using given = await scene(parquet);
    Object.assign(given.table.columns, { _deleted: 'bit' });
    expect(await stopped(given)).toMatchObject({ code: 'HYG-3503' });
  });

  test('is a range of the past: a backfill is refused, and a full load is the way', async () => {
    await using given = await scene(parquet);
    const { tracking, table, go, workspace } = given;
    await go();
    tracking.commit(table, [gone(1)]);
    const refused = await here(workspace, 'backfill', 'f.orders', '--from', '1', '--to', '40');
    expect(errorOf(refused)).toMatchObject({ code: 'HYG-2100', tryThis: [expect.stringContaining('hygge go -d -e f.orders')] });
    expect((await go('-d', '-e', 'f.orders')).summary).toMatchObject({ pass: 1, rows: 2 });
  });

  test('is a key that is not the primary key: deleted rows would not be found by it', async () => {
    await using given = await scene(parquet, { watermark: 'key: [text]' });
    expect(await stopped(given)).toMatchObject({
      code: 'HYG-2101',
      tryThis: ['Write watermark.key: [id]', expect.stringContaining('remove watermark.key')],
    });
    await using right = await scene(parquet, { watermark: 'key: [id]' });
    expect((await right.go()).summary).toMatchObject({ error: 0, rows: 3 });
  });
});

test.each([
  ['change_tracking, lag: 5m', 'type: sqlserver, server: h, database: erp, table: dbo.t', 'HYG-1010', 'watermark.lag'],
  ['change_tracking', 'type: postgres, host: h, database: d, user: u, table: t', 'HYG-1013', 'postgres'],
])('in a config, watermark.changes: %s is refused of a home of %s', async (changes, home, code, what) => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: { ${home} }\nstore: out\nrun_type: incremental\nwatermark: { changes: ${changes} }\n`,
  });
  const ran = await here(workspace, 'go', '--dry-run');
  expect(ran.code).toBe(2);
  expect(ran.events).toContainEqual(expect.objectContaining({ code, what: expect.stringContaining(what) }));
});
