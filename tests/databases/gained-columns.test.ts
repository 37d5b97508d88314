import { describe, expect, test } from 'vitest';
import { here } from '../support/here.ts';
import { whole } from '../support/samples.ts';
import { placeIn, postgres, sqlite } from './databases.ts';

const plans = ({ events }: Awaited<ReturnType<typeof here>>) =>
  events.flatMap((event) => (event.event === 'plan' ? event.warnings.filter((text) => text.includes('alters')) : []));

describe.each([postgres, sqlite])('the table of a person in $name', ({ missing, open, name }) => {
  test.runIf(missing === '' && (whole || name === 'SQLite'))('gains columns only after the plan named each of them', async () => {
    const columns = ['a', 'b', 'c', 'd', 'e'];
    await using place = await placeIn({ open }, ({ keys }) => ({
      'flows/f/flow.yml': `home: in.csv\nstore: { connection: c, table: people${keys} }\nif_exists: append\n`,
      'in.csv': `id,${columns.join(',')}\n2,${columns.join(',')}\n`,
    }));
    const { database, workspace } = place;
    await database.sql('create table people (id int, mine int)', 'insert into people values (1, 2)', 'select 1');
    const named = [expect.stringMatching(columns.map((one) => `adds column ${one} \\(string\\)`).join(', '))];
    expect(plans(await here(workspace, 'go', '--dry-run'))).toEqual(named);
    const went = await here(workspace, 'go');
    expect([went.code, went.summary.entities.map(({ status }) => status), plans(went)]).toEqual([0, ['warn'], named]);
    const again = await here(workspace, 'go');
    expect([again.code, plans(again)]).toEqual([0, []]);
  });

  test.skipIf(missing !== '')('keeps its columns, whose names have capitals', async () => {
    await using place = await placeIn({ open }, () => ({ 'in.csv': 'name,ts\nb,2026-01-02T00:00:00\n' }));
    const { database, workspace } = place;
    const flow = (more = '', written = 'append') => ({
      'flows/f/flow.yml': `home: in.csv\nstore: { connection: c, table: tw2${database.keys} }\nif_exists: ${written}\n${more}`,
    });
    workspace.write(flow());
    const columns = name === 'PostgreSQL' ? `information_schema.columns where table_name = 'tw2'` : `pragma_table_info('tw2')`;
    const columnCount = async () => (await database.sql(`select count(*) from ${columns}`))[0];
    await database.sql(
      `create table tw2 ("Name" varchar(20), "Ts" timestamp)`,
      `insert into tw2 values ('a', '2026-01-01 00:00:00')`,
      'select 1',
    );
    if (name === 'PostgreSQL')
      for (const lines of [flow(), flow('watermark: { column: ts, key: [name] }\nrun_type: incremental\n')]) {
        workspace.write(lines);
        for (const args of [['--dry-run'], []]) expect(await here(workspace, 'go', ...args)).toMatchObject({ code: 1, error: 'HYG-2140' });
        expect(await columnCount()).toBe('2');
      }
    const settles = name === 'PostgreSQL' ? 'migrations: [{ rename: { name: Name, ts: Ts } }]\n' : '';
    workspace.write(flow(settles));
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(await columnCount()).toBe('2');
    if (name !== 'PostgreSQL') return;
    // Later drift: a person adds a column, and the source one of the same name in small letters.
    await database.sql('alter table tw2 add column "Note" varchar(20)', 'select 1');
    workspace.write({ 'in.csv': 'name,ts,note\nc,2026-01-03T00:00:00,n\n' });
    expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-2140' });
    // Where two columns are meant, the other remedy.
    await database.sql('alter table tw2 add column note varchar(20)', 'select 1');
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
  });
});
