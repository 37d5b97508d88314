import { describe, expect, test } from 'vitest';
import { noPostgres, postgresDatabase } from '../../support/postgres.ts';
import { startPostgresProxy } from '../../support/postgres-proxy.ts';
import { TestWorkspace } from '../../support/workspace.ts';

describe.skipIf(noPostgres() !== '')('a store whose connection is lost while the source is read under one snapshot', () => {
  async function scene() {
    const [from, to] = [await postgresDatabase(), await postgresDatabase()];
    await from.sql(`create table e as select g as id, repeat('x', 200) as t from generate_series(1, 40000) g`);
    const proxy = await startPostgresProxy(to);
    const connection = (of: { host: string; port: number; database: string; user: string }, secret: string, more = '') =>
      `{ type: postgres, host: ${of.host}, port: ${of.port}, database: ${of.database}, user: ${of.user}, password: "\${${secret}}"${more} }`;
    const workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections:\n  from: ${connection(from, 'FROM_SECRET')}\n  to: ${connection({ ...to, host: '127.0.0.1', port: proxy.port }, 'TO_SECRET', ', retry_for: 1s')}\n`,
      'flows/f/flow.yml': 'home: { connection: from, table: e }\nstore: { connection: to, table: e }\nrun_type: full_drop\n',
    });
    const env = { FROM_SECRET: from.password, TO_SECRET: to.password };
    return {
      ...{ to, proxy },
      go: () => workspace.run(['go', '--output', 'json'], { env }),
      async [Symbol.asyncDispose]() {
        await proxy[Symbol.asyncDispose]();
        workspace[Symbol.dispose]();
        await from[Symbol.asyncDispose]();
        await to[Symbol.asyncDispose]();
      },
    };
  }
  const codes = (stdout: string) =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { event: string; code?: string; step?: string; error?: { code: string } })
      .flatMap((event) => (event.event === 'error' ? [event.code] : event.event === 'retry' ? [`${event.step} ${event.error?.code}`] : []));

  test('three times: the source is planned again each time, and every row settles', async () => {
    await using at = await scene();
    let cuts = 0;
    at.proxy.rule(({ letter }) => (letter === 'c' && cuts++ < 3 ? { when: 'before' } : undefined));
    const { code, stdout } = await at.go();
    const plans = codes(stdout).filter((one) => one?.startsWith('plan')).length;
    expect({ code, isPlannedAnew: plans >= 2 }).toEqual({ code: 0, isPlannedAnew: true });
    expect(await at.to.sql('select count(*)::int as n from e')).toEqual([{ n: '40000' }]);
  });
});
