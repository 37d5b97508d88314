/** A row whose new version does not settle: its last good version stays, whatever is compared and repaired. */
import { describe, expect, test } from 'vitest';
import { here } from '../support/here.ts';
import { whole } from '../support/samples.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, placeIn, postgres, sqlite, sqlserver } from './databases.ts';

type Row = readonly [id: number, upd: number, value: string];

const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
const rows: readonly Row[] = numbers.map((n) => [n, n * 10, `${n}`]);
const changed = (id: number, upd: number, value: string): readonly Row[] => [...rows.filter((row) => row[0] !== id), [id, upd, value]];

const csv = (all: readonly Row[]): string => `id,upd,v\n${all.map((row) => `${row.join(',')}\n`).join('')}`;

interface Way {
  readonly name: string;
  readonly file: string;
  readonly home: string;
  readonly more: string;
  readonly bad: string;
  readonly text: (all: readonly Row[]) => string;
}

const contract = 'validation: { contract: c.yml, mode: quarantine }\n';
const ways: readonly Way[] = [
  { name: 'a rule', file: '1.csv', home: ', format: csv', more: contract, bad: '-1', text: csv },
  {
    name: 'a value of CSV that can’t be read',
    file: '1.csv',
    home: ', format: csv, bad_rows: quarantine',
    more: '',
    bad: 'n/a',
    text: csv,
  },
];

// What is left out of the source does not depend on the destination, and its statements are those of each other repair.
const matrix = (whole ? [sqlite, duckdb, postgres, mariadb, sqlserver] : [sqlite]).flatMap((kind) =>
  ways.slice(0, kind === sqlite && whole ? 2 : 1).map((way) => ({ kind, way })),
);

describe.each(matrix)('$way.name, in $kind.name', ({ kind, way }) => {
  test.skipIf(kind.missing !== '')('removes no last good version', async () => {
    await using place = await placeIn(kind, ({ keys }) => ({
      [`in/${way.file}`]: way.text(rows),
      'c.yml': 'columns: { v: { type: int64, min: 0 } }\n',
      'flows/f/flow.yml': `home: { path: in/${way.home} }
store: { connection: c, table: e${keys} }
run_type: incremental
watermark: { column: upd, key: [id] }
${way.more}`,
    }));
    const { database, workspace } = place;
    const e = kind.name === 'SQL Server' ? '[dbo].[e]' : 'e';
    const settled = async () => (await database.sql(`select id, v from ${e} order by id`)).map((row) => row.trim());
    const verify = async (...args: readonly string[]) => verified(workspace, ...args);
    expect((await here(workspace, 'go')).error).toBeUndefined();
    workspace.write({ [`in/${way.file}`]: way.text(changed(10, 500, way.bad)) });
    await here(workspace, 'go');
    const whole = numbers.map((n) => `${n} ${n}`);
    expect(await settled()).toEqual(whole);
    expect(await verify()).toEqual('0: same, 1 last good');
    // A newer row has settled since.
    const later: readonly Row[] = [...changed(10, 500, way.bad), [21, 600, '21']];
    workspace.write({ [`in/${way.file}`]: way.text(later) });
    await here(workspace, 'go');
    const all = [...whole, '21 21'];
    expect(await verify()).toEqual('0: same, 1 last good');
    // Rows beside it are mended, and it stays.
    await database.sql(`delete from ${e} where id in (9, 12)`, `update ${e} set v = 7 where id = 11`);
    expect(await verify()).toEqual('1: differs, 1 last good');
    expect(await verify('--repair', '--yes')).toBe('0: mended');
    expect(await settled()).toEqual(all);
    expect(await verify()).toEqual('0: same, 1 last good');
    // A row that nothing in the source explains is a difference as before.
    await database.sql(`update ${e} set id = 33 where id = 12`);
    expect(await verify()).toEqual('1: differs, 1 last good');
    expect(await verify('--repair', '--yes')).toBe('0: mended');
    expect(await settled()).toEqual(all);
    // Rows with the watermark of a row that stays can't be replaced by a range.
    await database.sql(`update ${e} set v = 7 where id in (3, 11)`, `update ${e} set upd = 110 where id = 10`);
    expect(await verify('--repair', '--yes')).toBe('1: differs, 1 held');
    expect(await settled()).toEqual(all.map((row) => (row === '11 11' ? '11 7' : row)));
  });
});

/** The exit code, the verdict, and how many rows stay though the source's row of their key does not settle. */
async function verified(workspace: TestWorkspace, ...args: readonly string[]): Promise<string> {
  const { code, stdout } = await workspace.run(['verify', 'f.f', ...args, '--output', 'json']);
  const event = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    readonly verdict: string;
    readonly rows?: { readonly last_good: number };
    readonly found?: { readonly repair: { readonly held: number } };
  };
  const held = event.found?.repair.held ?? 0;
  return `${code}: ${event.verdict}${event.rows ? `, ${event.rows.last_good} last good` : ''}${held > 0 ? `, ${held} held` : ''}`;
}
