import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { newAuthority } from './azure-hosts/certificates.ts';
import { namedServer } from './named-servers.ts';
import { freePort, unprivileged } from './postgres-process.ts';

/** What a running server is reached by, as its administrator. */
export interface MariadbAddress {
  /** Its certificate is of this name. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** How a connection of hygge's comes there: with TLS, where it has it. */
  readonly keys: Readonly<Record<string, unknown>>;
  /** Of one that a person named, nobody knows it. */
  readonly socket?: string;
}

export type MariadbProcess = MariadbAddress & AsyncDisposable;

export interface OwnMariadb extends MariadbProcess {
  /** Kills it as it stands, and starts it again: what it lost and what it kept is InnoDB's affair. */
  crash(): Promise<void>;
}

const startsWithinMs = 300_000;
const run = promisify(execFile);
const programs = { install: '/usr/bin/mariadb-install-db', server: '/usr/sbin/mariadbd', admin: '/usr/bin/mariadb-admin' };

/** Why there is no MariaDB to test with, and what to do; '' when there is one. */
export function mariadbProblem(): string {
  return namedServer('HYGGE_TEST_MYSQL') ? '' : ownMariadbProblem();
}

/** Why no MariaDB can be started here, whichever server a person named. */
export function ownMariadbProblem(): string {
  try {
    for (const program of Object.values(programs)) accessSync(program, constants.X_OK);
    return '';
  } catch {
    return 'without MariaDB: apt-get install mariadb-server';
  }
}

/** The server that HYGGE_TEST_MYSQL names, which stays as it is; where it names none, one of its own. */
export async function testMysql(): Promise<MariadbProcess> {
  const named = namedServer('HYGGE_TEST_MYSQL');
  if (named === undefined) return startMariadb();
  const { more, ...who } = named;
  return { ...who, keys: { ...who, ...more }, [Symbol.asyncDispose]: async () => undefined };
}

/**
 * A server of its own on a free port of loopback, with TLS, as an unprivileged user, with what it holds in a folder of its own; it keeps nothing for a crash of the
 * machine. Disposing kills it, and so does the end of this process.
 */
export async function startMariadb(options: readonly string[] = []): Promise<OwnMariadb> {
  if (ownMariadbProblem() !== '') throw new Error(ownMariadbProblem());
  const folder = await mkdtemp(join(tmpdir(), 'hygge-mariadb-'));
  const runsAs = await unprivileged();
  const as = runsAs ? [`--reuid=${runsAs.uid}`, `--regid=${runsAs.gid}`, '--clear-groups'] : [];
  const file = (name: string): string => join(folder, name);
  const own = async (name: string): Promise<void> => {
    if (runsAs) await chown(file(name), runsAs.uid, runsAs.gid);
  };
  const put = async (name: string, text: string): Promise<void> => {
    await writeFile(file(name), text, { mode: 0o600 });
    await own(name);
  };
  const [port, password, authority] = [await freePort(), randomBytes(12).toString('hex'), newAuthority()];
  const { certificate, key } = authority.issue(['localhost']);
  let server: ChildProcess | undefined;
  let start = async (): Promise<void> => undefined;
  const kill = async (): Promise<void> => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const closed = once(server, 'close');
    server.kill('SIGKILL');
    await closed;
  };
  const stop = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    if (runsAs) await chown(folder, runsAs.uid, runsAs.gid);
    await mkdir(file('tmp'));
    await own('tmp');
    await put('authority.pem', authority.certificate);
    await put('certificate.pem', certificate);
    await put('key.pem', key);
    // A statement a line.
    const init = [`CREATE USER IF NOT EXISTS hygge IDENTIFIED BY '${password}'`, 'GRANT ALL ON *.* TO hygge WITH GRANT OPTION'];
    await put('init.sql', init.map((statement) => `${statement};\n`).join(''));
    const where = ['--no-defaults', `--datadir=${file('data')}`, `--tmpdir=${file('tmp')}`];
    const quick = [
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-flush-method=nosync',
      '--innodb-buffer-pool-size=64M',
      '--innodb-log-file-size=48M',
    ];
    const install = [...where, ...quick, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
    await run('setpriv', [...as, programs.install, ...install], { cwd: folder, timeout: startsWithinMs });
    const tls = [`--ssl-cert=${file('certificate.pem')}`, `--ssl-key=${file('key.pem')}`, `--ssl-ca=${file('authority.pem')}`];
    const at = ['--bind-address=127.0.0.1', `--port=${port}`, `--socket=${file('socket')}`, `--pid-file=${file('pid')}`];
    const more = ['--skip-name-resolve', '--local-infile=ON', '--max-allowed-packet=64M', `--init-file=${file('init.sql')}`, ...options];
    start = async () => {
      server = spawn('setpriv', [...as, '--pdeathsig', 'KILL', programs.server, ...where, ...at, ...quick, ...tls, ...more], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      await accepting(server, [`--socket=${file('socket')}`, '--skip-ssl', '--user=hygge', `--password=${password}`]);
    };
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  const who = { host: 'localhost', port, user: 'hygge', password };
  const tlsKeys = { tls: 'verify-full', tls_ca_path: file('authority.pem') };
  return {
    ...{ ...who, keys: { ...who, ...tlsKeys }, socket: file('socket') },
    async crash() {
      await kill();
      await start();
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function accepting(server: ChildProcess, to: readonly string[]): Promise<void> {
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const giveUpAt = performance.now() + startsWithinMs;
  for (;;) {
    const answers = await run(programs.admin, ['--no-defaults', ...to, 'status']).then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (server.exitCode !== null || server.signalCode !== null) throw new Error(`MariaDB ended at once:\n${said}`);
    if (performance.now() > giveUpAt) throw new Error(`MariaDB does not answer:\n${said}`);
    await wait(30);
  }
}
