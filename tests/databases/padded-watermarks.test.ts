import { describe, expect, test } from 'vitest';
import { count } from '../support/duck.ts';
import { asked, firstOfServer } from '../support/mariadb.ts';
import { sampled } from '../support/samples.ts';
import { duckdb, mariadb, placeIn, postgres, sqlite } from './databases.ts';

const kinds = [
  [postgres, 'char(5)'],
  [postgres, 'bpchar'],
  [postgres, 'padded'],
  [postgres, 'varchar(5)'],
  [mariadb, 'char(5)'],
  [mariadb, 'varchar(5)'],
  [sqlite, 'char(5)'],
  [duckdb, 'char(5)'],
] as const;

describe.each(asked(sampled(kinds, 4, firstOfServer)))('texts with blanks at their end, as watermarks of $name', (kind, type) => {
  test.skipIf(kind.missing !== '')(`are read again at the watermark, and settle once (${type})`, async () => {
    await using place = await placeIn(kind, () => ({
      'flows/f/flow.yml': 'home: { connection: c, table: e }\nstore: out\nrun_type: incremental\nwatermark: { column: w }\n',
    }));
    const { database, workspace } = place;
    const go = async () => (await workspace.run(['go'])).code;
    const settled = (which = 'true') => count(`select count(*)::int as n from '${workspace.path('out')}/*.parquet' where ${which}`);
    if (type === 'padded') await database.sql('create domain padded as char(5)', 'select 1');
    await database.sql(`create table e (id int, w ${type})`, `insert into e values (1, 'a'), (2, 'b'), (3, 'b ')`, 'select 1');
    expect(await go()).toBe(0);
    expect(await go()).toBe(0);
    expect(await settled()).toBe(3);

    // At the watermark, and above it.
    await database.sql(`insert into e values (4, 'b '), (5, 'c')`, 'select 1');
    expect(await go()).toBe(0);
    expect(await go()).toBe(0);
    expect(await settled()).toBe(5);
    expect(await settled("trim(w) = 'b'")).toBe(3);
  });
});
