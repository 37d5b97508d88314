import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { hiddenProgram } from './optional-programs.ts';
import { homesBy, type OpenedHomes } from './postgres-home.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

/** SQLite's own shell, another build of another version: a second reader and writer. */
export const shell = hiddenProgram('sqlite3') === '' && spawnSync('sqlite3', ['--version']).status === 0 ? 'sqlite3' : undefined;

/** A file of SQLite in a folder of its own, with a log, so that others write while it is read. Somebody else than hygge opens it, and lets go of it at once. */
export class SqliteTestFile implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'hygge-sqlite-'));
  readonly path = join(this.root, 'test.db');

  /** The rows that the last of the statements answers. */
  sql(...statements: readonly string[]): Rows {
    return asked(this.path, ...statements).at(-1) ?? [];
  }

  /** What the shell prints of statements, a value between `|`. */
  shell(sql: string): string {
    return execFileSync(shell ?? 'sqlite3', ['-batch', '-bail', this.path], { input: `${sql};\n`, encoding: 'utf8', maxBuffer: 2 ** 28 });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The rows of each of some statements, of a file that is let go of at once. */
export function asked(path: string, ...statements: readonly string[]): readonly Rows[] {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  try {
    if (statements[0]?.startsWith('pragma') !== true) database.exec('pragma journal_mode = wal');
    return statements.map((statement) => {
      const prepared = database.prepare(statement);
      prepared.setReadBigInts(true);
      return prepared.all() as Rows;
    });
  } finally {
    database.close();
  }
}

/** Homes over a file, in one process. */
export const sqliteHomes = ({ root, path }: Pick<SqliteTestFile, 'root' | 'path'>): OpenedHomes => homesBy('sqlite', { path }, root);
