import { expect, it } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import { inProcess } from '../support/in-process.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, firstOf, mariadb, onEach, postgres, sqlite } from './databases.ts';

const files = '{ path: lake }';

const places = [
  ['a table', 'incremental'],
  ['a table', 'full_drop'],
  ['files', 'full_drop'],
  ['files', 'incremental'],
] as const;

onEach([postgres, mariadb, sqlite, duckdb], 'a source in $name next to what settled of it', (database, kind) => {
  const title = 'is the same in %s after a load (%s), and each difference is named';
  it.each(sampled(places, 4, firstOf(kind)))(title, async (where, runType) => {
    await database.cleared();
    await database.sql('create table src (id integer primary key, name varchar(20), price decimal(10, 2), n integer)');
    const rows = Array.from({ length: 200 }, (_, n) => `(${n}, ${n % 7 === 0 ? 'null' : `'r${n} '`}, ${n}.50, ${n})`);
    await database.sql(`insert into src values ${rows.join(', ')}`);
    const isTable = where === 'a table';
    const sums = isTable && kind !== sqlite;
    const watermark = runType === 'incremental' ? `watermark: { column: n, key: [id] }\n` : '';
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/f/flow.yml': `home: { connection: c, table: src }
store: ${isTable ? `{ connection: c, table: e${database.keys} }` : files}
run_type: ${runType}\n${watermark}verify: counts\nentities: [e]\n`,
    });
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: database.password });
    const verified = async (): Promise<Comparison> => {
      const { code, stdout, stderr } = await hygge('verify', '--output', 'json', '--pause', '0s');
      expect(stdout, stderr).not.toBe('');
      const found = JSON.parse(stdout) as Comparison;
      expect(code).toBe(found.ok ? 0 : 1);
      return found;
    };
    const loaded = await hygge('go', '--output', 'json');
    expect(loaded.code, loaded.stderr).toBe(0);
    const events = loaded.stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    expect(events.find(({ event }) => event === 'verified')).toMatchObject({
      verdict: 'same',
      by: 'counts',
      rows: { source: 200, destination: 200 },
    });

    const first = await verified();
    expect(first).toMatchObject({
      verdict: 'same',
      error: null,
      rows: { source: 200, destination: 200 },
      plan: { key: ['id'] },
    });
    const how = sums && first.plan?.read_because?.what !== 'server' ? 'inside' : 'read';
    const rowsRead = how === 'inside' ? 0 : 200;
    expect(first).toMatchObject({
      plan: { source: { how }, destination: { how } },
      work: { source: { rows_read: rowsRead }, destination: { rows_read: rowsRead } },
    });

    await database.sql("update src set name = 'r8' where id = 8");
    await database.sql('delete from src where id = 9');
    await database.sql("insert into src values (500, 'late', 1, 10)");
    if (isTable) await database.sql('update e set price = 11.51 where id = 11');
    const found = await verified();
    const key = (id: number) => ({ key: { id: String(id) } });
    expect(found.verdict).toBe('differs');
    expect([...found.differing].sort((a, b) => Number(a.key?.id) - Number(b.key?.id))).toMatchObject([
      { found: 'changed', ...key(8), columns: [{ column: 'name', source: 'r8', destination: 'r8 ' }] },
      { found: 'only in the destination', ...key(9) },
      ...(isTable ? [{ found: 'changed', ...key(11), columns: [{ column: 'price', source: '11.5', destination: '11.51' }] }] : []),
      { found: 'only in the source', ...key(500) },
    ]);
  });
});
