import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { connecting, type MysqlSession } from '../../../src/databases/mysql/connect.ts';
import type { MysqlKeys } from '../../../src/databases/mysql/keys.ts';
import { Secret } from '../../../src/ports/secret.ts';
import { mariadbDatabase, type TestDatabase } from '../../support/mariadb.ts';
import { openingOfTests } from '../../support/postgres-home.ts';
import { onMariadb } from './support.ts';

const loading = (session: MysqlSession, table: string, pieces: Iterable<Buffer>) =>
  session.send(`load data local infile 'rows' into table ${table} lines terminated by '\\n'`, { name: 'rows', pieces });

/** A session, and what it writes to. */
async function sessionTo(database: TestDatabase): Promise<{ readonly session: MysqlSession; readonly socket: Socket }> {
  const { opening } = openingOfTests();
  const sockets: Socket[] = [];
  const take = (message: unknown): void => void sockets.push((message as { readonly socket: Socket }).socket);
  diagnostics.subscribe('net.client.socket', take);
  try {
    const { host, port, user, password } = database;
    const keys = { host, port, user, password: new Secret(password), database: database.database, tls: 'disable', connect_timeout: 15 };
    const session = await connecting(keys as unknown as MysqlKeys, opening).open(new AbortController().signal);
    const [socket] = sockets;
    if (!socket) throw new Error('no socket');
    return { session, socket };
  } finally {
    diagnostics.unsubscribe('net.client.socket', take);
  }
}

onMariadb('Rows that are sent over several connections at once', () => {
  test('end for the server where they end, also while one of them can’t be written for the moment', async () => {
    await using database = await mariadbDatabase();
    await database.sql(
      'create table a (id bigint primary key, t varchar(2000)) engine = InnoDB; create table b (id bigint primary key) engine = InnoDB',
    );
    const [holding, held, other] = [await sessionTo(database), await sessionTo(database), await sessionTo(database)];
    await holding.session.run(['start transaction', 'insert into a values (0, null)']);
    let rows = 0;
    // The server waits for the row, reads nothing more, and the last of them stay here.
    const pieces = (function* () {
      while (held.socket.writableLength === 0) {
        yield Buffer.from(`${rows++}\t${'x'.repeat(2000)}\n`);
      }
    })();
    const loaded = loading(held.session, 'a', pieces);
    await expect.poll(() => held.socket.writableLength).toBeGreaterThan(0);
    expect(await loading(other.session, 'b', [Buffer.from('1\n'), Buffer.from('2\n')])).toEqual({ rows: 2, warnings: 0 });
    await holding.session.run('rollback');
    expect(await loaded).toEqual({ rows, warnings: 0 });
    for (const { session } of [holding, held, other]) await session.close();
  });
});
