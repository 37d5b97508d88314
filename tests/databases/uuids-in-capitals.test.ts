import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

const uuid = (n: number) => `6f96abcd-0000-4000-8000-00000000000${n}`;

it.each(['', ', more: uuid'])(
  'a row of SQLite whose uuid an earlier version kept in capitals is merged with the same one in small letters%s',
  async (second) => {
    const key = second === '' ? '[id]' : '[id, more]';
    const flow = `home: { path: "in/*.csv", types: { id: uuid${second} } }\nstore: { type: sqlite, path: out.db, table: t }\nrun_type: incremental\nwatermark: { column: at, key: ${key} }\n`;
    const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'flows/f/flow.yml': flow });
    place = workspace;
    const go = () => inProcess(['go'], workspace.root, {});
    const line = (n: number, note: string, at: number) => `${uuid(n)},${uuid(9)},${note},${at}\n`;
    workspace.write({ 'in/a.csv': `id,more,note,at\n${line(1, 'a', 1)}${line(2, 'b', 2)}` });
    expect(await go()).toMatchObject({ code: 0 });
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(workspace.root, 'out.db'));
    database.exec('update t set id = upper(id), more = upper(more)');
    workspace.write({ 'in/b.csv': `id,more,note,at\n${line(1, 'A', 3)}${line(3, 'c', 4)}` });
    expect(await go()).toMatchObject({ code: 0 });
    const rows = database.prepare('select lower(id) as id, note from t order by 1').all();
    database.close();
    expect(rows.map(({ id, note }) => `${id} ${note}`)).toEqual([`${uuid(1)} A`, `${uuid(2)} b`, `${uuid(3)} c`]);
  },
);
