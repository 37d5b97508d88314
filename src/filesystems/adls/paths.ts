import { plain } from '../azure/etags.ts';
import type { Account } from './account.ts';
import type { Listed, Page } from './listing.ts';

/** The most that the service puts into one answer. */
const pathsAtOnce = 5_000;

/** One answer of a listing. @param folder a key; '' is the root. @param from where the answer before ended. */
export function pageOf({ files, requests }: Account, folder: string, recursive: boolean, from: string | undefined): Promise<Page> {
  return requests.send<Page>({
    doing: 'list',
    expected: (answer) => (requests.isAbsent(answer) ? { entries: [], next: undefined } : undefined),
    async ask({ abortSignal }) {
      const pages = files.listPaths({ path: folder, recursive, abortSignal });
      const settings = { maxPageSize: pathsAtOnce, ...(from === undefined ? {} : { continuationToken: from }) };
      const { value } = await pages.byPage(settings).next();
      const items: readonly Item[] = value?.pathItems ?? [];
      return { entries: items.map(listed), next: value?.continuation || undefined };
    },
  });
}

interface Item {
  readonly name?: string;
  readonly isDirectory?: boolean;
  readonly contentLength?: number;
  readonly etag?: string;
  readonly lastModified?: Date;
}

function listed({ name = '', isDirectory = false, contentLength = 0, etag, lastModified }: Item): Listed {
  // In the answer they are texts.
  const bytes = Number(contentLength);
  return {
    path: name,
    isDirectory: String(isDirectory) === 'true',
    bytes,
    etag: plain(etag),
    modifiedAt: (lastModified ?? new Date(0)).toISOString(),
  };
}
