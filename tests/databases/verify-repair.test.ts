import { expect, it } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import type { Repair } from '../../src/ports/answers/repair.ts';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/mariadb.ts';
import { sampled, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, onEach, postgres, sqlite } from './databases.ts';

/** 100 rows, the watermark in steps of ten. */
const count = 100;
const values = (ids: readonly number[]) =>
  ids.map((id) => `(${id}, ${id % 7 === 0 ? 'null' : `'r${id} '`}, ${id}.50, ${id * 10})`).join(', ');

// Statements of each stand in the golden files.
onEach(
  asked(whole ? [postgres, mariadb, duckdb, sqlite] : [sqlite]),
  'what differs from its source in $name is mended',
  (database, kind) => {
    async function scene(store: string) {
      await database.cleared();
      await database.sql('create table src (id integer primary key, name varchar(20), price decimal(10, 2), n integer)');
      await database.sql(`insert into src values ${values(Array.from({ length: count }, (_, id) => id))}`);
      const flow = `home: { connection: c, table: src }
store: ${store}
run_type: incremental\nwatermark: { column: n, key: [id] }\nentities: [e]\n`;
      const workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': flow,
      });
      const write = (files: Readonly<Record<string, string>>) => workspace.write(files);
      const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: database.password });
      const json = async <T>(...args: readonly string[]): Promise<T & { readonly code: number }> => {
        const { code, stdout, stderr } = await hygge('verify', '--output', 'json', '--pause', '0s', ...args);
        expect(stdout, stderr).not.toBe('');
        return { code, ...(JSON.parse(stdout) as T) };
      };
      expect(await hygge('go')).toMatchObject({ code: 0 });
      const settled = async () => {
        const { stdout } = await hygge('state', 'show', 'f.e', '--output', 'json');
        const { settled: row, lanes } = JSON.parse(stdout) as { settled: { watermark: unknown; boundary: unknown }; lanes: unknown };
        expect(row.watermark).toMatchObject({ text: `${(count - 1) * 10}` });
        return { watermark: row.watermark, boundary: row.boundary, lanes };
      };
      return { flow, write, hygge, json, settled, workspace, [Symbol.dispose]: () => workspace[Symbol.dispose]() };
    }
    const table = () => `{ connection: c, table: e${database.keys} }`;

    it('in a table: changed, late and deleted rows of the source, edited and lost ones of the table; the proof is of all rows', async () => {
      using place = await scene(table());
      const before = await place.settled();
      await database.sql("update src set name = 'r8' where id = 8");
      await database.sql('delete from src where id = 90');
      await database.sql("insert into src values (500, 'late', 1, 505)");
      await database.sql('update e set price = 11.51 where id = 61');
      await database.sql('delete from e where id = 80');
      const planned = await place.json<Repair>('--repair', '--dry-run');
      expect(planned).toMatchObject({
        verdict: 'planned',
        ok: false,
        code: 1,
        found: { repair: { column: 'n', beyond: 0, unmarked: 0 } },
      });
      expect(planned.found.repair?.ranges).toMatchObject([
        { from: '80', to: '81', to_included: false },
        { from: '505', to: '506', to_included: false },
        { from: '610', to: '611', to_included: false },
        { from: '800', to: '801', to_included: false },
        { from: '900', to: '901', to_included: false },
      ]);
      const repaired = await place.json<Repair>('--repair', '--yes');
      expect(repaired).toMatchObject({ verdict: 'mended', ok: true, code: 0, done: 5, rows_read: 4, error: null });
      expect(repaired.proof).toMatchObject({ verdict: 'same', rows: { source: count, destination: count } });
      expect((await place.hygge('status')).stdout).toContain(`same: ${count} rows on both sides`);
      expect(await place.settled()).toEqual(before);
      expect(await place.json<Comparison>()).toMatchObject({ verdict: 'same', ok: true, rows: { source: count, destination: count } });
      // What was lost and is back counts once: a run that commits has no rows to miss.
      await database.sql("insert into src values (600, 'new', 1, 5000)");
      const next = await place.hygge('go');
      expect(next.stdout).toContain('PASS=1 WARN=0');
      expect(next.stdout).not.toContain('gone');
    });

    if (whole || kind === sqlite)
      it('in a table: a row of others goes only with --yes, since nothing tells it from those that settled', async () => {
        using place = await scene(table());
        await database.sql("insert into e (id, name, price, n) values (900, 'extra', 1, 234)");
        const refused = await place.json<Repair>('--repair');
        expect(refused).toMatchObject({ verdict: 'differs', code: 1, error: { code: 'HYG-2076' } });
        expect(refused.error?.tryThis.join('\n')).toContain('hygge verify f.e --repair --yes');
        expect(await place.json<Repair>('--repair', '--yes')).toMatchObject({ verdict: 'mended', code: 0, rows_read: 0 });
        expect(await place.json<Comparison>()).toMatchObject({ verdict: 'same', rows: { source: count, destination: count } });
      });

    if (whole || kind === sqlite)
      it('in a table: rows whose watermark was edited to one above the settled one, or to null, as the source has them', async () => {
        using place = await scene(table());
        await database.sql('update e set n = 99999 where id = 12', 'update e set n = null where id = 13');
        expect(await place.json<Repair>('--repair', '--yes')).toMatchObject({ verdict: 'mended', ok: true, code: 0, rows_read: 2 });
        expect(await place.json<Comparison>()).toMatchObject({ verdict: 'same', rows: { source: count, destination: count } });
      });

    if (kind === sqlite)
      it('in a table: it reports that rows still differ, if a trigger changes what is written', async () => {
        using place = await scene(table());
        await database.sql("update src set name = 'r8' where id = 8");
        const { json } = place;
        await database.sql("create trigger changes after insert on e when new.id = 8 begin update e set name = 'other' where id = 8; end");
        expect(await json<Repair>('--repair', '--yes')).toMatchObject({ verdict: 'differs', ok: false, code: 1, done: 1, error: null });
        expect((await place.hygge('status')).stdout).toContain('differs: 1 row changed');
      });

    if (whole || kind === sqlite)
      it('where the config names another source: verify says so, and gives the ways that lead on from there', async () => {
        using place = await scene(table());
        await database.sql('create table src2 (id integer primary key, name varchar(20), price decimal(10, 2), n integer)');
        await database.sql('insert into src2 select id, name, price, n from src where id <> 8');
        place.write({ 'flows/f/flow.yml': place.flow.replace('table: src', 'table: src2') });
        const found = await place.hygge('verify', '--pause', '0s');
        expect(found.code).toBe(1);
        expect(found.stdout).toMatch(/settled from .* src\S*, which is another source/);
        expect(found.stdout).toContain('If this change is not intended, change the source back');
        expect(found.stdout).not.toMatch(/--repair|backfill|go -d/);
        expect(await place.json<Repair>('--repair', '--yes')).toMatchObject({ code: 1, error: { code: 'HYG-2007' } });
        const [, adopt] = /continue with this source: hygge (.*)/.exec(found.stdout) ?? [];
        expect(await place.hygge(...(adopt ?? '').split(' '), '--yes')).toMatchObject({ code: 0 });
        expect((await place.json<Comparison>()).plan).toMatchObject({ settled_from: null });
        expect(await place.json<Repair>('--repair', '--yes')).toMatchObject({ verdict: 'mended', code: 0 });
      });

    if (whole || kind === sqlite)
      it('by the watermark that settled, where the config names another column since', async () => {
        using place = await scene(table());
        place.write({ 'flows/f/flow.yml': place.flow.replace('column: n', 'column: id') });
        // By its id this row is below the settled watermark; by `n`, which settled, it is not due.
        await database.sql(`insert into src values (${count}, 'new', 1, 99999)`);
        expect(await place.json<Comparison>()).toMatchObject({
          verdict: 'same',
          plan: { scope: { column: 'n' } },
          rows: { not_yet_due: 1 },
        });
      });

    if (kind === sqlite)
      it.each(sampled(['parquet', 'csv', 'ndjson'], 3))('in files (%s), and the advice of verify itself leads there', async (format) => {
        using place = await scene(`{ path: lake, format: ${format} }`);
        const before = await place.settled();
        await database.sql("update src set name = 'r8' where id = 8");
        await database.sql('delete from src where id = 90');
        await database.sql("insert into src values (500, 'late', 1, 505)");
        const told = await place.hygge('verify', '--pause', '0s');
        expect(told.stdout).toContain('hygge verify f.e --repair');
        expect(told.stdout).toContain('hygge backfill f.e --from 80 --to 901');
        const { code, stdout } = await place.hygge('verify', 'f.e', '--pause', '0s', '--repair', '--yes');
        expect(stdout).toContain('mended: 2 rows read again in 3 ranges');
        expect(code).toBe(0);
        expect(await place.settled()).toEqual(before);
        expect(await place.json<Comparison>()).toMatchObject({ verdict: 'same', rows: { source: count, destination: count } });
      });

    if (whole || kind === sqlite)
      it.each(['{ path: lake }', '{ connection: c, table: e }'])(
        'of the rows at the watermark those that the source lost go as well: %s',
        async (store) => {
          using place = await scene(store);
          const isTable = store.includes('table');
          const mark = (count - 1) * 10;
          await database.sql(`insert into src values (500, 'tie', 1, ${mark}), (501, 'tie', 1, ${mark})`);
          expect(await place.hygge('go')).toMatchObject({ code: 0 });
          // The live run that reads the rows at the watermark again leaves a row there that is merged by its key.
          await database.sql(
            'delete from src where id = 500',
            "update src set name = 'other' where id = 501",
            'delete from src where id = 9',
          );
          expect(await place.json<Repair>('--repair', '--yes')).toMatchObject({
            ...{ verdict: 'mended', code: 0, found: { repair: { beyond: 0 } } },
            // The next run replaces the rows at the watermark in files.
            plan: { effect: isTable ? { removes: 2, changes: 1 } : { removes: 1, changes: 0 } },
          });
          expect(await place.hygge('go')).toMatchObject({ code: 0, stdout: expect.stringContaining(isTable ? 'nothing new' : 'PASS=1') });
          await database.sql(`delete from src where n = ${mark}`);
          expect(await place.json<Repair>('--repair', '--yes')).toMatchObject({ verdict: 'mended', code: 0 });
          await database.sql(`insert into src values (502, 'tie', 1, ${mark}), (503, 'new', 1, ${mark + 5})`);
          expect(await place.hygge('go')).toMatchObject({ code: 0 });
          const rows = count - 2 + 2;
          expect(await place.json<Comparison>()).toMatchObject({ verdict: 'same', rows: { source: rows, destination: rows } });
        },
      );
  },
);
