import type { ContainerClient } from '@azure/storage-blob';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import type { AzureKeys } from '../../remote/azure/keys.ts';
import type { Addressed } from '../azure/refusals.ts';
import { Requests } from '../azure/requests.ts';
import { wayTo } from '../azure/way.ts';

/** Where an account is, in both of its protocols. */
export interface Endpoints {
  /** `https://acct.dfs.core.windows.net`, no slash at the end. */
  readonly dfsUrl: string;
  /** `https://acct.blob.core.windows.net`: the same files as blobs. */
  readonly blobUrl: string;
  /** What a key belongs to. */
  readonly account: string;
}

/** The clients of one filesystem, and how requests go through them. */
export interface Account {
  /** The filesystem, as it stands in URLs. */
  readonly filesystem: string;
  readonly files: DataLakeFileSystemClient;
  /** The same files by the Blob protocol. */
  readonly blobs: ContainerClient;
  readonly requests: Requests;
}

export async function openAccount(endpoints: Endpoints, filesystem: string, keys: AzureKeys, at: Addressed): Promise<Account> {
  const { dfsUrl, blobUrl, account } = endpoints;
  const [{ pipeline, query }, { DataLakeFileSystemClient }, { ContainerClient }] = await Promise.all([
    wayTo({ accountUrl: dfsUrl, account, keys }),
    import('@azure/storage-file-datalake'),
    import('@azure/storage-blob'),
  ]);
  const inUrl = encodeURIComponent(filesystem);
  return {
    filesystem: inUrl,
    files: new DataLakeFileSystemClient(`${dfsUrl}/${inUrl}${query}`, pipeline),
    blobs: new ContainerClient(`${blobUrl}/${inUrl}${query}`, pipeline),
    requests: new Requests(dfsUrl, { ...at, namelessIsAbsent: true }),
  };
}
