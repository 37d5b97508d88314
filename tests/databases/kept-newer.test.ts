/** A range of a source that keeps earlier rows of a key, such as a log: what is read again for a merge takes the place of no newer row. */
import { describe, expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { whole } from '../support/samples.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, placeIn, postgres, sqlite, sqlserver } from './databases.ts';

type Row = readonly [id: number, day: number, value: string];

const log: readonly Row[] = [
  [1, 1, 'old'],
  [1, 2.25, 'new'],
  [2, 3, 'c'],
  [3, 1, 'x'],
  [4, 1, 'first'],
  [4, 1.5, 'second'],
];

async function write(workspace: TestWorkspace, rows: readonly Row[]): Promise<void> {
  const values = rows.map(([id, day, value]) => `(${id}, ${day * 100}, '${value}')`);
  await duck(
    'create table t (id int, upd bigint, v varchar)',
    ...(values.length === 0 ? [] : [`insert into t values ${values.join(', ')}`]),
    `copy t to '${workspace.path('in/1.parquet')}' (format parquet)`,
  );
}

// Of the others the golden files have the statement that keeps a newer row.
describe.each(whole ? [postgres, mariadb, sqlite, duckdb, sqlserver] : [sqlite])(
  'a source with several rows of a key, merged into $name',
  (kind) => {
    test.skipIf(kind.missing !== '')('keeps the newest row of each key, whatever range is read again', async () => {
      await using place = await placeIn(kind, ({ keys }) => ({
        'in/.keep': '',
        'flows/f/flow.yml': `home: { path: in/ }
store: { connection: c, table: e${keys} }
run_type: incremental
watermark: { column: upd, key: [id] }
`,
      }));
      const { database, workspace } = place;
      const e = kind.name === 'SQL Server' ? '[dbo].[e]' : 'e';
      const settled = async () => await database.sql('select id, v from e order by id');
      const backfill = async (from: string, to: string) => {
        const ran = await here(workspace, 'backfill', 'f.f', '--from', from, '--to', to, '--again');
        expect([ran.code, ran.error]).toEqual([0, undefined]);
        return JSON.stringify(ran.events);
      };
      await write(workspace, log);
      expect((await here(workspace, 'go')).error).toBeUndefined();
      expect(await settled()).toEqual(['1 new', '2 c', '3 x', '4 second']);
      // Earlier rows of keys whose newest row is beyond the range, and in the range itself.
      expect(await backfill('100', '200')).toContain('"kept_newer"');
      expect(await settled()).toEqual(['1 new', '2 c', '3 x', '4 second']);
      await backfill('100', '400');
      expect(await settled()).toEqual(['1 new', '2 c', '3 x', '4 second']);
      // Rows of the range that changed take their place all the same, the newest one of a key as well.
      await write(workspace, [...log.filter(([id]) => id !== 3 && id !== 4), [3, 1, 'y'], [4, 1, 'first'], [4, 1.5, 'third']]);
      await backfill('100', '200');
      expect(await settled()).toEqual(['1 new', '2 c', '3 y', '4 third']);
      const verify = async (...args: readonly string[]) => await workspace.run(['verify', 'f.f', ...args, '--output', 'json']);
      const same = await verify();
      expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('"kept_as_newer":2')]);
      // What a person changed is found, and mended, beside earlier rows of the same key and range.
      await database.sql(`update ${e} set v = 'wrong' where id in (1, 4)`, `delete from ${e} where id = 3`);
      expect((await verify()).code).toBe(1);
      expect((await verify('--repair', '--yes')).code).toBe(0);
      expect(await settled()).toEqual(['1 new', '2 c', '3 y', '4 third']);
      expect((await verify()).code).toBe(0);
      // A newest row that is missing is a difference, whatever earlier rows there are.
      await database.sql(`update ${e} set v = 'old', upd = 100 where id = 1`);
      expect((await verify()).code).toBe(1);
      expect((await verify('--repair', '--yes')).code).toBe(0);
      expect(await settled()).toEqual(['1 new', '2 c', '3 y', '4 third']);
      // A part of the rows shows no newer row of a key.
      await verify('--range', '100..200', '--repair', '--yes');
      expect(await settled()).toEqual(['1 new', '2 c', '3 y', '4 third']);
      // A newer row that goes with its range keeps nothing away, and is not counted.
      await write(workspace, [...log.filter(([id]) => id < 3), [3, 1, 'y'], [4, 1, 'first']]);
      expect(await backfill('100', '200')).toContain('kept as newer: 1.');
      expect(await settled()).toEqual(['1 new', '2 c', '3 y', '4 first']);
    });
  },
);
