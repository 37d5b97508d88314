/** Settled rows that stay when a repair replaces what is beside them. */
import { afterEach, describe, expect, it } from 'vitest';
import { commandsIn } from '../support/commands.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

async function scene({ more = '', key = 'key: [id]', nulls = '' }: { more?: string; key?: string; nulls?: string } = {}) {
  const workspace = new TestWorkspace({
    'hygge.yml': 'name: w\n',
    'c.yml': 'columns: { v: { type: int64, min: 0 } }\n',
    'flows/f/flow.yml': `home: { type: sqlite, path: src.db, table: src }
store: { type: sqlite, path: out.db, table: e }
watermark: { column: n${key === '' ? '' : `, ${key}`}${nulls} }
run_type: incremental
entities: [e]
${more}`,
  });
  place = workspace;
  const { sql, hygge, verify } = commandsIn(workspace);
  const source = (text: string) => sql('src.db', text);
  const settled = () => sql('out.db', 'select id, n, v from e order by id').map((row) => Object.values(row).join(' '));
  source(`create table src (id ${key === '' ? 'integer' : 'integer primary key'}, n integer, v integer)`);
  source('with recursive c(x) as (select 1 union all select x + 1 from c where x < 9) insert into src select x, x, x from c');
  expect((await hygge('go')).code).toBe(0);
  return { source, destination: (text: string) => sql('out.db', text), hygge, verify, settled };
}

describe('a repair', () => {
  it('leaves settled rows whose newer row is not yet due', async () => {
    const { source, verify, settled, hygge } = await scene();
    source('update src set n = 20, v = 33 where id in (3, 5)');
    source('insert into src values (14, 4, 4)');
    const repaired = await verify('--repair', '--yes');
    expect(repaired.code, repaired.stdout).toBe(0);
    expect(settled()).toEqual(['1 1 1', '2 2 2', '3 3 3', '4 4 4', '5 5 5', '6 6 6', '7 7 7', '8 8 8', '9 9 9', '14 4 4']);
    await hygge('go');
    expect(settled()).toContain('3 20 33');
  });

  it('leaves a settled row whose row in the source has no watermark any more', async () => {
    const { source, verify, settled } = await scene({ nulls: ', nulls: include' });
    source('update src set n = null where id = 4');
    source('insert into src values (14, 4, 4)');
    const repaired = await verify('--repair', '--yes');
    expect(settled(), repaired.stdout).toContain('4 4 4');
  });

  it('asks for the number of rows to remove where rows that do not settle have no key', async () => {
    const { source, verify, settled } = await scene({ key: '', more: 'validation: { contract: c.yml, mode: quarantine }\n' });
    source('update src set v = -2 where id = 2');
    expect((await verify()).stdout).toContain('whose keys can’t be read');
    source('update src set v = 44 where id = 4');
    const refused = await verify('--repair', '--yes');
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('HYG-2134')]);
    expect(settled()).toContain('2 2 2');
  });

  it('is not done while the table has rows of others that no comparison of keys takes away', async () => {
    const { source, destination, verify } = await scene({ more: 'deletes: { compare: 1d }\n' });
    destination('insert into e values (100, 4, 1)');
    source('update src set v = 55 where id = 5');
    expect((await verify('--repair', '--yes')).code).toBe(1);
  });
});
