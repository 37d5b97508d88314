import type { ContainerClient } from '@azure/storage-blob';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import type { Network } from '../../ports/network.ts';
import type { AzureKeys } from '../../remote/azure/keys.ts';
import type { AddressForErrors } from '../azure/refusals.ts';
import { AzureRequests } from '../azure/requests.ts';
import { wayTo } from '../azure/way.ts';

/** The addresses of an account, in both of its protocols. */
export interface Endpoints {
  /** `https://acct.dfs.core.windows.net`, without a slash at the end. */
  readonly dfsUrl: string;
  /** `https://acct.blob.core.windows.net`: the address of the same files as blobs. */
  readonly blobUrl: string;
  /** The account name that a key belongs to. */
  readonly account: string;
}

export interface AdlsPlace extends Endpoints {
  readonly filesystem: string;
  /** The folder that is the root of the tree, without `/` at its ends; '' is the whole filesystem. */
  readonly folder: string;
  readonly keys: AzureKeys;
  readonly at: AddressForErrors;
  /** The key of a path that the service lists under another name. */
  readonly keyOf?: (listed: string) => string;
}

/** The clients of one filesystem, and the sender of its requests. */
export interface Account {
  /** The name of the filesystem, as written in URLs. */
  readonly filesystem: string;
  readonly files: DataLakeFileSystemClient;
  /** The client for the same files by the Blob protocol. */
  readonly blobs: ContainerClient;
  readonly requests: AzureRequests;
}

export async function openAccount(network: Network, place: AdlsPlace): Promise<Account> {
  const { dfsUrl, blobUrl, account, filesystem, keys, at } = place;
  const [{ pipeline, query }, { DataLakeFileSystemClient }, { ContainerClient }] = await Promise.all([
    wayTo(network, { accountUrl: dfsUrl, account, keys }),
    import('@azure/storage-file-datalake'),
    import('@azure/storage-blob'),
  ]);
  const inUrl = encodeURIComponent(filesystem);
  return {
    filesystem: inUrl,
    files: new DataLakeFileSystemClient(`${dfsUrl}/${inUrl}${query}`, pipeline),
    blobs: new ContainerClient(`${blobUrl}/${inUrl}${query}`, pipeline),
    requests: new AzureRequests(dfsUrl, { ...at, namelessIsAbsent: true }, { network }),
  };
}
