import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { HyggeEvent } from '../../../src/ports/events.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** Between hygge and the server: while it is down, connections are refused, and those that were open are gone. */
class Door implements AsyncDisposable {
  readonly #to: Pick<TestDatabase, 'host' | 'port'>;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(to: Pick<TestDatabase, 'host' | 'port'>) {
    this.#to = to;
  }

  get port(): number {
    return this.#port;
  }

  async open(): Promise<void> {
    const server = createServer((client) => {
      const upstream = connect(this.#to.port, this.#to.host);
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const entities = ['a', 'b', 'c', 'd', 'e', 'f'];
const retries = (events: readonly HyggeEvent[]) => events.flatMap((event) => (event.event === 'retry' ? [event] : []));

describe.skipIf(noPostgres() !== '')('a PostgreSQL that does not answer for a while', () => {
  async function scene(connection = '') {
    const db = await postgresDatabase();
    for (const name of entities) await db.sql(`create table ${name} as select g as id from generate_series(1, 1000) g`);
    const door = new Door(db);
    await door.open();
    const workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections:\n  pg: { type: postgres, host: 127.0.0.1, port: ${door.port}, database: ${db.database}, user: ${db.user}, password: "\${PG_SECRET}"${connection} }\n`,
      'flows/down/flow.yml': `home: { type: postgres, connection: pg, table: "public.{entity}" }\nstore: out\nrun_type: incremental\nwatermark: { column: id }\nentities: [${entities.join(', ')}]\n`,
    });
    const args = ['go', '--output', 'json'];
    const env = { PG_SECRET: db.password };
    return {
      ...{ db, door, workspace, env, args },
      go: (...more: string[]) => workspace.run([...args, ...more], { env }),
      async [Symbol.asyncDispose]() {
        await door[Symbol.asyncDispose]();
        workspace[Symbol.dispose]();
        await db[Symbol.asyncDispose]();
      },
    };
  }

  test('longer than a few seconds: every entity settles when it is back, with one line when it begins and one when it is over', async () => {
    await using at = await scene();
    expect(await at.go()).toMatchObject({ code: 0 });
    for (const name of entities) await at.db.sql(`insert into ${name} select g from generate_series(1001, 1500) g`);
    await at.door.close();
    await using running = at.workspace.start(at.args, { env: at.env });
    await running.says(/"retry"/);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await at.door.open();
    const { code, events } = await running.done;
    expect([code, events.at(-1)]).toMatchObject([0, { event: 'summary', pass: 6, error: 0, rows: 3_000 }]);
    const system = `postgres 127.0.0.1:${at.door.port}/${at.db.database}`;
    expect(retries(events)).toMatchObject([
      { error: { code: 'HYG-6501' }, outage: { system, retry_for_ms: 60_000 } },
      { outage: { system, over_after_ms: expect.any(Number) } },
    ]);
  });
});
