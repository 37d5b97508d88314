import { Request, TYPES } from 'tedious';
import { describe, expect, it } from 'vitest';
import { tdsServer } from '../support/tds/server.ts';
import { tediousTo } from '../support/tedious.ts';

describe('The TDS server of the tests, asked by tedious', () => {
  it.each([['required', true] as const, ['strict', 'strict'] as const, ['none', false] as const])(
    'answers over a connection whose encryption is %s',
    async (encryption, encrypt) => {
      await using server = await tdsServer({
        encryption,
        answers: ({ sql }) => (sql === 'select 1' ? { columns: { n: 'int' }, rows: [[1]] } : undefined),
      });
      await using client = await tediousTo(server, {
        options: { encrypt, database: 'sales', appName: 'hygge: f.e', readOnlyIntent: true },
      });

      await expect(client.batch('select 1')).resolves.toMatchObject({ count: 1, rows: [[1]] });
      expect(server.logins).toMatchObject([{ user: server.user, database: 'sales', program: 'hygge: f.e', readOnly: true }]);
    },
  );

  it('refuses a wrong password with the error of SQL Server', async () => {
    await using server = await tdsServer();

    await expect(tediousTo(server, { password: 'wrong' })).rejects.toThrow("Login failed for user 'tester'.");
    expect(server.sessions.size).toBe(0);
  });

  it('takes parameters of sp_executesql apart', async () => {
    await using server = await tdsServer({ answers: () => ({ count: 3 }) });
    await using client = await tediousTo(server);

    await client.sql('update t set a = @a where b = @b', (request) => {
      request.addParameter('a', TYPES.NVarChar, 'hé');
      request.addParameter('b', TYPES.Decimal, 12.5, { precision: 10, scale: 2 });
    });

    expect(server.requests.at(-1)).toMatchObject({ kind: 'executesql', parameters: { a: 'hé', b: '12.50' } });
  });

  it.each([
    ['keeps the rows of a bulk load', false],
    ['that drains counts them, and keeps which values are NULL', true],
  ])('%s', async (_, drains) => {
    await using server = await tdsServer({ drains, answers: ({ sql }) => (sql.startsWith('insert bulk') ? { count: 0 } : undefined) });
    await using client = await tediousTo(server);
    const long = 'y'.repeat(9000);

    const loaded = client.load(
      '[dbo].[t]',
      (load) => {
        load.addColumn('a', TYPES.Int, { nullable: false });
        load.addColumn('b', TYPES.NVarChar, { length: Number.POSITIVE_INFINITY, nullable: true });
      },
      [
        [1, long],
        [2, null],
      ],
    );

    await expect(loaded).resolves.toBe(2);
    expect(server.requests.at(-1)?.bulk?.rows).toEqual([drains ? ['0', '0'] : ['1', long], [drains ? '0' : '2', null]]);
  });

  it('answers a statement that is in no list with an error, and fails the test at its end', async () => {
    const server = await tdsServer();
    {
      await using client = await tediousTo(server);
      await expect(client.batch('select 2')).rejects.toThrow('Not in the list of statements: select 2');
    }

    await expect(server[Symbol.asyncDispose]()).rejects.toThrow('select 2');
  });

  it.each(['azure-active-directory-access-token', 'token-credential'] as const)(
    'sees the token of each connection that signs in by %s',
    async (type) => {
      let given = 0;
      await using server = await tdsServer();
      const connect = () => {
        const token = `token ${++given}`;
        if (type === 'token-credential') {
          const credential = { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 60_000 }) };
          return tediousTo(server, { authentication: { type, options: { credential } } });
        }
        return tediousTo(server, { authentication: { type, options: { token } } });
      };

      await using _first = await connect();
      await using _second = await connect();

      expect(server.logins.map(({ token }) => token)).toEqual(['token 1', 'token 2']);
    },
  );

  it('refuses sign-ins with any error, and sends clients elsewhere', async () => {
    await using there = await tdsServer();
    let asked = 0;
    await using server = await tdsServer({
      signIn: () => (++asked === 1 ? { number: 40613, class: 17, message: "Database 'sales' is not currently available." } : there),
      users: { [there.user]: there.password },
    });
    const options = { cryptoCredentialsDetails: { ca: [server.authority, there.authority] }, maxRetriesOnTransientErrors: 0 };

    await expect(tediousTo(server, { options })).rejects.toThrow("Database 'sales' is not currently available.");
    await using _client = await tediousTo(server, { options });
    expect([server.logins.length, there.sessions.size]).toEqual([2, 1]);
  });

  it('counts connections by the name of their program, as long as they are open', async () => {
    await using server = await tdsServer();
    await using _one = await tediousTo(server, { options: { appName: 'hygge: a' } });
    const other = await tediousTo(server, { options: { appName: 'hygge: b' } });
    const programs = () => [...server.sessions].map(({ login }) => login.program).sort();

    expect(programs()).toEqual(['hygge: a', 'hygge: b']);
    await other[Symbol.asyncDispose]();
    await expect.poll(programs).toEqual(['hygge: a']);
  });

  it('knows in which transaction a session is, by text and by request', async () => {
    await using server = await tdsServer({
      answers: ({ session, sql }) => (sql === 'where' ? { columns: { n: 'bit' }, rows: [[session.inTransaction]] } : undefined),
    });
    await using client = await tediousTo(server);
    const inTransaction = async (): Promise<unknown> => (await client.batch('where')).rows[0]?.[0];
    const [session] = server.sessions;

    await new Promise<void>((resolve, reject) => client.connection.beginTransaction((error) => (error ? reject(error) : resolve()), '', 5));
    expect([await inTransaction(), session?.settings.get('TRANSACTION ISOLATION LEVEL')]).toEqual([true, 'SNAPSHOT']);
    await new Promise<void>((resolve, reject) => client.connection.commitTransaction((error) => (error ? reject(error) : resolve())));
    expect(await inTransaction()).toBe(false);
    await client.batch('SET XACT_ABORT ON; BEGIN TRANSACTION');
    expect([await inTransaction(), session?.settings.get('XACT_ABORT')]).toEqual([true, 'ON']);
    await client.batch('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION');
    expect(await inTransaction()).toBe(false);
  });

  it('executes what was prepared, and forgets it', async () => {
    await using server = await tdsServer({ answers: () => ({ count: 1 }) });
    await using client = await tediousTo(server);

    await new Promise<void>((resolve, reject) => {
      const request = new Request('update t set a = @a', (error) => (error ? reject(error) : resolve()));
      request.addParameter('a', TYPES.Int);
      request.once('prepared', () => client.connection.execute(request, { a: 7 }));
      client.connection.prepare(request);
    });

    expect(server.requests.at(-1)).toMatchObject({ kind: 'prepared', sql: 'update t set a = @a', parameters: { a: '7' } });
  });

  it('stops in the middle of its rows when the client cancels, and goes on with the next statement', async () => {
    const stopped = Promise.withResolvers<void>();
    await using server = await tdsServer({
      answers: ({ sql, signal }) => {
        if (sql === 'next') return { count: 1 };
        signal.addEventListener('abort', () => stopped.resolve());
        return { columns: { n: 'int not null' }, rows: endless() };
      },
    });
    await using client = await tediousTo(server);

    const rows = client.batch('endless', (request) => request.once('row', () => client.connection.cancel()));

    await expect(rows).rejects.toThrow('Canceled.');
    await stopped.promise;
    await expect(client.batch('next')).resolves.toMatchObject({ count: 1 });
  });

  it.each(['closed', 'reset'] as const)(
    'loses a connection that is %s where the test wants it, after all that came before',
    async (how) => {
      await using server = await tdsServer({ answers: () => [{ columns: { n: 'int' }, rows: [[1], [2]] }, { drop: how }] });
      await using client = await tediousTo(server);
      let seen = 0;

      const rows = client.batch('two', (request) => request.on('row', () => seen++));

      await expect(rows).rejects.toThrow();
      if (how === 'closed') expect(seen).toBe(2);
    },
  );

  it('tells the number, state and class of an error in the middle of rows', async () => {
    const error = { number: 1205, state: 45, class: 13, message: 'Transaction was deadlocked.' };
    await using server = await tdsServer({ answers: () => [{ columns: { n: 'int' }, rows: [[1]] }, { error }] });
    await using client = await tediousTo(server);

    await expect(client.sql('rows')).rejects.toMatchObject(error);
    await expect(client.sql('again')).rejects.toMatchObject({ number: 1205 });
  });

  it('closes the connection after an error of class 20 and more', async () => {
    await using server = await tdsServer({
      answers: () => ({ error: { number: 596, class: 21, message: 'The session is in the kill state.' } }),
    });
    await using client = await tediousTo(server);

    await expect(client.batch('any')).rejects.toThrow();
    await expect.poll(() => server.sessions.size).toBe(0);
  });
});

async function* endless(): AsyncGenerator<readonly [number]> {
  for (let n = 0; ; n++) {
    yield [n];
    if (n % 1000 === 0) await new Promise(setImmediate);
  }
}
