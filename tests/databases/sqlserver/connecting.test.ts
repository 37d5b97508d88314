import { describe, expect, test } from 'vitest';
import { addressOf, clash, type SqlServerKeys, shownServer } from '../../../src/databases/sqlserver/keys.ts';
import { withWaiting } from '../../../src/ports/retry.ts';
import { Secret } from '../../../src/ports/secret.ts';
import { findConnector } from '../../../src/registry.ts';
import { managedIdentity } from '../../support/managed-identity.ts';
import { framesOf, rowsOf } from '../../support/postgres-home.ts';
import type { MemoryTable } from '../../support/sqlserver.ts';
import type { TdsError } from '../../support/tds/tokens.ts';
import { tediousTo } from '../../support/tedious.ts';
import { served } from './support.ts';

describe('keys of SQL Server', () => {
  test.each([
    ['db.example', 'db.example', 1433, undefined],
    ['db.example,1444', 'db.example', 1444, undefined],
    ['tcp:db.example,1444', 'db.example', 1444, undefined],
    ['db.example\\SALES', 'db.example', undefined, 'SALES'],
    ['db.example\\SALES,1444', 'db.example', 1444, undefined],
    ['.', 'localhost', 1433, undefined],
    ['(local)\\X', 'localhost', undefined, 'X'],
  ] as const)('server: %s', (server, host, port, instance) => {
    expect(addressOf({ server, database: 'erp' })).toMatchObject({ host, port, instance, auth: 'entra' });
  });

  test('an address says all of it', () => {
    const at = addressOf({ url: 'sqlserver://loader@db.example:1444/er%20p' });
    expect(at).toEqual({ host: 'db.example', instance: undefined, port: 1444, database: 'er p', auth: 'password', user: 'loader' });
    expect(at && shownServer(at)).toBe('db.example:1444');
  });

  const secret = new Secret('x');
  test.each([
    [{ database: 'a' }, 'server'],
    [{ server: 'a' }, 'database'],
    [{ server: 'a;b', database: 'c' }, 'server'],
    [{ server: 'a\\b', port: 1, database: 'c' }, 'port'],
    [{ url: 'mssql://a/b', server: 'c' }, 'server'],
    [{ url: 'mssql://u:p@a/b' }, 'url'],
    [{ url: 'mssql://a/b?encrypt=false' }, 'url'],
    [{ server: 'a', database: 'b', user: 'u' }, 'password'],
    [{ server: 'a', database: 'b', auth: 'entra', user: 'u' }, 'user'],
    [{ server: 'a', database: 'b', auth: 'entra', password: secret }, 'password'],
    [{ server: 'a', database: 'b', user: 'u', password: secret, client_id: 'c' }, 'client_id'],
    [{ server: 'a', database: 'b', client_secret: secret }, 'tenant_id'],
    [{ server: 'a', database: 'b', credential: 'service_principal', tenant_id: 't', client_id: 'c' }, 'client_secret'],
    [{ server: 'a', database: 'b', credential: 'managed_identity', client_secret: secret }, 'client_secret'],
    [{ server: 'a', database: 'b', encrypt: 'strict', trust_server_certificate: true }, 'trust_server_certificate'],
  ] as const)('are refused where they contradict each other: %j', (keys, key) => {
    expect(clash(keys as unknown as SqlServerKeys)?.key).toBe(key);
  });
});

const table: MemoryTable = { name: 'dbo.t', columns: { id: 'int' }, rows: [['1']] };
type Options = Parameters<typeof served>[1];

describe('a connection to SQL Server', () => {
  const described = async (
    options: Options = {},
    keys: Readonly<Record<string, unknown>> = {},
    of: Parameters<typeof served>[0] = { tables: [table] },
  ) => {
    await using database = await served(of, options, keys);
    const step = await (await database.home({ table: 't' })).describe();
    return {
      columns: 'done' in step ? step.done.schema?.columns.length : 0,
      warnings: 'done' in step ? step.done.warnings : [],
      logins: database.server.logins,
    };
  };
  const refused = (...args: Parameters<typeof described>) =>
    described(...args).then(
      () => undefined,
      (error: { readonly code: string }) => error.code,
    );

  test('is encrypted and verified, by TLS inside of the protocol or around it', async () => {
    expect(await described()).toMatchObject({ columns: 1, warnings: [] });
    expect(await described({ encryption: 'strict' }, { encrypt: 'strict' })).toMatchObject({ columns: 1 });
    expect(await refused({}, { tls_ca_path: undefined })).toBe('HYG-6503');
    expect(await refused({ names: ['other.example'] })).toBe('HYG-6503');
    expect(await refused({ encryption: 'none' })).toBe('HYG-6503');
    expect(await refused({}, { tls_ca_path: '/nowhere.pem' })).toBe('HYG-6503');
  });

  test('believes a server that answers only with a warning', async () => {
    const { warnings } = await described({ names: ['other.example'] }, { tls_ca_path: undefined, trust_server_certificate: true });
    expect(warnings).toEqual([{ code: 'sqlserver.any_certificate', text: expect.stringContaining('trust_server_certificate') }]);
  });

  test('says who it is, and that it only reads', async () => {
    const { logins } = await described({}, { application_intent: 'read_only' });
    expect(logins).toMatchObject([{ user: 'tester', database: 'erp', program: 'hygge', readOnly: true }]);
  });

  test.each([
    [{ number: 18456, message: "Login failed for user 'tester'." }, 'HYG-6502'],
    [
      { number: 40615, message: "Cannot open server 'shop' requested by the login. Client with IP address '1.2.3.4' is not allowed." },
      'HYG-6502',
    ],
    [{ number: 4060, message: 'Cannot open database "erp" requested by the login. The login failed.' }, 'HYG-6504'],
    [{ number: 17809, message: 'Could not connect because the maximum number of user connections has already been reached.' }, 'HYG-6506'],
  ] as const)('is refused with a code for what is wrong: %j', async (error, code) => {
    expect(await refused({ signIn: () => error })).toBe(code);
  });

  test('is refused where nothing listens, and with a wrong password', async () => {
    expect(await refused({}, { port: 1 })).toBe('HYG-6501');
    expect(await refused({}, { password: 'wrong' })).toBe('HYG-6502');
  });

  test('that a server refuses for a reason that no rule knows is not called unreachable', async () => {
    const failed: unknown = await described({ signIn: () => ({ number: 33333, message: 'A logon trigger has its reasons' }) }).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({
      code: 'HYG-6576',
      what: expect.stringMatching(/answers, but refused to open a session\.$/),
      why: ['A logon trigger has its reasons.', 'The error code is 33333.'],
    });
    expect(JSON.stringify(failed)).not.toMatch(/firewall|host,1433/);
  });

  test.each([
    ['6', '10.0.8000', 'HYG-6535'],
    ['11', '12.0.2000', 'HYG-6535'],
    ['3', '12.0.6024', 'HYG-6536'],
    ['3', '13.0.1601', undefined],
    ['5', '12.0.2000', undefined],
    ['8', '12.0.2000', undefined],
    ['12', '12.0.2000', undefined],
  ] as const)('of edition %s, version %s: %s', async (edition, version, code) => {
    expect(await refused({}, {}, { tables: [table], edition, version })).toBe(code);
  });

  test('that is Babelfish for PostgreSQL is refused by name, whatever edition it answers', async () => {
    const banner = 'Babelfish for PostgreSQL with SQL Server Compatibility - 12.0.2000.8';
    expect(await refused({}, {}, { tables: [table], banner })).toBe('HYG-6535');
  });

  /** A step of a run, whose waits take no time. */
  const inStep = async <T>(work: () => Promise<T>) => {
    const told: string[] = [];
    let ms = 0;
    const clock = {
      monotonicMs: () => ms,
      sleep: async (wait: number) => {
        ms += wait;
      },
    };
    const onPause = ({ error }: { readonly error: unknown }) => told.push((error as Error).message);
    const answer = await withWaiting({ clock, fraction: () => 0.5, onPause }, work).catch((error: unknown) => error);
    return { answer, told, ms };
  };

  // All such codes are in error-classes.test.ts.
  test.each([40613, 40501])('waits for a database that says %i, and says so', async (number) => {
    let left = 5;
    const signIn = (): TdsError | undefined =>
      left-- > 0 ? { number, message: `Database 'erp' is not currently available (${left}).` } : undefined;
    const { answer, told } = await inStep(() => described({ signIn }));
    expect(answer).toMatchObject({ columns: 1 });
    expect(told.length).toBe(5);
    expect(new Set(told)).toEqual(new Set([expect.stringContaining(number === 40613 ? 'it is paused and wakes up' : 'too busy')]));
  });

  test('gives a database up that does not wake up, with the first thing that it said', async () => {
    let n = 0;
    const { answer, ms } = await inStep(() => described({ signIn: () => ({ number: n++ === 0 ? 40613 : 40197, message: `reason ${n}` }) }));
    expect(answer).toMatchObject({ code: 'HYG-6537', transient: true, why: ['reason 1.'] });
    expect(ms).toBeGreaterThan(240_000);
  });

  test('shows a token of Entra ID, a fresh one each time (by a stand-in for who gives it)', async () => {
    await using entra = await managedIdentity();
    const { asked } = entra;
    await using database = await served(
      { tables: [table] },
      {},
      { user: undefined, password: undefined, credential: 'managed_identity', pool_size: 2 },
    );
    const read = async () => rowsOf(framesOf(await database.home({ table: 't' })));
    expect(await read()).toEqual([{ id: 1 }]);
    // The server drops whoever is there: the token of those who come again is a new one.
    database.server.drop();
    expect(await read()).toEqual([{ id: 1 }]);
    expect(database.server.logins.map(({ token }) => token)).toEqual(asked.map((_, at) => `token ${at + 1}`));
    expect(new Set(asked)).toEqual(new Set(['https://database.windows.net']));
    expect(asked.length).toBeGreaterThanOrEqual(2);
  });

  test('is proven by debug, which counts those of hygge as the server does', async () => {
    await using database = await served({ tables: [table], seesTransactions: false });
    await using _another = await tediousTo(database.server, { options: { appName: 'hygge' } });
    await using _other = await tediousTo(database.server, { options: { appName: 'shop' } });
    const side = (await findConnector('sqlserver'))?.home;
    const probe = async (named: string) => side?.probe(side.config.parse({ ...database.keys, table: named }), database.opening);
    expect((await probe('t'))?.map(({ ok, what }) => [ok, what])).toEqual([
      [true, expect.stringMatching(/^SQL Server 16\.0.* lets loader connect to erp \(open connections of hygge: 2\)/)],
      [true, 'the connection is encrypted'],
      [true, expect.stringMatching(/^loader may read dbo\.t: 1 column; each slice is read under locks/)],
      [true, expect.stringContaining('GRANT VIEW SERVER STATE TO [loader], in master')],
    ]);
    expect((await probe('nothing'))?.map(({ ok }) => ok)).toEqual([false]);
  });
});
