import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { hiddenProgram } from './optional-programs.ts';
import type { TestDatabase } from './postgres.ts';
import { freePort, unprivileged } from './postgres-process.ts';

const program = 'pgbouncer';

/** Why there is no PgBouncer to test with; '' when there is one. */
export function pgbouncerProblem(): string {
  const hidden = hiddenProgram('pgbouncer');
  if (hidden !== '') return hidden;
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return '';
  } catch {
    return 'without PgBouncer: apt-get install pgbouncer';
  }
}

/**
 * A pooler before a database that gives each transaction whichever of its few connections is free. Disposing kills it, and so does the end of this process.
 * @param connections of each user.
 */
export async function startPgBouncer({ host, port: behind, user, password, database }: TestDatabase, connections: number) {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-pgbouncer-'));
  const who = await unprivileged();
  const port = await freePort();
  const put = async (name: string, lines: readonly string[]) => {
    await writeFile(join(folder, name), `${lines.join('\n')}\n`);
    await chmod(join(folder, name), 0o600);
    if (who) await chown(join(folder, name), who.uid, who.gid);
  };
  if (who) await chown(folder, who.uid, who.gid);
  await put('users', [`"${user}" "${password}"`]);
  await put('conf', [
    ...['[databases]', `${database} = host=${host} port=${behind} dbname=${database}`, '[pgbouncer]'],
    ...['listen_addr = 127.0.0.1', `listen_port = ${port}`, 'unix_socket_dir =', 'pool_mode = transaction'],
    ...[`default_pool_size = ${connections}`, 'auth_type = scram-sha-256', `auth_file = ${join(folder, 'users')}`],
  ]);
  const as = who ? [`--reuid=${who.uid}`, `--regid=${who.gid}`, '--clear-groups'] : [];
  const pooler = spawn('setpriv', [...as, '--pdeathsig', 'KILL', program, join(folder, 'conf')], { cwd: folder, stdio: 'ignore' });
  const stop = async () => {
    if (pooler.exitCode === null && pooler.signalCode === null) {
      pooler.kill('SIGKILL');
      await once(pooler, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  for (;;) {
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database });
    client.on('error', () => undefined);
    const isUp = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (isUp) return { host: '127.0.0.1', port, [Symbol.asyncDispose]: stop };
    if (pooler.exitCode !== null) throw new Error(`PgBouncer ended with ${pooler.exitCode}`);
    await wait(20);
  }
}
