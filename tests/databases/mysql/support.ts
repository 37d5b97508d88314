import { ProcessPools } from '../../../src/adapters/process-pools.ts';
import { realClock } from '../../../src/adapters/real-clock.ts';
import type { Home } from '../../../src/engine/contracts/home.ts';
import { findConnector } from '../../../src/registry.ts';
import type { TestDatabase } from '../../support/mariadb.ts';
import { type OpenedHomes, openingOfTests } from '../../support/postgres-home.ts';

/** What a workspace says of a connection to a database of the tests. */
export function keysOf({ host, port, user, password, database, authorityPath }: TestDatabase): Readonly<Record<string, unknown>> {
  return { host, port, user, password, database, tls: 'verify-full', tls_ca_path: authorityPath };
}

/** Homes over one database of the tests, in one process. */
export function mysqlHomes(of: TestDatabase, more: Readonly<Record<string, unknown>> = {}): OpenedHomes {
  const opened: Home[] = [];
  const pools = new ProcessPools(realClock());
  const opening = { ...openingOfTests().opening, pools };
  return {
    opening,
    async home(config, steps = 'here') {
      const side = (await findConnector('mysql'))?.home;
      const checked = side?.config.parse({ ...keysOf(of), safe_wait: '200ms', ...more, ...config });
      const home = await side?.open(checked, { ...opening, steps });
      if (!home) throw new Error('no home');
      opened.push(home);
      return home;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((home) => home[Symbol.asyncDispose]()));
      await pools[Symbol.asyncDispose]();
    },
  };
}
