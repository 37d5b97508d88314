/**
 * A second reader of Delta tables: ClickHouse in a process of its own (npm's `chdb`), which reads them by the Delta project's kernel. It lies in a folder of its own:
 * `npm ci --prefix tests/support/delta/chdb --ignore-scripts` (546 MB); without it tests are skipped (`noChdb`).
 *
 *     await using chdb = startChdb();
 *     const problem = await chdb.read(localTable(folder), to, 3);    // undefined: the rows are in the parquet file `to`
 *     expect(difference(await parquetTexts([to], version.columns, 'filled'), rowTexts(version, 'filled'))).toBe('');
 *
 * What it can't read: structs and lists have no null (hence `filled`), days before 1900 and after 2299, `void`, shredded variants, geometry, catalog-managed tables,
 * decimals of more than 18 digits as partition values (it reads others), a log whose `_last_checkpoint` names a checkpoint that is not there or another of the same
 * version, and a change feed over versions with different columns or widened types. An empty text as partition value is null, as the protocol says.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { hiddenProgram } from '../../optional-programs.ts';
import { literal } from '../writer/parquet.ts';

const program = join(import.meta.dirname, 'node_modules', 'chdb', 'index.mjs');

/** Why tests with chdb are skipped; '' when they are not. */
export const noChdb = (): string =>
  hiddenProgram('chdb') || (existsSync(program) ? '' : 'without chdb: npm ci --prefix tests/support/delta/chdb --ignore-scripts');

/** A call of ClickHouse that is a table. */
export const localTable = (folder: string): string => `deltaLakeLocal(${literal(folder)})`;

/** In a bucket that all may read: with keys the kernel sends an empty session token as well, which radosgw refuses. */
export const s3Table = (url: string): string => `deltaLakeS3(${literal(url)}, NOSIGN)`;

export const azureTable = (of: {
  readonly url: string;
  readonly container: string;
  readonly path: string;
  readonly account: string;
  readonly key: string;
}): string => `deltaLakeAzure(${[of.url, of.container, of.path, of.account, of.key].map(literal).join(', ')})`;

export interface SecondReader extends AsyncDisposable {
  /**
   * Reads a table into a parquet file that must not be there yet. Answers why it could not, in the first line of its own words.
   * @param version an older one; undefined: the newest.
   */
  read(table: string, to: string, version?: number): Promise<string | undefined>;
  /** Likewise the change feed from one version to another, both included, with `_change_type` and `_commit_version`. Their columns must be the same. */
  readChanges(table: string, to: string, versions: { readonly first: number; readonly last: number }): Promise<string | undefined>;
  /** The rows of a query. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

interface Answer {
  readonly id: number;
  readonly text?: string;
  readonly problem?: string;
}

export function startChdb(): SecondReader {
  return new Chdb();
}

class Chdb implements SecondReader {
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;

  read(table: string, to: string, version?: number) {
    return this.#write(table, to, version === undefined ? [] : [`delta_lake_snapshot_version = ${version}`]);
  }

  readChanges(table: string, to: string, { first, last }: { readonly first: number; readonly last: number }) {
    return this.#write(table, to, [`delta_lake_snapshot_start_version = ${first}`, `delta_lake_snapshot_end_version = ${last}`]);
  }

  async query(sql: string) {
    const { problem, text = '' } = await this.#ask({ sql });
    if (problem !== undefined) throw new Error(problem);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = once(child, 'close');
    child.stdin.end();
    await ended;
  }

  async #write(table: string, to: string, settings: readonly string[]): Promise<string | undefined> {
    const { problem } = await this.#ask({ sql: `SELECT * FROM ${table}`, settings, to });
    return problem?.split('\n')[0];
  }

  #ask(what: object): Promise<Answer> {
    const child = this.#start();
    const id = ++this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      child.stdin.write(`${JSON.stringify({ id, ...what })}\n`);
    });
  }

  /** One that a query took down is started again for the next. */
  #start(): ChildProcessByStdio<Writable, Readable, null> {
    if (this.#child !== undefined) return this.#child;
    const child = spawn(process.execPath, [join(import.meta.dirname, 'query.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    child.on('close', (code, signal) => {
      if (this.#child === child) this.#child = undefined;
      for (const [id, answer] of this.#waiting) answer({ id, problem: `chdb ended with ${code ?? signal}` });
      this.#waiting.clear();
    });
    // The pipe of a process that is gone: 'close' answers.
    child.stdin.on('error', () => {});
    this.#child = child;
    return child;
  }
}
