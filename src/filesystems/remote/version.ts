import type { FileSystem } from '../../ports/filesystem.ts';
import { FileNotFound, FileReplaced } from '../../ports/filesystem.ts';

export interface VersionRequest<T> {
  /** The version to read; undefined: any version. */
  readonly meant: string | undefined;
  /** Sends the request with `ifMatch`, the version for the service to compare. `replaced`: the service answered 412, because the file has another version. */
  readonly ask: (ifMatch: string | undefined) => Promise<T | 'replaced'>;
  /** The version of the file according to an answer; undefined: not in the answer. */
  readonly told: (answer: T) => string | undefined;
}

/**
 * Reads a certain version of a file. The service compares the version, so that it sends no bytes of another version. Some services ignore the
 * condition, so the version in the answer is compared as well.
 */
export class VersionReader {
  readonly #files: Pick<FileSystem, 'stat'>;
  /** Whether the service refuses even the current version. Such a service requires another form of the version in conditions. */
  #refusesItsOwn = false;

  constructor(files: Pick<FileSystem, 'stat'>) {
    this.#files = files;
  }

  /** Throws `FileReplaced` if the file has another version, and `FileNotFound`. */
  async read<T>(path: string, { meant, ask, told }: VersionRequest<T>): Promise<T> {
    let answer = await ask(this.#refusesItsOwn || meant === '' ? undefined : meant);
    if (answer === 'replaced') {
      const seen = await this.#files.stat(path);
      if (seen === undefined) throw new FileNotFound(path);
      if (seen.etag !== meant) throw new FileReplaced(path);
      this.#refusesItsOwn = true;
      answer = await ask(undefined);
      if (answer === 'replaced') throw new FileReplaced(path);
    }
    if (meant === undefined || told(answer) === meant) return answer;
    // Some gateways write versions in listings and in answers differently, so the current version is requested with `stat`.
    if ((await this.#files.stat(path))?.etag !== meant) throw new FileReplaced(path);
    return answer;
  }
}
