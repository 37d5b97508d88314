/**
 * The port of a file store's head: its own record of the last commit and, for readers, the exact list of files. A kind of head says how it is
 * kept and how it moves; the commit, the fence and the staging are the same for all kinds. docs/building/protocol.md.
 */
import type { Head, Part } from '../../../engine/contracts/store.ts';
import type { Counts } from '../../../engine/contracts/writing.ts';
import { StoreError } from '../../../errors/hygge-error.ts';
import type { FileInfo, FileSystem } from '../../../ports/filesystem.ts';
import type { Instant, Json } from '../../../ports/values.ts';
import type { FilePlace } from '../layout.ts';
import type { BoundsOfParts, MergeWork } from '../merge-work.ts';
import type { StagedGroup } from '../staging/staged-parts.ts';

/** A file that the head lists: readers read it. */
export interface ListedFile extends Pick<Part, 'bytes' | 'source' | 'sources' | 'min' | 'max'> {
  readonly name: string;
  /** Null: data that was there before hygge. */
  readonly rows: number | null;
  /**
   * `boundary`: the open group at the watermark, replaced by the next commit that finds it changed. `foreign`: not hygge's. `deleted`: a file of a landing
   * zone whose rows say which keys go.
   */
  readonly role: 'data' | 'boundary' | 'foreign' | 'deleted';
  readonly checksum?: string;
  /** How the system showed it when its content was known to be this; absent: an earlier version settled it. */
  readonly looks?: string;
  /** Rows without a watermark; absent: their number is unknown. */
  readonly unmarked?: number;
  /** The values of its partition, which are not in the file but in the names of its folders. */
  readonly partition?: Readonly<Record<string, string | null>>;
  /** How it is written, where it does not tell it itself: `Format.styleOf`. Absent: it tells it, or an earlier version settled it. */
  readonly style?: Json;
  /**
   * A vector marks rows of the file as deleted, so that the file alone does not tell its rows. `true`: another program wrote the vector. A text: a merge of this entity
   * did, and this is the id of the vector.
   */
  readonly vector?: true | string;
  /**
   * Another program wrote the file, and changed rows: any of them may be its own. It inserted as many, together with those that other files of the list say, by its own
   * metrics or at least by the numbers of rows. Null: nothing says how many. Absent: all rows of the file are the entity's, or an earlier version listed it.
   */
  readonly inserted?: number | null;
}

/** Rows that could not be read, or break a rule: kept apart, and no reader's business. */
export interface QuarantinedFile extends Omit<ListedFile, 'role'> {
  /** They break a rule, and have the watermark that they would have settled with. */
  readonly broken?: true;
  /** They are standing corrections. */
  readonly correction?: true;
  /** The rows settled apart, and would be in the open boundary group otherwise. */
  readonly ofGroup?: true;
  /** The entity run that set them apart; absent: an earlier version did. */
  readonly run?: string;
}

/** Files of keys, in the order in which their rows were published: the last row of a key counts. */
export interface SettledKeys {
  /** The settled names of the key's columns. */
  readonly key: readonly string[];
  /** The settled name of the watermark's column, which is kept as well; null: there is none. */
  readonly watermark: string | null;
  readonly files: readonly KeyFile[];
}

export type KeyFile = Required<Pick<ListedFile, 'name' | 'bytes' | 'checksum'>> & { readonly rows: number };

/** What the head says, however it is kept. */
export interface FilesHead extends Head {
  readonly flow: string;
  readonly entity: string;
  readonly bytes: number;
  readonly files: readonly ListedFile[];
  /** The number of the next file in a landing zone; absent: the store names its files by epochs. */
  readonly nextNumber?: number;
  /**
   * A commit was given up whose files may have been published: those from `nextNumber` to the one before this number. Only a full load that makes the table of a landing
   * zone again continues from here. Absent: there is none.
   */
  readonly unclearUntil?: number;
  /** The number of the first file that hygge published there; 1: all files of the table are its own. Absent: it is not known. */
  readonly firstNumber?: number;
  /** How many rows were published to a landing zone that only say which keys go. They are not among `rows`. Absent: none. */
  readonly deletedRows?: number;
  /** The keys of all rows that hygge published to a landing zone, for comparisons. Absent: no commit keeps them, or those of some rows are not known. */
  readonly keys?: SettledKeys;
  /** All keys in a landing zone were published with uuids in small letters. Absent: an earlier version may have published capitals, or the key has no uuid. */
  readonly smallUuids?: true;
  /** The last commit made the table of a landing zone anew: nothing is published to it before it is there again. */
  readonly isAnew?: true;
  /** When files were published to a landing zone last, by the clock of the machine that did it. Absent: an earlier version did. */
  readonly publishedAt?: Instant;
  /** The epoch of the last commit that made the table of a landing zone again. Absent: no commit did, or an earlier version did. */
  readonly anewEpoch?: number;
  /** Files that commits of the entity removed and none deleted, where readers of earlier versions may read them. Absent: no files wait, or no commit counted them. */
  readonly oldFiles?: { readonly files: number; readonly bytes: number };
  /** The fingerprint of all rows of the open boundary group. Absent: the store does not compare them, or an earlier version settled them. */
  readonly group?: StagedGroup;
  /** Absent: there is none, or an earlier version put it there. */
  readonly quarantine?: readonly QuarantinedFile[];
  /** What the last commit did, where only the commit itself could tell. Absent: what was planned. */
  readonly counts?: Counts;
  /** The id of the Delta table that hygge made here. Absent: another program made it, or an earlier version of hygge did. */
  readonly madeTable?: string;
  /** Lineages that filled this destination before it was fenced: none of theirs will be listed again. */
  readonly earlier?: readonly string[];
  /** The folder whose records have the head from now on (`FilePlace.records`). Absent: the head is here. */
  readonly movedTo?: string;
}

/** The head as one read found it. */
export interface HeadAt {
  readonly head: FilesHead;
  /** Differs from the position of every other state of this head. A move from here is conditional on it. Opaque. */
  readonly position: string;
}

/** What one commit added and removed: history, which no run reads. */
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

/** What a move does to the files of the place. */
export interface MovedFiles {
  /** Names of listed files that go. */
  readonly removes: readonly string[];
  /** The parts that come. All are published. */
  readonly parts: readonly Part[];
  /** The parts have exactly the rows of the files that go. */
  readonly sameRows: boolean;
  /** The commit removes all rows of the entity, and the parts are its only rows. */
  readonly anew: boolean;
  /** The files of `removes` whose rows are among the parts, each with the id of the vector that it had when it was read. Absent: there are none. */
  readonly rewritten?: Readonly<Record<string, string | null>>;
  /** How rows with the same key are merged. Absent: the rows have no key, or the store does not merge. */
  readonly merge?: MergeWork;
  /** The final names of parts whose rows had settled before. Absent: `merge` says it, or an earlier version decided the commit. */
  readonly carried?: readonly string[];
  /** Between which values columns are in the parts. Absent: it is not known, or the store keeps none. */
  readonly bounds?: BoundsOfParts;
}

export const noFiles: MovedFiles = { removes: [], parts: [], sameRows: false, anew: false };

/**
 * The head of one destination. Any number of processes use it at once, and some of them are late. An object of this type keeps nothing between two
 * calls: each call finds what others have done meanwhile.
 */
export interface HeadLog {
  /** Where it lies, for the texts of errors. */
  readonly where: string;

  /**
   * The head as it is now; undefined: nothing has settled here. One attempt: the caller repeats a read that failed.
   * Throws StoreError HYG-4101 when it is damaged, HYG-4102 when a newer hygge wrote it.
   */
  read(): Promise<HeadAt | undefined>;

  /**
   * Makes `to` the head if the head is still at `from` (undefined: if there is none). `overtaken`: it is not, and nothing was written. `unfinished`: files that the move
   * needs are written, the head is where it was, and the same move continues the work, also in another process; never answered for `noFiles`. One attempt:
   * when the outcome is unknown it throws, and the caller reads the head before it sends the same move again. Of all moves from one position at most
   * one happens, however late they arrive.
   * @param to has the same id as `from` when only facts about the files are amended, such as their looks.
   * @param files of a commit; `noFiles` where the head alone moves.
   */
  move(from: HeadAt | undefined, to: FilesHead, files: MovedFiles): Promise<'moved' | 'overtaken' | 'unfinished'>;

  /** Every file that readers of the place find, and those that the head lists and that are there, by their names. The head may still be on its way. */
  present(head: FilesHead | undefined | Promise<FilesHead | undefined>): Promise<Map<string, FileInfo>>;

  /**
   * Keeps the record of a commit whose parts are published, before the head moves to it. Repeatable: a record with the same id is left unchanged. A kind of
   * head whose states are kept, each with its id, has nothing to do here. Throws DefectError HYG-9002 when another commit has this record's name.
   */
  record(commit: CommitRecord): Promise<void>;

  /** When the head moved last, by the clock of the system of files; undefined: there is no head. One attempt. */
  movedAt(): Promise<Instant | undefined>;

  /** Removes history from before this moment that no read needs. Answers how many records it removed. */
  prune(before: Instant): Promise<number>;

  /** Removes the head, once another entity's head lists its files. Repeatable. */
  drop(): Promise<void>;
}

/** A way to keep heads. Manifests (`manifest.ts`) are the first one. */
export interface HeadKind {
  /** What readers read to see exact files, as the guarantee of a store names it. */
  readonly readers: string;

  /**
   * What readers follow. `files`: they find a file as soon as it is published, and what a commit removes is deleted. `head`: they find what the head says and may
   * read what earlier heads said, so published files of a commit that is not the head are invisible, and files that a commit removes stay.
   */
  readonly shows: 'files' | 'head';

  /** The codes with which `move` refuses a commit permanently. The system of files has codes of its own. */
  readonly refuses: ReadonlySet<string>;

  /** Asks nothing of the system yet. */
  open(files: FileSystem, place: FilePlace): HeadLog;

  /** The folder of records (`…/_hygge/<flow>/<entity>`) whose head a listed file is, or is part of; undefined: the file is not a head of this kind. */
  folderOf(path: string): string | undefined;

  /** The head that is in a folder of records, of whichever entity; undefined: there is none of this kind. One attempt; throws as `read` does. */
  readIn(files: FileSystem, folder: string): Promise<FilesHead | undefined>;
}

/** The lineages that have filled a destination, up to that of the head. */
export const lineagesOf = ({ lineage, earlier = [] }: Pick<FilesHead, 'lineage' | 'earlier'>): ReadonlySet<string> =>
  new Set([lineage, ...earlier]);

/** The files with rows of the entity. @param head undefined: nothing has settled. */
export const ownFiles = (head: Pick<FilesHead, 'files'> | undefined): readonly ListedFile[] =>
  head?.files.filter(({ role }) => role !== 'foreign') ?? [];

export const namesOf = (files: readonly Pick<ListedFile, 'name'>[]): ReadonlySet<string> => new Set(files.map(({ name }) => name));

/** @param where the address of what is damaged. */
export function unreadableHead(where: string, why: string, cause?: unknown): StoreError {
  return new StoreError({
    code: 'HYG-4101',
    what: `${where} can't be read.`,
    why: [why, 'Without it no one knows which files are settled.'],
    tryThis: ['Restore it from a backup', 'Or point the store at another folder and load everything again'],
    cause,
  });
}
