import { describe, expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { SEED, whole } from '../support/samples.ts';
import { duckdb, mariadb, placeIn, postgres, sqlite } from './databases.ts';

/** By column: values of which some are equal, and some only look alike. */
const values: Readonly<Record<string, readonly (string | null)[]>> = {
  n: ['1', '2', '3', null],
  text: [`'a'`, `'A'`, `'a '`, `''`, `'é'`, null],
  amount: ['0.10', '10.00', '99999999999999.99', null],
  f: ['0.1', '1e10', '0.0', `'-0.0'::double`, null],
  day: [`DATE '2024-02-29'`, `DATE '2024-03-01'`, null],
  moment: [`TIMESTAMP '2024-01-01 00:00:00.000001'`, `TIMESTAMP '2024-01-01 00:00:00'`, null],
  yes: ['true', 'false', null],
  bytes: [`'\\x00'::BLOB`, `'\\x00\\x00'::BLOB`, null],
};
const types = 'id BIGINT, n INTEGER, text VARCHAR, amount DECIMAL(16, 2), f DOUBLE, day DATE, moment TIMESTAMP, yes BOOLEAN, bytes BLOB';
const keys = [...Object.keys(values).map((name) => [name]), ['n', 'text'], ['day', 'yes', 'text'], ['id']];

/** By a generator of its own, so that a day's rows are the same wherever they settle. */
const rows = Array.from({ length: 40 }, (_, id) => {
  const cells = Object.values(values).map((all, at) => all[(id * 7 + at * 5 + SEED + ((id * (at + 3)) % 11)) % all.length] ?? 'NULL');
  return `(${id}, ${cells.join(', ')})`;
});

async function repeats(columns: readonly string[], from: string): Promise<string | undefined> {
  const known = columns.map((name) => `${name} is not null`).join(' and ');
  const [row] = await duck(
    `select count(*) as keys, coalesce(sum(n - 1), 0) as more from (select count(*) as n from '${from}' where ${known} group by ${columns.join(', ')} having count(*) > 1)`,
  );
  const [n, more] = [Number(row?.keys), Number(row?.more)];
  if (n === 0) return undefined;
  return `${n === 1 ? '1 key comes' : `${n} keys come`} more than once, ${more === 1 ? '1 row is' : `${more} rows are`} too many`;
}

describe.each(whole ? [postgres, mariadb, sqlite, duckdb] : [mariadb, sqlite])(
  'keys that come more than once, on their way to $name',
  (kind) => {
    test.skipIf(kind.missing !== '')('are those that DuckDB finds', async () => {
      const checks = keys.map((columns) => `{ type: uniqueness, columns: [${columns.join(', ')}], on_fail: warn }`);
      await using place = await placeIn(kind, ({ keys }) => ({
        'in/.keep': '',
        'flows/f/flow.yml': `home: { path: in/ }
store: { connection: c, table: e${keys} }
validation: { quality: { checks: [${checks.join(', ')}] } }
`,
      }));
      const { database, workspace } = place;
      const halves = [rows.slice(0, 17), rows.slice(17)].map((some, at) => [workspace.path(`in/${at}.parquet`), some] as const);
      for (const [path, some] of halves)
        await duck(`create table t (${types})`, `insert into t values ${some.join(', ')}`, `copy t to '${path}' (format parquet)`);
      const { code, events, error } = await here(workspace, 'go');
      expect([code, error]).toEqual([0, undefined]);
      const found = new Map(
        events.flatMap((event) =>
          event.event === 'check' ? [[event.name, event.found?.replace(/: they look like .*/, '')] as const] : [],
        ),
      );
      for (const columns of keys)
        expect([columns, found.get(`uniqueness ${columns.join(', ')}`)]).toEqual([
          columns,
          await repeats(columns, workspace.path('in/*.parquet')),
        ]);
      // The same of the rows that settled, by the same words.
      const verified = await workspace.run(['verify', '--contract', '--output', 'json']);
      expect(verified.code).toBe(0);
      const settled = verified.events as unknown as readonly { readonly event: string; readonly name?: string; readonly found?: string }[];
      for (const [name, text] of found)
        expect([
          name,
          settled.find((one) => one.event === 'check' && one.name === name)?.found?.replace(/: they look like .*/, ''),
        ]).toEqual([name, text]);
      expect(settled.filter(({ event }) => event === 'check')).toHaveLength(found.size);
      const failing = await here(workspace, 'go', '--var', 'flow.f.validation.quality.checks=[{ type: uniqueness, columns: [n] }]');
      expect(failing.error).toBe('HYG-2123');
      expect(await database.sql('select count(*) as n from e')).toEqual([String(rows.length)]);
    });
  },
);
