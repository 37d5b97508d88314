import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';
import { mariadb, onEach, postgres, sqlserver } from './databases.ts';

/** Passes bytes on to a server, and counts the connections. */
async function startCounter(target: { readonly host: string; readonly port: number }) {
  let connections = 0;
  const server = createServer((client) => {
    connections++;
    const upstream = connect(target);
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    /** Since the last call. */
    connections() {
      const [seen] = [connections];
      connections = 0;
      return seen;
    },
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

const tables = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('a wrong password', () => {
  onEach([postgres, mariadb, sqlserver], 'of $name', (database, { name }) => {
    test('is sent once by go and once by debug, whatever number of entities and flows need it', async () => {
      const state = name === 'PostgreSQL' ? 'state: { type: sql, connection: c }\n' : '';
      const { socket: _, ...keys } = JSON.parse(database.connection);
      await using counter = await startCounter({ host: keys.host ?? keys.server, port: Number(keys.port) });
      const connection = JSON.stringify({ ...keys, [keys.server === undefined ? 'host' : 'server']: 'localhost', port: counter.port });
      using workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${connection} }\n${state}`,
        'flows/out/flow.yml': `home: { connection: c, table: "{entity}" }\nstore: { type: local, path: lake, format: parquet }\nentities: [${tables}]\n`,
        'flows/in/flow.yml': `home: { type: parquet, path: "in/{entity}" }\nstore: { connection: c, table: "{entity}" }\nentities: [${tables}]\n`,
      });
      await workspace.parquet('in/a/1.parquet', 'select 1 as id');
      const run = (...args: readonly string[]) => workspace.run(args, { env: { SHOP_SECRET: 'wrong' } });
      for (const command of ['go', 'debug']) {
        counter.connections();
        const said = await run(command);
        expect(said.stdout + said.stderr, command).toContain('HYG-6502');

        expect({ command, connections: counter.connections() }).toEqual({ command, connections: 1 });
      }
    });
  });
});
