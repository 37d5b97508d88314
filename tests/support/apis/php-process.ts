import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, copyFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, unprivileged } from '../postgres-process.ts';
import { serverFolder } from '../server-folder.ts';

const startsWithinMs = 300_000;
const program = '/usr/bin/php';

const modules = '/usr/lib/php';

/** Whether PHP is here, with an extension such as `mysqli`. */
export const hasPhp = (extension: string): boolean =>
  existsSync(program) &&
  existsSync(modules) &&
  readdirSync(modules).some((version) => existsSync(join(modules, version, `${extension}.so`)));

/** A folder of a site's own, with its router; programs of PHP run there, as an unprivileged user. Disposing ends the server and removes the folder. */
export interface PhpSite extends AsyncDisposable {
  readonly folder: string;
  /** Lets the programs write there. */
  own(path: string): Promise<void>;
  /** What a script prints. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /**
   * Serves the router on a free port of loopback, one request after another: PHP's own workers outlive the process that started them when that is killed.
   * @returns its address, without a slash at the end.
   */
  serve(env?: Readonly<Record<string, string>>): Promise<string>;
}

/** @param routers files beside this one; they lie in the folder under their own names, and the first one is served. */
export async function phpSite(name: string, routers: readonly string[]): Promise<PhpSite> {
  const folder = await serverFolder(name);
  const runsAs = await unprivileged();
  if (runsAs) await chown(folder, runsAs.uid, runsAs.gid);
  for (const router of routers) await copyFile(join(import.meta.dirname, router), join(folder, basename(router)));
  const as = runsAs ? [`--reuid=${runsAs.uid}`, `--regid=${runsAs.gid}`, '--clear-groups'] : [];
  const words = [...as, '--pdeathsig', 'KILL', program, '-d', 'max_execution_time=0', '-d', 'memory_limit=512M'];
  let end = async (): Promise<void> => undefined;
  const started = async (env: Readonly<Record<string, string>>): Promise<string> => {
    const port = await freePort();
    // The files of a package do not change under the tests.
    const quick = ['-d', 'opcache.validate_timestamps=0', '-d', 'log_errors=0', '-q'];
    const server = spawn('setpriv', [...words, ...quick, '-S', `127.0.0.1:${port}`, '-t', folder, join(folder, routers[0] ?? '')], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    });
    let said = '';
    server.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
    end = async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const closed = once(server, 'close');
      server.kill('SIGKILL');
      await closed;
    };
    const giveUpAt = performance.now() + startsWithinMs;
    const url = `http://127.0.0.1:${port}`;
    for (;;) {
      // An answer of any kind.
      const answers = await fetch(`${url}/`).then(
        () => true,
        () => false,
      );
      if (server.exitCode !== null || server.signalCode !== null) throw new Error(`PHP ended at once:\n${said}`);
      if (answers) return url;
      if (performance.now() > giveUpAt) throw new Error(`PHP does not answer:\n${said}`);
      await wait(30);
    }
  };
  return {
    folder,
    async own(path) {
      if (runsAs) await chown(path, runsAs.uid, runsAs.gid);
    },
    async run(args, env = {}) {
      const { stdout } = await promisify(execFile)('setpriv', [...words, ...args], {
        cwd: folder,
        env: { ...process.env, ...env },
        maxBuffer: 1 << 26,
      });
      return stdout;
    },
    async serve(env = {}) {
      // Others on the machine take ports as well.
      for (let tries = 1; ; tries++)
        try {
          return await started(env);
        } catch (error) {
          if (tries === 3) throw error;
        }
    },
    async [Symbol.asyncDispose]() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
