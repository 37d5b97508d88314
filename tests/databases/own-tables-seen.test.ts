import { expect, test } from 'vitest';
import { dialect } from '../../src/databases/duckdb/dialect.ts';
import type { Session } from '../../src/databases/engine.ts';
import type { Sessions } from '../../src/databases/sessions.ts';
import type { StoreContext, StoreDialect, TablePlace } from '../../src/databases/store/context.ts';
import { metadataTables } from '../../src/databases/store/head.ts';
import { Transactions } from '../../src/databases/store/transactions.ts';

/** A session with what its transaction sees: the schemas as they were when it began. */
interface Snapshot extends Session {
  readonly schemas: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A database whose transactions read a snapshot from their begin, and a store's transactions over it. */
function snapshots(beginning: (nth: number) => Promise<void>) {
  const committed = new Map<string, ReadonlySet<string>>();
  let begun = 0;
  const sessions = {
    async transaction<T>(_: unknown, work: (session: Snapshot) => Promise<T>): Promise<T> {
      const schemas = new Map(committed);
      const run = async (statements: readonly string[]) => {
        if (statements.some((one) => one.startsWith('create schema own'))) committed.set('own', new Set(metadataTables));
      };
      await beginning(begun++);
      return work({ schemas, run } as unknown as Snapshot);
    },
  };
  const ofStore = {
    ...dialect,
    beginsWithSettings: true,
    commit: { settings: '' },
    tables: { createSchema: (schema: string) => `create schema ${schema}` },
    catalog: { tablesIn: async (session: Snapshot, schema: string) => session.schemas.get(schema) ?? null },
    ownTables: {
      types: { text: 'text', key: 'text', number: 'bigint', instant: 'timestamp' },
      primaryKey: '',
      createIfMissing: () => 'create table',
      tablesFor: 'all entities',
    },
  };
  const place = { metadataSchema: 'own', stagingSchema: 'own', where: 'here' };
  return new Transactions<Snapshot>({
    sessions: sessions as unknown as Sessions<Snapshot>,
    dialect: ofStore as unknown as StoreDialect,
    place: place as unknown as TablePlace,
  });
}

test.each(['written', 'looked'] as const)(
  'a transaction that began before another one made the tables of hygge does not count on them: %s',
  async (how) => {
    const [held, made] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const store = snapshots(async (nth) => {
      if (nth > 0) return;
      made.resolve();
      await held.promise;
    });
    const sees = async ({ session }: StoreContext) => (session as Snapshot).schemas.has('own');
    const both = async (context: StoreContext) => [await store.hasOwnTables(context), await sees(context)];
    const first = how === 'written' ? store.withOwnTables(sees) : store.inReadTransaction(both);
    await made.promise;
    expect(await store.withOwnTables(sees)).toBe(true);
    held.resolve();
    expect(await first).toEqual(how === 'written' ? true : [false, false]);
    expect(await store.inReadTransaction(both)).toEqual([true, true]);
  },
);
