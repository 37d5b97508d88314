import { describe, expect, test } from 'vitest';
import { otherThanFabric } from '../../../src/databases/sqlserver/fabric/connect.ts';
import { addressOf, clash, type FabricKeys } from '../../../src/databases/sqlserver/fabric/keys.ts';
import { withWaiting } from '../../../src/ports/retry.ts';
import { Secret } from '../../../src/ports/secret.ts';
import { findConnector } from '../../../src/registry.ts';
import type { FabricDatabase } from '../../support/fabric-warehouse/reading.ts';
import { framesOf, rowsOf } from '../../support/postgres-home.ts';
import type { MemoryTable } from '../../support/sqlserver.ts';
import { served } from '../sqlserver/support.ts';
import { servedFabric } from './support.ts';

describe('keys of a Fabric Warehouse', () => {
  test.each([
    ['abc.datawarehouse.fabric.microsoft.com', 'abc.datawarehouse.fabric.microsoft.com', 1433],
    ['tcp:abc.datawarehouse.fabric.microsoft.com,1444', 'abc.datawarehouse.fabric.microsoft.com', 1444],
  ])('server: %s', (server, host, port) => {
    expect(addressOf({ server, database: 'sales' })).toEqual({ host, port, database: 'sales' });
  });

  test('an address says all of it', () => {
    const host = 'abc.datawarehouse.fabric.microsoft.com';
    expect(addressOf({ url: `fabric://${host}/my%20sales` })).toEqual({ host, port: 1433, database: 'my sales' });
  });

  const secret = new Secret('x');
  test.each([
    [{ url: 'fabric://a/b', server: 'c' }, 'server', 'The url already sets this key'],
    [{ url: 'fabric://me@a/b' }, 'url', 'no user and no password'],
    [{ url: 'fabric://a' }, 'database', 'The name of the Warehouse'],
    [{ database: 'a' }, 'server', 'SQL connection string'],
    [{ server: 'a' }, 'database', 'The name of the Warehouse'],
    [{ server: 'Server=a;Database=b', database: 'c' }, 'server', 'looks like'],
    [{ server: 'a', database: 'b', user: 'u' }, 'user', 'remove user, and sign in by credential'],
    [{ server: 'a', database: 'b', password: secret }, 'password', 'remove password, and sign in by credential'],
    [{ server: 'a', database: 'b', client_secret: secret }, 'tenant_id', 'needs tenant_id'],
    [{ server: 'a', database: 'b', credential: 'managed_identity', client_secret: secret }, 'client_secret', 'service_principal'],
  ] as const)('are refused where they contradict each other: %j', (keys, key, needs) => {
    expect(clash(keys as unknown as FabricKeys)).toEqual({ key, needs: expect.stringContaining(needs) });
  });
});

const table: MemoryTable = { name: 'dbo.t', columns: { id: 'int' }, rows: [['1']] };
const warehouse = (more: Partial<FabricDatabase> = {}): FabricDatabase => ({ item: 'warehouse', tables: [table], ...more });
type Served = Parameters<typeof servedFabric>;

describe('a connection to a Fabric Warehouse', () => {
  const described = async (...of: Served) => {
    await using database = await servedFabric(...of);
    const step = await (await database.home({ table: 't' })).describe();
    return 'done' in step ? step.done.schema?.columns.length : 0;
  };
  const refused = (...of: Served) =>
    described(...of).then(
      () => undefined,
      (error: { readonly code: string }) => error,
    );

  test('is encrypted and verified, and shows a token for the databases of Azure', async () => {
    await using database = await servedFabric(warehouse());
    expect(await rowsOf(framesOf(await database.home({ table: 't' })))).toEqual([{ id: 1 }]);
    expect(database.server.logins).toMatchObject([
      { token: expect.stringMatching(/^https:\/\/database\.windows\.net /), database: 'sales', program: 'hygge' },
    ]);
    expect(await refused(warehouse(), {}, { tls_ca_path: undefined })).toMatchObject({ code: 'HYG-6503' });
  });

  test('sends no isolation level, no hint and no option that Fabric does not have, from the sign-in on', async () => {
    await using database = await servedFabric(warehouse());
    await rowsOf(framesOf(await database.home({ table: 't' })));
    expect(database.server.requests.map(({ sql }) => sql).join('\n')).not.toMatch(
      /isolation|xact_abort on|lock_timeout|context_info|nolock/i,
    );
  });

  test.each([
    ['16', 'HYG-6538', 'an SQL Server'],
    ['5', 'HYG-6538', 'an SQL Server'],
    ['6', 'HYG-6538', 'Synapse'],
  ])('of edition %s is refused: %s', async (otherEdition, code, said) => {
    expect(await refused(warehouse({ otherEdition }))).toMatchObject({ code, what: expect.stringContaining(said) });
  });

  test('is no serverless pool of Synapse, which answers the edition of Fabric: the name of its host says so', () => {
    expect(otherThanFabric('11', 'pool-ondemand.sql.azuresynapse.net')).toBe('Synapse');
    expect(otherThanFabric('11', 'abc.datawarehouse.fabric.microsoft.com')).toBeUndefined();
    expect(otherThanFabric('5', 'shop.database.windows.net')).toBe('SQL Server');
  });

  test('that is entered as SQL Server is refused, with the type to write', async () => {
    await using database = await served({ tables: [table], edition: '11', version: '12.0.2000' });
    const failed: unknown = await (await database.home({ table: 't' })).describe().catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 'HYG-6535',
      tryThis: expect.arrayContaining([expect.stringMatching(/type: fabric_warehouse$/), expect.stringContaining('type: adls')]),
    });
  });

  test.each([
    [{ number: 18456, message: 'Could not login because the authentication failed.' }, 'HYG-6502', 'the role Viewer in the workspace'],
    [{ number: 4060, message: 'Cannot open database "sales" requested by the login.' }, 'HYG-6504', 'as Fabric shows it'],
    [{ number: 24800, message: 'Unable to complete the action because this Fabric capacity is currently paused.' }, 'HYG-6539', 'Resume'],
  ] as const)('is refused with a code for what is wrong: %j', async (error, code, advice) => {
    const failed = await refused(warehouse(), { signIn: () => error });
    expect([failed, JSON.stringify(failed)]).toEqual([expect.objectContaining({ code }), expect.stringContaining(advice)]);
  });

  test('waits for a capacity that is throttled', async () => {
    let left = 3;
    let ms = 0;
    const clock = {
      monotonicMs: () => ms,
      sleep: async (wait: number) => {
        ms += wait;
      },
    };
    const told: string[] = [];
    const onPause = ({ error }: { readonly error: unknown }) => told.push((error as Error).message);
    const signIn = () =>
      left-- > 0 ? { number: 24801, message: 'Unable to complete the action because the capacity is throttled.' } : undefined;
    expect(await withWaiting({ clock, fraction: () => 0.5, onPause }, () => described(warehouse(), { signIn }))).toBe(1);
    expect(told).toEqual(Array.from({ length: 3 }, () => expect.stringContaining('too busy')));
  });

  test('is proven by debug, which names a missing right as a statement', async () => {
    const tables = [table, { ...table, name: 'dbo.secret', unreadable: true }];
    const before: FabricDatabase['before'] = ({ sql }) =>
      sql.includes('object_id = CONVERT(int, @p1)') ? undefined : sql.includes('[secret]') ? denied : undefined;
    const denied = { error: { number: 229, message: "The SELECT permission was denied on the object 'secret'." } };
    await using database = await servedFabric(warehouse({ tables, before }));
    const side = (await findConnector('fabric_warehouse'))?.home;
    const probe = async (named: string) => side?.probe(side.config.parse({ ...database.keys, table: named }), database.opening);
    expect((await probe('t'))?.map(({ ok, what }) => [ok, what])).toEqual([
      [true, 'the Warehouse lets loader connect to sales'],
      [true, 'the connection is encrypted'],
      [true, expect.stringMatching(/^loader may read dbo\.t: 1 column; each slice is read under SNAPSHOT isolation/)],
      [true, expect.stringContaining('watermark.lag: 5m')],
    ]);
    expect(await probe('nothing')).toMatchObject([{ ok: false, what: 'There is no table nothing.' }]);
  });

  test('needs its host, and the right to read the table', async () => {
    const side = (await findConnector('fabric_warehouse'))?.home;
    const config = side?.config.parse({ server: 'abc.datawarehouse.fabric.microsoft.com', database: 'sales', table: 'dbo.orders' });
    expect(side?.requirements(config as never, undefined)).toEqual([
      { need: 'host', name: 'abc.datawarehouse.fabric.microsoft.com', port: 1433 },
      {
        ...{ need: 'role', system: 'fabric_warehouse', doing: ['read'], role: 'SELECT' },
        resource: { table: 'dbo.orders', database: 'sales', server: 'abc.datawarehouse.fabric.microsoft.com' },
      },
    ]);
    expect(side?.requirements({ ...(config as object), workspace: 'Sales' } as never, undefined)).toEqual(
      expect.arrayContaining([
        { need: 'host', name: 'api.fabric.microsoft.com' },
        { need: 'role', system: 'onelake', doing: ['read'], resource: { workspace: 'Sales' }, role: 'Contributor' },
      ]),
    );
    const rights = (await findConnector('fabric_warehouse'))?.database?.rights;
    const given = (resource: Readonly<Record<string, string>>) =>
      rights?.({ role: 'app', byIdentity: true, needs: [{ right: 'SELECT', resource }] }).map(({ give }) => give);
    expect(given({ table: 'orders' })).toEqual([
      expect.stringMatching(/^-- Share the item/),
      'GRANT SELECT ON OBJECT::[dbo].[orders] TO [app]',
    ]);
    expect(given({ tables: 'sales.*' })?.at(-1)).toBe('GRANT SELECT ON SCHEMA::[sales] TO [app]');
    expect(given({ tables: '*' })?.at(-1)).toBe('GRANT SELECT TO [app]');
  });
});
