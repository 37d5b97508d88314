import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Proof {
  readonly verdict: string;
  readonly sums: { readonly source: string; readonly destination: string };
  readonly source: ProofSide;
  readonly destination: ProofSide;
}

export interface ProofSide {
  readonly sql?: null;
  readonly why?: string;
  readonly was_run?: boolean;
  readonly files?: { readonly count: number; readonly bytes: number };
  readonly rows: number;
  readonly sum: string;
  readonly columns: readonly { readonly name: string; readonly count: number | null; readonly sum: string | null }[];
}

export const readProof = (folder: string): Proof => JSON.parse(readFileSync(`${folder}/sums.json`, 'utf8')) as Proof;

/** The one row that a side's statement has to answer, with blanks between. */
export const answerOf = ({ rows, sum, columns }: ProofSide): string =>
  ['0', rows, sum, ...columns.flatMap(({ count, sum: own }) => [count, own])].join(' ');

const engine = fileURLToPath(import.meta.resolve('@duckdb/node-api'));
const client = `
  import { readFileSync } from 'node:fs';
  import { DuckDBInstance } from ${JSON.stringify(engine)};
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await connection.run("set timezone = 'America/New_York'");
  const rows = (await connection.runAndReadAll(readFileSync(process.argv[1], 'utf8'))).getRows();
  process.stdout.write(rows.map((row) => row.map(String).join(' ')).join('\\n'));`;

/** Runs a file by a DuckDB in a process of its own, which starts in a folder. */
export const duckIn = (folder: string, file: string): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', client, file], { cwd: folder, encoding: 'utf8' });

/** Runs the program of a proof over a file of SQLite by Python. */
export const pythonIn = (folder: string, file: string, database: string): string =>
  execFileSync('python3', ['row-sum.py', file, database], { cwd: folder, encoding: 'utf8' }).trim();

/** Why no program of Python runs here; undefined: it does. */
export function pythonProblem(): string | undefined {
  const { status, error } = spawnSync('python3', ['-c', 'import sqlite3, hashlib']);
  return status === 0 ? undefined : `python3 does not run: ${error?.message ?? `exit code ${status}`}`;
}
