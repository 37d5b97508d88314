import { rmSync } from 'node:fs';
import type { Opening } from '../../../src/engine/contracts/connector.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { findConnector } from '../../../src/registry.ts';
import { openingOfTests } from '../../support/postgres-home.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';

export interface OpenedStore extends AsyncDisposable {
  readonly file: SqliteTestFile;
  store(of?: { readonly table?: string; readonly markColumn?: string; readonly entity?: string }): Promise<Store>;
  /** As if nobody had ever written to it. */
  cleared(): Promise<void>;
}

/** A file, and stores in it as entity runs open them; each question of a test is asked by an instance of its own. */
export async function openStore(): Promise<OpenedStore> {
  const file = new SqliteTestFile();
  const side = (await findConnector('sqlite'))?.store;
  if (!side) throw new Error('no store');
  const given = openingOfTests();
  const opening: Opening = { ...given.opening, root: file.root };
  return {
    file,
    async store({ table = 'e', markColumn, entity = 'e' } = {}) {
      const config = side.config.parse({ path: file.path, table, ...(markColumn === undefined ? {} : { mark_column: markColumn }) });
      return side.open(config as never, { ...opening, entity });
    },
    async cleared() {
      const tables = file.sql(`select name from sqlite_schema where type = 'table' and name not like 'sqlite%'`);
      file.sql('select 1', ...tables.map(({ name }) => `drop table "${name}"`));
    },
    async [Symbol.asyncDispose]() {
      await given.pools[Symbol.asyncDispose]();
      for (const suffix of ['-wal', '-shm']) rmSync(`${file.path}${suffix}`, { force: true });
      file[Symbol.dispose]();
    },
  };
}
