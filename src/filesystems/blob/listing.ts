import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import type { FileInfo } from '../../ports/filesystem.ts';
import { quoted } from '../azure/etags.ts';
import { isFolder } from '../azure/look.ts';
import type { AzureRequests } from '../azure/requests.ts';
import { comparePaths } from '../paths.ts';

const namesInAPage = 5_000;

/** A blob as a listing shows it. */
export interface ListedBlob extends FileInfo {
  /** The whole name of the blob in the container. */
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Every blob whose name has this prefix, in the order of whole names. Stubs of folders are not included. */
export async function* listed(requests: AzureRequests, container: ContainerClient, prefix: string): AsyncGenerator<ListedBlob> {
  const look = () => isHierarchical(requests, container);
  const isByFolder = await requests.network.kept('accounts that list by folder', new URL(container.url).origin, look);
  const all = unordered(requests, container, prefix);
  yield* isByFolder ? sorted(all) : straightened(all);
}

/** Whether an account lists folder by folder. Also true if hygge lacks the right for the test. */
function isHierarchical(requests: AzureRequests, container: ContainerClient): Promise<boolean> {
  return requests.send({
    doing: 'list',
    ask: async ({ abortSignal }) => (await container.getAccountInfo({ abortSignal })).isHierarchicalNamespaceEnabled ?? false,
    expected: ({ status }) => (status !== undefined && status < 500 && status !== 429 && status !== 408 ? true : undefined),
  });
}

async function* unordered(requests: AzureRequests, container: ContainerClient, prefix: string): AsyncGenerator<ListedBlob> {
  let from: string | undefined;
  do {
    const page = await requests.send({
      doing: 'list',
      ask: async ({ abortSignal }) => {
        const options = { maxPageSize: namesInAPage, ...(from === undefined ? {} : { continuationToken: from }) };
        const pages = container.listBlobsFlat({ prefix, includeMetadata: true, abortSignal }).byPage(options);
        const { value } = await pages.next();
        return value === undefined ? undefined : { ...value, blobs: value.segment.blobItems };
      },
    });
    for (const item of page?.blobs ?? []) if (isFile(item)) yield infoOf(item);
    from = page?.continuationToken || undefined;
  } while (from !== undefined);
}

function isFile({ name, metadata }: BlobItem): boolean {
  return !name.endsWith('/') && !isFolder(metadata);
}

function infoOf({ name, properties, metadata }: BlobItem): ListedBlob {
  return {
    key: name,
    path: name,
    bytes: properties.contentLength ?? 0,
    etag: quoted(properties.etag),
    modifiedAt: properties.lastModified.toISOString(),
    metadata: metadata ?? {},
  };
}

const byKey = (a: ListedBlob, b: ListedBlob): number => comparePaths(a.key, b.key);

/** All blobs, sorted in memory, because accounts with folders list `a/…` before `a-b`. */
async function* sorted(all: AsyncIterable<ListedBlob>): AsyncGenerator<ListedBlob> {
  const found: ListedBlob[] = [];
  for await (const one of all) found.push(one);
  yield* found.sort(byKey);
}

/**
 * Sorts the listing of an account without folders, which is in the order of UTF-16 or of bytes. The two orders differ
 * only for names with a UTF-16 unit from U+D800 on. Such names are neighbours in both orders, so only these names are
 * sorted.
 */
async function* straightened(all: AsyncIterable<ListedBlob>): AsyncGenerator<ListedBlob> {
  let waiting: ListedBlob[] = [];
  for await (const one of all) {
    if (isHigh(one.key)) {
      waiting.push(one);
      continue;
    }
    yield* waiting.sort(byKey);
    waiting = [];
    yield one;
  }
  yield* waiting.sort(byKey);
}

function isHigh(key: string): boolean {
  return /[\ud800-\uffff]/.test(key);
}
