/**
 * The port of a file store's head: its own record of the last commit and, for readers, the exact list of files. A kind of head defines how it
 * is kept and how it moves; the commit, the fence and the staging are the same for all kinds. docs/building/protocol.md.
 */
import type { Head, Part } from '../../../engine/contracts/store.ts';
import type { Counts } from '../../../engine/contracts/writing.ts';
import { StoreError } from '../../../errors/hygge-error.ts';
import type { FileInfo, FileSystem } from '../../../ports/filesystem.ts';
import type { Instant, Json } from '../../../ports/values.ts';
import type { FilePlace } from '../layout.ts';
import type { BoundsOfParts, MergeWork } from '../merge-work.ts';
import type { StagedGroup } from '../staging/staged-parts.ts';

/** A file in the list of the head: readers read it. */
export interface ListedFile extends Pick<Part, 'bytes' | 'source' | 'sources' | 'min' | 'max'> {
  readonly name: string;
  /** Null: data that existed before hygge. */
  readonly rows: number | null;
  /**
   * `boundary`: the open group at the watermark, replaced by the next commit that finds it changed. `foreign`: not hygge's. `deleted`: a file of a landing
   * zone whose rows name keys to delete.
   */
  readonly role: 'data' | 'boundary' | 'foreign' | 'deleted';
  readonly checksum?: string;
  /** How the system showed the file when its content was known to be this. Absent: an earlier version settled it. */
  readonly looks?: string;
  /** Rows without a watermark; absent: their number is unknown. */
  readonly unmarked?: number;
  /** The values of its partition, which are in the names of its folders and not in the file. */
  readonly partition?: Readonly<Record<string, string | null>>;
  /** How the file is written, if the file itself does not show it: `Format.styleOf`. Absent: it does, or an earlier version settled it. */
  readonly style?: Json;
  /**
   * A vector marks rows of the file as deleted, so the file alone does not show its rows. `true`: another program wrote the vector. A text: a merge of this entity
   * did, and this is the id of the vector.
   */
  readonly vector?: true | string;
  /**
   * Another program wrote the file, and changed rows: any of them may be that program's. This is how many it inserted, together with the numbers of other
   * listed files, by its metrics or at least by row counts. Null: unknown. Absent: all rows of the file are the entity's, or an earlier version listed it.
   */
  readonly inserted?: number | null;
}

/** Rows that could not be read, or break a rule: kept apart, and not visible to readers. */
export interface QuarantinedFile extends Omit<ListedFile, 'role'> {
  /** The rows break a rule, and have the watermark that they would have settled with. */
  readonly broken?: true;
  /** The rows are standing corrections. */
  readonly correction?: true;
  /** The rows settled apart, and would be in the open boundary group otherwise. */
  readonly ofGroup?: true;
  /** The entity run that set the rows apart. Absent: an earlier version did. */
  readonly run?: string;
}

/** Files of keys, in the order in which their rows were published: the last row of a key counts. */
export interface SettledKeys {
  /** The settled names of the key's columns. */
  readonly key: readonly string[];
  /** The settled name of the watermark's column, which is kept as well. Null: there is no watermark. */
  readonly watermark: string | null;
  readonly files: readonly KeyFile[];
}

export type KeyFile = Required<Pick<ListedFile, 'name' | 'bytes' | 'checksum'>> & { readonly rows: number };

/** The content of the head, however it is kept. */
export interface FilesHead extends Head {
  readonly flow: string;
  readonly entity: string;
  readonly bytes: number;
  readonly files: readonly ListedFile[];
  /** The number of the next file in a landing zone; absent: the store names its files by epochs. */
  readonly nextNumber?: number;
  /**
   * Files of an abandoned commit may have been published: the numbers from `nextNumber` up to, but not including, this number. Only a full load that makes the table of a landing
   * zone again continues from here. Absent: there is none.
   */
  readonly unclearUntil?: number;
  /** The number of the first file that hygge published there; 1: all files of the table are its own. Absent: unknown. */
  readonly firstNumber?: number;
  /** The number of rows published to a landing zone that only name keys to delete. They are not among `rows`. Absent: none. */
  readonly deletedRows?: number;
  /** The keys of all rows that hygge published to a landing zone, for comparisons. Absent: no commit keeps them, or the keys of some rows are unknown. */
  readonly keys?: SettledKeys;
  /** All keys in a landing zone were published with lower-case uuids. Absent: an earlier version may have used upper case, or the key has no uuid. */
  readonly smallUuids?: true;
  /** The last commit recreates the table of a landing zone: nothing is published to the table before it exists again. */
  readonly isAnew?: true;
  /** The time of the last publish to a landing zone, by the clock of the publishing machine. Absent: an earlier version published. */
  readonly publishedAt?: Instant;
  /** The epoch of the last commit that recreated the table of a landing zone. Absent: no commit did, or an earlier version did. */
  readonly anewEpoch?: number;
  /** Files that commits of the entity removed but did not delete, because readers of earlier versions may read them. Absent: no files wait, or no commit counted them. */
  readonly oldFiles?: { readonly files: number; readonly bytes: number };
  /** The fingerprint of all rows of the open boundary group. Absent: the store does not compare them, or an earlier version settled them. */
  readonly group?: StagedGroup;
  /** Absent: there is no such file, or an earlier version wrote it. */
  readonly quarantine?: readonly QuarantinedFile[];
  /** The effects of the last commit that only the commit itself knows. Absent: as planned. */
  readonly counts?: Counts;
  /** The id of the Delta table that hygge created here. Absent: another program, or an earlier version of hygge, created it. */
  readonly madeTable?: string;
  /** Lineages that filled this destination before it was fenced: none of their files will be listed again. */
  readonly earlier?: readonly string[];
  /** The folder whose records have the head from now on (`FilePlace.records`). Absent: the head is here. */
  readonly movedTo?: string;
}

/** The head at the time of one read. */
export interface HeadAt {
  readonly head: FilesHead;
  /** Differs from the position of every other state of this head. A move from this state is conditional on it. Opaque. */
  readonly position: string;
}

/** The files and rows that one commit added and removed: history, which no run reads. */
export interface CommitRecord {
  readonly id: string;
  readonly prev: string | null;
  readonly epoch: number;
  readonly lineage: string;
  readonly entityRunId: string;
  readonly mode: string;
  readonly watermark: Json;
  /** Rows that the commit settled. */
  readonly rows: number;
  /** Names of published files. */
  readonly adds: readonly string[];
  readonly removes: readonly string[];
}

/** The effect of a move on the files of the place. */
export interface MovedFiles {
  /** Names of listed files to remove. */
  readonly removes: readonly string[];
  /** The new parts. All are published. */
  readonly parts: readonly Part[];
  /** Whether the parts have exactly the rows of the removed files. */
  readonly sameRows: boolean;
  /** Whether the commit removes all rows of the entity, so that the parts are its only rows. */
  readonly anew: boolean;
  /** The files of `removes` whose rows are among the parts, each with the id of its vector at the time of the read. Absent: none. */
  readonly rewritten?: Readonly<Record<string, string | null>>;
  /** How rows with the same key are merged. Absent: the rows have no key, or the store does not merge. */
  readonly merge?: MergeWork;
  /** The final names of parts whose rows had settled before. Absent: `merge` has them, or an earlier version decided the commit. */
  readonly carried?: readonly string[];
  /** The range of columns in the parts. Absent: unknown, or the store keeps none. */
  readonly bounds?: BoundsOfParts;
}

export const noFiles: MovedFiles = { removes: [], parts: [], sameRows: false, anew: false };

/**
 * The head of one destination. Any number of processes use it at once, and some of them are late. An object of this type keeps no state between
 * two calls: each call sees the changes of other processes.
 */
export interface HeadLog {
  /** The place of the head, for messages. */
  readonly where: string;

  /**
   * The current head; undefined: nothing has settled here. One attempt: the caller repeats a failed read.
   * Throws StoreError HYG-4101 if the head is damaged, HYG-4102 if a newer hygge wrote it.
   */
  read(): Promise<HeadAt | undefined>;

  /**
   * Makes `to` the head if the head is still at `from` (undefined: if there is no head). `overtaken`: the head has moved, and nothing was written. `unfinished`: files for the
   * move are written, the head has not moved, and the same move continues the work, also in another process; never returned for `noFiles`. One
   * attempt: if the outcome is unknown it throws, and the caller reads the head before it repeats the move. At most one of all moves from one
   * position happens, however late they arrive.
   * @param to has the same id as `from` when only facts about the files are amended, such as their looks.
   * @param files of a commit; `noFiles` if only the head moves.
   */
  move(from: HeadAt | undefined, to: FilesHead, files: MovedFiles): Promise<'moved' | 'overtaken' | 'unfinished'>;

  /** Every file that readers of the place find, and every listed file that exists, by name. The head may still be a promise. */
  present(head: FilesHead | undefined | Promise<FilesHead | undefined>): Promise<Map<string, FileInfo>>;

  /**
   * Keeps the record of a commit whose parts are published, before the head moves to it. Repeatable: a record with the same id is left unchanged. A kind
   * of head that keeps its states, each with its id, does nothing here. Throws DefectError HYG-9002 if another commit has this record's name.
   */
  record(commit: CommitRecord): Promise<void>;

  /** When the head moved last, by the clock of the system of files; undefined: there is no head. One attempt. */
  movedAt(): Promise<Instant | undefined>;

  /** Removes history from before this moment that no read needs. Returns how many records it removed. */
  prune(before: Instant): Promise<number>;

  /** Removes the head, once another entity's head lists its files. Repeatable. */
  drop(): Promise<void>;
}

/** A way to keep heads. Manifests (`manifest.ts`) are one kind. */
export interface HeadKind {
  /** The file that readers read to see the exact files, as named in the guarantee of a store. */
  readonly readers: string;

  /**
   * What readers follow. `files`: they find a file as soon as it is published, and files that a commit removes are deleted. `head`: they find the files of the head and
   * may read those of earlier heads, so published files of a commit that is not the head are invisible, and files that a commit removes stay.
   */
  readonly shows: 'files' | 'head';

  /** The codes with which `move` refuses a commit permanently. The file system has its own codes. */
  readonly refuses: ReadonlySet<string>;

  /** Sends no request yet. */
  open(files: FileSystem, place: FilePlace): HeadLog;

  /** The folder of records (`…/_hygge/<flow>/<entity>`) of the head that a listed file is, or is part of. Undefined: the file is not a head of this kind. */
  folderOf(path: string): string | undefined;

  /** The head in a folder of records, of any entity; undefined: there is no head of this kind. One attempt; throws like `read`. */
  readIn(files: FileSystem, folder: string): Promise<FilesHead | undefined>;
}

/** The lineages that have filled a destination, up to that of the head. */
export const lineagesOf = ({ lineage, earlier = [] }: Pick<FilesHead, 'lineage' | 'earlier'>): ReadonlySet<string> =>
  new Set([lineage, ...earlier]);

/** The files with rows of the entity. @param head undefined: nothing has settled. */
export const ownFiles = (head: Pick<FilesHead, 'files'> | undefined): readonly ListedFile[] =>
  head?.files.filter(({ role }) => role !== 'foreign') ?? [];

export const namesOf = (files: readonly Pick<ListedFile, 'name'>[]): ReadonlySet<string> => new Set(files.map(({ name }) => name));

/** @param where the address of the damaged file. */
export function unreadableHead(where: string, why: string, cause?: unknown): StoreError {
  return new StoreError({
    code: 'HYG-4101',
    what: `${where} can't be read.`,
    why: [why, 'Without it no one knows which files are settled.'],
    tryThis: ['Restore it from a backup', 'Or point the store at another folder and load everything again'],
    cause,
  });
}
