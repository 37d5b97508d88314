import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';

/** A storage account on this machine: Blob, Queue and Table, in memory, gone with the process. */
export interface Azurite extends AsyncDisposable {
  readonly connectionString: string;
  readonly account: string;
  readonly key: string;
  /** `http://127.0.0.1:<port>/<account>`, without a slash at the end; so are the others. */
  readonly blobUrl: string;
  readonly queueUrl: string;
  readonly tableUrl: string;
  readonly pid: number;
}

const root = join(import.meta.dirname, '..', '..');
const usualAccount = 'devstoreaccount1';
// Azurite's own, the same everywhere and public.
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const services = ['Blob', 'Queue', 'Table'] as const;
type Service = (typeof services)[number];

/** An Azurite that runs, and has several accounts that know nothing of each other. */
export interface AzuriteProcess extends AsyncDisposable {
  readonly pid: number;
  /** Without an account. */
  readonly origins: Readonly<Record<Service, string>>;
}

/**
 * Starts Azurite on loopback and ports that were free; resolves when all three services listen, after 2–4 s. Disposing kills it, and so
 * does the end of the test process. For tests that stop it or count on its being alone; others use `sharedAzurite`.
 */
export async function startAzurite(): Promise<Azurite> {
  const running = await startAzuriteProcess([usualAccount]);
  return { ...accountOf(running, usualAccount), [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

export async function startAzuriteProcess(accounts: readonly string[]): Promise<AzuriteProcess> {
  const env = { ...process.env, AZURITE_ACCOUNTS: accounts.map((account) => `${account}:${key}`).join(';') };
  const child = spawn(process.execPath, azuriteArguments(), { cwd: tmpdir(), stdio: ['pipe', 'pipe', 'pipe'], env });
  return { pid: child.pid ?? -1, origins: await listening(child), [Symbol.asyncDispose]: () => stop(child) };
}

function accountOf({ pid, origins }: Pick<AzuriteProcess, 'pid' | 'origins'>, account: string): Omit<Azurite, keyof AsyncDisposable> {
  const url = (service: Service): string => `${origins[service]}/${account}`;
  return {
    account,
    key,
    blobUrl: url('Blob'),
    queueUrl: url('Queue'),
    tableUrl: url('Table'),
    connectionString: connectionStringOf(services.map((service) => `${service}Endpoint=${url(service)};`).join('')),
    pid,
  };
}

/** A connection string with these endpoints (through a proxy, say); the account is the one that they end in. */
export function connectionStringOf(endpoints: string): string {
  const account = /:\d+\/(\w+)/.exec(endpoints)?.[1] ?? usualAccount;
  return `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};${endpoints}`;
}

/** An account of its own for a file of tests, in the one Azurite of this vitest run that the first who asks starts. */
export function sharedAzurite(): () => Promise<Azurite> {
  let asked: Promise<Azurite> | undefined;
  afterAll(async () => {
    await (await asked)?.[Symbol.asyncDispose]();
  });
  return () => {
    asked ??= sharedAccount(inject('azuriteAccounts'));
    return asked;
  };
}

async function sharedAccount(offered: string): Promise<Azurite> {
  const answer = await fetch(offered, { method: 'POST' });
  if (!answer.ok) throw new Error(`no Azurite: ${await answer.text()}`);
  const { account, ...running } = (await answer.json()) as Pick<AzuriteProcess, 'pid' | 'origins'> & { account: string };
  return { ...accountOf(running, account), [Symbol.asyncDispose]: async () => undefined };
}

function azuriteArguments(): readonly string[] {
  const places = services.flatMap((service) => {
    const name = service.toLowerCase();
    // A connection that idles is not closed under the next request: on a busy machine that would be met now and then.
    return [`--${name}Host`, '127.0.0.1', `--${name}Port`, '0', `--${name}KeepAliveTimeout`, '600'];
  });
  return [
    '--import',
    join(import.meta.dirname, 'ends-with-parent.ts'),
    join(root, 'node_modules', 'azurite', 'dist', 'src', 'azurite.js'),
    ...['--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck', '--silent'],
    ...places,
  ];
}

/** The address that each service says it listens at. */
function listening(child: ChildProcess): Promise<Readonly<Record<Service, string>>> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const [Blob, Queue, Table] = services.map(
        (service) => new RegExp(`Azurite ${service} service is successfully listening at (\\S+)`).exec(said)?.[1],
      );
      if (Blob !== undefined && Queue !== undefined && Table !== undefined) resolve({ Blob, Queue, Table });
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('close', (code, signal) => reject(new Error(`azurite ended with ${code ?? signal}:\n${said}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
