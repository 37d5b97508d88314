import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { type Azurite, startAzurite } from '../azurite.ts';
import type { LakeKind, LakePlace, TestLake } from './lake.ts';

const usual = 'lake';

/** A new container. @param address where hygge finds the account, if not where it is: a proxy's. */
export async function lakeInAzurite(azurite: Azurite, container = usual, address = azurite.blobUrl): Promise<LakePlace> {
  const client = new ContainerClient(`${azurite.blobUrl}/${container}`, new StorageSharedKeyCredential(azurite.account, azurite.key));
  await client.create();
  return {
    side: (path, more) =>
      `{ type: azure_blob, account_url: "${address}", container: ${container}, storage_account_key: "\${LAKE_KEY}", path: "${path}"${more === undefined ? '' : `, ${more}`} }`,
    env: { LAKE_KEY: azurite.key },
    sdk: { kind: 'azure_blob', url: `${azurite.blobUrl}/${container}`, account: azurite.account, key: azurite.key },
    async download(folder, to) {
      for await (const { name } of client.listBlobsFlat({ prefix: folder === '' ? '' : `${folder}/` })) {
        const path = join(to, name.slice(folder === '' ? 0 : folder.length + 1));
        await mkdir(dirname(path), { recursive: true });
        await client.getBlobClient(name).downloadToFile(path);
      }
    },
    async unfinished() {
      const names = async (includeUncommitedBlobs: boolean): Promise<string[]> => {
        const found: string[] = [];
        for await (const { name } of client.listBlobsFlat({ includeUncommitedBlobs })) found.push(name);
        return found;
      };
      const whole = new Set(await names(false));
      return (await names(true)).filter((name) => !whole.has(name));
    },
    async empty() {
      for await (const { name } of client.listBlobsFlat()) await client.deleteBlob(name);
    },
  };
}

async function start(): Promise<TestLake> {
  const azurite = await startAzurite();
  return { ...(await lakeInAzurite(azurite)), [Symbol.asyncDispose]: () => azurite[Symbol.asyncDispose]() };
}

/** Azure Blob, played by Azurite. */
export const azuriteLake: LakeKind = { name: 'azure_blob', start };
