import { describe, expect, it } from 'vitest';
import type { Home, SliceRef } from '../../src/engine/contracts/home.ts';
import { collect } from '../support/collect.ts';
import { asked, isMysql } from '../support/mariadb.ts';
import { everything, homesBy, slicesOf } from '../support/postgres-home.ts';
import type { Value } from '../support/tds/values.ts';
import { type DatabaseKind, duckdb, mariadb, placeIn, postgres } from './databases.ts';
import { served } from './sqlserver/support.ts';

/** Tables `s` with `id`, and columns with special values beside ordinary ones and nulls; how many come as null. */
const each: readonly { readonly kind: DatabaseKind; readonly source: readonly string[]; readonly asNull: object }[] = [
  {
    kind: postgres,
    source: [
      'create table s (id bigint primary key, born date not null, rate numeric(9,2), days date[], at timestamp)',
      `insert into s values (1, 'infinity', 'NaN', array['-infinity'::date, '2026-01-01', 'infinity'], 'infinity'), (2, '2026-01-01', 1.5, null, null), (3, '12000-01-01', null, '{}', null)`,
    ],
    asNull: { born: 2, rate: 1, days: 2, at: 1 },
  },
  {
    kind: mariadb,
    source: [
      `SET sql_mode = ''`,
      'create table s (id bigint primary key, born date not null, at datetime)',
      `insert into s values (1, '0000-00-00', '2026-00-15 01:02:03'), (2, '2026-01-01', null), (3, '2026-11-00', null)`,
    ],
    asNull: { born: 2, at: 1 },
  },
];

/** What a home of this gives at last. */
async function lastOf(home: Home) {
  const [slice] = await slicesOf(home);
  const items = await collect(home.read(slice as SliceRef, everything, undefined, new AbortController().signal));
  return items.at(-1);
}

describe.each(asked(each))('special values of $kind.name that are read as null', ({ kind, source, asNull }) => {
  it.skipIf(kind.missing !== '')('are handed over with the rows, counted by column', async () => {
    await using database = await kind.open();
    await database.sql(...source, 'select 1');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the config looks like that
    const { type, ...keys } = JSON.parse(database.connection.replace('${SHOP_SECRET}', database.password));
    await using homes = homesBy(type, keys);
    const home = await homes.home({ table: 's', special_values: 'to_null' });
    await home.describe();
    expect(await lastOf(home)).toEqual({ rejected: [], keep: false, asNull });
  });
});

describe.skipIf(isMysql)('special values of DuckDB that are read as null', () => {
  it('are counted by column in each run that settles their rows, and journalled', async () => {
    await using place = await placeIn(duckdb, () => ({
      'flows/f/flow.yml':
        'home: { connection: c, table: s, special_values: to_null }\nstore: lake\nrun_type: incremental\nwatermark: { column: id }\n',
    }));
    const { database, workspace } = place;
    await database.sql(
      'create table s (id bigint primary key, born date not null, days date[], deep struct(d date, t timestamp)[], by_name map(varchar, date), seen timestamptz)',
      `insert into s values
        (1, 'infinity', ['-infinity'::date, '2026-01-01', null, 'infinity'], [{d: 'infinity', t: 'infinity'}, null, {d: null, t: '2026-01-01'}], map {'a': 'infinity'::date, 'b': '2026-01-01'::date}, 'infinity'),
        (2, '2026-01-01', null, null, null, null), (3, '12000-01-01', [], [], map {}, '2026-01-01 00:00:00+00')`,
      'select 1',
    );
    const go = async () => {
      const run = await workspace.run(['go', '--output', 'json']);
      expect(run.code, run.stdout + run.stderr).toBe(0);
      return run.events;
    };
    const said = '8 special values were read as null (born: 2, days: 2, deep: 2, by_name: 1, seen: 1), as special_values: to_null says';
    const first = await go();
    expect(first.at(-1)).toMatchObject({ warn: 1 });
    expect(first.find(({ event }) => event === 'entity_done')).toMatchObject({ status: 'warn', message: expect.stringContaining(said) });
    expect((await workspace.run(['journal', '--output', 'json'])).stdout).toContain(said);
    expect((await go()).at(-1), 'nothing new').toMatchObject({ skip: 1 });
    await database.sql(`insert into s (id, born) values (4, 'infinity')`, 'select 1');
    const later = await go();
    expect(later.find(({ event }) => event === 'entity_done')).toMatchObject({
      message: expect.stringContaining('1 special value was read as null (born: 1)'),
    });
  });
});

describe.skipIf(isMysql)('special values of SQL Server that are read as null', () => {
  it('are handed over with the rows, counted by column', async () => {
    const table = {
      name: 'dbo.t',
      columns: { until: 'datetime2(7) not null', at: 'datetime2(7)' },
      rows: [
        ['9999-12-31 23:59:59.1239999', null],
        ['2026-01-01 00:00:00.0000000', '1600-01-01 00:00:00.0000000'],
      ] as Value[][],
    };
    await using database = await served({ tables: [table] });
    const home = await database.home({ table: 't', special_values: 'to_null' });
    expect(await lastOf(home)).toEqual({ rejected: [], keep: false, asNull: { until: 1, at: 1 } });
  });
});
