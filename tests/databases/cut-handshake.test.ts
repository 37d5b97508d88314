import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Home } from '../../src/engine/contracts/home.ts';
import { mariadbDatabase, noMariadb } from '../support/mariadb.ts';
import { openedOnce } from '../support/opened-once.ts';
import { postgresHomes } from '../support/postgres-home.ts';
import { startStatementProxy } from '../support/statement-proxy.ts';
import { mysqlHomes } from './mysql/support.ts';
import { served } from './sqlserver/support.ts';

type Ending = (client: Socket) => void;

const endings: readonly (readonly [string, Ending])[] = [
  ['closes', (client) => client.end()],
  ['resets', (client) => client.resetAndDestroy()],
];

/** Passes on what both sides say until the client has sent `last` packets; then ends the connection of the client instead. */
const endingAfter = (last: number, ending: Ending) => (client: Socket, upstream: Socket) => {
  let sent = 0;
  upstream.pipe(client);
  client.on('data', (data) => {
    if (++sent === last) return ending(client);
    upstream.write(data);
  });
};

const refusal = async (home: Home): Promise<unknown> =>
  home.describe().then(
    () => 'let in',
    (error: unknown) => error,
  );

const unreached = { code: 'HYG-6501', transient: true };

/** A server that stops while a connection becomes a safe one is tried again, as one that stops before it is. */
describe.skipIf(noMariadb())('MySQL that ends a connection while TLS is set up', () => {
  const database = openedOnce(() => mariadbDatabase());

  it.each(endings)('is out of reach: it %s it', async (_, ending) => {
    const { host, port } = database.keys as { readonly host: string; readonly port: number };
    await using proxy = await startStatementProxy({ host, port }, undefined, endingAfter(1, ending));
    await using homes = mysqlHomes(database);

    expect(await refusal(await homes.home({ table: 't', host: proxy.host, port: proxy.port, tls: 'require' }))).toMatchObject(unreached);
  });
});

describe('SQL Server that ends a connection while TLS is set up', () => {
  it.each([
    ...endings.map(([how, ending]) => [`${how} it, inside of the protocol`, ending, 2, {}] as const),
    ...endings.map(([how, ending]) => [`${how} it, around the protocol`, ending, 1, { encrypt: 'strict' }] as const),
  ])('is out of reach: it %s', async (_, ending, last, keys) => {
    await using database = await served({ tables: [] }, 'encrypt' in keys ? { encryption: 'strict' } : {}, keys);
    const { port } = database.keys as { readonly port: number };
    await using proxy = await startStatementProxy({ host: '127.0.0.1', port }, undefined, endingAfter(last, ending));

    expect(await refusal(await database.home({ table: 't', port: proxy.port }))).toMatchObject(unreached);
  });
});

describe('PostgreSQL that ends a connection while TLS is set up', () => {
  it.each(endings)('is out of reach: it %s it', async (_, ending) => {
    const server = createServer((client) => {
      client.on('error', () => undefined);
      client.once('data', () => {
        client.write('S');
        client.once('data', () => ending(client));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using homes = postgresHomes({ host: '127.0.0.1', port, database: 'd', user: 'u', password: 'p' }, { tls: 'require' });

    expect(await refusal(await homes.home({ table: 't' }))).toMatchObject(unreached);
    server.close();
  });
});
