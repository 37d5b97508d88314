import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blocksOf } from '../../docs/blocks.ts';
import { duck } from '../../support/duck.ts';
import { onPostgres, ownDatabase, ownWorkspace } from './support.ts';

/** With numbers that are none of JavaScript as their digits, and times as DuckDB spells them. */
function document(text: string | null): unknown {
  if (text === null) return null;
  const spelt = text.replace(/(?<=: ?)(-?\d{16,})(?=[,}])/g, '"$1"').replace(/(\d{4}-\d\d-\d\d)T/g, '$1 ');
  return JSON.parse(spelt);
}

onPostgres('flows into PostgreSQL', () => {
  const opened = ownDatabase();
  const own = ownWorkspace(opened);

  test('the flow of docs/databases-writing.md settles', async () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'databases-writing.md'), 'utf8');
    const [snippet] = blocksOf(page).filter(({ language }) => language === 'yaml');
    const { host, port, database, user } = opened.db;
    const here = `host: ${host}, port: ${port}, database: ${database}, user: ${user}, password: "\${PG_SECRET}"`;
    own.workspace.write({ 'hygge.yml': (snippet?.text ?? '').replace('host: db.example, database: erp, user: loader', here) });
    for (const entity of ['orders', 'customers'])
      await own.workspace.parquet(`lake/${entity}/1.parquet`, 'select range as id from range(10)');
    expect(await own.hygge('go')).toMatchObject({ code: 0 });
    expect(await opened.db.sql('select count(*) as n from shop.orders, shop.customers')).toEqual([{ n: '100' }]);
    await opened.db.sql('drop schema shop cascade');
  });

  test('structs, maps and lists of lists settle as documents, and merge into a column of JSON that is there', async () => {
    own.workspace.write({
      'flows/f/flow.yml':
        'home: { type: parquet, path: in }\nstore: { type: postgres, connection: pg }\nrun_type: incremental\nwatermark: { column: at, key: [id] }\nentities: [o, p]\n',
    });
    const select = (from: number, to: number) => `select range as id, timestamp '2024-01-01' + interval (range) hour as at,
      case when range % 7 = 0 then null else { i: range * 1305843009213693, t: 'it''s "' || range || chr(10) || 'ø', d: (range / 8)::decimal(18,4), f: range / 3, n: null::int,
        day: date '2024-02-29', ts: timestamp '2024-01-01 00:00:00.000001' + interval (range) second, deep: { b: range % 2 = 0, u: 'x' || range } } end as s,
      map { 'k' || range: range, 'z': null } as m, [[range, null], [], null] as l, [{ a: range }, null] as r from range(${from}, ${to})`;
    const asJson = (path: string) =>
      duck(`select id, to_json(s)::varchar as s, to_json(l)::varchar as l, to_json(r)::varchar as r from '${path}' order by id`);
    await opened.db.sql('create table p (id bigint, at timestamp, s json, m jsonb, l jsonb, r json)');
    for (const entity of ['o', 'p']) await own.workspace.parquet(`in/${entity}/1.parquet`, select(0, 500));
    expect(await own.hygge('go')).toMatchObject({ code: 0 });
    for (const entity of ['o', 'p']) await own.workspace.parquet(`in/${entity}/2.parquet`, select(500, 600));
    const { code, events } = await own.hygge('go', '--output', 'json');
    expect([code, events.findLast(({ event }) => event === 'plan')]).toMatchObject([0, { write: { mode: 'merge' } }]);
    const expected = await asJson(own.workspace.path('in/o/*.parquet'));
    expect(expected).toHaveLength(600);
    for (const entity of ['o', 'p']) {
      const found = await opened.db.sql(`select id, s::text, l::text, r::text from ${entity} order by id`);
      for (const [at, row] of expected.entries()) {
        const { s, l, r } = found[at] ?? {};
        expect(document(s ?? null)).toEqual(document(row.s as string | null));
        expect([document(l ?? null), document(r ?? null)]).toEqual([document(row.l as string), document(row.r as string)]);
      }
    }
  });
});
