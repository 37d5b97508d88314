import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { type MariadbAddress, ownMariadbProblem, startMariadb } from '../mariadb-process.ts';
import { type Offer, offer } from '../offer.ts';
import { hiddenProgram } from '../optional-programs.ts';
import { hasPhp, phpSite } from './php-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a file of tests asks for the server (GET), and why there is none; '' when there is one. */
    wordpress: { readonly url: string; readonly problem: string };
  }
}

/** A running WordPress: a database is a site of it, which the header `X-Site` of a request names. */
export interface WordpressAddress {
  readonly url: string;
  readonly version: string;
  /** Of a site that is a copy of the template. The password is an application password. */
  readonly user: string;
  readonly password: string;
  readonly mariadb: { readonly socketPath: string; readonly user: string; readonly password: string };
  /** The database of a site without posts. */
  readonly template: string;
}

function wordpressProblem(): string {
  const hidden = hiddenProgram('wordpress');
  if (hidden !== '') return hidden;
  if (ownMariadbProblem() !== '') return ownMariadbProblem();
  const isHere = existsSync('/usr/share/wordpress/wp-settings.php') && hasPhp('mysqli');
  return isHere ? '' : 'without WordPress: apt-get install wordpress php-cli php-mysql';
}

/** One WordPress for a whole vitest run, in the MariaDB that all share. @param mariadb where that is asked for. */
export async function offerWordpress(mariadb: string): Promise<Offer & { readonly problem: string }> {
  const offered = await offer(
    () => startWordpress(mariadb),
    ({ [Symbol.asyncDispose]: _, ...address }) => address,
  );
  return { ...offered, problem: wordpressProblem() };
}

async function startWordpress(mariadb: string): Promise<WordpressAddress & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const answer = await fetch(mariadb);
  if (!answer.ok) throw new Error(await answer.text());
  const shared = (await answer.json()) as MariadbAddress;
  // A server that a person named has no socket here.
  const { socket: socketPath = '', user, password } = shared.socket === undefined ? opened.use(await startMariadb()) : shared;
  const template = `wordpress_${process.pid}`;
  const database = await createConnection({ socketPath, user, password });
  opened.defer(async () => {
    // The server may be gone already: they all end at once.
    await database.query(`drop database ${template}`).catch(() => undefined);
    await database.end().catch(() => undefined);
  });
  database.on('error', () => undefined);
  await database.query(`create database ${template} character set utf8mb4`);
  const php = opened.use(await phpSite('wordpress', ['wordpress.php']));
  const env = { DB_USER: user, DB_PASSWORD: password, DB_HOST: `localhost:${socketPath}` };
  const install = [join(php.folder, 'wordpress.php'), 'install', 'The shop', 'reader', randomBytes(12).toString('hex')];
  const installed = JSON.parse(await php.run(install, { ...env, WORDPRESS_SITE: template })) as Pick<
    WordpressAddress,
    'password' | 'version'
  >;
  const url = await php.serve(env);
  const all = opened.move();
  return {
    ...{ ...installed, url, user: 'reader', mariadb: { socketPath, user, password }, template },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
