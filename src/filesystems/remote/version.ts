import type { FileSystem } from '../../ports/filesystem.ts';
import { FileNotFound, FileReplaced } from '../../ports/filesystem.ts';

export interface VersionRequest<T> {
  /** Undefined: any version. */
  readonly meant: string | undefined;
  /** Sends the request. `ifMatch`: the version for the service to compare. `replaced`: the service refuses (412), since the file has another version. */
  readonly ask: (ifMatch: string | undefined) => Promise<T | 'replaced'>;
  /** The version of the file in an answer; undefined: not in the answer. */
  readonly told: (answer: T) => string | undefined;
}

/**
 * Reads a certain version of a file. The service compares it, so that no bytes of another version are sent. As some services ignore that condition,
 * the version of the answer is compared as well.
 */
export class VersionReader {
  readonly #files: Pick<FileSystem, 'stat'>;
  /** The service refuses its own version: its conditions have another form. */
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
    // Some gateways write a version differently in answers and in listings, so the request that returns both in one form is sent.
    if ((await this.#files.stat(path))?.etag !== meant) throw new FileReplaced(path);
    return answer;
  }
}
