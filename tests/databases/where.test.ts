import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/mariadb.ts';
import { SEED, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, onEach, postgres, sqlite } from './databases.ts';

const simple = fc.oneof(
  fc.tuple(fc.constantFrom('=', '<>', '<', '>='), fc.integer({ min: -2, max: 9 })).map(([sign, n]) => `amount ${sign} ${n}`),
  fc.constantFrom("region = 'EU'", 'region is null', "region in ('EU', 'a;b')", "region like '%(%'", "region <> 'it''s -- one'"),
  fc.integer({ min: 0, max: 60 }).map((n) => `id between ${n} and ${n + 20} /* so ; many ) */`),
);
const condition = fc
  .array(fc.tuple(fc.constantFrom('and', 'or', 'and not', 'or not'), simple), { minLength: 1, maxLength: 4 })
  .chain((parts) =>
    fc
      .constantFrom('', ' -- the last', '\n')
      .map((end) => parts.map(([word, one], n) => (n === 0 ? one : `${word} ${one}`)).join(' ') + end),
  );
const value = (one: string | number | null) =>
  one === null ? 'null' : typeof one === 'number' ? `${one}` : `'${one.replaceAll("'", "''")}'`;
const row = fc.tuple(
  fc.constantFrom('EU', 'US', 'a;b', 'x (y', "it's -- one", null),
  fc.option(fc.integer({ min: -2, max: 9 })),
  fc.integer({ min: 1, max: 5 }),
);

// How each engine reads a condition is in statements.test.ts as well.
onEach(asked(whole ? [postgres, mariadb, sqlite, duckdb] : [postgres, sqlite]), 'home.where in $name', (database, kind) => {
  /** Ids from `from` on, newer with each batch. */
  const insert = (rows: readonly (readonly [string | null, number | null, number])[], from: number, month: number) =>
    database.sql(
      `insert into src values ${rows.map(([region, amount, on], n) => `(${from + n}, ${value(region)}, ${value(amount)}, '2024-0${month}-0${on}')`).join(', ')}`,
    );

  async function scene(where: string) {
    await database.cleared();
    await database.sql('create table src (id integer primary key, region varchar(20), amount integer, day date)');
    const workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
    });
    const flow = (condition: string) =>
      workspace.write({
        'flows/f/flow.yml': `home: { connection: c, table: src${kind.name === 'SQLite' ? ', types: { day: date }' : ''}, where: ${JSON.stringify(condition)} }
store: lake/f\nrun_type: incremental\nwatermark: { column: day }\nentities: [e]\n`,
      });
    flow(where);
    const hygge = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await inProcess([...args, '--output', 'json'], workspace.root, { SHOP_SECRET: database.password });
      return { code, said: stdout + stderr };
    };
    const settled = async () => (await workspace.settled('lake/f/e', 'f', 'e', 'lake/f')).map(({ id }) => Number(id)).sort((a, b) => a - b);
    return { workspace, flow, hygge, settled };
  }

  it('settles exactly the rows that its own shell finds, run for run and after a backfill', async () => {
    const given = fc.sample(fc.tuple(condition, fc.array(row, { minLength: 20, maxLength: 40 })), {
      seed: SEED,
      numRuns: whole ? 20 : 1,
    });
    for (const [where, rows] of given) {
      const { workspace, hygge, settled } = await scene(where);
      using _workspace = workspace;
      const found = async () => (await database.sql(`select id from src where (\n${where}\n) order by id`)).map(Number);
      await insert(rows, 0, 1);
      expect(await hygge('go'), where).toMatchObject({ code: 0 });
      expect(await settled(), where).toEqual(await found());
      await insert(rows, 100, 2);
      expect(await hygge('go'), where).toMatchObject({ code: 0 });
      expect(await settled(), where).toEqual(await found());
      if ((await found()).length === 0) continue;
      await database.sql('update src set amount = coalesce(amount, 1) + 3 where id between 2 and 20');
      expect(await hygge('backfill', 'f.e', '--from', '2024-01-01', '--to', '2024-02-01'), where).toMatchObject({ code: 0 });
      expect(await settled(), where).toEqual(await found());
    }
  });

  if (whole || kind === sqlite)
    it('stops an incremental run and a backfill when it is another one, and takes it with a full load', async () => {
      const { workspace, flow, hygge, settled } = await scene('amount > 3');
      using _workspace = workspace;
      await insert(
        [
          ['EU', 5, 1],
          ['EU', 1, 1],
          ['US', 9, 2],
        ],
        1,
        1,
      );
      expect(await hygge('go')).toMatchObject({ code: 0 });
      flow('amount > 0');
      const stopped = { code: 1, said: expect.stringContaining('HYG-2007') };
      expect(await hygge('go')).toMatchObject(stopped);
      expect(await hygge('backfill', 'f.e', '--from', '2024-01-01', '--to', '2024-01-02')).toMatchObject(stopped);
      expect(await settled()).toEqual([1, 3]);
      expect(await hygge('go', '-d')).toMatchObject({ code: 0 });
      expect(await settled()).toEqual([1, 2, 3]);
    });

  it('that is not a condition is refused before anything is asked, or by the server in its words', async () => {
    const { workspace, flow, hygge } = await scene('1 = 1');
    using _workspace = workspace;
    await insert([['EU', 5, 1]], 1, 1);
    flow('amount > 3) or (1 = 1');
    expect(await hygge('go')).toMatchObject({ code: 2, said: expect.stringContaining('A closing bracket has no opening one') });
    for (const where of ['amount > 3 order by id', 'amout > 3']) {
      flow(where);
      expect(await hygge('go'), where).toMatchObject({
        code: 1,
        said: expect.stringMatching(/HYG-3\d\d\d[\s\S]*(syntax|does not exist|Unknown column|no such column|not found|amout)/),
      });
    }
    expect(await database.sql('select count(*) from src')).toEqual(['1']);
  });
});
