import { ContainerClient } from '@azure/storage-blob';
import { realRandom } from '../../src/adapters/real-random.ts';
import { type BlobRequest, blobFileSystem } from '../../src/filesystems/blob/blob.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { Azurite } from '../support/azurite.ts';
import { testNetwork } from '../support/test-network.ts';

/** A container of its own in the Azurite of the tests. */
export interface BlobContainer {
  readonly server: Azurite;
  readonly container: string;
  /** As the SDK has it, for a look past the filesystem. */
  readonly client: ContainerClient;
}

const random = realRandom();

export async function blobContainer(server: Azurite): Promise<BlobContainer> {
  const container = `c-${random.nonce()}`;
  const client = new ContainerClient(server.connectionString, container);
  await client.create();
  return { server, container, client };
}

/** A tree in it. @param more what is another than usual: the address of a proxy, a key. */
export function filesIn({ server, container }: BlobContainer, folder = '', more: Partial<BlobRequest> = {}): Promise<FileSystem> {
  return blobFileSystem({
    accountUrl: server.blobUrl,
    container,
    folder,
    keys: { storage_account_key: new Secret(server.key) },
    url: `az://${container}@tests/${folder}`,
    random,
    network: testNetwork,
    ...more,
  });
}

/** A folder of its own in the container that a file of tests shares. */
export interface BlobTree {
  readonly place: BlobContainer;
  readonly files: FileSystem;
  readonly folder: string;
}

export function blobTrees(azurite: () => Promise<Azurite>): () => Promise<BlobTree> {
  let shared: Promise<BlobContainer> | undefined;
  return async () => {
    shared ??= azurite().then(blobContainer);
    const place = await shared;
    const folder = random.nonce();
    return { place, folder, files: await filesIn(place, folder) };
  };
}

export async function* once(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? bytes(chunk) : chunk;
}

export const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
