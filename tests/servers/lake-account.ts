import { ClientSecretCredential } from '@azure/identity';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { afterAll, beforeAll } from 'vitest';
import { type Azure, account, client, filesystem, startAzure, tenant } from '../support/azure-hosts/azure.ts';

export const once = { retryOptions: { maxTries: 1 } };
export const url = `https://${account}.dfs.core.windows.net/${filesystem}`;

/** What the service said to a request that it refused. */
export interface Said {
  readonly status: number | undefined;
  readonly code: string | undefined;
}

export async function said(act: Promise<unknown>): Promise<Said> {
  try {
    await act;
  } catch (error) {
    const { statusCode, code, details } = error as { statusCode?: number; code?: string; details?: { errorCode?: string } };
    return { status: statusCode, code: details?.errorCode ?? code };
  }
  return { status: undefined, code: 'not refused' };
}

/** One Azure for a file of tests, that this process is led to. */
export function azureForTests(): () => Azure {
  let azure: Azure | undefined;
  let inProcess: Disposable | undefined;
  beforeAll(async () => {
    azure = await startAzure();
    inProcess = azure.hosts.inProcess();
  });
  afterAll(async () => {
    inProcess?.[Symbol.dispose]();
    await azure?.[Symbol.asyncDispose]();
  });
  return () => {
    if (azure === undefined) throw new Error('not before the tests');
    return azure;
  };
}

export const servicePrincipal = (): ClientSecretCredential => new ClientSecretCredential(tenant, client.id, client.secret ?? '');

export async function written(files: DataLakeFileSystemClient, path: string, content: string): Promise<string> {
  const file = files.getFileClient(path);
  await file.create();
  await file.append(content, 0, Buffer.byteLength(content));
  const { etag = '' } = await file.flush(Buffer.byteLength(content));
  return etag;
}

export const text = async (files: DataLakeFileSystemClient, path: string): Promise<string> =>
  (await files.getFileClient(path).readToBuffer()).toString();
