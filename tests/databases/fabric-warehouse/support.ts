import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOfFabric, type FabricDatabase } from '../../support/fabric-warehouse/reading.ts';
import { Warehouse } from '../../support/fabric-warehouse/writing.ts';
import { homesBy, type OpenedHomes } from '../../support/postgres-home.ts';
import { type TdsServer, type TdsServerOptions, tdsServer } from '../../support/tds/server.ts';

export interface ServedFabric extends AsyncDisposable, Pick<OpenedHomes, 'home' | 'opening'> {
  readonly server: TdsServer;
  readonly keys: Readonly<Record<string, unknown>>;
  /** What a process is given to sign in: the identity of an app. */
  readonly env: Readonly<Record<string, string>>;
}

/** Gives tokens to whatever runs here, as App Service does. */
async function identity(): Promise<AsyncDisposable & { readonly env: Readonly<Record<string, string>> }> {
  let given = 0;
  const server = createServer((from, to) => {
    const resource = new URL(from.url ?? '', 'http://entra').searchParams.get('resource');
    const body = { access_token: `${resource} ${++given}`, expires_on: `${Math.floor(Date.now() / 1000) + 3_600}`, token_type: 'Bearer' };
    to.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const env = {
    IDENTITY_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`,
    IDENTITY_HEADER: 'header of the test',
  };
  return { env, [Symbol.asyncDispose]: () => new Promise<void>((closed) => void server.close(() => closed())) };
}

const answering = (database: FabricDatabase | Warehouse): TdsServerOptions =>
  database instanceof Warehouse
    ? { answers: (request) => database.answer(request), closed: (session) => database.closed(session) }
    : { answers: answersOfFabric(database) };

/** A Warehouse or an SQL endpoint in memory, or a Warehouse that is written, behind a server of its own, and homes over it in this process, which signs in by `env`. */
export async function servedFabric(
  database: FabricDatabase | Warehouse,
  options: Omit<TdsServerOptions, 'answers'> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<ServedFabric> {
  const [server, entra] = await Promise.all([tdsServer({ ...options, ...answering(database) }), identity()]);
  const before = Object.fromEntries(Object.keys(entra.env).map((name) => [name, process.env[name]]));
  Object.assign(process.env, entra.env);
  const folder = await mkdtemp(join(tmpdir(), 'hygge-fabric-'));
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, server.authority);
  const keys = {
    ...{ server: server.host, port: server.port, database: 'sales', credential: 'managed_identity', tls_ca_path: authority },
    ...more,
  };
  const homes = homesBy('fabric_warehouse', { safe_wait: '0s', ...keys });
  return {
    ...{ server, keys, env: entra.env, home: homes.home, opening: homes.opening },
    async [Symbol.asyncDispose]() {
      for (const [name, value] of Object.entries(before))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      await homes[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await entra[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** The connection `sales` of a workspace. */
export function connectionOf({ keys }: Pick<ServedFabric, 'keys'>): string {
  const written = Object.entries(keys).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `connections:\n  sales: { type: fabric_warehouse, ${written.join(', ')} }\n`;
}
