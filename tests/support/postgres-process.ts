import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

/** What a running server is reached by, as its superuser. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Where its unix socket lies. */
  readonly sockets: string;
  /** Where Debian keeps psql and the others. */
  readonly programs: string;
}

export type PostgresProcess = PostgresAddress & { readonly folder: string } & AsyncDisposable;

const startsWithinMs = 300_000;
const run = promisify(execFile);

/** The newest server of Debian's; undefined: there is none. */
function programsFolder(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = listed(root)
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin')).find((folder) => isProgram(join(folder, 'initdb')));
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
export function postgresProblem(): string {
  return programsFolder() === undefined ? 'without PostgreSQL: apt-get install postgresql' : '';
}

export interface PostgresSettings {
  /** Lines of postgresql.conf. */
  readonly conf?: readonly string[];
  /** Lines of pg_hba.conf, before those that let everybody in who has a password. */
  readonly hba?: readonly string[];
  /** Lines of pg_ident.conf. */
  readonly ident?: readonly string[];
  /** It waits for what a primary would send, and only reads. */
  readonly standby?: true;
  /** Files beside them, by name: certificates and keys. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * A server of its own on a free port of loopback, with what it holds in a folder of its own; it keeps nothing for a crash of the machine. It refuses to be root, and
 * so runs as postgres or nobody where the tests do. Disposing kills it, and so does the end of this process.
 */
export async function startPostgres(settings: PostgresSettings = {}): Promise<PostgresProcess> {
  const programs = programsFolder();
  if (programs === undefined) throw new Error(postgresProblem());
  const folder = await mkdtemp(join(tmpdir(), 'hygge-postgres-'));
  const who = await unprivileged();
  if (who) await chown(folder, who.uid, who.gid);
  const as = who ? [`--reuid=${who.uid}`, `--regid=${who.gid}`, '--clear-groups'] : [];
  const env = { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  const [password, port] = [randomBytes(12).toString('hex'), await freePort()];
  const data = join(folder, 'data');
  let server: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (server) await ended(server);
    await rm(folder, { recursive: true, force: true });
  };
  const put = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o600);
    if (who) await chown(join(folder, name), who.uid, who.gid);
  };
  try {
    await put('password', password);
    const init = ['-D', data, '-U', 'hygge', '-A', 'scram-sha-256', `--pwfile=${join(folder, 'password')}`, '--no-sync', '-E', 'UTF8'];
    await run('setpriv', [...as, join(programs, 'initdb'), ...init], { env, cwd: folder, timeout: startsWithinMs });
    for (const [name, text] of Object.entries(settings.files ?? {})) await put(name, text);
    const hba = [...(settings.hba ?? []), 'local all all trust', 'host all all 127.0.0.1/32 scram-sha-256'];
    await put('hba.conf', `${hba.join('\n')}\n`);
    await put('ident.conf', `${(settings.ident ?? []).join('\n')}\n`);
    if (settings.standby) await put(join('data', 'standby.signal'), '');
    const conf = [
      ...[
        "listen_addresses = '127.0.0.1'",
        `port = ${port}`,
        `unix_socket_directories = '${folder}'`,
        `hba_file = '${join(folder, 'hba.conf')}'`,
        `ident_file = '${join(folder, 'ident.conf')}'`,
      ],
      ...['fsync = off', 'full_page_writes = off', 'synchronous_commit = off', 'max_prepared_transactions = 8'],
      ...['wal_level = replica', 'log_min_messages = fatal', 'timezone = UTC', ...(settings.conf ?? [])],
    ];
    await put('conf', `${conf.join('\n')}\n`);
    server = spawn(
      'setpriv',
      [...as, '--pdeathsig', 'QUIT', join(programs, 'postgres'), '-D', data, '-c', `config_file=${join(folder, 'conf')}`],
      {
        env,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    await accepting(server, { programs, port });
  } catch (error) {
    await stop();
    throw error;
  }
  return { host: '127.0.0.1', port, user: 'hygge', password, sockets: folder, programs, folder, [Symbol.asyncDispose]: stop };
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
  throw new Error('PostgreSQL refuses to be root, and there is neither postgres nor nobody');
}

async function accepting(server: ChildProcess, { programs, port }: { readonly programs: string; readonly port: number }): Promise<void> {
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const giveUpAt = performance.now() + startsWithinMs;
  for (;;) {
    const answers = await run(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).then(
      () => true,
      () => false,
    );
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
