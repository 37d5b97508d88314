import type { BlobClient, BlobGetPropertiesResponse } from '@azure/storage-blob';
import type { AzureRequests } from './requests.ts';

/** The properties of a blob without its body; null: the blob does not exist. */
export function lookAt(requests: AzureRequests, blob: BlobClient): Promise<BlobGetPropertiesResponse | null> {
  return requests.send<BlobGetPropertiesResponse | null>({
    doing: 'read',
    ask: ({ abortSignal }) => blob.getProperties({ abortSignal }),
    expected: (answer) => (requests.isAbsent(answer) ? null : undefined),
  });
}

/** Whether the metadata of an empty blob mark it as a folder. The Blob protocol shows folders as marked blobs, and some tools create marked blobs on accounts without folders. */
export function isFolder(metadata: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(metadata).some(([key, value]) => key.toLowerCase() === 'hdi_isfolder' && value.toLowerCase() === 'true');
}
