import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connecting, type PostgresSession } from '../../../src/databases/postgres/connect.ts';
import type { Room } from '../../../src/databases/postgres/copy/statements.ts';
import { postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startStatementProxy } from '../../support/statement-proxy.ts';
import { testNetwork } from '../../support/test-network.ts';
import { onPostgres } from './support.ts';

onPostgres('COPY … FROM STDIN', () => {
  let db: TestDatabase;
  const open: PostgresSession[] = [];
  beforeAll(async () => {
    db = await postgresDatabase();
  });
  beforeEach(() => db.sql('drop table if exists t; create table t (n int check (n >= 0), filler text)'));
  afterAll(async () => {
    for (const session of open) await session.close();
    await db[Symbol.asyncDispose]();
  });

  async function session(through: { readonly port: number } = db): Promise<PostgresSession> {
    const { host, user, password, database } = db;
    const keys = { host, port: through.port, user, password, database, tls: 'disable', connect_timeout: 10, auth: 'password' };
    const made = await connecting(keys as never, { root: '/', network: testNetwork } as never).open(undefined);
    open.push(made);
    return made;
  }

  /** Lines in memory that is used again. */
  function* lines(room: Room, rows: number, at: (row: number) => string = String): Generator<Buffer> {
    const filler = 'x'.repeat(1_000);
    for (let from = 0; from < rows; from += 500) {
      const memory = room.take(1_000_000);
      let end = 0;
      for (let row = from; row < Math.min(rows, from + 500); row++) end += memory.write(`${at(row)}\t${filler}\n`, end, 'latin1');
      yield memory.subarray(0, end);
    }
  }
  const copy = 'copy t from stdin';
  const found = async () => (await db.sql('select count(*) as n, count(distinct n) as each, sum(n) as sum from t'))[0];

  test('sends each piece before its memory is used again, however slowly the server takes them', async () => {
    await using slow = await slowly(db);
    const through = await session(slow);
    expect(await through.copyIn(copy, (room) => lines(room, 4_000))).toBe(4_000);
    expect(await found()).toEqual({ n: '4000', each: '4000', sum: String((4_000 * 3_999) / 2) });
    expect(await through.copyIn(copy, (room) => lines(room, 1))).toBe(1);
  });

  test('is undone where a piece can not be made, and the connection continues', async () => {
    const going = await session();
    await going.run('begin');
    const broken = going.copyIn(copy, function* (room) {
      yield* lines(room, 3_000);
      throw new RangeError('no such value');
    });
    await expect(broken).rejects.toEqual(new RangeError('no such value'));
    await going.run('rollback');
    expect(going.isBroken).toBe(false);
    expect(await going.copyIn(copy, (room) => lines(room, 2_000))).toBe(2_000);
    expect(await found()).toMatchObject({ n: '2000' });
  });

  test('that the server refuses half way is reported in its words, and the connection continues', async () => {
    const going = await session();
    await going.run('begin');
    const refused = going.copyIn(copy, (room) => lines(room, 20_000, (row) => String(row === 700 ? -1 : row)));
    await expect(refused).rejects.toMatchObject({ name: 'DatabaseError', code: '23514', isLost: false });
    await going.run('rollback');
    expect(await going.query('select 1 as one')).toEqual([{ one: '1' }]);
    expect(await going.copyIn(copy, (room) => lines(room, 2_000))).toBe(2_000);
    expect(await found()).toMatchObject({ n: '2000', each: '2000' });
  });

  test('of a table that is not there makes no piece', async () => {
    const going = await session();
    let made = 0;
    const absent = going.copyIn('copy no_such_table from stdin', function* (room) {
      made++;
      yield* lines(room, 1);
    });
    await expect(absent).rejects.toMatchObject({ code: '42P01' });
    expect([made, going.isBroken]).toEqual([0, false]);
  });

  test('over a connection that is lost fails, and does not wait', async () => {
    await using slow = await slowly(db);
    const through = await session(slow);
    const lost = through.copyIn(copy, (room) => lines(room, 50_000));
    const told = expect(lost).rejects.toMatchObject({ name: 'DatabaseError', isLost: true });
    await wait(200);
    slow.cut();
    await told;
    expect(through.isBroken).toBe(true);
    await expect(through.copyIn(copy, (room) => lines(room, 1))).rejects.toMatchObject({ isLost: true });
    expect(await found()).toMatchObject({ n: '0' });
  });
});

/** A way to the server that takes a while for whatever the client sends. */
async function slowly(db: TestDatabase) {
  const clients = new Set<Socket>();
  const proxy = await startStatementProxy(db, undefined, (client, upstream) => {
    clients.add(client);
    upstream.pipe(client);
    client.on('data', (piece) => {
      client.pause();
      upstream.write(piece);
      setTimeout(() => client.resume(), 2);
    });
  });
  const cut = () => {
    for (const client of clients) client.destroy();
  };
  return { port: proxy.port, cut, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}
