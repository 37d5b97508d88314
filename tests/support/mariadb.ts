import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
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

/** A database of its own, and the server's own client, which is not hygge's. */
export interface TestDatabase extends MariadbAddress, AsyncDisposable {
  readonly database: string;
  /** What the client prints of these statements: tabs between columns, a line a row, no heading. */
  sql(text: string, as?: { readonly user: string; readonly password: string }): Promise<string>;
}

/** MariaDB's, or MySQL's own where there is no other. */
const program = existsSync('/usr/bin/mariadb') ? '/usr/bin/mariadb' : 'mysql';
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
    // With TLS the client reads all the authorities of the machine, each time: that takes six times as long as all the rest.
    const way =
      server.socket === undefined
        ? ['--protocol=tcp', `--host=${server.host}`, `--port=${server.port}`]
        : [`--socket=${server.socket}`, '--skip-ssl'];
    const to = ['--no-defaults', ...way, `--user=${user}`, `--password=${password}`, '--default-character-set=utf8mb4'];
    return new Promise((resolve, reject) => {
      const client = execFile(
        program,
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
    ...{ database, keys: { ...server.keys, database } },
    sql: (text, as) => ask(text, database, as),
    [Symbol.asyncDispose]: async () => {
      await ask(`DROP DATABASE ${database}`, 'mysql').catch(() => '');
    },
  };
}
