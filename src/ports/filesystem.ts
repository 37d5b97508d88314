import type { Instant, Json } from './values.ts';

/** A file as a listing shows it. `path` is relative to the filesystem's root, with `/` between segments. */
export interface FileInfo {
  readonly path: string;
  readonly bytes: number;
  /** Changes whenever the content does. Opaque. */
  readonly etag: string;
  /** ISO 8601, UTC, as precise as the system tells. */
  readonly modifiedAt: string;
  /** The linked folder that it lies behind, the outermost one: what is there belongs to somebody else. Only local disks have links. */
  readonly behind?: string;
  /**
   * Tells contents apart that have the same etag, where the system can; changes also when a file is copied or restored, so another one proves
   * nothing. Absent: the etag is all there is. Opaque.
   */
  readonly identity?: string;
  /**
   * Changes whenever another file takes the place of this one, and whenever anything of it is written, its times and rights included; so the
   * same one proves that the content is the same, and another one proves nothing. Only local disks have it. Opaque.
   */
  readonly inode?: string;
}

/** A file written completely but not visible under its final name yet. Plain JSON: it travels in receipts and intents. */
export interface StagedFile {
  /** The name it waits under, used once. Systems that stage without a name (an open upload) keep a mark for it, so that `staged` finds it. */
  readonly staged: string;
  /** The one name it can be published under. */
  readonly final: string;
  readonly bytes: number;
  /**
   * Of the content, as `<algorithm>:<lower-case hex>`: `gmac` (of AES-128, key and nonce all zeros), `crc32c` or one of node:crypto's hashes;
   * `<hash>/<bytes>`: the hash of the hashes of its blocks of so many bytes. Tells what was damaged, not what was forged.
   */
  readonly checksum: string;
  /** What the system itself needs to publish it (an upload id, block ids). */
  readonly handle?: Json;
  /**
   * A file that is there under the final name is replaced by it, in one step. Since publishing consumes the staged file, that happens once. Only for
   * systems that rename: this machine's disks.
   */
  readonly over?: true;
}

/** A staged file as it is found by its name. */
export interface ListedStagedFile extends Pick<StagedFile, 'staged' | 'handle'> {
  /** Absent where the system can't tell: it stages without a name. */
  readonly bytes?: number;
}

export type Condition = { readonly ifNoneMatch: '*' } | { readonly ifMatch: string };

export type PutOutcome =
  | { readonly outcome: 'written'; readonly etag: string }
  /** The condition did not hold: it exists already, or its etag is another. Nothing was written. */
  | { readonly outcome: 'refused' };

/** `published`: it is visible now by this call; `already`: it had been published before; `gone`: neither staged nor final is there. */
export type PublishOutcome = 'published' | 'already' | 'gone';

/**
 * One tree of files: a local folder, a container, a bucket. Every method is one request that may fail, or whose answer may be lost
 * (then it throws `OutcomeUnknown`). Paths are relative, `/`-separated, never absolute, never with `.` or `..` segments.
 *
 * The rules that the commit protocol stands on (docs/protocol.md): a name is created at most once and, once removed, never again;
 * publishing consumes its source; conditional writes are atomic.
 */
export interface FileSystem {
  /** For people: `file:///data/lake`, `abfss://raw@acct…`. Never holds a secret. */
  readonly url: string;
  /** The absolute path of a file that native code may open for reading, where there is one (local disks). */
  localPath?(path: string): string;

  stat(path: string): Promise<FileInfo | undefined>;
  /**
   * Every file below `folder` ('' = the root), recursively, in the order of whole paths (`comparePaths`, as object stores list);
   * an absent folder has no files.
   */
  list(folder: string): AsyncIterable<FileInfo>;
  /** Every answer of `read` is of one version of a file, and tells which. Absent: who wants a certain one looks before and after. */
  readonly readsVersions?: true;
  /** The bytes of `path`, or of `range` (end exclusive, cut at the end of the file). Throws `FileNotFound`, and `FileReplaced` as asked for. */
  read(path: string, range?: { readonly start: number; readonly end: number }, how?: HowToRead): Promise<Uint8Array>;
  /** A small file whole, with the etag that `put` compares. Only an etag from here or from `put` is good for `ifMatch`; one from a listing is not. */
  get(path: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>;

  /** Writes `body` durably where no reader looks yet. A failed or unknown stage is forgotten: the next try uses other names. */
  stage(names: { readonly staged: string; readonly final: string }, body: AsyncIterable<Uint8Array>): Promise<StagedFile>;
  /**
   * Makes a staged file visible under its final name, consuming the staged one, durably. Of several who do it at once at least one is answered
   * `published`. Other content under the final name is a DefectError HYG-9401, and stays.
   */
  publish(file: StagedFile): Promise<PublishOutcome>;
  /**
   * Before anything is decided: whether what is staged in `from` can be published under `finals`, and `removes` removed, as far as rights and
   * mounts go. Leaves nothing behind; throws as publishing would. Absent: a file that could be staged can be published.
   */
  provePublishing?(how: { readonly from: string; readonly finals: readonly string[]; readonly removes: readonly string[] }): Promise<void>;
  /**
   * Codes of errors that the system answers however often it is asked: another mount, a right that was withdrawn. What publishing fails with
   * otherwise may pass. Absent: there are none.
   */
  readonly permanent?: ReadonlySet<string>;
  /** Every file that is staged below a folder of staged names and not published. */
  staged(folder: string): AsyncIterable<ListedStagedFile>;
  /**
   * Removes a staged file so that no publishing of it, sent before or after, can make it visible any more; absent is fine. Without its handle
   * it finds by the name what there is to remove.
   */
  discard(file: { readonly staged: string; readonly handle?: Json }): Promise<void>;

  /** Writes a small file (records, heads, state) atomically and durably, only if the condition holds. */
  put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome>;
  /** Removes a file; absent is fine. Empty parent folders may go with it. */
  remove(path: string): Promise<void>;
  /** The time of the service, by its last answer; absent: it has no clock of its own. */
  now?(): Instant;
}

export interface HowToRead {
  /** Memory that may hold the answer, if it is large enough. */
  readonly into?: Uint8Array | undefined;
  /** As a listing or `stat` told it: any other version is `FileReplaced`. Only where `readsVersions`. */
  readonly etag?: string | undefined;
}

/** A tree whose files can grow: local disks. Object stores write whole files only. */
export interface AppendableFileSystem extends FileSystem {
  /**
   * Adds one line to a file that only grows (journals), durably; `line` holds no newline, the filesystem ends it. Lines of concurrent
   * writers never mix; a line that a crash tore stays alone on its own line. Creates the file.
   */
  append(path: string, line: Uint8Array): Promise<void>;
}

/** Read of a file that is not there. */
export class FileNotFound extends Error {
  override readonly name = 'FileNotFound';
  readonly path: string;
  constructor(path: string) {
    super(`no such file: ${path}`);
    this.path = path;
  }
}

/** Read of a file that is another one by now than the one that was meant. */
export class FileReplaced extends Error {
  override readonly name = 'FileReplaced';
  readonly path: string;
  constructor(path: string) {
    super(`another file by now: ${path}`);
    this.path = path;
  }
}
