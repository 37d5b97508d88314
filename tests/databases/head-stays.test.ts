import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/engine/contracts/store.ts';
import { begins, committed, decided, first, loaded, second } from '../support/commits.ts';
import { noPostgres } from '../support/postgres.ts';
import { openDatabase as openPostgres } from './postgres/support.ts';
import { openStore as openSqlite } from './sqlite/support.ts';

interface Scene extends AsyncDisposable {
  store(): Promise<Store>;
  keep(): Promise<unknown>;
  letGo(): Promise<unknown>;
  ids(): Promise<string>;
}

const scenes: Readonly<Record<string, { readonly missing: string; open(): Promise<Scene> }>> = {
  SQLite: {
    missing: '',
    async open() {
      const opened = await openSqlite();
      const keeps = `create trigger keeps before update on hygge_metadata_heads begin select raise(ignore); end`;
      return {
        store: () => opened.store(),
        keep: async () => opened.file.sql('select 1', keeps),
        letGo: async () => opened.file.sql('select 1', 'drop trigger keeps'),
        ids: async () =>
          opened.file
            .sql('select id from e order by id')
            .map(({ id }) => String(id))
            .join(' '),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  },
  PostgreSQL: {
    missing: noPostgres(),
    async open() {
      const opened = await openPostgres();
      return {
        store: () => opened.store(),
        keep: () =>
          opened.db.sql(
            `create function keeps() returns trigger language plpgsql as $$ begin return null; end $$; create trigger keeps before update on hygge_metadata.heads for each row execute function keeps()`,
          ),
        letGo: () => opened.db.sql('drop trigger keeps on hygge_metadata.heads; drop function keeps()'),
        ids: async () => (await opened.db.sql('select id from e order by id')).map(({ id }) => String(id)).join(' '),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  },
};

describe.each(Object.keys(scenes))('a head whose UPDATE changes no row, in %s', (engine) => {
  const scene = scenes[engine];
  test.skipIf(scene?.missing !== '')(
    'is no commit: nothing settles, the error says so, and it is made once the cause has gone',
    async () => {
      if (!scene) throw new Error('no such engine');
      await using at = await scene.open();
      const store = await at.store();
      await loaded(store, first);
      const intent = await decided(store, second);
      await at.keep();
      await expect(committed(store, intent)).rejects.toMatchObject({ code: 'HYG-4291' });
      expect(await at.ids()).toBe('1 2');
      await at.letGo();
      expect(await committed(store, intent)).toMatchObject({ outcome: 'committed', counts: { inserted: 2 } });
      expect(await at.ids()).toBe('1 2 2 3');
      expect(await committed(store, intent)).toMatchObject({ outcome: 'already' });
    },
  );

  test.skipIf(scene?.missing !== '')('moves once for two intents that were decided over the same one', async () => {
    if (!scene) throw new Error('no such engine');
    await using at = await scene.open();
    const [one, other] = [await at.store(), await at.store()];
    const [mine, theirs] = [await decided(one, begins), await decided(other, { ...begins, epoch: 3 })];
    const outcomes = await Promise.all([committed(one, mine), committed(other, theirs)]);
    expect(outcomes.filter((outcome) => outcome === 'fenced')).toHaveLength(1);
    expect(await at.ids()).toBe('1 2');
  });
});
