import type { Instant, Json } from './values.ts';

/** An entry of a listing. `path` is relative to the filesystem's root, with `/` between segments. */
export interface FileInfo {
  readonly path: string;
  readonly bytes: number;
  /** An opaque text that changes whenever the content does. */
  readonly etag: string;
  /** ISO 8601 in UTC, as precise as the system has it. */
  readonly modifiedAt: string;
  /** The outermost linked folder on the file's path. Files behind a link are not owned by this tree. Only local disks have links. */
  readonly behind?: string;
  /**
   * An opaque text that distinguishes contents with the same etag, where the system has one. It changes when a file is copied or restored, too, so a
   * different text proves nothing. Absent: the system has only the etag.
   */
  readonly identity?: string;
  /**
   * An opaque text that changes whenever another file takes the place of this one, and whenever the file, its times or its rights are written. An equal
   * text proves that the content is the same, and a different one proves nothing. Only local disks have it.
   */
  readonly inode?: string;
}

/** A file that is written completely and not visible under its final name yet. It is plain JSON, since receipts and intents carry it. */
export interface StagedFile {
  /** The name of the staged file, used once. A system that stages without a name (an open upload) keeps a mark of this name, which `staged` finds. */
  readonly staged: string;
  /** The only name that the file can be published under. */
  readonly final: string;
  readonly bytes: number;
  /**
   * The checksum of the content, as `<algorithm>:<lower-case hex>`. The algorithm is `gmac` (of AES-128, key and nonce all zeros), `crc32c` or one of
   * node:crypto's hashes; `<hash>/<bytes>` is the hash of the hashes of its blocks of so many bytes. It reveals damage, not forgery.
   */
  readonly checksum: string;
  /** What the system needs to publish the file, such as an upload id or block ids. */
  readonly handle?: Json;
  /**
   * Publishing replaces a file that has the final name already, in one step. Since publishing consumes the staged file, that happens once. Only systems
   * that rename support it: this machine's disks.
   */
  readonly over?: true;
}

/** An entry of a listing of staged files. */
export interface ListedStagedFile extends Pick<StagedFile, 'staged' | 'handle'> {
  /** Absent: the system stages without a name, and does not know the size. */
  readonly bytes?: number;
}

export type Condition = { readonly ifNoneMatch: '*' } | { readonly ifMatch: string };

export type PutOutcome =
  | { readonly outcome: 'written'; readonly etag: string }
  /** The condition did not hold: the file exists already, or has another etag. Nothing was written. */
  | { readonly outcome: 'refused' };

/** `published`: this call made the file visible; `already`: it was published before; `gone`: neither the staged nor the final file exists. */
export type PublishOutcome = 'published' | 'already' | 'gone';

/**
 * One tree of files: a local folder, a container or a bucket. Every method is one request that may fail; if its answer is lost, it throws
 * `OutcomeUnknown`. Paths are relative and `/`-separated, without `.` and `..` segments.
 *
 * The rules that the commit protocol stands on (docs/building/protocol.md): a name is created at most once and, once removed, never again;
 * publishing consumes its source; conditional writes are atomic.
 */
export interface FileSystem {
  /** The address for people: `file:///data/lake`, `abfss://raw@acct…`. It never holds a secret. */
  readonly url: string;
  /** The absolute path of a file, which native code may open for reading. Absent: the files are not on a local disk. */
  localPath?(path: string): string;

  stat(path: string): Promise<FileInfo | undefined>;
  /**
   * Lists every file below `folder` ('' is the root), recursively, in the order of whole paths (`comparePaths`, the order of object stores). An absent
   * folder has no files.
   * @param brokenLink is called with the path of each link that leads to nothing. Only local disks have links.
   */
  list(folder: string, brokenLink?: (path: string) => void): AsyncIterable<FileInfo>;
  /** Every answer of `read` comes from one version of a file, which the caller may ask for. Absent: a caller compares the file before and after. */
  readonly readsVersions?: true;
  /** Reads `path`, or a `range` of it (end exclusive, cut at the end of the file). Throws `FileNotFound`, and `FileReplaced` if `how.etag` is given. */
  read(path: string, range?: { readonly start: number; readonly end: number }, how?: HowToRead): Promise<Uint8Array>;
  /** Reads a whole small file, with the etag that `put` compares. Only an etag from here or from `put` is good for `ifMatch`, not one from a listing. */
  get(path: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>;

  /** Writes `body` durably under a name that readers don't see. After a failed or unknown stage the caller tries again with other names. */
  stage(names: { readonly staged: string; readonly final: string }, body: AsyncIterable<Uint8Array>): Promise<StagedFile>;
  /**
   * Makes a staged file visible under its final name, durably, and consumes the staged one. Of several simultaneous callers at least one is answered
   * `published`. Other content under the final name stays, and throws DefectError HYG-9401.
   */
  publish(file: StagedFile): Promise<PublishOutcome>;
  /**
   * Tests, before a commit is decided, whether rights and mounts allow to publish from the folder `from` under `finals`, and to remove `removes`. It
   * leaves nothing behind, and throws as publishing would. Absent: a file that could be staged can be published.
   */
  provePublishing?(how: { readonly from: string; readonly finals: readonly string[]; readonly removes: readonly string[] }): Promise<void>;
  /**
   * The codes of permanent errors, such as another mount or a right that was withdrawn. Any other failure of publishing may pass. Absent: there are
   * none.
   */
  readonly permanent?: ReadonlySet<string>;
  /** Lists every staged file below a folder of staged names that is not published, and every file that `put` wrote there. */
  staged(folder: string): AsyncIterable<ListedStagedFile>;
  /**
   * Removes a staged file, or one that `put` wrote under a staged name, so that no call of `publish`, sent before or after, can make it visible any more. An absent file is fine. Without a handle the
   * system finds by the name what it has to remove.
   */
  discard(file: { readonly staged: string; readonly handle?: Json }): Promise<void>;

  /** Writes a small file (a record, a head, a state row) atomically and durably, if the condition holds. */
  put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome>;
  /** Removes a file. An absent file is fine. Empty parent folders may go with it. */
  remove(path: string): Promise<void>;
  /**
   * The etag of a folder. It stays while files come and go in the folder, and a folder that is recreated has another one; undefined: there is no folder.
   * Absent: the system has no folders of their own.
   */
  folderEtag?(path: string): Promise<string | undefined>;
  /**
   * Removes a folder with everything in it, if it has the etag. `refused`: the folder has another one. `busy`: the service can't remove it now. May be called
   * again, also after a call that removed only a part.
   */
  removeFolder?(path: string, condition: { readonly ifMatch: string }): Promise<'removed' | 'absent' | 'refused' | 'busy'>;
  /** The service's time, from its last answer. Absent: the system has no clock of its own. */
  now?(): Instant;
}

export interface HowToRead {
  /** A buffer that may hold the answer, if it is large enough. */
  readonly into?: Uint8Array | undefined;
  /** The version to read, by its etag from a listing or `stat`; any other version throws `FileReplaced`. Only with `readsVersions`. */
  readonly etag?: string | undefined;
}

/** A tree whose files can grow, such as a local disk. Object stores write whole files only. */
export interface AppendableFileSystem extends FileSystem {
  /**
   * Appends one line to a file (a journal), durably, and creates the file if there is none. `line` holds no newline; the filesystem adds it. Lines of
   * concurrent writers never mix, and a line that a crash tore stays on a line of its own.
   */
  append(path: string, line: Uint8Array): Promise<void>;
}

/** The file to read does not exist. */
export class FileNotFound extends Error {
  override readonly name = 'FileNotFound';
  readonly path: string;
  constructor(path: string) {
    super(`no such file: ${path}`);
    this.path = path;
  }
}

/** The file to read was replaced by another version. */
export class FileReplaced extends Error {
  override readonly name = 'FileReplaced';
  readonly path: string;
  constructor(path: string) {
    super(`another file by now: ${path}`);
    this.path = path;
  }
}
