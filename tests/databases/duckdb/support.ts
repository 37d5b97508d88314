import { rmSync } from 'node:fs';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { findConnector } from '../../../src/registry.ts';
import { threads } from '../../support/duck.ts';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { openingOfTests } from '../../support/postgres-home.ts';

export interface OpenedStore extends AsyncDisposable {
  readonly file: DuckdbTestFile;
  store(of?: { readonly table?: string; readonly markColumn?: string; readonly entity?: string }): Promise<Store>;
  /** Rows, by a program of its own: hygge lets go of the file before. */
  sql(...statements: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** As if nobody had ever written to it. */
  cleared(): Promise<void>;
}

/** A file, and stores in it as entity runs open them; each question of a test is asked by an instance of its own. */
export async function openStore(): Promise<OpenedStore> {
  const file = new DuckdbTestFile();
  const side = (await findConnector('duckdb'))?.store;
  if (!side) throw new Error('no store');
  const scratch = realScratch({ folder: file.root });
  let given = openingOfTests();
  const closed = async () => {
    await given.pools[Symbol.asyncDispose]();
    given = openingOfTests();
  };
  return {
    file,
    async store({ table = 'e', markColumn, entity = 'e' } = {}) {
      const config = side.config.parse({
        path: file.path,
        table,
        threads,
        ...(markColumn === undefined ? {} : { mark_column: markColumn }),
      });
      return side.open(config as never, { ...given.opening, root: file.root, scratch, entity });
    },
    async sql(...statements) {
      await closed();
      return file.sql(...statements);
    },
    async cleared() {
      await closed();
      for (const path of [file.path, `${file.path}.wal`]) rmSync(path, { force: true });
    },
    async [Symbol.asyncDispose]() {
      await closed();
      await scratch[Symbol.asyncDispose]();
      file[Symbol.dispose]();
    },
  };
}
