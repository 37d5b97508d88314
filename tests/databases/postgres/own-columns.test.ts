import { beforeEach, describe, expect, test } from 'vitest';
import type { PlannedChange } from '../../../src/engine/contracts/catalog.ts';
import type { Supersede } from '../../../src/engine/contracts/store.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { DataType, Schema } from '../../../src/frames/schema.ts';
import { sampled } from '../../support/samples.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { cleared, committed, decided, type Load, loaded, onPostgres, ownDatabase } from './support.ts';

onPostgres('columns of a table that someone else made', () => {
  const opened = ownDatabase();

  /** How the column is declared there, a value of the source as DuckDB writes it, and what psql shows of it then; a code: what ends the run. */
  const pairs: readonly (readonly [string, string, string])[] = [
    ['varchar(3)', `'abc'`, 'abc'],
    ['varchar(3)', `'ab  '`, 'HYG-4234'],
    ['varchar(3)', `'abcd'`, 'HYG-4234'],
    ['char(3)', `'ab'`, 'HYG-2078'],
    ['bit varying(3)', `'101'`, 'HYG-2078'],
    ['money', `1.005::decimal(9,3)`, 'HYG-2078'],
    ['time with time zone', `time '12:00:00.6'`, 'HYG-2078'],
    ['numeric', `1.005::decimal(9,3)`, '1.005'],
    ['numeric', `-99999999999999999999999999999999999999::decimal(38,0)`, '-99999999999999999999999999999999999999'],
    ['numeric', `0.1::double`, 'HYG-2078'],
    ['numeric(50,2)', `1.005::decimal(9,3)`, 'HYG-2078'],
    ['numeric(40,38)', `1.5::decimal(3,1)`, '1.50000000000000000000000000000000000000'],
    ['numeric(4,2)', `1.005::decimal(9,3)`, '1.005'],
    ['real', `0.1::double`, '0.1'],
    ['real', `16777217::int`, 'HYG-2078'],
    ['timestamp(0)', `timestamp '2024-01-01 12:00:00.6'`, '2024-01-01 12:00:00.6'],
    ['timestamp', `timestamptz '2024-01-01 12:00:00.6Z'`, 'HYG-2078'],
    ['time(0)', `time '12:00:00.6'`, 'HYG-2078'],
    ['text collate ci', `'aB '`, 'aB '],
  ];

  test('take values exactly as they are, or the run says why not and changes nothing', async () => {
    using workspace = new TestWorkspace();
    const { host, port, database, user, password, sql } = opened.db;
    await sql(`create collation ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`);
    const names = pairs.map((_, at) => `t${at}`);
    for (const [at, [type]] of pairs.entries()) await sql(`create table t${at} (c ${type})`);
    workspace.write({
      'hygge.yml': `name: w\nconnections:\n  pg: { type: postgres, host: ${host}, port: ${port}, database: ${database}, user: ${user}, password: "\${PG_SECRET}" }\noptions: { concurrency: 4 }\n`,
      'flows/f/flow.yml': `home: { type: parquet, path: in }\nstore: { type: postgres, connection: pg }\nentities: [${names.join(', ')}]\n`,
    });
    for (const [at, [, value]] of pairs.entries()) await workspace.parquet(`in/t${at}/1.parquet`, `select ${value} as c`);
    const go = async () => {
      const run = await workspace.run(['go', '--output', 'json'], { env: { PG_SECRET: password } });
      return new Map(run.events.flatMap((one) => (one.event === 'error' ? [[one.entity, one] as const] : [])));
    };
    const failed = await go();
    const found: unknown[] = [];
    for (const [at, [type, value]] of pairs.entries()) {
      const rows = await sql(`set timezone = 'UTC'; select coalesce(c::text, 'null') as c from t${at}`);
      found.push([type, value, failed.get(`t${at}`)?.code ?? rows.map(({ c }) => c).join()]);
      if (failed.has(`t${at}`)) expect(rows).toEqual([]);
    }
    expect(found).toEqual(pairs);
    // The statement that the message gives is a remedy.
    for (const {
      code,
      tryThis: [first = ''],
    } of failed.values())
      if (code === 'HYG-4234') await sql(first.replace(/^[^:]*: /, ''));
    const left = await go();
    for (const [name, { code }] of failed) expect([name, left.get(name)?.code]).toEqual([name, code === 'HYG-4234' ? undefined : code]);
    expect(await sql('select c from t1')).toEqual([{ c: 'ab  ' }]);
    // Another full load leaves a column of somebody else's as it is declared.
    expect(
      await sql(
        `select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 't${pairs.findIndex(([type]) => type === 'numeric')}'::regclass and attname = 'c'`,
      ),
    ).toEqual([{ type: 'numeric' }]);
  });

  describe('that are altered while a load is on its way', () => {
    const writing = (mode: Writing['mode'], key: readonly string[] = []): Writing => ({ mode, key, why: 'full_load' });
    const at = Date.parse('2024-01-01T12:00:00.600Z');
    const cases: readonly (readonly [DataType, string, Cell, Cell])[] = [
      [{ kind: 'string' }, 'varchar(3)', 'ab ', 'ab  '],
      [{ kind: 'string' }, 'name', 'a', 'x'.repeat(64)],
      [{ kind: 'int64' }, 'double precision', 1n, 9007199254740993n],
      [{ kind: 'decimal', precision: 9, scale: 3 }, 'numeric(9,2)', 1500n, 1005n],
      [{ kind: 'timestamp', unit: 'us' }, 'timestamp(0)', BigInt(at - 600) * 1000n, BigInt(at) * 1000n],
      [{ kind: 'list', item: { kind: 'decimal', precision: 9, scale: 3 } }, 'numeric(9,2)[]', [1500n], [1005n]],
    ];

    const ways = [
      ['adds', writing('append')],
      ['merges', writing('merge', ['id'])],
      ['deletes and inserts', writing('delete_insert')],
    ] as const;
    test.each(sampled(ways, 3))('take what they keep, and refuse what they would change: a commit that %s', async (_, how) => {
      const wrong: unknown[] = [];
      for (const [type, declaration, kept, changed] of cases) {
        const schema: Schema = {
          columns: [
            { name: 'id', type: { kind: 'int64' }, nullable: false },
            { name: 'c', type, nullable: true },
          ],
        };
        const load = (epoch: number, value: Cell): Load => ({
          ...{
            epoch,
            schema,
            writing: how,
            rows: [
              [1n, value],
              [2n, null],
            ],
          },
          supersede: how.mode === 'delete_insert' ? { what: 'all', foreign: 'keep' } : { what: 'nothing' },
        });
        await cleared(opened.db);
        await loaded(opened.store(), load(1, null));
        const good = await decided(opened.store(), load(2, kept));
        await opened.db.sql(`alter table e alter c type ${declaration} using null`);
        const outcome = await committed(opened.store(), good);
        if (!(typeof outcome === 'object' && 'counts' in outcome)) wrong.push([declaration, kept, outcome]);
        await cleared(opened.db);
        await loaded(opened.store(), load(1, null));
        const bad = await decided(opened.store(), load(2, changed));
        await opened.db.sql(`alter table e alter c type ${declaration} using null`);
        const refused = await committed(opened.store(), bad);
        if (!(typeof refused === 'object' && refused.outcome === 'refused' && ['HYG-4234', 'HYG-4204'].includes(refused.because.code)))
          wrong.push([declaration, changed, refused]);
        const [left] = await opened.db.sql('select count(c) as n from e');
        if (left?.n !== '0') wrong.push([declaration, changed, left]);
      }
      expect(wrong).toEqual([]);
    });
  });

  test.each<readonly [string, PlannedChange, string]>([
    [
      'widened by someone else',
      { change: 'widen', column: 'c', from: 'integer', to: { kind: 'int64' }, how: 'rewrites' },
      'alter table e alter c type numeric(9)',
    ],
    ['gone', { change: 'drop not null', column: 'c', how: 'in place' }, 'alter table e drop c'],
    [
      'there by now',
      { change: 'add column', column: { name: 'd', type: { kind: 'int64' }, nullable: true }, how: 'in place' },
      'alter table e add d text',
    ],
  ])('a column that was to be changed and is %s since the plan stops the load before it is decided', async (_, change, meanwhile) => {
    const schema: Schema = { columns: [{ name: 'c', type: { kind: 'int32' }, nullable: true }] };
    const load = (epoch: number): Load => ({ epoch, schema, rows: [[1]] });
    await loaded(opened.store(), load(1));
    await opened.db.sql(meanwhile);
    await expect(decided(opened.store(), { ...load(2), changes: [change] })).rejects.toMatchObject({ code: 'HYG-4235' });
    expect(await opened.db.sql('select count(*) as n from e')).toEqual([{ n: '1' }]);
  });

  describe('with a collation that takes different texts for equal', () => {
    const schema: Schema = {
      columns: [
        { name: 'k', type: { kind: 'string' }, nullable: false },
        { name: 'mark', type: { kind: 'string' }, nullable: true },
        { name: 'n', type: { kind: 'int64' }, nullable: true },
      ],
    };
    const writing = (mode: Writing['mode'], key: readonly string[] = []): Writing => ({ mode, key, why: 'key' });
    const boundary: Supersede = {
      what: 'boundary',
      column: 'mark',
      type: { kind: 'string' },
      text: 'b',
      nulls: false,
      rows: 1,
      precision: 'exact',
    } as const;
    const edges = { from: { text: 'a', inclusive: true }, to: { text: 'b', inclusive: true } };
    const range: Supersede = { what: 'range', column: 'mark', type: { kind: 'string' }, group: 'rows', ranges: [edges] };
    const first: Load = {
      ...{ epoch: 1, schema, mark: 'mark' },
      rows: [
        ['a', 'b', 1n],
        ['B', 'B', 2n],
      ],
    };
    const more: Load = { ...first, epoch: 2, rows: [['A', 'b', 3n]] };

    beforeEach(async () => {
      await opened.db.sql(`create collation if not exists public.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`);
      await opened.db.sql('create table e (k text collate public.ci not null, mark text collate public.ci, n bigint)');
    });
    const rows = async () => (await opened.db.sql('select k, mark, n from e order by n')).map(({ k, mark, n }) => `${k} ${mark} ${n}`);

    test.each([
      ['a merge', { ...more, writing: writing('merge', ['k']) }, ['a b 1', 'B B 2', 'A b 3']],
      ['the open group', { ...more, supersede: boundary }, ['B B 2', 'A b 3']],
      ['a range', { ...more, supersede: range }, ['B B 2', 'A b 3']],
      [
        'a full load of rows with a key',
        {
          ...{ ...more, supersede: { what: 'all', foreign: 'keep' }, writing: writing('delete_insert', ['k']) },
          rows: [...(more.rows ?? []), ['a', 'b', 4n]],
        },
        ['A b 3', 'a b 4'],
      ],
    ] as const satisfies readonly (readonly [string, Load, readonly string[]])[])(
      '%s compares texts exactly',
      async (_, load, expected) => {
        await loaded(opened.store(), first);
        expect(await loaded(opened.store(), load)).toMatchObject({ counts: expect.anything() });
        expect(await rows()).toEqual(expected);
      },
    );

    test('deleted rows go by their exact key', async () => {
      await loaded(opened.store(), { ...first, writing: writing('merge', ['k']) });
      const load: Load = {
        ...more,
        rows: [],
        roles: {
          deleted: [
            ['A', 'c', null],
            ['B', 'c', null],
          ],
        },
        writing: writing('merge', ['k']),
      };
      expect(await loaded(opened.store(), load)).toMatchObject({ counts: { deleted: 1 } });
      expect(await rows()).toEqual(['a b 1']);
    });

    test('a unique index that takes them for equal refuses the rows, and none of them is lost', async () => {
      await opened.db.sql('create unique index by_key on e (k)');
      await loaded(opened.store(), { ...first, writing: writing('merge', ['k']) });
      expect(await loaded(opened.store(), { ...more, writing: writing('merge', ['k']) })).toMatchObject({
        outcome: 'refused',
        because: { code: 'HYG-4204' },
      });
      expect(await rows()).toEqual(['a b 1', 'B B 2']);
    });

    test('rows of others are told from ours by their exact mark', async () => {
      await opened.db.sql('alter table e add who text collate public.ci');
      const store = await opened.store({ markColumn: 'who' });
      await loaded(store, { ...first, rows: [['a', 'b', 1n]] });
      await opened.db.sql(`insert into e values ('z', 'b', 9, 'F.E')`);
      expect(await store.inspect()).toMatchObject({ done: { rows: 1, foreign: 1 } });
      await loaded(store, { ...more, supersede: { what: 'all', foreign: 'keep' }, writing: writing('delete_insert') });
      expect(await rows()).toEqual(['A b 3', 'z b 9']);
    });
  });
});
