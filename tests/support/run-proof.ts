import { type ChildProcess, execFileSync, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hiddenProgram } from './optional-programs.ts';

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
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ folder, file }) => {
    process.chdir(folder);
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    try {
      const connection = await instance.connect();
      await connection.run("set timezone = 'America/New_York'");
      const rows = (await connection.runAndReadAll(readFileSync(file, 'utf8'))).getRows();
      process.send({ said: rows.map((row) => row.map(String).join(' ')).join('\\n') });
    } catch (error) {
      process.send({ failed: error.message });
    }
    instance.closeSync();
  });`;

/** Runs files one after another, each in a database of its own. It ends with the process of the tests. */
let beside: ChildProcess | undefined;

function startBeside(): ChildProcess {
  const child = fork('-', { execArgv: ['--input-type=module', '-e', client], stdio: 'inherit' });
  child.once('exit', (code, signal) => child.emit('error', new Error(`the process with DuckDB has ended: ${code ?? signal}`)));
  child.unref();
  child.channel?.unref();
  return child;
}

/** Runs a file by a DuckDB in another process, which goes to the folder first. One file at a time. */
export async function duckIn(folder: string, file: string): Promise<string> {
  beside ??= startBeside();
  const answer = once(beside, 'message') as Promise<[{ readonly said: string } | { readonly failed: string }]>;
  beside.send({ folder, file });
  const [told] = await answer;
  if ('failed' in told) throw new Error(told.failed);
  return told.said;
}

/** Python itself: where `python3` is a script that looks for it, the search takes four times the processor of a short program. */
let python: string | undefined;

/** Runs the program of a proof over a file of SQLite by Python. */
export const pythonIn = (folder: string, file: string, database: string): string =>
  execFileSync(python ?? 'python3', ['row-sum.py', file, database], { cwd: folder, encoding: 'utf8' }).trim();

/** Why no program of Python runs here; undefined: it does. */
export function pythonProblem(): string | undefined {
  const hidden = hiddenProgram('python3');
  if (hidden !== '') return hidden;
  const { status, error, stdout } = spawnSync('python3', ['-c', 'import sqlite3, hashlib, sys; print(sys.executable)'], {
    encoding: 'utf8',
  });
  if (status !== 0) return `python3 does not run: ${error?.message ?? `exit code ${status}`}`;
  python = stdout.trim();
  return undefined;
}
