import { describe, expect, test } from 'vitest';
import { duck } from '../../support/duck.ts';
import { here } from '../../support/here.ts';
import type { MemoryTable } from '../../support/sqlserver.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import type { Value } from '../../support/tds/values.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, servedFabric } from './support.ts';

const columns = { id: 'int not null', text: 'varchar(60)' };
const table: MemoryTable = {
  ...{ name: 'dbo.t', columns },
  rows: Array.from({ length: 400 }, (_, at): Value[] => [String(at), `row ${at} ${'x'.repeat(40)}`]),
};
/** Rows as a slice sends them, before the rest of them is lost. */
const some = {
  columns: { id: 'int not null', text: 'varbinary(60)' },
  rows: table.rows.slice(0, 180).map(([id, text]): Value[] => [id ?? null, Buffer.from(String(text))]),
};
const reads = ({ sql }: TdsRequest) => sql.startsWith('SELECT [id], CONVERT(varbinary(60), [text])');

async function moved(how: Answer) {
  let n = 0;
  const before = (request: TdsRequest) => (reads(request) && n++ === 0 ? how : undefined);
  await using database = await servedFabric({ item: 'warehouse', tables: [table], before });
  using workspace = new TestWorkspace({
    'hygge.yml': `name: w\n${connectionOf(database)}`,
    'flows/f/flow.yml': 'home: { connection: sales }\nstore: { type: parquet, path: out }\nentities: [t]\n',
  });
  const run = await here(workspace, 'go');
  const isThere = [...workspace.tree().keys()].some((path) => path.startsWith('out/t/') && path.endsWith('.parquet'));
  const rows = isThere
    ? await duck(`select count(*)::int as n, count(distinct id)::int as ids from '${workspace.path('out/t/*.parquet')}'`)
    : [];
  return { code: run.code, rows, retried: run.events.filter(({ event }) => event === 'retry').length };
}

describe('what goes wrong while a Fabric Warehouse is read', () => {
  const error = (number: number, more: object = {}): Answer => ({ error: { number, message: `Error ${number}.`, ...more } });
  test.each([
    ['a conflict', error(24556)],
    ['a throttled capacity', error(24801)],
    ['a database that moves, and the end of the connection after rows', [some, error(40197, { class: 20 })] as Answer],
  ])('%s: the slice is read again, and each row arrives once', async (_, how) => {
    expect(await moved(how)).toEqual({ code: 0, rows: [{ n: 400, ids: 400 }], retried: 1 });
  });

  test('a capacity that is paused ends the run, and nothing is there', async () => {
    expect(await moved([some, error(24802)] as Answer)).toEqual({ code: 1, rows: [], retried: 0 });
  });
});
