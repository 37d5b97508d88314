import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import { committed, first, second } from '../../support/commits.ts';
import { type Cuttable, cutsCommits, cutsStaging, ways } from '../../support/cut-commits.ts';
import { type PostgresProxy, startPostgresProxy } from '../../support/postgres-proxy.ts';
import { sampled } from '../../support/samples.ts';
import { cleared, decided, loaded, type Opened, onPostgres, openDatabase } from './support.ts';

onPostgres('PostgreSQL over a connection that breaks', () => {
  let opened: Opened;
  let proxy: PostgresProxy;
  beforeAll(async () => {
    opened = await openDatabase();
    proxy = await startPostgresProxy(opened.db);
  });
  beforeEach(async () => {
    proxy.rule(() => undefined);
    await cleared(opened.db);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  const rows = async () => (await opened.db.sql('select id, name from e order by id, name')).map(({ id, name }) => `${id} ${name}`);

  const cuttable = (): Cuttable => ({
    store: () => opened.store(),
    cleared: () => cleared(opened.db),
    look: async () => ({
      rows: await rows(),
      commits: await opened.db.sql('select intent_id from hygge_metadata.commits'),
      left: await opened.db.sql(
        `select tablename from pg_tables where schemaname = 'hygge_staging' union all select name from hygge_metadata.staged`,
      ),
    }),
    cut(at) {
      proxy.rule(({ number }) => (number === at?.number ? { when: at.when } : undefined));
      return opened.store({ through: proxy });
    },
    healed() {
      const { seen } = proxy;
      proxy.rule(() => undefined);
      return seen;
    },
  });
  cutsCommits({ message: 'message', of: 32 }, cuttable, sampled(ways, 3));
  cutsStaging({ message: 'message', of: 16 }, cuttable);

  test('COMMIT whose answer is lost is found done, with its counts', async () => {
    const store = await opened.store({ through: proxy });
    const intent = await decided(store, first);
    proxy.rule(({ text }) => (text === 'COMMIT' ? { when: 'after' } : undefined));
    await expect(committed(store, intent)).rejects.toBeInstanceOf(OutcomeUnknown);
    proxy.rule(() => undefined);
    expect(await committed(store, intent)).toEqual({ outcome: 'already', counts: { inserted: 2, updated: 0, deleted: 0 } });
    expect(await rows()).toEqual(['1 one', '2 two']);
  });

  test('a commit is durable where the server says of others that they need not be', async () => {
    await loaded(opened.store(), first);
    expect(await opened.db.sql('show synchronous_commit')).toEqual([{ synchronous_commit: 'off' }]);
    await opened.db.sql(`alter table e add column how text default current_setting('synchronous_commit')`);
    await loaded(opened.store(), second);
    expect(await opened.db.sql('select distinct how from e where id = 3')).toEqual([{ how: 'local' }]);
  });
});
