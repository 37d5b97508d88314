import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Offer, offer } from '../offer.ts';
import { hiddenProgram } from '../optional-programs.ts';
import { hasPhp, phpSite } from './php-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a file of tests asks for the server (GET), and why there is none; '' when there is one. */
    mediawiki: { readonly url: string; readonly problem: string };
  }
}

/** A running MediaWiki: a folder below `wikis` is a wiki of it, which the header `X-Site` of a request names. */
export interface MediawikiAddress {
  readonly url: string;
  /** Has a wiki named `template`, without pages but its main page. */
  readonly wikis: string;
}

const installer = '/usr/share/mediawiki/maintenance/install.php';

function mediawikiProblem(): string {
  const hidden = hiddenProgram('mediawiki');
  if (hidden !== '') return hidden;
  const isHere = existsSync(installer) && hasPhp('sqlite3') && hasPhp('pdo_sqlite');
  return isHere ? '' : 'without MediaWiki: apt-get install mediawiki php-cli php-sqlite3';
}

/** One MediaWiki for a whole vitest run. */
export async function offerMediawiki(): Promise<Offer & { readonly problem: string }> {
  const offered = await offer(startMediawiki, ({ [Symbol.asyncDispose]: _, ...address }) => address);
  return { ...offered, problem: mediawikiProblem() };
}

async function startMediawiki(): Promise<MediawikiAddress & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const php = opened.use(await phpSite('mediawiki', ['mediawiki.php', 'mediawiki-settings.php']));
  const wikis = join(php.folder, 'wikis');
  for (const folder of [wikis, join(wikis, 'template'), join(php.folder, 'cache')]) await php.own(await made(folder));
  // Without a shell it does not look for programs that draw.
  const words = ['-d', 'disable_functions=proc_open', installer, '--dbtype=sqlite', '--dbname=wiki', `--dbpath=${join(wikis, 'template')}`];
  const more = [`--confpath=${php.folder}`, '--server=http://localhost', '--scriptpath=/w', `--pass=${randomBytes(12).toString('hex')}`];
  await php.run([...words, ...more, '--skins=', 'Wiki', 'admin']);
  const url = await php.serve();
  const all = opened.move();
  return { url, wikis, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function made(folder: string): Promise<string> {
  await mkdir(folder);
  return folder;
}
