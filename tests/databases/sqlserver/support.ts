import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedHomes } from '../../support/postgres-home.ts';
import { answersOf, keysOf, type MemoryDatabase, sqlServerHomes } from '../../support/sqlserver.ts';
import { type TdsServer, type TdsServerOptions, tdsServer } from '../../support/tds/server.ts';

export interface Served extends AsyncDisposable, Pick<OpenedHomes, 'home' | 'opening'> {
  readonly server: TdsServer;
  readonly keys: Readonly<Record<string, unknown>>;
}

/** A database in memory behind a server of its own, and homes over it. */
export async function served(
  database: MemoryDatabase,
  options: Omit<TdsServerOptions, 'answers'> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<Served> {
  const server = await tdsServer({ ...options, answers: answersOf(database) });
  const folder = await mkdtemp(join(tmpdir(), 'hygge-sqlserver-'));
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, server.authority);
  const keys = { ...keysOf(server, authority), ...more };
  const homes = sqlServerHomes(keys);
  return {
    ...{ server, keys, home: homes.home, opening: homes.opening },
    async [Symbol.asyncDispose]() {
      await homes[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** The connection `erp` of a workspace. */
export function connectionOf({ keys }: Pick<Served, 'keys'>): string {
  const written = Object.entries(keys).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `connections:\n  erp: { type: sqlserver, ${written.join(', ')} }\n`;
}
