import type { BlobClient, BlobGetPropertiesResponse } from '@azure/storage-blob';
import type { AzureRequests } from './requests.ts';

/** The properties of a blob without its body; null: it does not exist. */
export function lookAt(requests: AzureRequests, blob: BlobClient): Promise<BlobGetPropertiesResponse | null> {
  return requests.send<BlobGetPropertiesResponse | null>({
    doing: 'read',
    ask: ({ abortSignal }) => blob.getProperties({ abortSignal }),
    expected: (answer) => (requests.isAbsent(answer) ? null : undefined),
  });
}

/** The Blob protocol shows a folder as an empty blob with this mark. Some tools also create such blobs on accounts without folders. */
export function isFolder(metadata: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(metadata).some(([key, value]) => key.toLowerCase() === 'hdi_isfolder' && value.toLowerCase() === 'true');
}
