/**
 * The records of a mirrored table are in a folder named after the table, since workspaces whose flows have the same names may publish to one mirrored database. Earlier
 * versions named it only after flow and entity. A head from there is moved here by its first move.
 */
import type { FileSystem } from '../../ports/filesystem.ts';
import type { CommitRecord, FilesHead, HeadAt, HeadKind, HeadLog, MovedFiles } from '../store/head/head-log.ts';
import { manifestHeads } from '../store/head/manifest.ts';
import type { FilePlace } from '../store/layout.ts';

/** @param folder of the table: `LandingZone/[<schema>.schema/]<table>`. No flow's records have a name that begins with an underscore. */
export const recordsOfTable = (folder: string): string => `_hygge/_tables/${folder.slice(folder.indexOf('/') + 1)}`;

export const tableHeads: HeadKind = { ...manifestHeads, open: (files, place) => new TableHead(files, place) };

/** The start of a position at the earlier place. No etag starts with it. */
const earlier = 'earlier ';

class TableHead implements HeadLog {
  readonly where: string;
  readonly #own: HeadLog;
  readonly #earlier: HeadLog;
  /** Undefined: an earlier version decided this commit, at the earlier place. */
  readonly #records: string | undefined;

  constructor(files: FileSystem, { records, ...place }: FilePlace) {
    this.#earlier = manifestHeads.open(files, place);
    this.#own = records === undefined ? this.#earlier : manifestHeads.open(files, { ...place, records });
    this.#records = records;
    this.where = this.#own.where;
  }

  async read(): Promise<HeadAt | undefined> {
    const own = await this.#own.read();
    if (own !== undefined) return own.head.movedTo === undefined ? own : { ...own, head: { ...own.head, id: `moved-${own.head.id}` } };
    const { found } = await this.#toTakeOver();
    if (found === undefined) return undefined;
    const { movedTo: _, ...head } = found.head;
    return { head, position: `${earlier}${found.position}` };
  }

  /** The head at the earlier place, unless it was moved to another table. */
  async #toTakeOver(): Promise<{ readonly found: HeadAt | undefined; readonly isMarked: boolean }> {
    const found = this.#records === undefined ? undefined : await this.#earlier.read();
    const movedTo = found?.head.movedTo;
    return { found: movedTo === undefined || movedTo === this.#records ? found : undefined, isMarked: movedTo !== undefined };
  }

  async move(from: HeadAt | undefined, to: FilesHead, files: MovedFiles): Promise<'moved' | 'overtaken' | 'unfinished'> {
    if (this.#records === undefined || from?.position.startsWith(earlier) === false) return this.#own.move(from, to, files);
    const { found, isMarked } = await this.#toTakeOver();
    if (found?.head.id !== from?.head.id) return 'overtaken';
    // The earlier place is written first, so that an older hygge can't move a head that was already moved here.
    if (
      found !== undefined &&
      !isMarked &&
      (await this.#earlier.move(found, { ...found.head, movedTo: this.#records }, files)) === 'overtaken'
    )
      return 'overtaken';
    return this.#own.move(undefined, to, files);
  }

  present(head: FilesHead | undefined | Promise<FilesHead | undefined>) {
    return this.#own.present(head);
  }

  record(commit: CommitRecord): Promise<void> {
    return this.#own.record(commit);
  }

  movedAt() {
    return this.#own.movedAt();
  }

  prune(before: string): Promise<number> {
    return this.#own.prune(before);
  }

  async drop(): Promise<void> {
    if ((await this.#toTakeOver()).found !== undefined) await this.#earlier.drop();
    await this.#own.drop();
  }
}
