import type { BlobClient, BlobGetPropertiesResponse } from '@azure/storage-blob';
import type { AzureRequests } from './requests.ts';

/** What is told of a blob without its body; null: it is not there. */
export function lookAt(requests: AzureRequests, blob: BlobClient): Promise<BlobGetPropertiesResponse | null> {
  return requests.send<BlobGetPropertiesResponse | null>({
    doing: 'read',
    ask: ({ abortSignal }) => blob.getProperties({ abortSignal }),
    expected: (answer) => (requests.isAbsent(answer) ? null : undefined),
  });
}

/** How the Blob protocol tells of a folder: as an empty blob that says so. Some tools leave such on accounts without folders, too. */
export function isFolder(metadata: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(metadata).some(([key, value]) => key.toLowerCase() === 'hdi_isfolder' && value.toLowerCase() === 'true');
}
