import { TYPES } from 'tedious';
import { describe, expect, it } from 'vitest';
import { tdsServer } from '../support/tds/server.ts';
import { tediousTo } from '../support/tds/tedious.ts';

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

      await expect(client.batch('select 1')).resolves.toEqual({ count: 1, rows: [[1]] });
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

  it('keeps the rows of a bulk load', async () => {
    await using server = await tdsServer({ answers: ({ sql }) => (sql.startsWith('insert bulk') ? { count: 0 } : undefined) });
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
    expect(server.requests.at(-1)?.bulk?.rows).toEqual([
      ['1', long],
      ['2', null],
    ]);
  });

  it('answers a statement that is in no list with an error, and fails the test at its end', async () => {
    const server = await tdsServer();
    {
      await using client = await tediousTo(server);
      await expect(client.batch('select 2')).rejects.toThrow('Not in the list of statements: select 2');
    }

    await expect(server[Symbol.asyncDispose]()).rejects.toThrow('select 2');
  });
});
