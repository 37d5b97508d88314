import { beforeEach, describe, expect, test } from 'vitest';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { committed, decided, type Load, loaded } from '../../support/commits.ts';
import { openedOnce } from '../../support/opened-once.ts';
import type { TableExtras } from '../../support/sqlserver-tables.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { anew, storeServed } from './support.ts';

describe('a full load into a table of SQL Server', () => {
  let fails: (sql: string) => Answer | undefined = () => undefined;
  const before = async ({ sql, session }: TdsRequest): Promise<Answer | undefined> => {
    const answer = fails(sql);
    // XACT_ABORT: the transaction is over.
    if (answer !== undefined) served.tables.closed(session);
    return answer;
  };
  const served = openedOnce(() => storeServed({ tables: [], before }));
  beforeEach(() => {
    fails = () => undefined;
    served.tables.clear();
  });

  const id = { name: 'id', type: { kind: 'int64' }, nullable: false } as const;
  const name = { name: 'name', type: { kind: 'string' }, nullable: true } as const;
  const schema: Schema = { columns: [id, name] };
  const swapping: Writing = { mode: 'swap', key: [], why: 'full_load' };
  const all = { what: 'all', foreign: 'keep' } as const;
  const first: Load = {
    epoch: 1,
    schema,
    rows: [
      [1n, 'one'],
      [2n, 'two'],
    ],
  };
  const again: Load = {
    epoch: 2,
    schema,
    supersede: all,
    writing: swapping,
    rows: [
      [3n, 'drei'],
      [4n, 'vier'],
    ],
  };
  /** Texts of SQL Server are compared by their rows and nulls alone. */
  const counted = (...columns: readonly string[]) =>
    columns.length === 0 ? [] : [{ code: 'database.counted_alone', params: { columns } }];
  const settled = () => served.tables.rows('dbo.e').map((row) => Object.values(row).join(' '));
  const asked = async <T>(work: () => Promise<T>) => {
    const from = served.server.requests.length;
    const answer = await work();
    const sql = served.server.requests.slice(from).map((request) => request.sql.trim());
    return {
      answer,
      sql,
      switches: sql.filter((one) => one.includes(' SWITCH TO ')).length,
      renames: sql.filter((one) => /^EXEC sp_rename N'\[dbo\]\.\[e\]'/.test(one)).length,
    };
  };
  const told = async (more: Partial<Load> = {}) => {
    const planned = { ...again, ...more };
    const store = await served.store();
    return store.notesOnPlan?.({
      schema: planned.schema,
      mode: planned.writing?.mode ?? 'swap',
      key: [],
      changes: planned.changes ?? [],
      ...anew,
    });
  };

  test('changes its rows for new ones, and it stays itself', async () => {
    await loaded(served.store(), first);
    const tableIs = () => served.tables.sqlite.prepare(`select rowid as id from sys_tables where tbl = 'dbo.e'`).get();
    const was = tableIs();
    expect(await told()).toMatchObject({ notes: [{ code: 'database.table_stays' }, ...counted('name')], warnings: [] });
    const { answer, switches, renames } = await asked(() => loaded(served.store(), again));
    expect(answer).toEqual({ outcome: 'committed', counts: { inserted: 2, updated: 0, deleted: 2 } });
    expect([switches, renames]).toEqual([1, 0]);
    expect(tableIs()).toEqual(was);
    expect(settled()).toEqual(['3 drei', '4 vier']);
    expect(await (await served.store()).head()).toMatchObject({ rows: 2, foreign: 0 });
    expect(served.tables.sqlite.prepare(`select name from sys_tables where name glob 'commit_[0-9a-f]*'`).all()).toEqual([]);
  });

  test('locks it only once the new rows lie ready next to it', async () => {
    await loaded(served.store(), first);
    const { sql } = await asked(() => loaded(served.store(), again));
    const at = (part: RegExp) => sql.findIndex((one) => part.test(one));
    const locks = at(/from \[dbo\]\.\[e\] with \(tablockx/);
    expect(at(/^insert into \[hygge_staging\]\.\[commit_/)).toBeLessThan(locks);
    expect(locks).toBeLessThan(at(/^TRUNCATE TABLE \[dbo\]\.\[e\]$/));
  });

  test('builds its indexes on the new rows first, under names that nothing has', async () => {
    const indexes: TableExtras['indexes'] = [
      { name: 'pk', kind: '1', is_unique: '1', is_primary: '1', columns: ['id'] },
      { name: 'by name', kind: '2', columns: ['name'], included: ['id'], compression: 'PAGE' },
      { name: 'quick', kind: '6', columns: [], included: ['id', 'name'] },
    ];
    await loaded(served.store({ own: { storage: 'heap' } }), first);
    served.tables.extras.set('dbo.e', { indexes });
    const { sql, switches, renames } = await asked(() => loaded(served.store(), again));
    expect([switches, renames]).toEqual([1, 0]);
    const steps = sql.filter((one) => /\[commit_/.test(one)).map((one) => one.replace(/\[commit_\w+\]/, '[c]').split('\n')[0]);
    expect(steps).toEqual([
      expect.stringMatching(/^create table \[hygge_staging\]\.\[c\]/),
      'ALTER TABLE [hygge_staging].[c] ADD PRIMARY KEY CLUSTERED ([id])',
      expect.stringMatching(/^insert into/),
      'CREATE NONCLUSTERED INDEX [by name] ON [hygge_staging].[c] ([name]) INCLUDE ([id]) WITH (DATA_COMPRESSION = PAGE)',
      'CREATE NONCLUSTERED COLUMNSTORE INDEX [quick] ON [hygge_staging].[c] ([id], [name])',
      'ALTER TABLE [hygge_staging].[c] SWITCH TO [dbo].[e]',
      'drop table [hygge_staging].[c]',
    ]);
  });

  // Each of them keeps SWITCH from being possible; then another table takes its place, and the plan says why.
  const unlike: readonly (readonly [string, TableExtras, string])[] = [
    ['is in another filegroup', { unlike: [{ kind: 'filegroup', name: 'FAST' }] }, 'filegroup FAST'],
    ['has a collation of its own', { unlike: [{ kind: 'collation of column', name: 'name' }] }, 'collation of column name'],
    ['can’t be altered by the role', { unlike: [{ kind: 'right', name: 'ALTER' }] }, 'right ALTER'],
    ['fills itself', { generated: ['id'] }, 'column id, which fills itself'],
  ];
  test.each(unlike)('puts another one in its place where it %s', async (_, extras, because) => {
    await loaded(served.store(), first);
    served.tables.extras.set('dbo.e', extras);
    const replaced = { code: 'database.table_replaced', params: { because: [because] } };
    expect(await told()).toMatchObject({ notes: [replaced, ...counted('name')] });
    const { answer, switches, renames } = await asked(() => loaded(served.store(), again));
    expect(answer).toMatchObject({ outcome: 'committed', counts: { inserted: 2, deleted: 2 } });
    expect([switches, renames]).toEqual([0, 1]);
    expect(settled()).toEqual(['3 drei', '4 vier']);
  });

  const changed: readonly (readonly [string, Schema, Load['rows'], readonly string[], readonly string[]])[] = [
    ['has a column more', { columns: [id, name, { ...name, name: 'more' }] }, [[3n, 'a', 'b']], ['3 a b'], ['column more, which is new']],
    ['has a column less', { columns: [id] }, [[3n]], ['3'], ['column name, which does not arrive any more']],
    [
      'has its columns in another order',
      { columns: [name, id] },
      [['a', 3n]],
      ['a 3'],
      ['column id, which arrives in another place', 'column name, which arrives in another place'],
    ],
    [
      'has other types',
      { columns: [{ ...id, type: { kind: 'int32' } }, name] },
      [[3, 'a']],
      ['3 a'],
      ['column id, which is bigint and would be int'],
    ],
    [
      'may be null',
      { columns: [{ ...id, nullable: true }, name] },
      [[null, 'a']],
      [' a'],
      ['column id, which is not null and would be otherwise'],
    ],
  ];
  test.each(changed)('puts another one in its place where what comes %s', async (_, drifted, rows, expected, because) => {
    await loaded(served.store(), first);
    const texts = drifted.columns.flatMap((column) => (column.type.kind === 'string' ? [column.name] : []));
    const replaced = { code: 'database.table_replaced', params: { because } };
    expect(await told({ schema: drifted })).toMatchObject({ notes: [replaced, ...counted(...texts)] });
    const { answer, switches, renames } = await asked(() =>
      loaded(served.store(), { ...again, schema: drifted, ...(rows ? { rows } : {}) }),
    );
    expect(answer).toMatchObject({ outcome: 'committed' });
    expect([switches, renames]).toEqual([0, 1]);
    expect(settled()).toEqual(expected);
  });

  test('puts another one in its place that was altered after the plan', async () => {
    await loaded(served.store(), first);
    const intent = await decided(served.store(), again);
    served.tables.run('alter table [dbo].[e] add [by hand] int null');
    const { answer, switches, renames } = await asked(() => committed(served.store(), intent));
    expect(answer).toMatchObject({ outcome: 'committed', counts: { inserted: 2, deleted: 2 } });
    expect([switches, renames]).toEqual([0, 1]);
    expect(settled()).toEqual(['3 drei', '4 vier']);
  });

  test.each([
    ['SWITCH', / SWITCH TO /, 4993],
    ['TRUNCATE', /^TRUNCATE /, 4711],
  ])('puts another one in its place where the server takes no %s, though nothing showed why', async (_, statement, number) => {
    await loaded(served.store(), first);
    const intent = await decided(served.store(), again);
    const error = { number, class: 16, message: 'The table has different setting for a table option.' };
    fails = (sql) => (statement.test(sql) ? [{ error }, { transaction: 'rollback' }] : undefined);
    const { answer, renames } = await asked(() => committed(served.store(), intent));
    expect(answer).toEqual({ outcome: 'committed', counts: { inserted: 2, updated: 0, deleted: 2 } });
    expect(renames).toBe(1);
    expect(settled()).toEqual(['3 drei', '4 vier']);
    expect(
      served.tables.sqlite.prepare(`select name from sys_tables where name glob '*old*' or name glob 'commit_[0-9a-f]*'`).all(),
    ).toEqual([]);
  });

  test('is told what depends on it, what holds its rows, and what would pass their deletes on', async () => {
    await loaded(served.store(), first);
    const key = { kind: 'foreign key', name: 'fk of lines' };
    const passing = { ...key, name: 'fk of items' };
    const dependents = [
      { kind: 'trigger', name: 'audit' },
      { ...key, holds: true },
      { ...passing, holds: 'passes on' },
    ] as const;
    served.tables.extras.set('dbo.e', { dependents });
    const { done } = (await (await served.store()).inspect()) as { done: { catalog: { dependents: readonly object[] } } };
    expect(done.catalog.dependents).toEqual([
      { kind: 'trigger', name: 'audit', columns: null, staysWithOld: true },
      { ...key, columns: null, staysWithOld: true, holdsRows: true },
      { ...passing, columns: null, staysWithOld: true, holdsRows: true, passesOn: true },
    ]);
  });

  test('is refused where something came to depend on it after it was planned', async () => {
    await loaded(served.store(), first);
    const intent = await decided(served.store(), again);
    served.tables.extras.set('dbo.e', { dependents: [{ kind: 'trigger', name: 'audit' }] });
    expect(await committed(served.store(), intent)).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4231' } });
    expect(settled()).toEqual(['1 one', '2 two']);
  });

  test('that comes late, after another one, changes nothing', async () => {
    await loaded(served.store(), first);
    const late = await decided(served.store(), again);
    // Its process is gone in the middle, and the next run is faster than whoever finishes it.
    fails = (sql) => (/ SWITCH TO /.test(sql) ? { drop: 'reset' } : undefined);
    await expect(committed(served.store(), late)).rejects.toThrow();
    fails = () => undefined;
    expect(settled()).toEqual(['1 one', '2 two']);
    await loaded(served.store(), { ...again, epoch: 3, rows: [[5n, 'fünf']] });
    const { answer, sql } = await asked(() => committed(served.store(), late));
    expect(answer).toBe('fenced');
    expect(sql.filter((one) => /TRUNCATE|SWITCH|sp_rename|create table|insert into \[dbo/.test(one))).toEqual([]);
    expect(settled()).toEqual(['5 fünf']);
  });
});

describe('a trigger that runs after rows went into a table of SQL Server', () => {
  const served = openedOnce(() => storeServed());
  beforeEach(() => served.tables.clear());

  const schema: Schema = {
    columns: [
      { name: 'id', type: { kind: 'int64' }, nullable: false },
      { name: 'mark', type: { kind: 'int64' }, nullable: true },
    ],
  };
  const triggered = async (does: string) => {
    await loaded(served.store(), { epoch: 1, schema, rows: [[1n, 1n]] });
    served.tables.extras.set('dbo.e', { dependents: [{ kind: 'trigger', name: 'tr' }], after: ['tr'] });
    served.tables.sqlite.exec(`create trigger tr after insert on "dbo.e" begin ${does}; end`);
  };
  const ways = [
    ['adds', { mode: 'append', key: [], why: 'new_rows' }, { what: 'nothing' }],
    ['deletes and inserts', { mode: 'delete_insert', key: [], why: 'bound' }, { what: 'all', foreign: 'keep' }],
    ['merges', { mode: 'merge', key: ['id'], why: 'key' }, { what: 'nothing' }],
  ] as const;
  const rows = [
    [2n, 2n],
    [3n, 3n],
  ];

  test.each(ways)('and takes some away again is found out by a commit that %s, and nothing of it stays', async (_, writing, supersede) => {
    await triggered('delete from "dbo.e" where id = new.id and new.id = 3');
    const outcome = await loaded(served.store(), { epoch: 2, schema, writing, supersede, rows });
    expect(outcome).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4202', what: expect.stringContaining('kept 1 of 2 rows') } });
    expect(served.tables.rows('dbo.e')).toEqual([{ id: '1', mark: '1' }]);
  });

  test.each(ways)('and only alters them lets a commit that %s pass, and the plan warns of it by name', async (_, writing, supersede) => {
    await triggered('update "dbo.e" set mark = 7 where id = new.id and new.mark <> 7');
    const told = await (await served.store()).notesOnPlan?.({ schema, mode: writing.mode, key: writing.key, changes: [], ...anew });
    expect(told).toMatchObject({ warnings: [{ code: 'database.triggers_run', params: { triggers: ['trigger tr'] } }] });
    const outcome = await loaded(served.store(), { epoch: 2, schema, writing, supersede, rows });
    expect(outcome).toMatchObject({ outcome: 'committed', counts: { inserted: 2 } });
  });

  test('and that a trigger of DDL puts on new tables acts on no row of a first load, and is gone from one that takes the place of another', async () => {
    served.tables.onNewTables = 'audit';
    const during = async (load: Load) => {
      const from = served.server.requests.length;
      await loaded(served.store(), load);
      return served.server.requests
        .slice(from)
        .map(({ sql }) => sql.trim())
        .filter((sql) => /^(create table|insert into) \[dbo\]|TRIGGER \[dbo\]|^INSERT BULK|DROP TRIGGER/.test(sql))
        .map((sql) => sql.replace(/^(create table|insert into|INSERT BULK).*/s, '$1'));
    };
    const first = await during({ epoch: 1, schema, rows: [[1n, 1n]] });
    expect(first).toEqual([
      'DROP TRIGGER [hygge_staging].[audit]',
      'INSERT BULK',
      'create table',
      'DISABLE TRIGGER [dbo].[audit] ON [dbo].[e]',
      'insert into',
      'ENABLE TRIGGER [dbo].[audit] ON [dbo].[e]',
    ]);
    const full = { mode: 'swap', key: [], why: 'full_load' } as const;
    served.tables.extras.set('dbo.e', { unlike: [{ kind: 'compression', name: 'e' }] });
    const swapped = await during({ epoch: 2, schema, rows: [[2n, 2n]], writing: full, supersede: { what: 'all', foreign: 'keep' } });
    expect(swapped.slice(2)).toEqual(['create table', 'DROP TRIGGER [dbo].[audit]', 'insert into']);
  });

  test('and is made between the plan and the commit, to run instead, is met there, and the commit waits for it to go', async () => {
    await loaded(served.store(), { epoch: 1, schema, rows: [[1n, 1n]] });
    const intent = await decided(served.store(), { epoch: 2, schema, rows });
    served.tables.extras.set('dbo.e', { instead: 'guard' });
    await expect(committed(served.store(), intent)).rejects.toMatchObject({ code: 'HYG-4240' });
    expect(served.tables.rows('dbo.e')).toEqual([{ id: '1', mark: '1' }]);
    served.tables.extras.delete('dbo.e');
    expect(await committed(served.store(), intent)).toMatchObject({ outcome: 'committed' });
  });

  test('is refused where it runs instead, and what is advised lets rows in', async () => {
    await loaded(served.store(), { epoch: 1, schema, rows: [[1n, 1n]] });
    served.tables.extras.set('dbo.e', { instead: 'guard ]' });
    const error = await (await served.store()).inspect().catch((one: HyggeError) => one);
    expect(error).toMatchObject({ code: 'HYG-4240', what: expect.stringContaining('guard ]') });
    const advice = error instanceof HyggeError ? error.tryThis.join('\n') : '';
    served.tables.run(/DISABLE TRIGGER .*/.exec(advice)?.[0] ?? '');
    expect(await loaded(served.store(), { epoch: 2, schema, rows })).toMatchObject({ counts: { inserted: 2 } });
  });
});
