import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { type Cuttable, cutsCommits, ways } from '../../support/cut-commits.ts';
import { sampled } from '../../support/samples.ts';
import { startTurnProxy, type TurnProxy } from '../../support/turn-proxy.ts';
import { type OpenedDatabase, ofSqlServer, openDatabase } from './support.ts';

describe(`commits over a connection that breaks, into ${ofSqlServer}`, () => {
  let opened: OpenedDatabase;
  let proxy: TurnProxy;
  beforeAll(async () => {
    opened = await openDatabase();
    proxy = await startTurnProxy(opened.db);
  });
  beforeEach(() => proxy.rule(() => undefined));
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  const cuttable = (): Cuttable => ({
    store: () => opened.store(),
    cleared: () => opened.db.clear(),
    look: async () => ({
      rows: (await opened.db.rows('dbo.e')).map(({ id, name }) => `${id} ${name}`).sort(),
      commits: await opened.db.rows('hygge_metadata.commits'),
      left: [...(await opened.db.tables('hygge_staging')), ...(await opened.db.rows('hygge_metadata.staged'))],
    }),
    async cut(at) {
      const store = await opened.store({ through: proxy });
      // The sign-in is not counted.
      await store.head();
      proxy.rule(({ number }) => (number === at?.number ? at.when : undefined));
      return store;
    },
    healed() {
      const { seen } = proxy;
      proxy.rule(() => undefined);
      return seen;
    },
  });
  // The server of the tests is cut in faults-writing.test.ts, without a network.
  cutsCommits({ message: 'message', of: 48, least: 8 }, cuttable, process.env.HYGGE_TEST_MSSQL === undefined ? sampled(ways, 4) : ways);
});
