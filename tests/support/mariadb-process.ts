import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { newAuthority } from './azure-hosts/certificates.ts';
import { namedServer } from './named-servers.ts';
import { hiddenProgram } from './optional-programs.ts';
import { freePort, unprivileged } from './postgres-process.ts';
import { serverFolder } from './server-folder.ts';
import { copyOfTemplate } from './server-template.ts';

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
  /** The server's own client, and what leads to it: reads statements from its input. Absent: a person named the server. */
  readonly client?: readonly string[];
}

export type MariadbProcess = MariadbAddress & AsyncDisposable;

export interface OwnMariadb extends MariadbProcess {
  /** Kills it as it stands, and starts it again: what it lost and what it kept is InnoDB's affair. */
  crash(): Promise<void>;
}

const startsWithinMs = 300_000;
const run = promisify(execFile);

/** How one of the two servers is brought up. */
interface Product {
  readonly name: string;
  /** Why it can't be started here; '' when it can. */
  readonly problem: string;
  readonly server: readonly string[];
  readonly admin: readonly string[];
  readonly client: readonly string[];
  /** Without TLS, by a socket. */
  readonly plain: string;
  /** Makes what the server keeps, with what it is started with. */
  readonly install: readonly string[];
  readonly quick: readonly string[];
  /** Statements that it begins with, as its administrator. */
  readonly init: readonly string[];
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const mariadbPrograms = { install: '/usr/bin/mariadb-install-db', server: '/usr/sbin/mariadbd', admin: '/usr/bin/mariadb-admin' };

const mariadb = (): Product => ({
  name: 'MariaDB',
  problem:
    hiddenProgram('mariadb') || (Object.values(mariadbPrograms).every(isProgram) ? '' : 'without MariaDB: apt-get install mariadb-server'),
  ...{
    server: [mariadbPrograms.server, '--no-defaults'],
    admin: [mariadbPrograms.admin],
    client: ['/usr/bin/mariadb'],
    plain: '--skip-ssl',
  },
  install: [mariadbPrograms.install, '--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'],
  quick: [
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-flush-method=nosync',
    '--innodb-buffer-pool-size=64M',
    '--innodb-log-file-size=48M',
  ],
  init: [],
});

/** As scripts/real-mysql.mjs unpacked it: its own loader runs it, with its own libraries. */
const mysql = (): Product => {
  const checkout = process.env.HYGGE_OPEN_ROOT ?? join(import.meta.dirname, '..', '..');
  const root = join(checkout, '.cache', 'mysql');
  const isHere = existsSync(join(root, 'version'));
  const found = (folder: string, form: RegExp): string =>
    join(root, folder, (isHere ? readdirSync(join(root, folder)) : []).find((name) => form.test(name)) ?? '');
  const begin = [found('usr/lib64', /^ld-linux/), '--library-path', found('usr/lib', /-linux-gnu/)];
  const server = [...begin, join(root, 'usr/sbin/mysqld'), '--no-defaults', `--basedir=${join(root, 'usr')}`];
  const set = [`--lc-messages-dir=${join(root, 'usr/share/mysql')}`, '--secure-file-priv=', '--mysqlx=OFF', '--skip-log-bin'];
  return {
    ...{
      name: 'MySQL',
      problem: hiddenProgram('mysql') || (isHere ? '' : `without MySQL: npm run real-mysql${whyNoMysql(checkout)}`),
      server: [...server, ...set],
    },
    ...{
      admin: [...begin, join(root, 'usr/bin/mysqladmin')],
      client: [...begin, join(root, 'usr/bin/mysql')],
      plain: '--ssl-mode=DISABLED',
    },
    install: [...server, ...set, '--initialize-insecure'],
    quick: [
      ...['--innodb-flush-log-at-trx-commit=0', '--innodb-flush-method=nosync', '--innodb-buffer-pool-size=64M'],
      ...['--innodb-redo-log-capacity=96M', '--innodb-doublewrite=OFF'],
      // By default four threads read a few rows, or build their index: to start them takes more of a processor than the rows.
      ...['--innodb-parallel-read-threads=1', '--innodb-ddl-threads=1'],
    ],
    init: ['ALTER USER root@localhost ACCOUNT LOCK'],
  };
};

function whyNoMysql(checkout: string): string {
  const path = join(checkout, '.cache', 'mysql-problem.txt');
  return existsSync(path) ? ` (${readFileSync(path, 'utf8').trim()})` : '';
}

/** Why there is no MariaDB to test with, and what to do; '' when there is one. */
export function mariadbProblem(): string {
  return namedServer('HYGGE_TEST_MYSQL') ? '' : ownMariadbProblem();
}

/** Why no MariaDB can be started here, whichever server a person named. */
export const ownMariadbProblem = (): string => mariadb().problem;

/** The same of MySQL's own server. */
export const ownMysqlProblem = (): string => mysql().problem;

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
export const startMariadb = (options: readonly string[] = []): Promise<OwnMariadb> => startProduct(mariadb(), options);

/** The same of MySQL's own server. */
export const startMysql = (options: readonly string[] = []): Promise<OwnMariadb> => startProduct(mysql(), options);

async function startProduct({ name: product, problem, ...of }: Product, options: readonly string[]): Promise<OwnMariadb> {
  if (problem !== '') throw new Error(problem);
  const folder = await serverFolder(product.toLowerCase());
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
  const [password, authority] = [randomBytes(12).toString('hex'), newAuthority()];
  let port = await freePort();
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
    const init = [...of.init, `CREATE USER IF NOT EXISTS hygge IDENTIFIED BY '${password}'`, 'GRANT ALL ON *.* TO hygge WITH GRANT OPTION'];
    await put('init.sql', init.map((statement) => `${statement};\n`).join(''));
    const where = [`--datadir=${file('data')}`, `--tmpdir=${file('tmp')}`, ...of.quick];
    const ofNames = options.filter((option) => /^--lower-case/.test(option));
    const install = async (template: string): Promise<void> => {
      const to = [`--datadir=${join(template, 'data')}`, `--tmpdir=${file('tmp')}`, ...of.quick];
      await run('setpriv', [...as, ...of.install, ...to, ...ofNames], { cwd: folder, timeout: startsWithinMs });
      // By this a replica knows its server from the others.
      await rm(join(template, 'data', 'auto.cnf'), { force: true });
    };
    await copyOfTemplate([product, ...ofNames].join('').toLowerCase(), file('installed'), install, runsAs);
    await rename(join(file('installed'), 'data'), file('data'));
    const tls = [`--ssl-cert=${file('certificate.pem')}`, `--ssl-key=${file('key.pem')}`, `--ssl-ca=${file('authority.pem')}`];
    const at = () => ['--bind-address=127.0.0.1', `--port=${port}`, `--socket=${file('socket')}`, `--pid-file=${file('pid')}`];
    const more = ['--skip-name-resolve', '--local-infile=ON', '--max-allowed-packet=64M', `--init-file=${file('init.sql')}`, ...options];
    start = async () => {
      server = spawn('setpriv', [...as, '--pdeathsig', 'KILL', ...of.server, ...where, ...at(), ...tls, ...more], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const admin = [
        ...of.admin,
        '--no-defaults',
        `--socket=${file('socket')}`,
        of.plain,
        '--user=hygge',
        `--password=${password}`,
        'status',
      ];
      await accepting(server, { product, admin, socket: file('socket') });
    };
    // Others on the machine take ports as well.
    for (let tries = 1; ; tries++) {
      const failed = await start().catch((error: unknown) => error);
      if (failed === undefined) break;
      if (tries === 3 || !/Address already in use/.test(String(failed))) throw failed;
      port = await freePort();
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const who = { host: 'localhost', port, user: 'hygge', password };
  const tlsKeys = { tls: 'verify-full', tls_ca_path: file('authority.pem') };
  return {
    ...{ ...who, keys: { ...who, ...tlsKeys }, socket: file('socket') },
    client: [...of.client, '--no-defaults', `--socket=${file('socket')}`, of.plain],
    async crash() {
      await kill();
      await start();
    },
    [Symbol.asyncDispose]: stop,
  };
}

const yes = (): boolean => true;
const no = (): boolean => false;

async function isListening(path: string): Promise<boolean> {
  const socket = connect({ path });
  const answers = await once(socket, 'connect').then(yes, no);
  socket.destroy();
  return answers;
}

async function accepting(
  server: ChildProcess,
  {
    product,
    admin: [program = '', ...status],
    socket,
  }: { readonly product: string; readonly admin: readonly string[]; readonly socket: string },
): Promise<void> {
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const giveUpAt = performance.now() + startsWithinMs;
  for (;;) {
    // Its own client says more, and takes a hundred times as long to start.
    const answers = (await isListening(socket)) && (await run(program, status).then(yes, no));
    if (answers) return;
    if (server.exitCode !== null || server.signalCode !== null) throw new Error(`${product} ended at once:\n${said}`);
    if (performance.now() > giveUpAt) throw new Error(`${product} does not answer:\n${said}`);
    await wait(30);
  }
}
