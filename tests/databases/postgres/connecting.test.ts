import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, clash, type PostgresKeys } from '../../../src/databases/postgres/keys.ts';
import { ConnectionError } from '../../../src/errors/hygge-error.ts';
import { findConnector } from '../../../src/registry.ts';
import { newAuthority } from '../../support/azure-hosts/certificates.ts';
import { managedIdentity } from '../../support/managed-identity.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { postgresHomes } from '../../support/postgres-home.ts';
import { freePort, type PostgresProcess, startPostgres } from '../../support/postgres-process.ts';

describe('where a connection leads, and as whom', () => {
  const at = (keys: Partial<PostgresKeys>, env: Readonly<Record<string, string>> = {}) => addressOf(keys, env);

  test('is said by keys, by a URL, or by the variables that psql reads, in this order', () => {
    const env = { PGHOST: 'env.example', PGPORT: '6543', PGUSER: 'env', PGDATABASE: 'envdb', PGPASSWORD: 'env' };
    expect(at({}, env)).toMatchObject({ hosts: [{ host: 'env.example', port: 6543 }], user: 'env', database: 'envdb', password: 'env' });
    expect(at({ host: 'a.example', database: 'erp' }, env)).toMatchObject({
      hosts: [{ host: 'a.example', port: 6543 }],
      database: 'erp',
      user: 'env',
    });
    expect(at({ url: 'postgres://me@a.example:7000/erp' }, env)).toMatchObject({
      hosts: [{ host: 'a.example', port: 7000 }],
      user: 'me',
      database: 'erp',
    });
    expect(at({}, {})).toMatchObject({ hosts: [{ host: 'localhost', port: 5432 }] });
  });

  test('may be several hosts, each with its own port', () => {
    const three = [
      { host: 'a.example', port: 6000 },
      { host: '::1', port: 7000 },
      { host: '/run/pg', port: 6000 },
    ];
    expect(at({ host: ['a.example', '[::1]:7000', '/run/pg'], port: 6000 }).hosts).toEqual(three);
    expect(at({ url: 'postgres://me@a.example:6000,[::1]:7000/erp?target_session_attrs=read-write' })).toMatchObject({
      hosts: three.slice(0, 2),
      target: 'primary',
    });
  });

  test.each(['$@%', 'p@ss:w/rd?#', `'"\\ü`])('keeps the password %s', (password) => {
    const url = `postgres://me:${encodeURIComponent(password)}@a.example/erp`;
    expect(at({ connection_string: { reveal: () => url } as PostgresKeys['connection_string'] }).password).toBe(password);
  });

  test('is encrypted and verified, but on this machine', () => {
    expect(at({ host: 'a.example' }).tls).toBe('verify-full');
    for (const host of ['localhost', '127.0.0.1', '::1', '/run/pg']) expect(at({ host }).tls).toBe('disable');
    expect(at({ host: ['localhost', 'a.example'] }).tls).toBe('verify-full');
    expect(at({ host: 'localhost', tls: 'verify-ca' }).tls).toBe('verify-ca');
  });

  test.each([
    [{ url: 'postgres://a', host: 'b' }, 'host'],
    [{ url: 'postgres://a', connection_string: { reveal: () => 'postgres://b' } }, 'connection_string'],
    [{ auth: 'entra', password: { reveal: () => 'x' } }, 'password'],
    [{ client_id: 'x' }, 'client_id'],
    [{ tls_key_path: 'x' }, 'tls_key_path'],
    [{ url: 'postgres://a/b?sslmode=prefer' }, 'url'],
    [{ url: 'postgres://a/b?options=-c' }, 'url'],
  ] as const)('has no keys that contradict each other: %j', (keys, key) => {
    expect(clash(keys as unknown as PostgresKeys)?.key).toBe(key);
  });
});

describe.skipIf(noPostgres() !== '')('a connection', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await postgresDatabase();
    await db.sql('create table t (id int)');
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const described = async (config: Readonly<Record<string, unknown>>) => {
    await using homes = postgresHomes(db, config);
    const step = await (await homes.home({ table: 't' })).describe();
    return 'done' in step ? step.done.schema?.columns.map(({ name }) => name) : [];
  };
  const refused = async (config: Readonly<Record<string, unknown>>) =>
    described(config).then(
      () => undefined,
      (error: { readonly code: string }) => error.code,
    );

  test('goes over a socket of this machine', async () => {
    expect(await described({ host: db.sockets })).toEqual(['id']);
  });

  test('continues to the next host that answers', async () => {
    expect(await described({ host: [`127.0.0.1:${await freePort()}`, `127.0.0.1:${db.port}`] })).toEqual(['id']);
  });

  test('is refused with a code for what is wrong', async () => {
    expect(await refused({ port: await freePort() })).toBe('HYG-6501');
    expect(await refused({ host: 'nobody.invalid', tls: 'disable' })).toBe('HYG-6501');
    expect(await refused({ password: '$@%' })).toBe('HYG-6502');
    expect(await refused({ user: 'nobody_of_that_name' })).toBe('HYG-6502');
    expect(await refused({ database: 'Nothing' })).toBe('HYG-6504');
    expect(await refused({ target: 'standby' })).toBe('HYG-6505');
    expect(await refused({ tls: 'require' })).toBe('HYG-6503');
    expect(await refused({ tls: 'require', tls_ca_path: '/nothing/there.pem' })).toBe('HYG-6503');
  });

  test('says so where the role has as many as it may', async () => {
    const role = `few_${db.database}`;
    await db.sql(`create role ${role} login password 'f' connection limit 1; grant select on t to ${role}`);
    const held = await db.client({ user: role, password: 'f' });
    expect(await refused({ user: role, password: 'f' })).toBe('HYG-6506');
    await held.end();
    await db.sql(`drop owned by ${role}; drop role ${role}`);
  });

  test('that stands and may not begin a transaction is not called unreachable; what is advised leads on', async () => {
    const role = `held_${db.database}`;
    await db.sql(`create role ${role} login password 'h'; grant select on t to ${role}`);
    await db.sql('revoke execute on function pg_catalog.pg_advisory_xact_lock_shared(int, int) from public');
    const failed: unknown = await described({ user: role, password: 'h' }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ConnectionError);
    const { code, what, why, tryThis, statement, transient } = failed as ConnectionError;
    expect({ code, what, why, transient }).toEqual({
      code: 'HYG-6576',
      what: expect.stringMatching(/^postgres .* answers, but refused a statement that begins a transaction\.$/),
      why: ['permission denied for function pg_advisory_xact_lock_shared.', 'The error code is 42501.'],
      transient: false,
    });
    expect(tryThis.join()).not.toMatch(/host|port|firewall/);
    expect(statement).toMatch(/^SELECT pg_catalog\.set_config.*, pg_catalog\.pg_advisory_xact_lock_shared\(…, …\)$/);
    const [, grant = ''] = /(grant execute .*)$/.exec(tryThis[0] ?? '') ?? [];
    await db.sql(grant.replace('…', role));
    expect(await described({ user: role, password: 'h' })).toEqual(['id']);
    await db.sql('grant execute on function pg_catalog.pg_advisory_xact_lock_shared(int, int) to public');
    await db.sql(`drop owned by ${role}; drop role ${role}`);
  });

  test('takes its password from ~/.pgpass where nothing else gives one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hygge-pgpass-'));
    const file = join(folder, 'pgpass');
    await writeFile(file, `127.0.0.1:${db.port}:*:${db.user}:${db.password}\n`);
    await chmod(file, 0o600);
    process.env.PGPASSFILE = file;
    try {
      expect(await described({ password: undefined })).toEqual(['id']);
    } finally {
      delete process.env.PGPASSFILE;
      await rm(folder, { recursive: true });
    }
  });

  test('shows a token of Entra ID in place of a password, a fresh one each time (by a stand-in for who gives it)', async () => {
    await using entra = await managedIdentity();
    const role = `identity_${db.database}`;
    await db.sql(`create role ${role} login; grant select on t to ${role}`);
    for (const n of [1, 2]) {
      await db.sql(`alter role ${role} password 'token ${n}'`);
      expect(await described({ user: role, password: undefined, auth: 'entra', credential: 'managed_identity' })).toEqual(['id']);
    }
    expect(entra.asked).toEqual(Array(2).fill('https://ossrdbms-aad.database.windows.net'));
    await db.sql(`drop owned by ${role}; drop role ${role}`);
  });

  test('is proven by debug, which counts those of the role as the server does', async () => {
    await using homes = postgresHomes(db);
    const side = (await findConnector('postgres'))?.home;
    const { host, port, database } = db;
    const [user, password] = [`counted_${database}`, 'c'];
    await db.sql(`create role ${user} login password '${password}'; grant select on t to ${user}`);
    const others = [await db.client({ user, password }), await db.client({ user, password })];
    const probe = async (table: string) => side?.probe(side.config.parse({ host, port, user, password, database, table }), homes.opening);
    expect((await probe('t'))?.map(({ ok, what }) => [ok, what])).toEqual([
      [true, expect.stringMatching(/^PostgreSQL \d+.* lets counted_test_\S+ connect to test_\S+ \(open connections of the role: 3\)$/)],
      [true, 'the connection is not encrypted'],
      [true, `${user} may read public.t: 1 column`],
      [true, expect.stringContaining(`${user} can't see when transactions of other roles began`)],
    ]);
    // The grant is run as it is printed.
    await db.sql(/GRANT .* TO "\w+"/.exec((await probe('t'))?.at(-1)?.what ?? '')?.[0] ?? '');
    expect((await probe('t'))?.at(-1)?.what).toContain(`${user} sees when transactions of other roles began`);
    expect((await probe('nothing'))?.map(({ ok }) => ok)).toEqual([false]);
    await homes[Symbol.asyncDispose]();
    for (const other of others) await other.end();
    await db.sql(`drop owned by ${user}; drop role ${user}`);
  });
});

describe.skipIf(noPostgres() !== '')('a server with TLS', () => {
  const authority = newAuthority();
  let server: PostgresProcess;
  let db: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    const { certificate, key } = authority.issue(['localhost', 'db.example']);
    const mine = authority.issue(['hygge']);
    server = await startPostgres({
      files: { 'server.crt': certificate, 'server.key': key, 'ca.crt': authority.certificate },
      conf: ['ssl = on', `ssl_cert_file = '../server.crt'`, `ssl_key_file = '../server.key'`, `ssl_ca_file = '../ca.crt'`],
      hba: ['hostssl all certified 127.0.0.1/32 cert map=any', 'hostnossl all all 127.0.0.1/32 scram-sha-256'],
      ident: ['any /^.*$ certified'],
    });
    db = await postgresDatabase(server);
    await db.sql('create table t (id int); create role certified login; grant select on t to certified');
    folder = await mkdtemp(join(tmpdir(), 'hygge-tls-'));
    await writeFile(join(folder, 'ca.pem'), authority.certificate);
    await writeFile(join(folder, 'other.pem'), newAuthority().certificate);
    await writeFile(join(folder, 'mine.pem'), mine.certificate);
    await writeFile(join(folder, 'mine.key'), mine.key);
  });
  afterAll(async () => {
    await db[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const answer = async (config: Readonly<Record<string, unknown>>) => {
    await using homes = postgresHomes(db, config);
    return (await homes.home({ table: 't' })).describe().then(
      () => 'let in',
      (error: { readonly code: string; readonly why: readonly string[] }) => error.code,
    );
  };

  test('is proven by its certificate: whose it is, and who signed it', async () => {
    const ca = join(folder, 'ca.pem');
    expect(await answer({ host: 'localhost', tls: 'verify-full', tls_ca_path: ca })).toBe('let in');
    expect(await answer({ host: '127.0.0.1', tls: 'verify-full', tls_ca_path: ca })).toBe('HYG-6503');
    expect(await answer({ host: '127.0.0.1', tls: 'verify-ca', tls_ca_path: ca })).toBe('let in');
    expect(await answer({ host: 'localhost', tls: 'verify-full' })).toBe('HYG-6503');
    expect(await answer({ host: 'localhost', tls: 'verify-ca', tls_ca_path: join(folder, 'other.pem') })).toBe('HYG-6503');
    expect(await answer({ host: '127.0.0.1', tls: 'require' })).toBe('let in');
  });

  test('may ask for a certificate of ours in place of a password', async () => {
    const tls = { host: 'localhost', tls: 'verify-full', tls_ca_path: join(folder, 'ca.pem'), user: 'certified', password: undefined };
    expect(await answer(tls)).toBe('HYG-6502');
    expect(await answer({ ...tls, tls_certificate_path: join(folder, 'mine.pem'), tls_key_path: join(folder, 'mine.key') })).toBe('let in');
  });
});

describe.skipIf(noPostgres() !== '')('a standby', () => {
  test('is what target says, and is read up to a lag, since nothing shows what is open on its primary', async () => {
    await using server = await startPostgres({ standby: true });
    const of = { ...server, database: 'postgres' } as unknown as TestDatabase;
    await using homes = postgresHomes(of, { target: 'standby' });
    const home = await homes.home({ query: `select 1 as id, timestamptz '2024-01-01' as at` });
    await home.describe();
    const bound = (column: string, lagMs: number) => home.bound({ column, lagMs, future: 'wait' });
    await expect(bound('at', 0)).rejects.toMatchObject({ code: 'HYG-3512' });
    await expect(bound('id', 0)).rejects.toMatchObject({ code: 'HYG-3512' });
    // It has replayed no transaction yet: nothing is known to be whole.
    expect(await bound('at', 1000)).toMatchObject({ done: undefined });
    await using primary = postgresHomes(of, { target: 'primary' });
    await expect((await primary.home({ query: 'select 1 as id' })).describe()).rejects.toMatchObject({
      code: 'HYG-6505',
      what: expect.stringContaining('is not a primary'),
    });
  });
});
