import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connecting } from '../../../src/databases/postgres/connect.ts';
import { postgresDatabase } from '../../support/postgres.ts';
import { testNetwork } from '../../support/test-network.ts';
import { onPostgres } from './support.ts';

onPostgres('a process that is killed', () => {
  test('leaves no statement at the server', async () => {
    await using db = await postgresDatabase();
    const { host, port, user, password, database } = db;
    const keys = { host, port, user, password, database, tls: 'disable', connect_timeout: 10, auth: 'password' };
    const session = await connecting(keys as never, { root: '/', network: testNetwork } as never).open(undefined);
    await session.begin({ mode: 'write', isolation: 'snapshot', label: 'hygge killed' });
    const waiting = session.query('select pg_sleep(3600)').catch(() => 'cut');
    const atWork = () => db.sql("select state from pg_stat_activity where query = 'select pg_sleep(3600)'");
    while ((await atWork()).length === 0) await pause(50);
    // As the system does it for a process: the socket closes, and no request to stop is sent.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(session), 'closeAtOnce')?.value.call(session);
    while ((await atWork()).length > 0) await pause(200);
    expect(await waiting).toBe('cut');
  });
});
