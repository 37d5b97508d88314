import { expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/mariadb.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { onEach, postgres, sqlite } from './databases.ts';

/** The definitions of the indexes of table e. */
const indexes: Readonly<Record<string, string>> = {
  PostgreSQL: `select indexdef from pg_indexes where tablename = 'e' order by 1`,
  SQLite: `select sql from sqlite_schema where type = 'index' and tbl_name = 'e' order by 1`,
};

onEach(asked([postgres, sqlite]), 'the index of the key in $name', (database, kind) => {
  async function scene({ key = 'id', index = '', more = '' } = {}) {
    await database.cleared();
    const workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/e/flow.yml': `home: in/*.csv\nstore: { connection: c, table: e${index}${database.keys} }\nrun_type: incremental\n${more}watermark: { column: moved, key: [${key}] }\n`,
      'in/a.csv': 'id,code,moved\n1,a,2024-01-01T00:00:00Z\n2,b,2024-01-02T00:00:00Z\n',
    });
    const go = async (...args: string[]) => {
      const { code, stdout, stderr } = await inProcess(['go', ...args], workspace.root, { SHOP_SECRET: database.password });
      expect(code, stdout + stderr).toBe(0);
      return stdout;
    };
    return { workspace, go, made: () => database.sql(indexes[kind.name] ?? '') };
  }

  it('is made with the first rows of a table that hygge makes, and is there after an increment and after a full load', async () => {
    const { workspace, go, made } = await scene();
    using _ = workspace;
    expect(await go('--dry-run')).toMatch(/create index/);
    await go();
    const once = await made();
    expect(once).toEqual([expect.stringMatching(/\("?id"?\)$/)]);
    workspace.write({ 'in/b.csv': 'id,code,moved\n2,c,2024-01-03T00:00:00Z\n3,d,2024-01-03T00:00:00Z\n' });
    await go();
    expect(await made()).toEqual(once);
    await go('-d');
    expect(await made()).toEqual(once);
    expect(await database.sql('select id, code from e order by id')).toHaveLength(3);
  });

  it('takes each text, however long it is', async () => {
    const { workspace, go, made } = await scene({ key: 'code' });
    using _ = workspace;
    await go();
    expect(await made()).toEqual([expect.stringMatching(kind === postgres ? /using hash \(code\)$/i : /\("code"\)$/)]);
    workspace.write({ 'in/b.csv': `id,code,moved\n3,${'x'.repeat(9000)},2024-01-03T00:00:00Z\n` });
    await go();
    expect(await database.sql('select max(length(code)) from e')).toEqual(['9000']);
  });

  it('is not made where the store declines it, nor in a table that is there', async () => {
    {
      const { workspace, go, made } = await scene({ index: ', index: false' });
      using _ = workspace;
      await go();
      expect(await made()).toEqual([]);
    }
    {
      const { workspace, go, made } = await scene({ more: 'if_exists: append\n' });
      using _ = workspace;
      await database.sql(`create table e (id bigint, code text, moved ${kind === postgres ? 'timestamptz' : 'text'})`);
      await go();
      expect(await made()).toEqual([]);
    }
  });

  it('is not made of more columns than an index may have', async () => {
    const columns = Array.from({ length: 33 }, (_, at) => `k${at}`);
    const { workspace, go, made } = await scene({ key: columns.join(', ') });
    using _ = workspace;
    workspace.write({
      'in/a.csv': `${[...columns, 'moved'].join(',')}\n${columns.map((_one, at) => at).join(',')},2024-01-01T00:00:00Z\n`,
    });
    await go();
    expect(await made()).toHaveLength(kind === postgres ? 0 : 1);
    expect(await database.sql('select count(*) from e')).toEqual(['1']);
  });

  it('has a name that no table of the file has', async () => {
    const { workspace, go, made } = await scene();
    using _ = workspace;
    for (const named of ['e_hygge_key', 'e_key', 'e_id_idx']) await database.sql(`create table ${named} (n int)`);
    await go();
    expect(await made()).toHaveLength(1);
  });
});
