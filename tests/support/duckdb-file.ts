import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { Opening } from '../../src/engine/contracts/connector.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import { findConnector } from '../../src/registry.ts';
import { type OpenedHomes, openingOfTests } from './postgres-home.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

/** A file of DuckDB in a folder of its own, which somebody else than hygge opens, and lets go of at once. */
export class DuckdbTestFile implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'hygge-duckdb-'));
  readonly path = join(this.root, 'test.duckdb');

  /** The rows that the last of the statements answers. */
  async sql(...statements: readonly string[]): Promise<Rows> {
    const instance = await DuckDBInstance.create(this.path);
    const connection = await instance.connect();
    try {
      let rows: Rows = [];
      for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRowObjectsJson() as Rows;
      return rows;
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Homes over a file, in one process. */
export function duckdbHomes({ root, path }: Pick<DuckdbTestFile, 'root' | 'path'>): OpenedHomes {
  const opened: Home[] = [];
  const { opening: given, pools } = openingOfTests();
  const scratch = realScratch({ folder: root });
  const opening: Opening = { ...given, root, scratch };
  return {
    opening,
    async home(config, steps = 'here') {
      const side = (await findConnector('duckdb'))?.home;
      const home = await side?.open(side.config.parse({ path, ...config }) as never, { ...opening, steps });
      if (!home) throw new Error('no home');
      opened.push(home);
      return home;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((home) => home[Symbol.asyncDispose]()));
      await pools[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}
