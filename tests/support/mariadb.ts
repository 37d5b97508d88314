import { execFile } from 'node:child_process';
import { inject } from 'vitest';
import type { MariadbAddress } from './mariadb-process.ts';

/** Why tests with MariaDB are skipped; '' when they are not. */
export const noMariadb = (): string => inject('mariadb').problem;

/** The one MariaDB of this vitest run. */
export async function sharedMariadb(): Promise<MariadbAddress> {
  const answer = await fetch(inject('mariadb').url);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as MariadbAddress;
}

/** A database of its own, and MariaDB's own client, which is not hygge's. */
export interface TestDatabase extends MariadbAddress, AsyncDisposable {
  readonly database: string;
  /** What the client prints of these statements: tabs between columns, a line a row, no heading. */
  sql(text: string, as?: { readonly user: string; readonly password: string }): Promise<string>;
}

let made = 0;

/** A database in a server of the tests; without one, in the one that all share. */
export async function mariadbDatabase(of?: MariadbAddress): Promise<TestDatabase> {
  const server = of ?? (await sharedMariadb());
  const database = `test_${process.pid}_${++made}`;
  const ask = (
    text: string,
    at: string,
    { user, password } = server as { readonly user: string; readonly password: string },
  ): Promise<string> => {
    const to = [
      '--no-defaults',
      `--socket=${server.socket}`,
      `--user=${user}`,
      `--password=${password}`,
      '--default-character-set=utf8mb4',
    ];
    return new Promise((resolve, reject) => {
      const client = execFile(
        '/usr/bin/mariadb',
        [...to, '--batch', '--skip-column-names', '--quick', `--database=${at}`],
        { maxBuffer: 1 << 30 },
        (error, out, problem) => (error ? reject(new Error(problem.trim() || error.message)) : resolve(out)),
      );
      client.stdin?.end(text);
    });
  };
  await ask(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`, 'mysql');
  return {
    ...server,
    database,
    sql: (text, as) => ask(text, database, as),
    [Symbol.asyncDispose]: async () => {
      await ask(`DROP DATABASE ${database}`, 'mysql').catch(() => '');
    },
  };
}
