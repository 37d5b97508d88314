import { sqlServerDatabase } from '../../tests/support/sqlserver-admin.ts';
import { servedDatabases } from '../../tests/support/sqlserver-databases.ts';
import type { IntegrationServer } from './plan.ts';

/** The server that HYGGE_TEST_MSSQL names; where it names none, that of the tests, which is no SQL Server. */
export async function integrationMssql(): Promise<IntegrationServer> {
  const url = process.env.HYGGE_TEST_MSSQL;
  const ours = url ? undefined : await servedDatabases();
  const database = await sqlServerDatabase(url || (ours?.url ?? ''));
  const { password, ...keys } = database.keys;
  return {
    version: await database.version(),
    // Ours keeps every value as one of JavaScript.
    ...(ours ? { standsFor: 'SQL Server', rows: 20_000 } : { rows: 300_000 }),
    connection: { type: 'sqlserver', ...keys, password: `\${HYGGE_INTEGRATION_PASSWORD}` },
    password: String(password),
    home: {},
    store: {},
    connections: () => database.connections(),
    hold: (connections) => database.hold(connections),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await ours?.[Symbol.asyncDispose]();
    },
  };
}
