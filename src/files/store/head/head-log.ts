/**
 * The port of a file store's head: its own record of the last commit and, for readers, the exact list of files. A kind of head defines how
 * the head is kept and how it moves. The commit, the fence and the staging are the same for all kinds. docs/building/protocol.md.
 */
import type { Head, Part } from '../../../engine/contracts/store.ts';
import type { Counts } from '../../../engine/contracts/writing.ts';
import { StoreError } from '../../../errors/hygge-error.ts';
import type { FileInfo, FileSystem } from '../../../ports/filesystem.ts';
import type { Instant, Json } from '../../../ports/values.ts';
import type { FilePlace } from '../layout.ts';
import type { BoundsOfParts, MergeWork } from '../merge-work.ts';
import type { StagedGroup } from '../staging/staged-parts.ts';

/** A file that the head lists, so readers read the file. */
export interface ListedFile extends Pick<Part, 'bytes' | 'source' | 'sources' | 'min' | 'max'> {
  readonly name: string;
  /** The number of rows; null: unknown, because the file existed before hygge. */
  readonly rows: number | null;
  /**
   * `boundary`: rows of the open group at the watermark; the next commit that finds the group changed replaces the file. `foreign`: another program wrote
   * the file. `deleted`: a file of a landing zone whose rows name keys to delete.
   */
  readonly role: 'data' | 'boundary' | 'foreign' | 'deleted';
  readonly checksum?: string;
  /** The look of the file when its content was last known to be the settled content. Absent: an earlier version settled the file. */
  readonly looks?: string;
  /** The number of rows without a watermark; absent: unknown. */
  readonly unmarked?: number;
  /** The values of its partition, which are in the names of its folders and not in the file. */
  readonly partition?: Readonly<Record<string, string | null>>;
  /** How the file is written, if the file itself does not show this: `Format.styleOf`. Absent: the file shows this, or an earlier version settled the file. */
  readonly style?: Json;
  /**
   * A vector marks rows of the file as deleted, so the file alone does not show which of its rows count. `true`: another program wrote the vector. A text:
   * a merge of this entity wrote the vector, and the text is the vector’s id.
   */
  readonly vector?: true | string;
  /**
   * The number of rows that other programs inserted, if a commit that changed rows wrote the file; any row may be one of these rows. The number comes from
   * metrics or row counts of the commit, and only the sum over all listed files is exact. Null: unknown. Absent: all rows of the file are the entity’s, or
   * an earlier version listed the file.
   */
  readonly inserted?: number | null;
}

/** A file of rows that could not be read or break a rule. Such rows are kept apart and are not visible to readers. */
export interface QuarantinedFile extends Omit<ListedFile, 'role'> {
  /** The rows break a rule. They keep the watermark with which they would have settled. */
  readonly broken?: true;
  /** The rows are standing corrections. */
  readonly correction?: true;
  /** The rows settled apart. Without the broken rule, they would be in the open boundary group. */
  readonly ofGroup?: true;
  /** The entity run that set the rows apart. Absent: an earlier version set the rows apart. */
  readonly run?: string;
}

/** The files with the keys of published rows, in the order in which the rows were published. The last row of a key counts. */
export interface SettledKeys {
  /** The settled names of the key's columns. */
  readonly key: readonly string[];
  /** The settled name of the watermark’s column, which the files also have. Null: no watermark. */
  readonly watermark: string | null;
  readonly files: readonly KeyFile[];
}

export type KeyFile = Required<Pick<ListedFile, 'name' | 'bytes' | 'checksum'>> & { readonly rows: number };

/** The content of the head, which is the same for all kinds of heads. */
export interface FilesHead extends Head {
  readonly flow: string;
  readonly entity: string;
  readonly bytes: number;
  readonly files: readonly ListedFile[];
  /** The number of the next file in a landing zone; absent: the file names of the store contain epochs instead of numbers. */
  readonly nextNumber?: number;
  /**
   * Files of an abandoned commit may have been published: the numbers from `nextNumber` up to, but not including, this number. Only a full load that recreates the table of a
   * landing zone can continue from this head. Absent: no such files.
   */
  readonly unclearUntil?: number;
  /** The number of the first file that hygge published in the landing zone. 1: hygge has published all files of the table. Absent: unknown. */
  readonly firstNumber?: number;
  /** The number of rows published to a landing zone that only name keys to delete. Such rows are not counted in `rows`. Absent: no such rows. */
  readonly deletedRows?: number;
  /** The keys of all rows that hygge published to a landing zone, for comparisons. Absent: no keys are kept, or the keys of some rows are unknown. */
  readonly keys?: SettledKeys;
  /** All keys in a landing zone were published with lower-case uuids. Absent: an earlier version may have used upper case, or the key has no uuid. */
  readonly smallUuids?: true;
  /** The last commit recreates the table of a landing zone, so later commits wait until the table exists again. */
  readonly isAnew?: true;
  /** The time of the last publish to a landing zone, by the clock of the publishing machine. Absent: an earlier version published the files. */
  readonly publishedAt?: Instant;
  /** The epoch of the last commit that recreated the table of a landing zone. Absent: no commit recreated the table, or an earlier version did. */
  readonly anewEpoch?: number;
  /** The number and the bytes of files that commits of the entity removed but did not delete, because readers of earlier versions may need them. Absent: no such files, or no commit counted them. */
  readonly oldFiles?: { readonly files: number; readonly bytes: number };
  /** The fingerprint of all rows of the open boundary group. Absent: the store does not compare these rows, or an earlier version settled them. */
  readonly group?: StagedGroup;
  /** The files of rows that settled apart. Absent: no such file, or an earlier version wrote the head. */
  readonly quarantine?: readonly QuarantinedFile[];
  /** The counts of the last commit that were known only after its plan. Absent: the counts are as planned. */
  readonly counts?: Counts;
  /** The id of the Delta table that hygge created here. Absent: another program, or an earlier version of hygge, created it. */
  readonly madeTable?: string;
  /** Earlier lineages of this destination, before a fence. No head will list unlisted files of these lineages again. */
  readonly earlier?: readonly string[];
  /** The folder with the records of the new head (`FilePlace.records`). Absent: the head was not moved. */
  readonly movedTo?: string;
}

/** The head at the time of a read. */
export interface HeadAt {
  readonly head: FilesHead;
  /** Identifies this state of the head: each state has another position. A move from this state is conditional on its position. The text has no other meaning. */
  readonly position: string;
}

/** The files and rows that one commit added and removed. This is only history, which no run reads. */
export interface CommitRecord {
  readonly id: string;
  readonly prev: string | null;
  readonly epoch: number;
  readonly lineage: string;
  readonly entityRunId: string;
  readonly mode: string;
  readonly watermark: Json;
  /** The number of rows that the commit settled. */
  readonly rows: number;
  /** Names of published files. */
  readonly adds: readonly string[];
  readonly removes: readonly string[];
}

/** The effect of a move of the head on the files of the entity. */
export interface MovedFiles {
  /** Names of listed files to remove. */
  readonly removes: readonly string[];
  /** The new parts, which are all published. */
  readonly parts: readonly Part[];
  /** Whether the parts have exactly the rows of the removed files. */
  readonly sameRows: boolean;
  /** Whether the commit removes all rows of the entity, so that the entity has only the rows of the parts. */
  readonly anew: boolean;
  /** The files of `removes` that are rewritten, so that the parts have their rows. Each has the id of its vector at the time of the read. Absent: no file is rewritten. */
  readonly rewritten?: Readonly<Record<string, string | null>>;
  /** How rows with the same key are merged. Absent: the rows have no key, or the store does not merge. */
  readonly merge?: MergeWork;
  /** The final names of parts whose rows had settled before. Absent: `merge` has these names, or an earlier version decided the commit. */
  readonly carried?: readonly string[];
  /** The smallest and the largest values of columns in the parts. Absent: unknown, or the store keeps no bounds. */
  readonly bounds?: BoundsOfParts;
}

export const noFiles: MovedFiles = { removes: [], parts: [], sameRows: false, anew: false };

/**
 * The head of one destination. Any number of processes use the head at once, and some of them are late. An object of this type keeps no state
 * between two calls, so each call sees the changes of other processes.
 */
export interface HeadLog {
  /** The address of the head, for messages. */
  readonly where: string;

  /**
   * The current head; undefined: nothing has settled here. Reads only once: the caller repeats a failed read. Throws StoreError HYG-4101 if the head is
   * damaged, HYG-4102 if a newer hygge wrote it.
   */
  read(): Promise<HeadAt | undefined>;

  /**
   * Makes `to` the head if the head is still at `from` (undefined: if no head exists). `overtaken`: the head has moved in the meantime, so nothing was written. `unfinished`:
   * files for the move are written, but the head has not moved. The same move, also in another process, continues the work; never returned for `noFiles`. One attempt: if the
   * outcome is unknown, the call throws, and the caller reads the head before it repeats the move. At most one of all moves from one position happens, even if some moves
   * arrive late. @param to has the same id as `from` if only facts about the files change, such as their looks. @param files of a commit; `noFiles` if only the head moves.
   */
  move(from: HeadAt | undefined, to: FilesHead, files: MovedFiles): Promise<'moved' | 'overtaken' | 'unfinished'>;

  /** Every file that readers of the entity find, and every listed file that exists, by name. The head may still be a promise. */
  present(head: FilesHead | undefined | Promise<FilesHead | undefined>): Promise<Map<string, FileInfo>>;

  /**
   * Keeps the record of a commit whose parts are published, before the head moves to it. Repeatable: a record with the same id is left unchanged. A kind
   * of head that keeps all of its states does nothing in this call. Throws DefectError HYG-9002 if another commit has this record's name.
   */
  record(commit: CommitRecord): Promise<void>;

  /** When the head last moved, by the clock of the file system; undefined: no head. One attempt. */
  movedAt(): Promise<Instant | undefined>;

  /** Removes history before a moment that no read needs. Returns the number of removed records. */
  prune(before: Instant): Promise<number>;

  /** Removes the head. Called when another entity’s head lists the files. Repeatable. */
  drop(): Promise<void>;
}

/** A way to keep heads. For example, manifests (`manifest.ts`) are a kind of head. */
export interface HeadKind {
  /** The name of the file that shows readers the exact list of files, as the guarantee of a store names it. */
  readonly readers: string;

  /**
   * What readers follow. `files`: readers find a file as soon as it is published, and files that a commit removes are deleted. `head`: readers find only the files of
   * the head, so files are invisible until the head lists them. They may also read files of earlier heads, so files that a commit removes stay.
   */
  readonly shows: 'files' | 'head';

  /** The codes of errors with which `move` refuses a commit permanently, in addition to the codes of the file system. */
  readonly refuses: ReadonlySet<string>;

  /** Opens the head of an entity. Sends no request yet. */
  open(files: FileSystem, place: FilePlace): HeadLog;

  /** The folder of records (`…/_hygge/<flow>/<entity>`) of a head, from the path of a file of that head. Undefined: the file does not belong to a head of this kind. */
  folderOf(path: string): string | undefined;

  /** The head in a folder of records, of any entity; undefined: the folder has no head of this kind. One attempt; throws like `read`. */
  readIn(files: FileSystem, folder: string): Promise<FilesHead | undefined>;
}

/** The lineages that have filled a destination, including the lineage of the head. */
export const lineagesOf = ({ lineage, earlier = [] }: Pick<FilesHead, 'lineage' | 'earlier'>): ReadonlySet<string> =>
  new Set([lineage, ...earlier]);

/** The listed files with rows of the entity. @param head undefined: nothing has settled. */
export const ownFiles = (head: Pick<FilesHead, 'files'> | undefined): readonly ListedFile[] =>
  head?.files.filter(({ role }) => role !== 'foreign') ?? [];

export const namesOf = (files: readonly Pick<ListedFile, 'name'>[]): ReadonlySet<string> => new Set(files.map(({ name }) => name));

/** The error for a damaged head. @param where the address of the damaged file. */
export function unreadableHead(where: string, why: string, cause?: unknown): StoreError {
  return new StoreError({
    code: 'HYG-4101',
    what: `${where} can't be read.`,
    why: [why, 'Without this file, hygge does not know which files are settled.'],
    tryThis: ['Restore it from a backup', 'Or point the store at another folder and load everything again'],
    cause,
  });
}
