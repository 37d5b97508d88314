import { describe, expect, test } from 'vitest';
import { count } from '../support/duck.ts';
import { whole } from '../support/samples.ts';
import { duckdb, mariadb, placeIn, postgres, sqlite } from './databases.ts';

const flow = 'home: { connection: c, table: e }\nstore: out\nrun_type: incremental\nwatermark: { column: stamp }\n';

/** Ten days of one form, the first text of each of which lies a day above the one before. */
const days = Array.from({ length: 10 }, (_, at) => `2026-01-${String(at + 1).padStart(2, '0')}`);

describe.each(whole ? [postgres, sqlite, duckdb, mariadb] : [sqlite])('a watermark of times as text in $name', (kind) => {
  test.skipIf(kind.missing !== '')('is taken in one form, and refused where a later time comes before an earlier one', async () => {
    await using place = await placeIn(kind, () => ({
      'flows/f/flow.yml': flow,
    }));
    const { database, workspace, go } = place;
    const settled = () => count(`select count(*)::int as n from '${workspace.path('out')}/*.parquet'`);
    let id = 0;
    const insert = (...texts: readonly string[]) =>
      database.sql(`insert into e values ${texts.map((text) => `(${id++}, '${text}')`).join(', ')}`, 'select 1');
    await database.sql('create table e (id int, stamp varchar(40))', 'select 1');
    await insert(...days.map((SEED) => `${SEED}T09:00`));
    expect(await go()).toMatchObject({ code: 0, text: expect.not.stringContaining('!') });

    // Later than the newest, and yet below it as a text.
    await insert('2026-01-10 10:00');
    const refused = { code: 1, text: expect.stringMatching(/HYG-3314 .*"2026-01-10 10:00".*"2026-01-10T09:00"/s) };
    expect(await go('--dry-run')).toMatchObject(refused);
    expect(await go()).toMatchObject(refused);
    expect(await settled()).toBe(10);

    await database.sql(`delete from e where stamp like '% %'`, 'select 1');
    await insert('1/11/2026 08:00');
    expect(await go()).toMatchObject({ code: 1, text: expect.stringMatching(/HYG-3314 .*"1\/11\/2026 08:00"/s) });

    // Another form that is still in order may not be tomorrow.
    await database.sql(`delete from e where stamp like '% %'`, 'select 1');
    await insert('2026-01-11 08:00');
    expect(await go()).toMatchObject({ code: 0, text: expect.stringMatching(/! .*two forms/s) });
    expect(await settled()).toBe(11);
    // A run that has nothing new says so as well.
    expect(await go()).toMatchObject({ code: 0, text: expect.stringMatching(/! .*two forms/s) });
  });
});
