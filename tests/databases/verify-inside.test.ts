import { beforeEach, expect, it } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { onEach, postgres } from './databases.ts';

/** Two sides that sum their rows in PostgreSQL: only what differs is read. */
onEach([postgres], 'a source in PostgreSQL and what settled of it there', (database) => {
  beforeEach(() => database.cleared());

  const rows = 2_000;

  async function scene(flow: string, more = '') {
    await database.sql(
      `create table src as select i as id, 'name ' || i as name, i % 100 as u${more} from generate_series(1, ${rows}) i; alter table src add primary key (id)`,
    );
    const workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/f/flow.yml': `home: { connection: c, table: src }\nstore: { connection: c, table: e }\nentities: [e]\n${flow}`,
    });
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: database.password });
    const verified = async (...flags: readonly string[]): Promise<Comparison> => {
      const { code, stdout, stderr } = await hygge('verify', '--output', 'json', '--pause', '0s', ...flags);
      expect(stdout, stderr).not.toBe('');
      const found = JSON.parse(stdout) as Comparison;
      expect(code, stdout).toBe(found.ok ? 0 : 1);
      return found;
    };
    expect(await hygge('go')).toMatchObject({ code: 0 });
    return { hygge, verified, [Symbol.dispose]: () => workspace[Symbol.dispose]() };
  }

  const inside = { read_because: null, source: { how: 'inside' }, destination: { how: 'inside' } };

  it('sends no row where the sums are equal, under the names of the config and with types that are wider', async () => {
    using place = await scene('polish: { columns: { case: snake } }\nschema_overrides: { u: int64 }\n', `, 'x ' as "MyText"`);
    const same = await place.verified();
    expect(same).toMatchObject({ verdict: 'same', error: null, rows: { source: rows, destination: rows, not_yet_due: 0 }, plan: inside });
    expect(same.sums?.source).toBe(same.sums?.destination);
    expect(same.work).toEqual({ source: { sums: 1, rows_read: 0 }, destination: { sums: 1, rows_read: 0 } });
    const read = await place.verified('--sample', '99.99%');
    expect(read.plan).toMatchObject({ read_because: { side: null, what: 'sample' }, source: { how: 'read' } });
  });

  it('reads the parts of the key’s hash that differ, and names each row', async () => {
    using place = await scene('');
    await database.sql(
      "update src set name = 'other' where id = 17; delete from src where id = 18; insert into src values (9000, 'new', 1)",
    );
    const found = await place.verified();
    expect(found).toMatchObject({ verdict: 'differs', plan: inside, rows: { source: rows, destination: rows } });
    expect([...found.differing].sort((a, b) => Number(a.key?.id) - Number(b.key?.id))).toEqual([
      { found: 'changed', key: { id: '17' }, times: 1, columns: [{ column: 'name', source: 'other', destination: 'name 17' }] },
      { found: 'only in the destination', key: { id: '18' }, times: 1, columns: [] },
      { found: 'only in the source', key: { id: '9000' }, times: 1, columns: [] },
    ]);
    // Three parts of 32, looked at twice.
    expect(found.work?.source.rows_read).toBeLessThan((rows * 2 * 5) / 32);
    const all = await place.verified('--key', 'id');
    expect(all).toMatchObject({
      verdict: 'differs',
      plan: { read_because: { what: 'key' } },
      differences: found.differences,
      sums: found.sums,
    });
  });

  it('reads all rows where most parts differ, or where sums take longer than a snapshot may be held', async () => {
    using place = await scene('');
    const slow = await place.verified('--max-snapshot', '1ms');
    expect(slow).toMatchObject({ verdict: 'same', plan: inside, work: { source: { rows_read: rows }, destination: { rows_read: rows } } });
    await database.sql("update src set name = 'other' where id <= 300");
    expect(await place.verified()).toMatchObject({ verdict: 'differs', plan: inside, differences: { changed: 300, all_counted: true } });
  });

  it('counts rows that are not yet due, and no row whose newer version is one of them differs', async () => {
    using place = await scene('run_type: incremental\nwatermark: { column: u, key: [id] }\n');
    expect(await place.verified()).toMatchObject({ verdict: 'same', plan: inside, work: { source: { sums: 2, rows_read: 0 } } });
    await database.sql("update src set u = 200, name = 'newer' where id in (17, 18); insert into src values (9000, 'new', 201)");
    expect(await place.verified()).toMatchObject({
      verdict: 'same',
      plan: inside,
      rows: { source: rows - 2, destination: rows - 2, not_yet_due: 3, updated_since: 2 },
    });
    const some = await place.verified('--range', '10..20');
    expect(some).toMatchObject({ verdict: 'same', plan: inside, rows: { source: rows / 10 - 2, destination: rows / 10 - 2 } });
    await database.sql("update e set name = 'wrong' where id = 115");
    expect(await place.verified('--range', '10..20')).toMatchObject({ verdict: 'differs', differing: [{ key: { id: '115' } }] });
  });

  it('compares whole rows without a key, and reads columns that have no text there', async () => {
    using place = await scene('', `, case when i % 2 = 0 then '{"a": 1}'::json end as doc`);
    expect(await place.verified()).toMatchObject({
      verdict: 'same',
      plan: { read_because: { side: 'source', what: 'column', column: 'doc' } },
    });
    await database.sql('alter table src drop constraint src_pkey');
    expect(await place.verified('--columns', 'id,name')).toMatchObject({ verdict: 'same', plan: { ...inside, key: [] } });
    await database.sql('insert into src select * from src where id = 17');
    expect(await place.verified('--columns', 'id,name')).toMatchObject({
      verdict: 'differs',
      differing: [{ found: 'only in the source', times: 1, columns: [{ column: 'id', source: '17' }, { column: 'name' }] }],
    });
  });
});
