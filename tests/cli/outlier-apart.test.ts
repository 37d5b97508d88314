import { afterEach, describe, expect, it } from 'vitest';
import { commandsIn } from '../support/commands.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

const merged = '{ type: sqlite, path: dest.db, table: t }\nwatermark: { column: id, key: [id] }';
const stores = {
  'a folder of files with an open boundary': '{ path: lake }\nwatermark: { column: id, boundary: open }',
  'a table that is merged by key': merged,
} as const;

const contract = (most: number) => `columns: { id: { type: int64, max: ${most} } }\ncomplete: false\n`;

async function scene(store: string, rows: readonly (number | string)[]) {
  const workspace = new TestWorkspace({
    'hygge.yml': 'name: w\n',
    'contracts/c.yml': contract(1_000_000),
    'flows/f/flow.yml': `home: { type: sqlite, path: src.db, table: src }\nstore: ${store}\nrun_type: incremental\nvalidation: { contract: contracts/c.yml, mode: quarantine }\nentities: [e]\n`,
  });
  place = workspace;
  const { sql: ask, hygge } = commandsIn(workspace);
  const sql = (text: string): void => void ask('src.db', text);
  sql('create table src (id integer, v text)');
  const insert = (...ids: readonly (number | string)[]) => sql(`insert into src values ${ids.map((id) => `(${id}, 'v${id}')`).join(', ')}`);
  insert(...rows);
  /** Of the rows that settled, as another program reads them. */
  const ids = async () => {
    if (store.startsWith('{ path:')) return (await workspace.settled('lake', 'f', 'e')).map(({ id }) => Number(id)).sort((x, y) => x - y);
    return ask('dest.db', 'select id from t order by id').map(({ id }) => Number(id));
  };
  const apart = async () => {
    const { stdout } = await hygge('quarantine', 'show', 'f.e', '--output', 'csv');
    return stdout.trim() === ''
      ? []
      : stdout
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => Number(line.split(',')[0]));
  };
  return { sql, insert, hygge, ids, apart, write: (files: Record<string, string>) => workspace.write(files) };
}

describe.each(Object.entries(stores))('a row whose watermark breaks a rule, in %s', (_, store) => {
  it('hides no later row, and lies in quarantine once', async () => {
    const { insert, hygge, ids, apart } = await scene(store, [1, 2, 999_999_999, 3]);
    const none = 'none of the new rows settled';
    const first = await hygge('go');
    expect([first.code, first.stdout.includes(none)]).toEqual([0, false]);
    expect([await ids(), await apart()]).toEqual([[1, 2, 3], [999_999_999]]);
    insert(4, 5);
    const second = await hygge('go');
    expect([second.code, second.stdout.includes(none)]).toEqual([0, false]);
    expect([await ids(), await apart()]).toEqual([[1, 2, 3, 4, 5], [999_999_999]]);
    // A tie of the last value, and nothing new beside.
    if (!store.includes('key:')) insert(5);
    expect((await hygge('go')).code).toBe(0);
    expect([[...new Set(await ids())], await apart()]).toEqual([[1, 2, 3, 4, 5], [999_999_999]]);
    expect((await hygge('verify', '--pause', '0s')).stdout).toContain('✓');
  });

  it('settles once where the rule is corrected, by replay as by the next run', async () => {
    const { insert, hygge, ids, apart, write } = await scene(store, [1, 2, 5_000_000]);
    expect((await hygge('go')).code).toBe(0);
    write({ 'contracts/c.yml': contract(6_000_000) });
    expect((await hygge('quarantine', 'replay', 'f.e')).code).toBe(0);
    expect([await ids(), await apart()]).toEqual([[1, 2, 5_000_000], []]);
    expect((await hygge('go')).code).toBe(0);
    insert(5_000_001);
    expect((await hygge('go')).code).toBe(0);
    expect([await ids(), await apart()]).toEqual([[1, 2, 5_000_000, 5_000_001], []]);
  });
});

describe('a row whose watermark breaks a rule', () => {
  it('settles where it is corrected in the source, and leaves quarantine', async () => {
    const { sql, hygge, ids, apart } = await scene(merged, [1, 2, 5_000_000]);
    expect((await hygge('go')).code).toBe(0);
    sql('update src set id = 3 where id = 5000000');
    expect((await hygge('go')).code).toBe(0);
    expect([await ids(), await apart()]).toEqual([[1, 2, 3], []]);
  });

  it('is reported with what to do where no new row settles', async () => {
    const { insert, hygge, ids } = await scene(merged, [1, 2]);
    expect((await hygge('go')).code).toBe(0);
    insert(5_000_000, 6_000_000);
    for (const _run of [1, 2]) {
      const run = await hygge('go');
      expect(run.stdout).toContain('WARN=1');
      expect(run.stdout).toContain('none of the new rows settled');
      expect(await ids()).toEqual([1, 2]);
    }
  });
});
