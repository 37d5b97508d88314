import { describe, expect, test } from 'vitest';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

describe('not_null of a home of files', () => {
  test('lets rows into a table whose primary key has no nulls, as HYG-2078 advises', async () => {
    using there = new SqliteTestFile();
    there.sql('create table e (id bigint not null primary key, note text)');
    const flow = (keys: string) => `home: { path: in, format: csv${keys} }\nstore: { connection: c, table: e }\n`;
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: { type: sqlite, path: ${JSON.stringify(there.path)} } }\n`,
      'flows/f/flow.yml': `${flow('')}if_exists: append\n`,
      'in/a.csv': 'id,note\n1,a\n2,\n',
    });
    const refused = await workspace.run(['go']);
    const [, advised = ''] = /(not_null: \[id\]) in a home of files/.exec(refused.stdout + refused.stderr) ?? [];
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('HYG-2078');
    workspace.write({ 'flows/f/flow.yml': `${flow(`, ${advised}`)}if_exists: append\n` });
    const run = await workspace.run(['go']);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(there.sql('select id, note from e order by id')).toMatchObject([{ id: 1n }, { id: 2n }]);
  });

  test.each([
    ['csv', `, where: "note <> 'x'"`, 3],
    ['parquet', '', 4],
    ['ndjson', '', 4],
  ] as const)('stops the run at a null of %s%s, and names column, row and file', async (format, more, row) => {
    const rows = ['1,a', '2,x', '3,b', ',c', ',d'];
    const flow = (keys: string) => `home: { path: in, format: ${format}${more}${keys} }\nstore: lake\nrun_type: incremental\n`;
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow(', not_null: [note, id]') });
    const write = async (name: string, lines: readonly string[]) => {
      const cells = lines.map((line) => line.split(','));
      if (format === 'csv') workspace.write({ [`in/${name}.csv`]: `id,note\n${lines.join('\n')}\n` });
      else if (format === 'ndjson')
        workspace.write({
          [`in/${name}.ndjson`]: cells.map(([id, note]) => `${JSON.stringify({ id: id === '' ? null : Number(id), note })}\n`).join(''),
        });
      else
        await workspace.parquet(
          `in/${name}.parquet`,
          `select * from (values ${cells.map(([id, note]) => `(${id === '' ? 'null' : id}::int, '${note}')`).join(', ')}) t(id, note)`,
        );
    };
    await write('a', ['7,a', '8,a']);
    expect((await workspace.run(['go'])).code).toBe(0);
    await write('b', rows);
    const stopped = await workspace.run(['go']);
    expect(stopped.code).toBe(1);
    expect(stopped.stdout + stopped.stderr).toMatch(new RegExp(`HYG-3215 Column id is null in row ${row} of in/b\\.${format},`));
    expect((await workspace.settled('lake', 'f', 'f')).length).toBe(2);

    const [, where = ''] = /Or leave rows with a null out: home: \{ where: '(.*)' \}/.exec(stopped.stdout + stopped.stderr) ?? [];
    if (more !== '') return;
    workspace.write({ 'flows/f/flow.yml': `${flow(`, not_null: [id], where: '${where}'`)}` });
    const left = await workspace.run(['go', '-d']);
    expect(left.code, left.stdout + left.stderr).toBe(0);
    expect((await workspace.settled('lake', 'f', 'f')).map(({ id }) => Number(id)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 7, 8]);
  });

  test('names a column that the files do not have', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: { path: in, format: csv, not_null: [idd] }\nstore: lake\n',
      'in/a.csv': 'id,note\n1,a\n',
    });
    const { code, stdout, stderr } = await workspace.run(['go']);
    expect({ code, text: stdout + stderr }).toMatchObject({
      code: 1,
      text: expect.stringMatching(/HYG-3205 .*"idd"[\s\S]*Correct not_null of the home/),
    });
  });
});
