/** Answers of a blob container, as returned by the storage SDK. */
import type { BlobItem, ContainerClient } from '@azure/storage-blob';

interface BlobPage {
  readonly blobs: readonly BlobItem[];
  /** The marker of the next page; undefined: this was the last page. */
  readonly next: string | undefined;
}

export async function blobPage(container: ContainerClient, prefix: string, from: string | undefined): Promise<BlobPage> {
  const pages = container.listBlobsFlat({ prefix }).byPage(from === undefined ? {} : { continuationToken: from });
  for await (const { segment, continuationToken } of pages)
    return { blobs: segment.blobItems, next: continuationToken === '' ? undefined : continuationToken };
  return { blobs: [], next: undefined };
}

/** The whole body of a blob. A body that ends early counts as a lost answer, whatever error the client reports. */
export async function blobBody(stream: NodeJS.ReadableStream | undefined): Promise<Buffer> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  } catch {
    throw Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' });
  }
}
