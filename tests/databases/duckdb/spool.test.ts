import { describe, expect, test } from 'vitest';
import { type Rows, Spool } from '../../../src/databases/duckdb/spool.ts';

/** A spool over a database that takes rows when it is told to. */
function spool({ takes = (sent: number) => sent }: { readonly takes?: (sent: number) => number } = {}) {
  const sizes = new Map<string, number>();
  const [statements, freed]: [string[], string[]] = [[], []];
  const held: { readonly go: () => void; readonly fail: (error: Error) => void }[] = [];
  const own = new Spool((sql) => {
    statements.push(sql);
    const sent = [...sql.matchAll(/'(\w+)'/g)].reduce((sum, [, path = '']) => sum + (sizes.get(path) ?? 0), 0);
    return new Promise((resolve, reject) => held.push({ go: () => resolve(takes(sent)), fail: reject }));
  });
  const rows = (path: string, of: Partial<Pick<Rows, 'insert' | 'rows' | 'bytes'>> = {}): Rows => {
    const file = { path, pieces: () => (async function* () {})(), [Symbol.asyncDispose]: async () => void freed.push(path) };
    const one = { insert: 'insert into t select c0', rows: 250_000, bytes: 1_000, isInMemory: false, file, ...of };
    sizes.set(path, one.rows);
    return one;
  };
  return { own, rows, statements, freed, held };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('rows on their way into a table of DuckDB', () => {
  test('go in before anything else is asked, however few they are', async () => {
    const { own, rows, statements, held } = spool();
    await own.add(rows('a', { rows: 1 }));
    expect(statements).toEqual([]);
    const flushed = own.flushed();
    await turn();
    held[0]?.go();
    await flushed;
    expect(statements).toHaveLength(1);
  });

  test('of other columns, or another table, go by an INSERT of their own', async () => {
    const { own, rows, statements, held } = spool();
    await own.add(rows('a', { rows: 1 }));
    const second = own.add(rows('b', { rows: 1, insert: 'insert into other select c0::DATE' }));
    await turn();
    held[0]?.go();
    await second;
    const flushed = own.flushed();
    await turn();
    held[1]?.go();
    await flushed;
    expect(statements).toEqual([
      `insert into t select c0 from read_parquet(['a'])`,
      `insert into other select c0::DATE from read_parquet(['b'])`,
    ]);
  });

  test('are refused where DuckDB took fewer of them than were sent', async () => {
    const { own, rows, freed, held } = spool({ takes: (sent) => sent - 1 });
    await own.add(rows('a'));
    await turn();
    held[0]?.go();
    await expect(own.flushed()).rejects.toMatchObject({ code: 'HYG-9001', message: expect.stringMatching(/250000 .*249999/) });
    expect(freed).toEqual(['a']);
  });

  test('that fail are told of to who brings the next ones, and with that transaction all are forgotten', async () => {
    const { own, rows, statements, freed, held } = spool();
    await own.add(rows('a'));
    await turn();
    held[0]?.fail(new Error('no room'));
    await own.add(rows('b', { rows: 1 })).catch(() => undefined);
    await expect(own.flushed()).rejects.toThrow('no room');
    await own.dropped();
    await own.flushed();
    expect([statements.length, [...freed].sort(), own.isIdle]).toEqual([1, ['a', 'b'], true]);
  });

  test('are forgotten only when what is at work is over', async () => {
    const { own, rows, held } = spool();
    await own.add(rows('a'));
    await own.add(rows('b', { rows: 1 }));
    await turn();
    let isOver = false;
    const dropped = own.dropped().then(() => {
      isOver = true;
    });
    await turn();
    expect(isOver).toBe(false);
    held[0]?.fail(new Error('interrupted'));
    await dropped;
    expect(own.isIdle).toBe(true);
  });
});
