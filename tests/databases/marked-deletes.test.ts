/** Changes that show only the key of a deleted row: the marked row keeps its values in every database. */
import { describe, expect, test } from 'vitest';
import { here } from '../support/here.ts';
import { whole } from '../support/samples.ts';
import type { MemoryTable } from '../support/sqlserver.ts';
import { ChangeTracking, trackedDatabase } from '../support/sqlserver-changes.ts';
import type { Value } from '../support/tds/values.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, postgres, sqlite, sqlserver } from './databases.ts';
import { connectionOf, served } from './sqlserver/support.ts';

const row = (id: number, text: string): Value[] => [String(id), text, `${id}.25`];
const put = (id: number, text: string) => ({ key: String(id), row: row(id, text) });
const gone = (id: number) => ({ key: String(id), row: null });

describe.each(whole ? [postgres, mariadb, sqlite, duckdb, sqlserver] : [sqlite])(
  'change tracking with deletes: mark, merged into $name',
  (kind) => {
    test.skipIf(kind.missing !== '')('a deleted row keeps its values, and one that comes back has its new ones', async () => {
      await using database = await kind.open();
      const tracking = new ChangeTracking(40);
      const table: MemoryTable = {
        name: 'dbo.orders',
        columns: { id: 'int not null', text: 'nvarchar(20) not null', price: 'nvarchar(5)' },
        rows: [row(1, 'one'), row(2, 'two'), row(3, 'three')],
        keys: ['id'],
      };
      tracking.enable(table);
      await using server = await served(trackedDatabase(tracking, [table]));
      using workspace = new TestWorkspace({
        'hygge.yml': `name: w\n${connectionOf(server)}  c: ${database.connection}\n`,
        '.env': `SHOP_SECRET=${database.password}\n`,
        'flows/f/flow.yml': `home: { connection: erp }
store: { connection: c, table: e${database.keys} }
run_type: incremental
watermark: { changes: change_tracking, key: [id] }
deletes: mark
polish: { constants: [{ name: origin, value: erp }] }
entities: [orders]
`,
      });
      const settled = async () =>
        (await database.sql('select id, text, price, origin, _deleted, _change_version from e order by id')).map((line) =>
          line
            .replace(/\b(false|f|0)(?= \d+$)/, 'there')
            .replace(/\b(true|t|1)(?= \d+$)/, 'deleted')
            .replaceAll(/( |null)+/gi, ' '),
        );
      const run = async () => {
        const ran = await here(workspace, 'go');
        expect([ran.code, ran.events.find(({ event }) => event === 'error')]).toEqual([0, undefined]);
        return ran.summary;
      };
      await run();
      tracking.commit(table, [gone(1), put(2, 'TWO')]);
      expect(await run()).toMatchObject({ entities: [{ rows_read: 2 }] });
      expect(await settled()).toEqual(['1 one 1.25 erp deleted 41', '2 TWO 2.25 erp there 41', '3 three 3.25 erp there 40']);
      // A row that came and went between two runs never settled: nothing but its key is known.
      tracking.commit(table, [put(4, 'four'), gone(2)]);
      tracking.commit(table, [gone(4), put(1, 'uno')]);
      await run();
      expect(await settled()).toEqual(['1 uno 1.25 erp there 43', '2 TWO 2.25 erp deleted 42', '3 three 3.25 erp there 40']);
      // A run whose changes are all deletes.
      tracking.commit(table, [gone(1), gone(3)]);
      await run();
      expect((await settled()).slice(0, 3)).toEqual([
        '1 uno 1.25 erp deleted 44',
        '2 TWO 2.25 erp deleted 42',
        '3 three 3.25 erp deleted 44',
      ]);
    });
  },
);
