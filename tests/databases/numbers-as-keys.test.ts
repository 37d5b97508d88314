import { describe, expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { asked, isMysql } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, postgres, sqlite } from './databases.ts';

const into = (watermark: string, more = '') => `store: { type: duckdb, path: out.db, table: t }
run_type: incremental
watermark: ${watermark}
${more}`;

class Flow implements AsyncDisposable {
  readonly workspace: TestWorkspace;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n` });
  }

  write(home: string, watermark: string, more = '') {
    this.workspace.write({ 'flows/f/flow.yml': `home: { connection: c, table: e${home} }\n${into(watermark, more)}` });
  }

  async go(...args: readonly string[]) {
    const { code, stdout, stderr } = await this.workspace.run(['go', ...args], { env: { SHOP_SECRET: this.#database.password } });
    return { code, text: stdout + stderr };
  }

  async settled(columns = 'id::varchar as id, note') {
    const rows = await duck(`attach '${this.workspace.path('out.db')}' as o (read_only)`, `select ${columns} from o.t order by all`);
    return rows.map((row) => Object.values(row).join(' '));
  }

  async [Symbol.asyncDispose]() {
    this.workspace[Symbol.dispose]();
    await this.#database[Symbol.asyncDispose]();
  }
}

describe.each(asked([...(whole ? [[postgres, 'numeric'] as const] : []), [sqlite, 'DECIMAL_TEXT']] as const))(
  'a merge by a number of $name that is read as text',
  (kind, type) => {
    test.skipIf(kind.missing !== '')(
      `continues while each is written in one way, and stops when it is not; what is advised leads on (${type})`,
      async () => {
        const database = await kind.open();
        await using flow = new Flow(database);
        await database.sql(
          `create table e (id ${type}, note text, seen int)`,
          `insert into e values ('5', 'a', 1), ('7.25', 'b', 2), ('-0.5', 'c', 3)`,
          'select 1',
        );
        flow.write('', '{ column: seen, key: [id] }');
        expect(await flow.go()).toMatchObject({ code: 0 });
        await database.sql(`insert into e values ('7.25', 'newer', 4)`, 'select 1');
        expect(await flow.go()).toMatchObject({ code: 0 });
        expect(await flow.settled()).toEqual(['-0.5 c', '5 a', '7.25 newer']);

        await database.sql(`insert into e values ('5.000', 'new', 5)`, 'select 1');
        expect(await flow.go()).toMatchObject({
          code: 1,
          text: expect.stringMatching(/HYG-2102 Key column id of f\.f is read as text and contains the number 5\.000,/),
        });
        expect(await flow.settled()).toEqual(['-0.5 c', '5 a', '7.25 newer']);

        flow.write('', '{ column: seen, key: [id] }', 'schema_overrides: { id: "decimal(38, 10)" }');
        const anew = await flow.go('-d', '-e', 'f.f');
        expect(anew.code, anew.text).toBe(0);
        await database.sql(`insert into e values ('5.00', 'newest', 6)`, 'select 1');
        expect(await flow.go()).toMatchObject({ code: 0 });
        expect(await flow.settled(`rtrim(id::varchar, '0.') as id, note`)).toEqual(['-0.5 c', '5 newest', '7.25 newer']);
      },
    );
  },
);

test.skipIf(isMysql)(
  'a merge by numbers of JSON that are kept as they were written stops where one can be written in several ways',
  async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: { path: in, format: json, mixed: json }\n${into('{ column: seen, key: [id] }')}`,
      'in/a.json': '[{"id": 9007199254740993, "note": "a", "seen": 1}, {"id": 5.5, "note": "b", "seen": 2}]',
    });
    const go = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run(['go', ...args]);
      return { code, text: stdout + stderr };
    };
    expect(await go()).toMatchObject({ code: 0 });
    workspace.write({ 'in/b.json': '[{"id": 5.50, "note": "c", "seen": 3}]' });
    expect(await go()).toMatchObject({ code: 1, text: expect.stringMatching(/HYG-2102 .* contains the number 5\.50/) });
    const typed = `home: { path: in, format: json, mixed: json }\n${into('{ column: seen, key: [id] }', 'schema_overrides: { id: "decimal(38, 10)" }')}`;
    workspace.write({ 'flows/f/flow.yml': typed });
    const anew = await go('-d', '-e', 'f.f');
    expect(anew.code, anew.text).toBe(0);
  },
);

test.skipIf(isMysql)(
  'a number of SQLite that is read as text is no watermark, and no digits are advised, by which it would be none either',
  async () => {
    const database = await sqlite.open();
    await using flow = new Flow(database);
    await database.sql('create table e (id int, note text, v numeric)', `insert into e values (1, 'a', 1)`, 'select 1');
    flow.write('', '{ column: v }');
    const { code, text } = await flow.go();
    expect({ code, text }).toMatchObject({ code: 1, text: expect.stringContaining('HYG-3508') });
    expect(text).not.toContain('decimals');
    flow.write(', types: { v: int64 }', '{ column: v }');
    expect(await flow.go()).toMatchObject({ code: 0 });
  },
);
