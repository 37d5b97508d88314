import { hash } from 'node:crypto';
import type { ContainerClient, Pipeline } from '@azure/storage-blob';
import { signIn } from '../../clouds/azure/credential.ts';
import { type AzureKeys, azureKeyNames } from '../../clouds/azure/keys.ts';
import { Secret } from '../../ports/secret.ts';

/** A container, and how one signs in to its account. */
export interface ContainerPlace {
  /** `https://acct.blob.core.windows.net`; of an emulator `http://127.0.0.1:10000/acct`. No slash at the end. */
  readonly accountUrl: string;
  readonly container: string;
  readonly keys: AzureKeys;
}

interface Way {
  readonly pipeline: Pipeline;
  readonly query: string;
}

/** Connections and tokens are kept in the pipeline: one for each account and identity of the process. */
const ways = new Map<string, Promise<Way>>();

export async function containerClient({ accountUrl, container, keys }: ContainerPlace): Promise<ContainerClient> {
  const { ContainerClient } = await import('@azure/storage-blob');
  const { pipeline, query } = await wayTo(accountUrl, keys);
  return new ContainerClient(`${accountUrl}/${encodeURIComponent(container)}${query}`, pipeline);
}

function wayTo(accountUrl: string, keys: AzureKeys): Promise<Way> {
  const proofs = azureKeyNames.map((name) => {
    const value = keys[name];
    return value instanceof Secret ? hash('sha256', value.reveal()) : (value ?? null);
  });
  const identity = JSON.stringify([accountUrl, proofs]);
  const way = ways.get(identity) ?? open(accountUrl, keys);
  ways.set(identity, way);
  return way;
}

async function open(accountUrl: string, keys: AzureKeys): Promise<Way> {
  const [{ newPipeline }, { credential, query }] = await Promise.all([
    import('@azure/storage-blob'),
    signIn(keys, accountName(accountUrl), process.env),
  ]);
  // What is sent again is decided in requests.ts: the SDK knows neither which writes may not be, nor 429 and Retry-After.
  const pipeline = newPipeline(credential, { retryOptions: { maxTries: 1 } });
  return { pipeline, query: query === null ? '' : `?${query.reveal()}` };
}

/** What a key belongs to: the first name of the host, or the path behind an address without names. */
export function accountName(accountUrl: string): string {
  const { hostname, pathname } = new URL(accountUrl);
  const inPath = pathname.split('/').find((segment) => segment !== '');
  return inPath ?? hostname.split('.')[0] ?? '';
}
