import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StateStore } from '../../../src/ports/state.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { type OpenedState, openSqlState, placeIn, type SqlPlace, sqliteFolder } from '../../support/sql-state.ts';
import { emptyRow, journalRowOf, stateRow } from '../../support/state-rows.ts';

const key = { flow: 'crm', entity: 'Account' };

/** A place, and somebody who looks into it without hygge. */
interface Place extends AsyncDisposable {
  readonly place: SqlPlace;
  /** Of hygge's own, as SQL names it. */
  table(name: string): string;
  sql(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

let shared: TestDatabase | undefined;
let made = 0;
afterAll(() => shared?.[Symbol.asyncDispose]());

/** A schema of its own: a database takes much longer to make. */
async function inPostgres(): Promise<Place> {
  shared ??= await postgresDatabase();
  const db = shared;
  const schema = `state_${++made}`;
  return {
    place: { ...placeIn(db), schema },
    table: (name) => `${schema}.${name}`,
    sql: (text) => db.sql(text),
    async [Symbol.asyncDispose]() {},
  };
}

async function inSqlite(): Promise<Place> {
  const folder = await sqliteFolder();
  return {
    place: folder.place,
    table: (name) => `hygge_metadata_${name}`,
    async sql(text) {
      const database = new DatabaseSync(`${folder.root}/kept/state.db`);
      try {
        if (text.startsWith('select')) return database.prepare(text).all();
        database.exec(text);
        return [];
      } finally {
        database.close();
      }
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe.each([
  ['PostgreSQL', noPostgres(), inPostgres],
  ['SQLite', '', inSqlite],
] as const)('in %s', (engine, problem, open) => {
  describe.skipIf(problem !== '')('', () => {
    let place: Place;
    let opened: OpenedState;
    let other: OpenedState;
    let state: StateStore;

    beforeEach(async () => {
      place = await open();
      [opened, other] = [await openSqlState(place.place), await openSqlState(place.place)];
      state = opened.state;
    });
    afterEach(async () => {
      await opened[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    test('a person finds what is settled, who is at work and how it went in columns of their own', async () => {
      await state.write(key, undefined, stateRow(), journalRowOf('R1.1', '2026-11-20T08:00:00.000Z', { error_code: 'HYG-3506' }));
      const columns = 'flow, entity, watermark_column, watermark_value, status, rows_processed, held_by, pending, epoch';
      expect(await place.sql(`select ${columns} from ${place.table('watermarks')}`)).toMatchObject([
        {
          ...key,
          ...{ watermark_column: 'updated_at', watermark_value: '2026-11-19T23:59:59.123456Z', status: 'pass', pending: 'intent7' },
          held_by: 'hygge go on kitchen, process 42',
        },
      ]);
      const [went] = await place.sql(`select flow, status, error_code, rows_processed from ${place.table('journal')}`);
      expect(went).toMatchObject({ flow: 'crm', status: 'pass', error_code: 'HYG-3506' });
      expect(Number(went?.rows_processed)).toBe(-3);
    });

    test('of two who make the tables at the same time both find them', async () => {
      const written = await Promise.all([
        state.write({ flow: 'a', entity: 'a' }, undefined, emptyRow),
        other.state.write({ flow: 'b', entity: 'b' }, undefined, emptyRow),
      ]);
      expect(written).toEqual(['written', 'written']);
      expect(await state.entities()).toHaveLength(2);
    });

    test('an object of several megabytes is in pieces, with emoji on their edges, and goes whole', async () => {
      const large = { text: `x${'🪵'.repeat(1_300_000)}` };
      expect(await state.putObject(key, 'seen/1', large)).toBe(large);
      expect(await other.state.putObject(key, 'seen/1', 1)).toEqual(large);
      expect(await other.state.getObject(key, 'seen/1')).toEqual(large);
      const [found] = await place.sql(`select count(*) as n, max(length(body)) as longest from ${place.table('objects')}`);
      expect(Number(found?.n)).toBeGreaterThan(2);
      expect(Number(found?.longest)).toBeLessThanOrEqual(1 << 20);
      expect(await state.listObjects(key, 'seen/')).toEqual(['seen/1']);
      await state.removeObjects(key, ['seen/1']);
      expect(await place.sql(`select * from ${place.table('objects')}`)).toEqual([]);
    });

    // What was written is read alike from any database.
    if (engine === 'PostgreSQL') return;

    test('thousands of journal rows come page by page, newest first, each once', async () => {
      const times = Array.from({ length: 4_100 }, (_, n) => new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 3) * 1000).toISOString());
      const columns = 'entity_run_id, run_id, invocation_id, workspace, flow, entity, lane, status, run_type, finished_at, "row"';
      const rows = times.map((time, n) => {
        const row = journalRowOf(`R${String(n).padStart(5, '0')}.1`, time);
        return `('${row.entity_run_id}', '${row.run_id}', '', '', 'crm', 'Account', '', 'pass', '', '${time}', '${JSON.stringify({ version: 1, ...row })}')`;
      });
      // The first write makes the tables; a probe takes back those that it made.
      await state.probe?.('makes none');
      expect(await state.journal({})).toEqual([]);
      await state.appendJournal(journalRowOf('R.1', times[0] ?? ''));
      await state.pruneJournal('2027-01-01T00:00:00.000Z');
      await place.sql(`insert into ${place.table('journal')} (${columns}) values ${rows.join(', ')}`);
      const found = (await state.journal({})).map((row) => row.entity_run_id);
      expect(found).toEqual(times.map((_, n) => `R${String(n).padStart(5, '0')}.1`).reverse());
      expect(await state.journal({ flow: 'crm', since: '2026-01-01T00:20:00.000Z', limit: 3 })).toHaveLength(3);
    });

    test.each([
      ['torn JSON', '{"entity":"Account","ver', 'HYG-5001'],
      ['JSON of something else', '{"a":1}', 'HYG-5001'],
      ['a newer format', '{"version":99}', 'HYG-5002'],
      ['nothing', '', 'HYG-5003'],
    ])('a row with %s in it stops its readers', async (_, text, code) => {
      await state.write(key, undefined, stateRow());
      await place.sql(`update ${place.table('watermarks')} set state = '${text}'`);
      await expect(state.read(key)).rejects.toMatchObject({ code });
    });

    test('a row that was copied to another entity is not taken for its own', async () => {
      await state.write(key, undefined, stateRow());
      await place.sql(`update ${place.table('watermarks')} set entity = 'Contact'`);
      await expect(state.read({ ...key, entity: 'Contact' })).rejects.toMatchObject({ code: 'HYG-5004' });
    });

    test('journal rows and objects that were edited are told', async () => {
      await state.appendJournal(journalRowOf('R1.1', '2026-11-20T08:00:00.000Z'));
      await state.appendJournal(journalRowOf('R2.1', '2026-11-20T08:00:01.000Z'));
      await state.putObject(key, 'plans/1', { a: 1 });
      await place.sql(`update ${place.table('journal')} set "row" = 'x' where entity_run_id = 'R2.1'`);
      await place.sql(`update ${place.table('objects')} set body = '{'`);
      expect((await state.journal({ limit: 1 })).map((row) => row.entity_run_id)).toEqual(['R1.1']);
      expect(opened.damages).toMatchObject([{ lines: 1 }]);
      await expect(state.getObject(key, 'plans/1')).rejects.toMatchObject({ code: 'HYG-5005' });
    });

    test('tables that are not as hygge made them are an error, and no state that never was', async () => {
      await state.write(key, undefined, stateRow());
      await place.sql(`alter table ${place.table('watermarks')} rename column version to was_version`);
      await expect(state.read(key)).rejects.toMatchObject({ code: 'HYG-5020' });
    });
  });
});
