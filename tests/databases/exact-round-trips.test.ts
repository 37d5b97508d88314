/** `exact` in a plan is a promise: ten hostile values of each type come out of a round trip as the system itself wrote them. */
import { cpSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PlannedColumn } from '../../src/ports/events.ts';
import { here } from '../support/here.ts';
import { type DatabaseKind, duckdb, mariadb, placeIn, postgres, sqlite } from './databases.ts';
import { hostileValues } from './hostile-values.ts';

const documentLoss = 'a store may keep a document in another form: blanks, the order of keys, digits';
const arrayLoss = 'arrays begin at 1: other lower bounds are not kept';
const formLoss = 'SQLite may have the values in several forms, but they settle in one form';

/** What the plan does not call exact, with the loss that it names. */
const notExact: Readonly<Record<keyof typeof hostileValues, Readonly<Record<string, string | undefined>>>> = {
  PostgreSQL: {
    json: documentLoss,
    jsonb: documentLoss,
    'integer[]': arrayLoss,
    'text[]': arrayLoss,
    money: 'the currency is not kept',
    interval: 'it is kept as a text in the form of ISO 8601',
    inet: 'it is kept as a text, which may differ from the text that the server shows',
  },
  MariaDB: {
    'bit(5)': 'the number of its bits is not kept',
    geometry: 'the number of its reference system (SRID) is not kept',
    'int(5) zerofill': 'zeros in front are not kept',
  },
  SQLite: { boolean: formLoss, date: formLoss, datetime: formLoss, time: formLoss, 'decimal(9,2)': formLoss },
  DuckDB: { json: documentLoss },
};

/** Parquet has times of day in nanoseconds, which PostgreSQL has not. */
const noWayBack = (name: keyof typeof hostileValues): string =>
  name === 'PostgreSQL' ? `, exclude: [c${Object.keys(hostileValues[name]).indexOf('time')}]` : '';

const textOf: Readonly<Record<keyof typeof hostileValues, (column: string) => string>> = {
  PostgreSQL: (column) => `replace(case when ${column} is null then '∅' else format('%s', ${column}) end, ' ', '␠')`,
  MariaDB: (column) => `concat('x', coalesce(hex(${column}), '∅'))`,
  SQLite: (column) => `replace(typeof(${column}) || quote(${column}), ' ', '␠')`,
  DuckDB: (column) => `replace(coalesce(${column}::varchar, '∅'), ' ', '␠')`,
};

const systems = [postgres, mariadb, sqlite, duckdb] as readonly (DatabaseKind & { readonly name: keyof typeof hostileValues })[];

describe.each(systems)('what the plan calls exact, in $name,', ({ missing, open, name }) => {
  test.skipIf(missing !== '')('comes out as it went in, through a table of the system and through parquet', async () => {
    await using place = await placeIn({ open }, ({ keys }) => ({
      'flows/direct/flow.yml': `home: { connection: c, table: hostile }\nstore: { connection: c, table: direct${keys} }\n`,
      'flows/out/flow.yml': 'home: { connection: c, table: hostile }\nstore: lake\n',
      'flows/back/flow.yml': `home: { type: parquet, path: copied${noWayBack(name)} }\nstore: { connection: c, table: back${keys} }\n`,
    }));
    const { database, workspace } = place;
    const types = Object.keys(hostileValues[name]);
    const columns = types.map((_, at) => `c${at}`);
    const rows = Array.from({ length: 10 }, (_, row) => `(${[row, ...types.map((type) => hostileValues[name][type]?.[row])].join(', ')})`);
    if (name === 'PostgreSQL') await database.sql(`create type mood as enum ('a', 'B', '', 'a b')`, 'select 1');
    await database.sql(
      `create table hostile (id int, ${types.map((type, at) => `c${at} ${type}`).join(', ')})`,
      `insert into hostile values ${rows.join(', ')}`,
      'select 1',
    );
    const planOf = async (flow: string): Promise<readonly PlannedColumn[]> => {
      const { events, code } = await here(workspace, 'go', '-f', flow);
      expect([flow, code, events.filter(({ event }) => event === 'error')]).toEqual([flow, 0, []]);
      return events.flatMap((event) => (event.event === 'plan' ? event.schema : []));
    };
    const read = async (from: string, column: string) => await database.sql(`select ${textOf[name](column)} as v from ${from} order by id`);
    const [direct, out] = [await planOf('direct'), await planOf('out')];
    // A flow does not read what another one of its workspace replaces.
    cpSync(workspace.path('lake'), workspace.path('copied'), { recursive: true });
    const plans = { direct, out, back: await planOf('back') };
    const isExact = (flow: keyof typeof plans, column: string) => plans[flow].find((one) => one.name === column)?.fidelity === 'exact';

    const differs: string[] = [];
    for (const [at, column] of columns.entries()) {
      const before = await read('hostile', column);
      expect(before).toHaveLength(10);
      const ways = [
        ...(isExact('direct', column) ? ['direct'] : []),
        ...(isExact('out', column) && isExact('back', column) ? ['back'] : []),
      ];
      for (const way of ways) {
        const after = await read(way, column);
        if (JSON.stringify(after) !== JSON.stringify(before)) differs.push(`${types[at]} ${way}: ${before.join(' ')} → ${after.join(' ')}`);
      }
    }
    expect(differs).toEqual([]);
    const told = types.flatMap((type, at) => {
      const planned = plans.direct.find((one) => one.name === `c${at}`);
      return planned?.fidelity === 'exact' ? [] : [[type, planned?.loss] as const];
    });
    expect(Object.fromEntries(told)).toEqual(notExact[name]);
  });
});
