/**
 * The records of a mirrored table are in a folder named after the table, because workspaces whose flows have the same names may publish to one mirrored database.
 * Earlier versions named the folder only after flow and entity. When a head in an earlier folder moves for the first time, it moves to the new folder.
 */
import type { FileSystem } from '../../ports/filesystem.ts';
import type { CommitRecord, FilesHead, HeadAt, HeadKind, HeadLog, MovedFiles } from '../store/head/head-log.ts';
import { manifestHeads } from '../store/head/manifest.ts';
import type { FilePlace } from '../store/layout.ts';

/** @param folder of the table: `LandingZone/[<schema>.schema/]<table>`. No flow's records have a name that begins with an underscore. */
export const recordsOfTable = (folder: string): string => `_hygge/_tables/${folder.slice(folder.indexOf('/') + 1)}`;

export const tableHeads: HeadKind = { ...manifestHeads, open: (files, place) => new TableHead(files, place) };

/** The start of the position of a head in the folder of earlier versions. No etag starts with this text. */
const earlier = 'earlier ';

class TableHead implements HeadLog {
  readonly where: string;
  readonly #own: HeadLog;
  readonly #earlier: HeadLog;
  /** The new folder; undefined: an earlier version decided this commit, so the earlier folder is used. */
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

  /** The head in the earlier folder, unless it was moved to another table. */
  async #toTakeOver(): Promise<{ readonly found: HeadAt | undefined; readonly isMarked: boolean }> {
    const found = this.#records === undefined ? undefined : await this.#earlier.read();
    const movedTo = found?.head.movedTo;
    return { found: movedTo === undefined || movedTo === this.#records ? found : undefined, isMarked: movedTo !== undefined };
  }

  async move(from: HeadAt | undefined, to: FilesHead, files: MovedFiles): Promise<'moved' | 'overtaken' | 'unfinished'> {
    if (this.#records === undefined || from?.position.startsWith(earlier) === false) return this.#own.move(from, to, files);
    const { found, isMarked } = await this.#toTakeOver();
    if (found?.head.id !== from?.head.id) return 'overtaken';
    // The earlier folder is written first. Otherwise an older hygge could still move the head in the earlier folder after the move to the new folder.
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
