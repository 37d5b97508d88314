import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { offerMediawiki } from './apis/mediawiki-offer.ts';
import { offerWordpress } from './apis/wordpress-offer.ts';
import { offerAzuriteAccounts } from './azurite-accounts.ts';
import { buildBundle, buildsLate } from './bundle.ts';
import { endLeftovers, leftoverProcesses, markThisRun } from './leftover-processes.ts';
import { offerMariadb } from './mariadb-offer.ts';
import { openRoot } from './open-root.ts';
import { offerPostgres } from './postgres-offer.ts';
import { offerRadosgw } from './radosgw-offer.ts';
import { clearServerFolders, temporaryFolder } from './server-folder.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Why there is no fresh bundle to run; '' when there is one. */
    bundleProblem: string;
    /** The checkout, where every user may read it. */
    openRoot: string;
    /** Where a file of tests asks for a storage account of its own. */
    azuriteAccounts: string;
  }
}

/** Once per vitest run: a fresh bundle for the tests that start hygge, and at the end a look for processes that a test forgot. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('bundleProblem', buildsLate ? '' : buildBundle(project.config.root));
  rememberCompiled(project.config.root);
  const mark = markThisRun();
  const temporary = await temporaryFolder();
  process.env.TMPDIR = temporary.path;
  const open = openRoot(project.config.root);
  project.provide('openRoot', open.path);
  process.env.HYGGE_OPEN_ROOT = open.path;
  const azurite = await offerAzuriteAccounts();
  project.provide('azuriteAccounts', azurite.url);
  const radosgw = await offerRadosgw();
  project.provide('radosgw', { url: radosgw.url, problem: radosgw.problem });
  const postgres = await offerPostgres();
  const { [Symbol.asyncDispose]: _, ...offered } = postgres;
  project.provide('postgres', offered);
  const mariadb = await offerMariadb();
  project.provide('mariadb', { url: mariadb.url, problem: mariadb.problem, mysql: mariadb.mysql });
  const wordpress = await offerWordpress(mariadb.url);
  project.provide('wordpress', { url: wordpress.url, problem: wordpress.problem });
  const mediawiki = await offerMediawiki();
  project.provide('mediawiki', { url: mediawiki.url, problem: mediawiki.problem });
  return async () => {
    open.close();
    await wordpress[Symbol.asyncDispose]();
    await Promise.all([azurite, radosgw, postgres, mariadb, mediawiki].map((one) => one[Symbol.asyncDispose]()));
    const leftovers = await leftoverProcesses(mark);
    endLeftovers(leftovers);
    clearServerFolders();
    temporary.remove();
    if (leftovers.length === 0) return;
    const list = leftovers.map(({ pid, command }) => `  ${pid}  ${command}`).join('\n');
    throw new Error(`Tests left ${leftovers.length} process(es) behind (ended now):\n${list}`);
  };
}

/**
 * As bin/hygge.mjs does, for the processes of the tests and their threads: without it each thread of SQLite compiles our sources anew, which costs three times
 * what the thread itself does. Node says that coverage is not exact with it.
 */
function rememberCompiled(root: string): void {
  if (process.env.HYGGE_COVERAGE === undefined) process.env.NODE_COMPILE_CACHE ??= join(root, '.cache', 'compiled');
}
