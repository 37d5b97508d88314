import { hash } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import type { DataLakeFileSystemClient, Pipeline } from '@azure/storage-file-datalake';
import { type SignIn, signIn } from '../../clouds/azure/credential.ts';
import { type AzureKeys, azureKeyNames } from '../../clouds/azure/keys.ts';
import { Secret } from '../../ports/secret.ts';
import type { Instant } from '../../ports/values.ts';
import { type Asking, Requests } from '../azure/requests.ts';
import { isBehindProxy, keptThroughProxies } from './proxied.ts';
import type { Addressed } from './refusals.ts';

/** Where an account is, in both of its protocols. */
export interface Endpoints {
  /** `https://acct.dfs.core.windows.net`, no slash at the end. */
  readonly dfsUrl: string;
  /** `https://acct.blob.core.windows.net`: the same files as blobs. */
  readonly blobUrl: string;
  /** What a key belongs to. */
  readonly account: string;
}

interface Shared {
  readonly signedIn: SignIn;
  readonly pipeline: Pipeline;
}

/** Connections and tokens are kept in the pipeline: one for each account and identity of the process. */
const shared = new Map<string, Promise<Shared>>();

async function sharedWay({ dfsUrl, account }: Endpoints, keys: AzureKeys): Promise<Shared> {
  const proofs = azureKeyNames.map((name) => {
    const value = keys[name];
    return value instanceof Secret ? hash('sha256', value.reveal()) : (value ?? null);
  });
  const identity = JSON.stringify([dfsUrl, proofs]);
  const known = shared.get(identity) ?? open(account, keys);
  shared.set(identity, known);
  known.catch(() => shared.delete(identity));
  return known;
}

async function open(account: string, keys: AzureKeys): Promise<Shared> {
  const [{ newPipeline }, signedIn] = await Promise.all([import('@azure/storage-file-datalake'), signIn(keys, account, process.env)]);
  // What is sent again is decided in azure/requests.ts: the SDK knows neither which writes may not be, nor 429 and Retry-After.
  const pipeline = newPipeline(signedIn.credential, { retryOptions: { maxTries: 1 } });
  if (isBehindProxy(process.env)) pipeline.factories.push(keptThroughProxies());
  return { signedIn, pipeline };
}

/** What one request is for: when it may be sent again, and which answers are no failures. */
export type Purpose<T> = Omit<Asking<T>, 'ask'>;

/** The clients of one filesystem, and how requests go through them. */
export interface Account {
  /** The filesystem, as it stands in URLs. */
  readonly filesystem: string;
  readonly files: DataLakeFileSystemClient;
  /** The same files by the Blob protocol. */
  readonly blobs: ContainerClient;
  /** Throws ConnectionError HYG-6401…6404, and `OutcomeUnknown` of a change that may have been made. */
  send<T>(purpose: Purpose<T>, ask: (signal: AbortSignal) => Promise<T>): Promise<T>;
  now(): Instant;
}

export async function openAccount(endpoints: Endpoints, filesystem: string, keys: AzureKeys, at: Addressed): Promise<Account> {
  const [{ signedIn, pipeline }, { DataLakeFileSystemClient }, { ContainerClient }] = await Promise.all([
    sharedWay(endpoints, keys),
    import('@azure/storage-file-datalake'),
    import('@azure/storage-blob'),
  ]);
  const inside = encodeURIComponent(filesystem) + (signedIn.query === null ? '' : `?${signedIn.query.reveal()}`);
  const requests = new Requests(endpoints.dfsUrl, at);
  return {
    filesystem: encodeURIComponent(filesystem),
    files: new DataLakeFileSystemClient(`${endpoints.dfsUrl}/${inside}`, pipeline),
    blobs: new ContainerClient(`${endpoints.blobUrl}/${inside}`, pipeline),
    send: (purpose, ask) => requests.send({ ...purpose, ask }),
    now: () => requests.now(),
  };
}
