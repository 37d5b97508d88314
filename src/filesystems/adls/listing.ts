import type { FileInfo } from '../../ports/filesystem.ts';
import { comparePaths } from '../paths.ts';

/** The entry of one path in a listing of the service. `path` is the key, from the root of the filesystem. */
export interface ListedPath extends FileInfo {
  readonly isDirectory: boolean;
}

export interface Page {
  readonly entries: readonly ListedPath[];
  /** The continuation token of the next page; undefined: this was the last page. */
  readonly next: string | undefined;
}

/** One request. @param folder a key without `/` at its end; '' is the root. An absent folder has no entries. */
export type ListPage = (folder: string, recursive: boolean, from?: string) => Promise<Page>;

/** How many folders are requested ahead of the folder that is being read. */
const ahead = 4;

/**
 * Everything below a folder in the order of whole paths; a directory comes before its content. The service does not promise an order, so each answer is sorted here. A folder that fits one answer (5,000 paths) costs one request;
 * a larger one is listed folder by folder. Memory holds at most the direct entries of the folders on the current path, and a few answers.
 */
export async function* inOrder(ask: ListPage, folder: string, first: Promise<Page> = ask(folder, true)): AsyncGenerator<ListedPath> {
  const { entries, next } = await first;
  if (next === undefined) {
    yield* entries.toSorted(byWholePath);
    return;
  }
  const direct = (await collected(ask, folder)).sort(byWholePath);
  const folders = direct.filter((entry) => entry.isDirectory);
  const coming: Promise<Page>[] = [];
  let asked = 0;
  for (const entry of direct) {
    yield entry;
    if (!entry.isDirectory) continue;
    for (; asked < folders.length && coming.length < ahead; asked++) coming.push(quietly(ask(folders[asked]?.path ?? '', true)));
    yield* inOrder(ask, entry.path, coming.shift());
  }
}

async function collected(ask: ListPage, folder: string): Promise<ListedPath[]> {
  const all: ListedPath[] = [];
  let page = await ask(folder, false);
  all.push(...page.entries);
  while (page.next !== undefined) {
    page = await ask(folder, false, page.next);
    all.push(...page.entries);
  }
  return all;
}

/** Marks the error of a promise as handled, because a caller that stops a listing early never reads the error. A caller that continues still gets the error. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

const inFull = ({ path, isDirectory }: ListedPath): string => (isDirectory ? `${path}/` : path);

function byWholePath(a: ListedPath, b: ListedPath): number {
  return comparePaths(inFull(a), inFull(b));
}
