import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { homesBy, type OpenedHomes } from './postgres-home.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

/** A file of DuckDB in a folder of its own, which somebody else than hygge opens, and lets go of at once. */
export class DuckdbTestFile implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'hygge-duckdb-'));
  readonly path = join(this.root, 'test.duckdb');

  /** The rows that the last of the statements answers. */
  async sql(...statements: readonly string[]): Promise<Rows> {
    return (await DuckdbTestFile.ask(this.path, ...statements)).at(-1) ?? [];
  }

  /** The rows of each of some statements. */
  static async ask(path: string, ...statements: readonly string[]): Promise<readonly Rows[]> {
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    try {
      const answers: Rows[] = [];
      for (const statement of statements) answers.push((await connection.runAndReadAll(statement)).getRowObjectsJson() as Rows);
      return answers;
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
export const duckdbHomes = ({ root, path }: Pick<DuckdbTestFile, 'root' | 'path'>): OpenedHomes => homesBy('duckdb', { path }, root);
