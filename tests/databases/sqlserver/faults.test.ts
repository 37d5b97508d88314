import { describe, expect, test } from 'vitest';
import { duck } from '../../support/duck.ts';
import { here } from '../../support/here.ts';
import { framesIn, framesOf, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import { sampled } from '../../support/samples.ts';
import type { MemoryTable } from '../../support/sqlserver.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import type { Value } from '../../support/tds/values.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, type Served, served } from './support.ts';

const columns = { id: 'int not null', text: 'nvarchar(60)' };
const wholeRow = (at: number): Value[] => [String(at), `row ${at} ${'x'.repeat(40)}`];
const table: MemoryTable = { name: 'dbo.t', columns, rows: Array.from({ length: 600 }, (_, at) => wholeRow(at)), keys: ['id'] };
const reads = ({ sql }: TdsRequest) => sql.includes('\nSELECT [id], [text] FROM');

/** The first `times` reads end so; the others as they should. */
function failing(
  times: number,
  how: Answer,
): { readonly before: (request: TdsRequest) => Answer | undefined; readonly failed: () => number } {
  let n = 0;
  return { before: (request) => (reads(request) && n++ < times ? how : undefined), failed: () => Math.min(n, times) };
}

const some = { columns, rows: table.rows.slice(0, 340) };

describe('what goes wrong while SQL Server is read', () => {
  const moved = async (database: Served) => {
    using workspace = new TestWorkspace({ 'hygge.yml': `name: w\n${connectionOf(database)}` });
    workspace.write({
      'flows/f/flow.yml': 'home: { type: sqlserver, connection: erp }\nstore: { type: parquet, path: out }\nentities: [t]\n',
    });
    const run = await here(workspace, 'go');
    const error = run.events.find(({ event }) => event === 'error');
    const isThere = run.code === 0 || [...workspace.tree().keys()].some((path) => path.startsWith('out/t/') && path.endsWith('.parquet'));
    const rows = isThere
      ? await duck(
          `select count(*)::int as n, count(distinct id)::int as ids, sum(id)::int as sum from '${workspace.path('out/t/*.parquet')}'`,
        )
      : [];
    return { code: run.code, error, rows, retried: run.events.filter(({ event }) => event === 'retry').length };
  };
  const whole = [{ n: 600, ids: 600, sum: (599 * 600) / 2 }];

  const passing = [
    ['a deadlock', { error: { number: 1205, class: 13, message: 'Transaction (Process ID 61) was deadlocked.' } }],
    ['a deadlock after rows', [some, { error: { number: 1205, class: 13, message: 'Transaction (Process ID 61) was deadlocked.' } }]],
    ['a lock that no one lets go', { error: { number: 1222, message: 'Lock request time out period exceeded.' } }],
    ['a change under SNAPSHOT', { error: { number: 3961, message: 'Snapshot isolation transaction failed in database.' } }],
    ['a database that moves', { error: { number: 40197, message: 'The service has encountered an error.' } }],
    [
      'the same, and the end of the connection',
      [some, { error: { number: 40197, class: 20, message: 'The service has encountered an error.' } }],
    ],
    ['a connection that is closed in the middle', [some, { drop: 'closed' }]],
    ['a connection that is reset in the middle', [some, { drop: 'reset' }]],
    ['a connection that is reset before the first byte', { drop: 'reset' }],
  ] as const;
  test.each(sampled(passing, 3))('%s: the slice is read again, and each row arrives once', async (_, how) => {
    const { before, failed } = failing(1, how as Answer);
    await using database = await served({ tables: [table], before });
    expect(await moved(database)).toMatchObject({ code: 0, rows: whole, retried: 1 });
    expect(failed()).toBe(1);
  });

  test.each([
    [
      'a value that can’t be converted',
      { error: { number: 8114, message: 'Error converting data type.' } },
      'HYG-3511',
      'Error converting data type.',
    ],
    [
      'the same after rows',
      [some, { error: { number: 8134, message: 'Divide by zero error encountered.' } }],
      'HYG-3511',
      'Divide by zero',
    ],
    [
      'two errors, of which the first is the reason',
      [{ error: { number: 8114, message: 'The reason.' } }, { error: { number: 3621, message: 'The statement has been terminated.' } }],
      'HYG-3511',
      'The reason.',
    ],
    [
      'a revoked right',
      { error: { number: 229, message: "The SELECT permission was denied on the object 't'." } },
      'HYG-3507',
      'permission was denied',
    ],
  ] as const)('%s: an error, and nothing is there', async (_, how, code, said) => {
    await using database = await served({ tables: [table], before: failing(99, how as Answer).before });
    const { error, rows, retried } = await moved(database);
    expect({ error, rows, retried }).toMatchObject({
      error: { code, why: expect.arrayContaining([expect.stringContaining(said)]) },
      rows: [],
      retried: 0,
    });
  });

  test('connections that died while they were in the pool are recreated', async () => {
    await using database = await served({ tables: [table] });
    const home = await database.home({ table: 't' });
    const read = () => rowsOf(framesOf(home));
    expect((await read()).length).toBe(600);
    const { length } = database.server.logins;
    database.server.drop();
    expect((await read()).length).toBe(600);
    expect(database.server.logins.length).toBeGreaterThan(length);
  });

  test('who stops reading has the server stop, and the connection is good for more', async () => {
    const endless = function* () {
      for (let at = 0; ; at++) yield wholeRow(at);
    };
    let isEndless = true;
    const seen: AbortSignal[] = [];
    const before = (request: TdsRequest): Answer | undefined => {
      if (!reads(request) || !isEndless) return undefined;
      seen.push(request.signal);
      return { columns, rows: endless() };
    };
    await using database = await served({ tables: [table], before });
    const home = await database.home({ table: 't', batch_size: 1_000 });
    const [slice] = await slicesOf(home);
    const { length } = database.server.logins;
    // By leaving.
    for await (const _ of framesIn(home, slice as NonNullable<typeof slice>)) break;
    // By a signal.
    const stopping = new AbortController();
    const stop = async () => {
      for await (const _ of home.read(
        slice as NonNullable<typeof slice>,
        { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' },
        undefined,
        stopping.signal,
      ))
        stopping.abort(new Error('enough'));
    };
    await expect(stop()).rejects.toThrow('enough');
    expect(seen.map(({ aborted }) => aborted)).toEqual([true, true]);
    isEndless = false;
    expect((await rowsOf(framesOf(home))).length).toBe(600);
    expect(database.server.logins.length).toBe(length);
  });

  test.each([
    ['decimal(10,2)', 'decimal(10,4)', '1.2500'],
    ['int', 'bigint', '5000000000'],
    ['bit', 'int', '2'],
    ['datetime2(3)', 'datetime2(7)', '2024-01-01 00:00:00.1234567'],
    ['float', 'nvarchar(9)', 'x'],
  ])('a column of %s that is a %s when its rows come is planned anew', async (was, is, cell) => {
    const before = ({ sql }: TdsRequest): Answer | undefined =>
      sql.includes('\nSELECT [a] FROM') ? { columns: { a: is }, rows: [[cell]] } : undefined;
    await using database = await served({ tables: [{ name: 'dbo.t', columns: { a: was }, rows: [] }], before });
    await expect(rowsOf(framesOf(await database.home({ table: 't' })))).rejects.toMatchObject({ code: 'HYG-3504' });
  });
});
