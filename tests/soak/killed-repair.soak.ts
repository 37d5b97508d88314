import { expect, it } from 'vitest';
import { mariadb, onEach, postgres, sqlite } from '../databases/databases.ts';
import { duck } from '../support/duck.ts';
import { seeded } from '../support/kill-rounds.ts';
import { asked } from '../support/mariadb.ts';
import type { Run } from '../support/run-hygge.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Rows of the source; the watermark goes in steps of ten. */
const count = 1_000;
const rowOf = (id: number, version: number) => `(${id}, 'r${id} ${version}', ${id}.50, ${id * 10})`;

onEach(asked([postgres, mariadb, sqlite]), 'a repair of what differs from $name', (database) => {
  it.each(['a table', 'files'] as const)(
    'that is killed at random and made again mends %s: each row once, the watermark as it was',
    async (into) => {
      await database.cleared();
      await database.sql('create table src (id integer primary key, name varchar(30), price decimal(10, 2), n integer)');
      const ids = Array.from({ length: count }, (_, id) => id);
      await database.sql(`insert into src values ${ids.map((id) => rowOf(id, 0)).join(', ')}`);
      using workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': `home: { connection: c, table: src }
store: ${into === 'a table' ? `{ connection: c, table: e${database.keys} }` : '{ path: lake }'}
run_type: incremental\nwatermark: { column: n, key: [id] }\nentities: [e]\n`,
      });
      const env = { SHOP_SECRET: database.password };
      const hygge = (...args: readonly string[]): Promise<Run> => workspace.run(args, { env });
      expect(await hygge('go')).toMatchObject({ code: 0 });

      const random = seeded(SEED);
      const rowsOf = (table: string) => database.sql(`select id, name, n from ${table} order by id, name`);
      const settled = async (): Promise<readonly string[]> => {
        if (into === 'a table') return rowsOf('e');
        const rows = await duck(`select id, name, n from '${workspace.path('lake')}/e/**/*.parquet' order by id, name`);
        return rows.map((row) => Object.values(row).join(' '));
      };
      /** Four rows of the source change, vanish or come late, each in a range of its own. */
      const differ = async (version: number): Promise<void> => {
        for (let n = 0; n < 3; n++) {
          const id = Math.floor(random() * (count - 10));
          if (n % 3 === 0) await database.sql(`delete from src where id = ${id}`);
          else await database.sql(`update src set name = 'r${id} ${version}' where id = ${id}`);
        }
        await database.sql(`insert into src values (${count + version}, 'late ${version}', 1, ${Math.floor(random() * count) * 10 + 5})`);
      };
      const repair = ['verify', 'f.e', '--repair', '--yes', '--pause', '0s'];
      await differ(1);
      const began = performance.now();
      expect(await hygge(...repair)).toMatchObject({ code: 0 });
      let ms = performance.now() - began;

      const rounds = 20;
      let hit = 0;
      // A machine that was busy at first ends the next ones before they are killed.
      for (let round = 2; round < 2 + rounds || (hit === 0 && round < 12 + rounds); round++) {
        await differ(round);
        const dying = workspace.start(repair, { env });
        const timer = setTimeout(() => dying.kill('SIGKILL'), ms * (0.25 + 0.7 * random()));
        if ((await dying.done).signal === 'SIGKILL') hit++;
        else ms /= 2;
        clearTimeout(timer);
        // A run of the schedule may come first.
        if (random() < 0.5) expect(await hygge('go')).toMatchObject({ code: 0 });
        expect(await hygge(...repair)).toMatchObject({ code: 0 });
        expect(await settled()).toEqual(await rowsOf('src'));
      }
      expect(hit).toBeGreaterThan(0);
      const { stdout } = await hygge('state', 'show', 'f.e', '--output', 'json');
      expect(JSON.parse(stdout)).toMatchObject({ settled: { watermark: { text: `${(count - 1) * 10}` } } });
      const staged = [...workspace.tree('.').keys()].filter((path) =>
        /\/plans\/|\/receipts\/|\/intents\/|\.hygge-(tmp|staged)-/.test(path),
      );
      expect(staged).toEqual([]);
    },
  );
});
