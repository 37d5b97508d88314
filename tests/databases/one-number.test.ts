import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everything, type OneNumber } from '../../src/engine/contracts/home.ts';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/mariadb.ts';
import { homesBy } from '../support/postgres-home.ts';
import { SEED, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, duckdb, mariadb, postgres, sqlite } from './databases.ts';

const amount = fc.option(fc.integer({ min: -999_999, max: 999_999 }), { nil: null });
/** Each an expression over the rows. */
const figures = ['count(*)', 'count(amount)', 'sum(amount)', 'min(amount)', 'max(amount) - min(amount)', 'sum(price)', 'avg(amount)'];

describe.each(asked([postgres, mariadb, sqlite, duckdb]))('one number asked of $name', (kind) => {
  describe.skipIf(kind.missing !== '')('', () => {
    let database: Database;
    let folder: TestWorkspace;
    beforeAll(async () => {
      database = await kind.open();
      folder = new TestWorkspace();
    });
    afterAll(async () => {
      folder?.[Symbol.dispose]();
      await database?.[Symbol.asyncDispose]();
    });

    async function filled(rows: readonly (number | null)[]): Promise<void> {
      await database.cleared();
      await database.sql('create table src (id integer primary key, amount integer, price decimal(20,4))');
      const values = rows.map((one, id) => `(${id}, ${one ?? 'null'}, ${one === null ? 'null' : `${one}.125`})`);
      if (values.length > 0) await database.sql(`insert into src values ${values.join(', ')}`);
    }

    /** A home of the table as runs in one process open it, described and planned. */
    async function opened() {
      const { type, ...keys } = JSON.parse(database.connection.replace(`\${SHOP_SECRET}`, database.password)) as { readonly type: string };
      const homes = homesBy(type, keys, folder.root);
      const home = await homes.home({ table: 'src' });
      await home.describe();
      await home.plan(everything, { sliceBytes: 1_000_000 });
      return {
        ask: async (query: string): Promise<OneNumber | undefined> => home.oneNumber?.(query, new AbortController().signal),
        [Symbol.asyncDispose]: () => homes[Symbol.asyncDispose](),
      };
    }

    it('is what its own shell answers, digit for digit', async () => {
      for (const rows of fc.sample(fc.array(amount, { maxLength: 20 }), { seed: SEED, numRuns: whole ? 10 : 2 })) {
        await filled(rows);
        const own: string[] = [];
        for (const figure of figures)
          own.push(...(await database.sql(`select coalesce(cast(${figure} as char(40)), '-') as n from src`)).map((one) => one.trim()));
        await using home = await opened();
        for (const [at, figure] of figures.entries()) {
          const found = await home.ask(`select ${figure} as n from src -- ${JSON.stringify(rows).slice(0, 20)}`);
          const shown = found !== undefined && 'number' in found ? found.number : JSON.stringify(found);
          const expected = own[at] === '-' ? null : own[at];
          // Means have as many zeros as each likes, and SQLite sums decimals as doubles.
          const isExact = !figure.startsWith('avg') && !(kind.name === 'SQLite' && figure.includes('price'));
          const compared = (text: string | null | undefined) => (isExact || text == null ? text : Number(text));
          expect(compared(shown), figure).toEqual(compared(expected));
        }
      }
    });

    if (whole || kind === sqlite)
      it('is refused where the answer is not one row of one number', async () => {
        await filled([1, 2]);
        await using home = await opened();
        expect(await home.ask('select id as n from src where id > 5')).toEqual({ problem: 'The query returns no row.' });
        expect(await home.ask('select id as n from src')).toEqual({ problem: 'The query returns more than one row.' });
        expect(await home.ask('select 1 as a, 2 as b')).toEqual({ problem: 'The query returns 2 columns: a, b.' });
        expect(await home.ask("select 'a' as n")).toEqual({ problem: 'The column n is string, and not a number.' });
        await expect(home.ask('select nothing as n from src')).rejects.toMatchObject({ code: expect.stringMatching(/^HYG-/) });
      });

    it('changes nothing: the query is one SELECT of a transaction that reads', async () => {
      await filled([1, 2]);
      {
        await using home = await opened();
        await expect(home.ask('delete from src')).rejects.toThrow();
        await expect(home.ask('select 1 as n) as q; delete from src; select 1 from (select 2 as n')).rejects.toThrow();
      }
      expect(await database.sql('select count(*) as n from src')).toEqual(['2']);
    });

    // Transactions of MariaDB share no snapshot, and one of a DuckDB file shuts out other processes.
    it.skipIf(kind.name === 'DuckDB' || kind.name === 'MariaDB')('is of the moment that the slices are of', async () => {
      await filled([1, 2]);
      if (kind.name === 'SQLite') await database.sql('pragma journal_mode = wal');
      await using home = await opened();
      await database.sql('insert into src values (7, 7, 7)');
      expect(await home.ask('select count(*) as n from src')).toEqual({ number: '2' });
    });

    if (whole || kind === sqlite)
      it('fails a run that it lies out of bounds of, before anything settles, and is judged again when nothing is new', async () => {
        await filled([1, -2]);
        using workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n` });
        const flow = (more: string) =>
          workspace.write({
            'flows/f/flow.yml': `home: { connection: c, table: "{entity}" }\nstore: lake/f\nrun_type: incremental\nwatermark: { column: id }
validation: { quality: { checks: [{ type: sql, name: negative, query: "select count(*) as n from {entity} where amount < 0", max: 0${more} }] } }
entities: [src]\n`,
          });
        const go = async () => {
          const { stdout } = await inProcess(['go', '--output', 'json'], workspace.root, { SHOP_SECRET: database.password });
          const events = stdout
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
          const of = (name: string) => events.filter(({ event }) => event === name);
          return {
            done: of('entity_done')[0],
            checks: of('check').map(({ name, outcome, found }) => [name, outcome, found]),
            errors: of('error').map(({ code }) => code),
          };
        };
        flow('');
        expect(await go()).toMatchObject({
          done: { status: 'error', rows: 0 },
          checks: [['negative', 'failed', '1']],
          errors: ['HYG-2123'],
        });
        flow(', on_fail: warn');
        expect(await go()).toMatchObject({ done: { status: 'warn', rows: 2 }, checks: [['negative', 'warned', '1']] });
        expect(await go()).toMatchObject({ done: { status: 'warn', rows: 0 }, checks: [['negative', 'warned', '1']] });
      });
  });
});
