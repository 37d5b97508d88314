import { hash } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { link, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DefectError } from '../../errors/hygge-error.ts';
import {
  type AppendableFileSystem,
  type Condition,
  type FileInfo,
  FileNotFound,
  type HowToRead,
  type ListedStagedFile,
  type PublishOutcome,
  type PutOutcome,
  type StagedFile,
} from '../../ports/filesystem.ts';
import { checkFolder, checkPath } from '../paths.ts';
import { diskFault, errnoOf, type FaultContext, isAbsent, permanentFaults } from './faults.ts';
import { Folders } from './folders.ts';
import { withFolderLock } from './lock.ts';
import { provePublishing } from './prove-publishing.ts';
import { readRange, sameContent } from './read.ts';
import { Litter } from './temporary.ts';
import { infoOf, statOrUndefined, walk } from './walk.ts';
import { appendLine, writeNew, writeTemporary } from './write.ts';

/**
 * A folder of this machine. The kernel provides what the commit protocol needs. A name is created by `rename`, which consumes its source for
 * publishing, or by `link` for if-none-match. For if-match, the file is compared and renamed under a lock that ends with its process.
 * Content is synced before it gets a name, and folders are synced before a call returns. The etag of `get` and `put` is the hash of the
 * content; the etag of listings is size and time.
 *
 * Throws StoreError HYG-4001…4010; transient errors may be retried. The root may be missing. @param holds.state the folder of the state, for
 * messages, if the root contains the state.
 */
export function localFileSystem(root: string, holds: { readonly state?: string } = {}): AppendableFileSystem {
  return new LocalFileSystem(resolve(root), holds);
}

class LocalFileSystem implements AppendableFileSystem {
  readonly url: string;
  readonly permanent = permanentFaults;
  readonly #root: string;
  readonly #state: string | undefined;
  readonly #folders: Folders;
  readonly #litter: Litter;

  constructor(root: string, { state }: { readonly state?: string }) {
    this.#root = root;
    this.#state = state;
    this.url = pathToFileURL(root).href;
    this.#folders = new Folders(root);
    this.#litter = new Litter(this.#folders);
  }

  localPath(path: string): string {
    checkPath(path);
    return join(this.#root, path);
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    const at = this.localPath(path);
    const stats = await this.#told({ doing: 'reading', path: at }, () => statOrUndefined(at));
    return stats?.isFile() ? infoOf(path, stats) : undefined;
  }

  async *list(folder: string, brokenLink: (path: string) => void = () => undefined): AsyncGenerator<FileInfo> {
    checkFolder(folder);
    try {
      yield* walk({ root: this.#root, brokenLink, passedOver: (at, name) => this.#litter.notice(at, name) }, folder);
    } catch (error) {
      throw await diskFault(error, { doing: 'listing', path: pathOf(error) ?? join(this.#root, folder), state: this.#state });
    }
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }, { into }: HowToRead = {}): Promise<Uint8Array> {
    const at = this.localPath(path);
    return this.#told({ doing: 'reading', path: at }, async () => {
      try {
        return range ? await readRange(at, range, into) : await readFile(at);
      } catch (error) {
        if (isAbsent(error) || errnoOf(error) === 'EISDIR') throw new FileNotFound(path);
        throw error;
      }
    });
  }

  async get(path: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    try {
      const body = await this.read(path);
      return { body, etag: etagOf(body) };
    } catch (error) {
      if (error instanceof FileNotFound) return undefined;
      throw error;
    }
  }

  async stage(names: { readonly staged: string; readonly final: string }, body: AsyncIterable<Uint8Array>): Promise<StagedFile> {
    const at = this.localPath(names.staged);
    checkPath(names.final);
    return this.#told({ doing: 'writing', path: at }, async () => {
      await this.#litter.clear();
      try {
        return { staged: names.staged, final: names.final, ...(await writeNew(this.#folders, at, body)) };
      } catch (error) {
        if (errnoOf(error) === 'EEXIST' && pathOf(error) === at) throw usedTwice(at);
        throw error;
      }
    });
  }

  async publish(file: StagedFile): Promise<PublishOutcome> {
    const from = this.localPath(file.staged);
    const to = this.localPath(file.final);
    return this.#told({ doing: 'publishing', path: to }, async () => {
      const outcome = await (file.over ? this.#replace(from, to) : this.#move(from, to));
      // After the answer `already`, the folder is synced too: the process that moved the file may have died before the file’s name was durable.
      if (outcome !== 'gone') await this.#folders.sync(dirname(to));
      if (outcome === 'published') await this.#folders.prune(dirname(from));
      return outcome;
    });
  }

  provePublishing(how: { readonly from: string; readonly finals: readonly string[]; readonly removes: readonly string[] }): Promise<void> {
    const at = (path: string) => this.localPath(path);
    return provePublishing(this.#folders, at(how.from), { finals: how.finals.map(at), removes: how.removes.map(at) });
  }

  /** Publishes a file under a name that may be in use on purpose. A late caller does not find the staged file, so it restores no old content. */
  async #replace(from: string, to: string): Promise<PublishOutcome> {
    for (let attempt = 1; ; attempt++) {
      try {
        await rename(from, to);
        return 'published';
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT' || attempt === 100) throw error;
        if (!(await statOrUndefined(from))?.isFile()) return (await statOrUndefined(to))?.isFile() ? 'already' : 'gone';
        this.#folders.make(dirname(to));
      }
    }
  }

  async #move(from: string, to: string): Promise<PublishOutcome> {
    for (let attempt = 1; ; attempt++) {
      // The checks run one after the other. Parallel checks could both miss another process that publishes the same file in between.
      const staged = await statOrUndefined(from);
      const final = await statOrUndefined(to);
      if (!staged?.isFile()) return final?.isFile() ? 'already' : 'gone';
      if (final) {
        if (await this.#settledTwice(from, to)) return 'already';
        continue;
      }
      try {
        await rename(from, to);
        return 'published';
      } catch (error) {
        // ENOENT: the final folder does not exist yet, or the staged file is missing. If another process published the file, the next check finds it.
        if (errnoOf(error) !== 'ENOENT' || attempt === 100) throw error;
        this.#folders.make(dirname(to));
      }
    }
  }

  /**
   * Handles a staged and a final file that both exist. After a copy of the folder their content is equal; different content would overwrite
   * settled data. Returns false if one of the files was removed in the meantime.
   */
  async #settledTwice(from: string, to: string): Promise<boolean> {
    const same = await sameContent(from, to);
    if (same === false) throw usedTwice(to);
    if (same) await this.#unlink(from);
    return same === true;
  }

  async #unlink(at: string): Promise<void> {
    await unlink(at).catch((error: unknown) => {
      if (!isAbsent(error)) throw error;
    });
  }

  async *staged(folder: string): AsyncGenerator<ListedStagedFile> {
    for await (const { path, bytes, behind } of this.list(folder)) if (behind === undefined) yield { staged: path, bytes };
  }

  discard(file: { readonly staged: string }): Promise<void> {
    return this.remove(file.staged);
  }

  async put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const at = this.localPath(path);
    return this.#told({ doing: 'writing', path: at }, async () => {
      await this.#litter.clear(dirname(at));
      if (!(await hopeful(at, condition))) return { outcome: 'refused' };
      const temporary = await writeTemporary(this.#folders, dirname(at), body);
      const won = await ('ifMatch' in condition ? replaceIfUnchanged(temporary, at, condition.ifMatch) : create(temporary, at)).catch(
        async (error) => {
          await unlink(temporary).catch(() => undefined);
          throw error;
        },
      );
      if (!won) return { outcome: 'refused' };
      await this.#folders.sync(dirname(at));
      return { outcome: 'written', etag: etagOf(body) };
    });
  }

  async append(path: string, line: Uint8Array): Promise<void> {
    const at = this.localPath(path);
    if (line.includes(0x0a))
      throw new DefectError({
        code: 'HYG-9402',
        what: 'A line to append contains a newline.',
        tryThis: ['Run it again with `-v` and report what it prints.'],
      });
    await this.#told({ doing: 'writing', path: at }, async () => {
      await this.#litter.clear();
      const { created } = await appendLine(this.#folders, at, line);
      if (created) await this.#folders.sync(dirname(at));
    });
  }

  async remove(path: string): Promise<void> {
    const at = this.localPath(path);
    await this.#told({ doing: 'removing', path: at }, async () => {
      await this.#unlink(at);
      await this.#litter.clear();
      // The removal is not synced: if a power cut undoes it, the caller removes the file again.
      await this.#folders.prune(dirname(at));
    });
  }

  async #told<T>(deed: FaultContext, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw await diskFault(error, { ...deed, state: this.#state });
    }
  }
}

function pathOf(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}

function usedTwice(path: string): DefectError {
  return new DefectError({
    code: 'HYG-9401',
    what: `${path} already exists with other content.`,
    why: ['hygge uses every name once. A second use would overwrite data that a commit needs.'],
    tryThis: ['Report it with the output of `-v`. Nothing was overwritten.'],
  });
}

/** The etag of `get` and `put`. It is computed from the content, so two different contents always have different etags. */
function etagOf(body: Uint8Array): string {
  return hash('sha256', body);
}

/** Whether the condition seems to be met. If another process was faster, this check usually avoids a useless write. */
async function hopeful(at: string, condition: Condition): Promise<boolean> {
  if ('ifNoneMatch' in condition) {
    const there = await statOrUndefined(at);
    if (there && !there.isFile()) throw Object.assign(new Error(`${at} is not a file`), { code: 'EISDIR' });
    return there === undefined;
  }
  try {
    return etagOf(await readFile(at)) === condition.ifMatch;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Gives a complete file its name unless the name is in use. The kernel decides which process is first. */
async function create(temporary: string, at: string): Promise<boolean> {
  try {
    await link(temporary, at);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return false;
    // File systems without hard links (exFAT, some network and container mounts).
    if (errno !== 'EPERM' && errno !== 'ENOTSUP' && errno !== 'ENOSYS' && errno !== 'EMLINK') throw error;
    return replaceIfUnchanged(temporary, at, undefined);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** Replaces the file whose content has `etag` (undefined: no file) by a complete temporary file. If the content has another etag, the temporary file is discarded. */
async function replaceIfUnchanged(temporary: string, at: string, etag: string | undefined): Promise<boolean> {
  const won = await withFolderLock(dirname(at), () => {
    if (contentNow(at) !== etag) return false;
    renameSync(temporary, at);
    return true;
  });
  if (!won) await unlink(temporary).catch(() => undefined);
  return won;
}

function contentNow(at: string): string | undefined {
  try {
    return etagOf(readFileSync(at));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
