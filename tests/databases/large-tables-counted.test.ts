import { afterEach, expect, it, vi } from 'vitest';
import { PostgresSession } from '../../src/databases/postgres/connect.ts';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, onEach, postgres, sqlite } from './databases.ts';

/** Many rows without a load: each engine makes them out of numbers, and the head is told of them. */
const made = 101_000;
const numbersFrom: Readonly<Record<string, string>> = {
  PostgreSQL: `generate_series(1, ${made}) s(n)`,
  MariaDB: `(select seq as n from seq_1_to_${made}) s`,
  SQLite: `(with recursive s(n) as (select 1 union all select n + 1 from s where n < ${made}) select n from s) s`,
  DuckDB: `range(1, ${made} + 1) s(n)`,
};
const heads: Readonly<Record<string, string>> = { SQLite: 'hygge_metadata_heads' };

onEach(asked([postgres, mariadb, sqlite, duckdb]), 'a large table in $name', (database, kind) => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** What the server knows of the rows it would learn by itself a moment later. */
  const toldOfRows = async (): Promise<void> => {
    const analyze: Readonly<Record<string, string>> = { PostgreSQL: 'analyze e', MariaDB: 'analyze table e' };
    const statement = analyze[kind.name];
    if (statement !== undefined) await database.sql(statement);
  };

  async function scene(index = '') {
    await database.cleared();
    const workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/e/flow.yml': `home: in/*.csv\nstore: { connection: c, table: e${index}${database.keys} }\nrun_type: incremental\nwatermark: { column: moved, key: id }\n`,
      'in/a.csv': 'id,moved\n1,2024-01-01T00:00:00Z\n2,2024-01-02T00:00:00Z\n',
    });
    const go = async () => {
      const { stdout, stderr } = await inProcess(['go', '--output', 'json'], workspace.root, { SHOP_SECRET: database.password });
      const events = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const codes = events.filter(({ event }) => event === 'error').map(({ code }) => code);
      const warnings = events.flatMap(({ event, warnings: said }) => (event === 'plan' ? (said as string[]) : []));
      const left = warnings.filter((one) => / left: /.test(one));
      const status = events.find(({ event }) => event === 'entity_done')?.status;
      return { codes, warnings, left, status, said: stdout + stderr };
    };
    const first = await go();
    expect(first.status, first.said).toBe('pass');
    const schema = /metadata_schema: (\w+)/.exec(database.keys)?.[1] ?? 'hygge_metadata';
    await database.sql(`insert into e (id, moved) select s.n + 2, (select max(moved) from e) from ${numbersFrom[kind.name]}`);
    await database.sql(`update ${heads[kind.name] ?? `${schema}.heads`} set head = replace(head, '"rows":2,', '"rows":${made + 2},')`);
    await toldOfRows();
    return { workspace, go };
  }

  it('goes on without a word while most of its rows are there, and says how many are left when more than half are not', async () => {
    const { workspace, go } = await scene();
    using _ = workspace;
    expect(await go()).toMatchObject({ status: 'skip', left: [] });
    // Rows at the end: what SQLite knows without a count is the numbers of the first and the last one.
    await database.sql('delete from e where id > 30000');
    await toldOfRows();
    expect(await go()).toMatchObject({
      status: 'skip',
      left: [expect.stringMatching(/^101,002 rows settled in .*, and 30,000 of them are left/)],
    });
    await database.sql('delete from e');
    expect(await go()).toMatchObject({ codes: ['HYG-4232'] });
  });

  it.runIf(kind === sqlite || (whole && kind === postgres))(
    'without an index of its key is told the statement that makes one, until there is one',
    async () => {
      const { workspace, go } = await scene(', index: false');
      using _ = workspace;
      const told = (await go()).warnings.flatMap((note) => /each merge reads the whole table: (create index .*)$/.exec(note)?.[1] ?? []);
      expect(told).toHaveLength(1);
      await database.sql(...told);
      workspace.write({ 'in/b.csv': 'id,moved\n2,2024-01-03T00:00:00Z\n900000,2024-01-03T00:00:00Z\n' });
      const merged = await go();
      expect(merged, merged.said).toMatchObject({ status: 'pass', codes: [] });
      expect(merged.warnings.join()).not.toContain('create index');
      expect(await database.sql('select count(*) as n from e')).toEqual([String(made + 3)]);
    },
  );
});

onEach([postgres], 'a large table in $name that continues', (database) => {
  it('is not counted, neither where there is nothing new nor for a merge', async () => {
    await database.cleared();
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/e/flow.yml': `home: in/*.csv\nstore: { connection: c, table: e }\nrun_type: incremental\nwatermark: { column: moved, key: id }\n`,
      'in/a.csv': 'id,moved\n1,2024-01-01T00:00:00Z\n',
    });
    const go = async () => {
      const { code, stdout, stderr } = await inProcess(['go'], workspace.root, { SHOP_SECRET: database.password });
      expect(code, stdout + stderr).toBe(0);
      return stdout;
    };
    await go();
    await database.sql(
      `insert into e (id, moved) select n + 2, (select max(moved) from e) from ${numbersFrom.PostgreSQL}`,
      `update hygge_metadata.heads set head = replace(head, '"rows":1,', '"rows":${made + 1},')`,
      'analyze e',
    );
    const statements: string[] = [];
    const own = PostgresSession.prototype.query;
    vi.spyOn(PostgresSession.prototype, 'query').mockImplementation(function (this: PostgresSession, ...of) {
      statements.push(of[0]);
      return own.apply(this, of);
    });
    const counts = () => statements.filter((sql) => /count\(\*\) as n from "public"\."e"/.test(sql));
    await go();
    expect(counts()).toEqual([]);
    workspace.write({ 'in/b.csv': 'id,moved\n7,2024-01-03T00:00:00Z\n200000,2024-01-04T00:00:00Z\n' });
    await go();
    expect(counts()).toEqual([]);
    expect(await database.sql('select count(*) as n from e')).toEqual([String(made + 2)]);
    vi.restoreAllMocks();
  });
});
