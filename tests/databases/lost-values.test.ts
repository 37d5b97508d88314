import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { inProcess } from '../support/in-process.ts';
import { isMysql, mariadbDatabase, noMariadb } from '../support/mariadb.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { parseEvents } from '../support/run-hygge.ts';
import { whole } from '../support/samples.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

interface Place extends AsyncDisposable {
  readonly store: string;
  readonly env: Readonly<Record<string, string>>;
  sql(...statements: readonly string[]): Promise<unknown>;
  /** Of the rows of a table, by id. */
  notes(table: string): Promise<readonly string[]>;
}

const asTexts = (rows: readonly object[]) => rows.map((row) => String(Object.values(row)[0]));

const places: Readonly<Record<string, () => Promise<Place>>> = {
  sqlite: async () => {
    const file = new SqliteTestFile();
    return {
      ...{ store: `type: sqlite, path: ${file.path}`, env: {} },
      sql: async (...all) => file.sql('select 1', ...all),
      notes: async (table) => asTexts(file.sql(`select note from ${table} order by id`)),
      [Symbol.asyncDispose]: async () => file[Symbol.dispose](),
    };
  },
  duckdb: async () => {
    const file = new DuckdbTestFile();
    return {
      ...{ store: `type: duckdb, path: ${file.path}`, env: {} },
      sql: (...all) => file.sql(...all),
      notes: async (table) => asTexts(await file.sql(`select note from ${table} order by id`)),
      [Symbol.asyncDispose]: async () => file[Symbol.dispose](),
    };
  },
  postgres: async () => {
    const db = await postgresDatabase();
    return {
      store: `type: postgres, host: ${db.host}, port: ${db.port}, database: ${db.database}, user: ${db.user}, password: "\${SECRET}"`,
      env: { SECRET: db.password },
      sql: (...all) => db.sql(all.join('; ')),
      notes: async (table) => asTexts(await db.sql(`select note from ${table} order by id`)),
      [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
    };
  },
  mysql: async () => {
    const db = await mariadbDatabase();
    return {
      store: `type: mysql, host: ${db.host}, port: ${db.port}, database: ${db.database}, user: ${db.user}, password: "\${SECRET}"`,
      env: { SECRET: db.password },
      sql: (...all) => db.sql(all.join('; ')),
      notes: async (table) => (await db.sql(`select coalesce(note, 'null') from ${table} order by id`)).trim().split('\n'),
      [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
    };
  },
};

const lacking: Readonly<Record<string, boolean>> = { postgres: noPostgres() !== '', mysql: noMariadb() !== '' };

describe.each(isMysql ? ['mysql'] : Object.keys(places))('a column that a person made in a table of %s', (engine) => {
  describe.skipIf(lacking[engine] === true)('where it can be had', () => {
    let place: Place;
    beforeAll(async () => {
      const open = places[engine];
      if (!open) throw new Error('no such engine');
      place = await open();
    });
    afterAll(() => place?.[Symbol.asyncDispose]());

    const scene = async (table: string, more: string) => {
      const flow = (how: string) => `home: in/*.csv\nstore: { ${place.store}, table: ${table} }\n${how}\n`;
      const workspace = new TestWorkspace({ 'in/1.csv': 'id,v\n1,a\n2,b\n', 'flows/f/flow.yml': flow(more) });
      const go = async (...args: readonly string[]) => {
        const { stdout, stderr } = await inProcess(['go', ...args, '--output', 'json'], workspace.root, place.env);
        const events: readonly HyggeEvent[] = parseEvents(stdout);
        const said = events.flatMap((one) => (one.event === 'plan' ? one.warnings : [])).filter((one) => one.includes('is lost'));
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
      const said = [expect.stringMatching(/what stands in column note of them is lost.*a merge by a key keeps/)];
      expect(await go('--dry-run')).toEqual({ said, warned: 1 });
      expect(await place.notes('t')).toEqual(['null', 'mine']);
      workspace.write({ 'flows/f/flow.yml': flow('if_exists: append\nwatermark: { column: id, key: [ id ] }') });
      expect((await go()).said).toEqual([]);
      expect(await place.notes('t')).toEqual(['null', 'mine']);
      workspace.write({ 'flows/f/flow.yml': flow('') });
      await place.sql('update t set spot = 8 where id = 1');
      expect(await go()).toEqual({ said: [expect.stringContaining('columns note, spot of')], warned: 1 });
      expect(await place.notes('t')).toEqual(['null', 'null']);
      expect((await go()).said).toEqual([]);
    });

    if (whole || engine === 'sqlite')
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
        expect(await place.notes('u')).toEqual(['mine', 'null', 'null', 'null', 'null']);
      });
  });
});
