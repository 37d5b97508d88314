import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts';
import { hiddenProgram } from '../optional-programs.ts';

const sources = join(import.meta.dirname, 'odata-server');
const cache = join(import.meta.dirname, '..', '..', '..', '.cache', 'odata-server');
/** A first build restores packages; on a quiet machine that takes a minute or two. */
const builtWithinMs = 400_000;

/** The built service, or why there is none. It is built once for its sources, and lies in the cache; one process builds, and others wait. */
export function odataServer(): { readonly program: string } | { readonly missing: string } {
  const hidden = hiddenProgram('dotnet');
  if (hidden !== '') return { missing: hidden };
  const hash = createHash('sha256');
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
  const built = join(cache, hash.digest('hex').slice(0, 16));
  const program = join(built, 'bin', 'odata-server', 'release', 'odata-server.dll');
  if (existsSync(program)) return { program };
  const sdk = spawnSync('dotnet', ['--list-sdks'], { encoding: 'utf8' });
  if (sdk.error !== undefined || !/^1\d\./m.test(sdk.stdout))
    return { missing: 'without dotnet and an SDK of .NET 10, which builds the service' };
  mkdirSync(cache, { recursive: true });
  const lock = `${built}.lock`;
  const giveUpAt = performance.now() + builtWithinMs;
  while (!isTaken(lock)) {
    if (existsSync(program)) return { program };
    if (performance.now() > giveUpAt) return { missing: `without the service of OData: remove ${lock}, which another process left` };
    pause(200);
  }
  try {
    return existsSync(program) ? { program } : build(built, program);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isTaken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** No server of builds stays behind. */
const alone = ['-nodeReuse:false', '-p:UseSharedCompilation=false'];

function build(built: string, program: string): { readonly program: string } | { readonly missing: string } {
  // Not in the folder of the sources; and not of a copy in the cache: .NET takes no sources below a folder with a dot before its name.
  const half = `${built}.half`;
  rmSync(half, { recursive: true, force: true });
  const { status, stdout } = spawnSync(
    'dotnet',
    ['build', sources, '-c', 'Release', '--artifacts-path', half, '-v', 'q', '-nologo', ...alone],
    {
      encoding: 'utf8',
      timeout: builtWithinMs,
      env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' },
    },
  );
  if (status !== 0) return { missing: `dotnet could not build the service of OData: ${stdout.slice(-200)}` };
  renameSync(half, built);
  return { program };
}

/** Why tests with the service are skipped; '' when they are not. */
export function noOData(): string {
  const server = odataServer();
  return 'missing' in server ? server.missing : '';
}

export interface Customer {
  readonly id: number;
  readonly name: string | null;
  readonly balance?: number;
  readonly changed?: string;
}

/** The service of odata-server, of this test file alone. */
export interface ODataService extends AsyncDisposable {
  /** The root of the service, without a slash at the end. It leads through `proxy`. */
  readonly url: string;
  readonly proxy: FaultProxy;
  /** So many records of all types. */
  samples(n: number): Promise<void>;
  lines(n: number): Promise<void>;
  put(...customers: readonly Customer[]): Promise<void>;
  remove(...ids: readonly number[]): Promise<void>;
  /** From now on no delta link that was given before is good. */
  expire(): Promise<void>;
  /** Of a changed record, only a part is told. */
  partial(on: boolean): Promise<void>;
  reset(): Promise<void>;
}

export async function startOData(): Promise<ODataService> {
  const server = odataServer();
  if ('missing' in server) throw new Error(server.missing);
  const service = spawn('dotnet', [server.program], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  service.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<never>((_, reject) => {
    service.once('exit', () => reject(new Error(`The service of OData ended:\n${said}`)));
  });
  ended.catch(() => undefined);
  const first = (async () => {
    for await (const line of createInterface(service.stdout)) return line;
    return '';
  })();
  const root = await Promise.race([first, ended]);
  const proxy = await startFaultProxy(root);
  const post = async (path: string, body?: object) => {
    const answer = await fetch(`${root}${path}`, {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  return {
    url: `${proxy.url}/odata`,
    proxy,
    samples: (n) => post(`/samples?n=${n}`),
    lines: (n) => post(`/lines?n=${n}`),
    async put(...customers) {
      for (const customer of customers) await post('/customers', { balance: 0, changed: '2026-03-01T12:00:00Z', ...customer });
    },
    async remove(...ids) {
      for (const id of ids) await post(`/customers/remove?id=${id}`);
    },
    expire: () => post('/customers/expire'),
    partial: (on) => post(`/customers/partial?on=${on}`),
    reset: () => post('/reset'),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      service.kill('SIGKILL');
    },
  };
}
