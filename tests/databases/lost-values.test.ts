import { expect, test } from 'vitest';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/mariadb.ts';
import { parseEvents } from '../support/run-hygge.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, duckdb, mariadb, onEach, postgres, sqlite } from './databases.ts';

const notes = async (database: Database, table: string) =>
  (await database.sql(`select coalesce(note, 'null') from ${table} order by id`)) as readonly string[];

onEach(
  asked(whole ? [sqlite, duckdb, postgres, mariadb] : [sqlite, mariadb]),
  'a column that a person made in a table of $name',
  (place, kind) => {
    const scene = async (table: string, more: string) => {
      const flow = (how: string) => `home: in/*.csv\nstore: { connection: c, table: ${table}${place.keys} }\n${how}\n`;
      const workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${place.connection} }\n`,
        'in/1.csv': 'id,v\n1,a\n2,b\n',
        'flows/f/flow.yml': flow(more),
      });
      const go = async (...args: readonly string[]) => {
        const { stdout, stderr } = await inProcess(['go', ...args, '--output', 'json'], workspace.root, {
          SHOP_SECRET: place.password,
        });
        const events: readonly HyggeEvent[] = parseEvents(stdout);
        const said = events.flatMap((one) => (one.event === 'plan' ? one.warnings : [])).filter((one) => one.includes('are lost'));
        const summary = events.at(-1);
        if (summary?.event !== 'summary' || summary.error > 0) throw new Error(stdout + stderr);
        return { said, warned: summary.warn };
      };
      return { workspace, flow, go };
    };

    test('is named before a full load empties it, and kept by the merge that is advised', async () => {
      const { workspace, flow, go } = await scene('t', '');
      using _ = workspace;
      expect(await go()).toEqual({ said: [], warned: 0 });
      await place.sql(`alter table t add note varchar(20)`, `alter table t add spot integer default 7`);
      // It holds nothing yet, and the other one what every row gets.
      expect((await go()).said).toEqual([]);
      await place.sql(`update t set note = 'mine' where id = 2`);
      const said = [expect.stringMatching(/their values in column note are lost.*a merge by a key keeps/)];
      expect(await go('--dry-run')).toEqual({ said, warned: 1 });
      expect(await notes(place, 't')).toEqual(['null', 'mine']);
      workspace.write({ 'flows/f/flow.yml': flow('if_exists: append\nwatermark: { column: id, key: [ id ] }') });
      expect((await go()).said).toEqual([]);
      expect(await notes(place, 't')).toEqual(['null', 'mine']);
      workspace.write({ 'flows/f/flow.yml': flow('') });
      await place.sql('update t set spot = 8 where id = 1');
      expect(await go()).toEqual({ said: [expect.stringContaining('columns note, spot are lost')], warned: 1 });
      expect(await notes(place, 't')).toEqual(['null', 'null']);
      expect((await go()).said).toEqual([]);
    });

    if (whole || kind === sqlite)
      test('is named where an increment replaces the rows at the watermark, if one of those holds something', async () => {
        const { workspace, go } = await scene('u', 'run_type: incremental\nwatermark: { column: id }\nif_exists: replace');
        using _ = workspace;
        await go();
        await place.sql('alter table u add note varchar(20)', `update u set note = 'mine' where id = 1`);
        workspace.write({ 'in/2.csv': 'id,v\n3,c\n' });
        expect(await go()).toEqual({ said: [], warned: 0 });
        await place.sql(`update u set note = 'mine' where id = 3`);
        workspace.write({ 'in/3.csv': 'id,v\n3,d\n4,e\n' });
        expect(await go()).toEqual({ said: [expect.stringContaining('the rows at the last watermark of')], warned: 1 });
        expect(await notes(place, 'u')).toEqual(['mine', 'null', 'null', 'null', 'null']);
      });
  },
);
