import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseError } from '../../../src/databases/engine.ts';
import { explain } from '../../../src/databases/mysql/errors.ts';
import { addressOf, clash, type MysqlKeys } from '../../../src/databases/mysql/keys.ts';
import { findConnector } from '../../../src/registry.ts';
import { isMysql, mariadbDatabase, noMariadb, type TestDatabase } from '../../support/mariadb.ts';
import { freePort } from '../../support/postgres-process.ts';
import { mysqlHomes } from './support.ts';

describe('Keys of a connection to MySQL', () => {
  const at = (keys: Partial<MysqlKeys>) => addressOf({ database: 'd', user: 'u', ...keys });

  it('come to a host, or a socket, and to TLS wherever the way leaves this machine', () => {
    expect(at({})).toMatchObject({ host: 'localhost', port: 3306, tls: 'disable' });
    expect(at({ host: 'db.example' })).toMatchObject({ tls: 'verify-full' });
    expect(at({ socket: '/run/mysqld/mysqld.sock' })).toMatchObject({ socket: '/run/mysqld/mysqld.sock', tls: 'disable' });
    expect(addressOf({ url: 'mysql://me%40x@db.example:3307/sales' })).toMatchObject({
      host: 'db.example',
      port: 3307,
      user: 'me@x',
      database: 'sales',
    });
    expect(addressOf({ url: 'mariadb://me@[::1]/sales' })).toMatchObject({ host: '::1', port: 3306, tls: 'disable' });
  });

  it.each<readonly [Partial<MysqlKeys>, string]>([
    [{ url: 'mysql://u@h/d', host: 'h' }, 'host'],
    [{ url: 'mysql://u:secret@h/d' }, 'url'],
    [{ socket: '/s', port: 3306 }, 'port'],
    [{ database: undefined }, 'database'],
    [{ user: undefined }, 'user'],
    [{ client_id: 'c' }, 'client_id'],
    [{ auth: 'entra', password: {} as MysqlKeys['password'] }, 'password'],
    [{ auth: 'entra', host: 'db.example', tls: 'disable' }, 'tls'],
    [{ host: '10.0.0.1' }, 'host'],
    [{ tls_key_path: 'key.pem' }, 'tls_key_path'],
  ])('%j are refused at %s', (keys, key) => {
    const given = keys.url === undefined ? { database: 'd', user: 'u', ...keys } : keys;

    expect(clash({ pool_size: 5, connect_timeout: 15, ...given } as MysqlKeys)).toMatchObject({ key });
  });
});

describe('A server that answers and refuses', () => {
  it.each([
    ['begin', '1290', 'begins a transaction'],
    ['connect', '1290', 'open a session'],
    ['connect', '1231', 'open a session'],
  ] as const)('while we %s, with %s, is not called unreachable', (doing, code, said) => {
    const explained = explain(new DatabaseError('The server has its reasons', { code }), { place: 'mysql db.example/erp', doing });

    expect(explained).toMatchObject({ code: 'HYG-6576', what: expect.stringContaining(said), transient: false });
    expect(explained.why).toEqual(['The server has its reasons.', `The error code is ${code}.`]);
    expect(explained.tryThis.join()).not.toMatch(/firewall|host, port/);
  });

  it.each([
    ['ECONNREFUSED', true],
    ['1053', true],
  ])('is told apart from one that is not reached: %s', (code, isLost) => {
    const explained = explain(new DatabaseError('gone', { code, isLost }), { place: 'mysql db.example/erp', doing: 'begin' });

    expect(explained).toMatchObject({ code: 'HYG-6501', transient: true });
  });
});

describe.skipIf(noMariadb())('A connection to MariaDB', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await mariadbDatabase();
    await database.sql('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)');
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  const describing = async (config: Readonly<Record<string, unknown>>): Promise<unknown> => {
    await using homes = mysqlHomes(database);
    const home = await homes.home({ table: 't', ...config });
    return home.describe();
  };

  it.each([
    ['verify-full', {}],
    ['verify-ca', { tls: 'verify-ca' }],
    ['require', { tls: 'require', tls_ca_path: undefined }],
    ['disable', { tls: 'disable' }],
  ])('comes about with tls: %s', async (_, config) => {
    await expect(describing(config)).resolves.toMatchObject({ done: { keys: ['id'] } });
  });

  it('comes about by a socket', async () => {
    const { socket } = database;

    await expect(describing({ socket, host: undefined, port: undefined, tls: undefined, tls_ca_path: undefined })).resolves.toMatchObject({
      done: { keys: ['id'] },
    });
  });

  it.each<readonly [string, () => Promise<Readonly<Record<string, unknown>>>, string]>([
    ['the password is wrong', async () => ({ password: 'wrong' }), 'HYG-6502'],
    ['there is no such database', async () => ({ database: 'nowhere' }), 'HYG-6504'],
    ['no one knows the authority of its certificate', async () => ({ tls_ca_path: undefined }), 'HYG-6503'],
    ['the certificate is of another host', async () => ({ host: '127.1' }), 'HYG-6503'],
    ['the file of the authority is missing', async () => ({ tls_ca_path: '/nowhere.pem' }), 'HYG-6503'],
    ['no one listens there', async () => ({ port: await freePort() }), 'HYG-6501'],
  ])('is refused with a code where %s', async (_, config, code) => {
    await expect(describing(await config())).rejects.toMatchObject({ code });
  });

  it('is told of by debug: who, how, and what it may see', async () => {
    await using homes = mysqlHomes(database);
    const side = (await findConnector('mysql'))?.home;
    const config = side?.config.parse({ ...database.keys, table: 't' });

    const findings = await side?.probe?.(config, homes.opening);

    expect(findings?.map(({ ok, what }) => `${ok} ${what}`)).toEqual([
      expect.stringMatching(
        isMysql
          ? /^true MySQL \d+\.\S+ lets test_\S+@% connect to test_\S+ \(open connections of the account: \d+\)$/
          : /^true MariaDB 10\.\S+ lets test_\S+@% connect to test_\S+ \(open connections of the account: \d+\)$/,
      ),
      expect.stringMatching(/^true the connection is encrypted \(TLSv1\.\d\)$/),
      expect.stringContaining('may read'),
      expect.stringMatching(/^true open transactions are shown to test_\S+@%: a watermark waits for them$/),
    ]);
  });
});
