import type { Instant, Json } from './values.ts';

/** A file in a listing. `path` is relative to the filesystem’s root, with `/` between segments. */
export interface FileInfo {
  readonly path: string;
  readonly bytes: number;
  /** An opaque text that changes whenever the content does. */
  readonly etag: string;
  /** The time of the last change, as ISO 8601 in UTC, as precise as in the system. */
  readonly modifiedAt: string;
  /** The outermost linked folder on the file's path. Files behind a link do not belong to this tree. Only local disks have links. */
  readonly behind?: string;
  /**
   * An opaque text that distinguishes contents with the same etag. The text also changes when a file is copied or restored, so a different text proves
   * nothing. Absent: the system has only etags.
   */
  readonly identity?: string;
  /**
   * An opaque text that changes whenever another file replaces this file, and whenever the file, its times or its rights are written. An equal text proves
   * that the content is the same, but a different text proves nothing. Only local disks have such a text.
   */
  readonly inode?: string;
}

/** A file that is completely written, but not yet visible under its final name. The handle is plain JSON, because receipts and intents contain it. */
export interface StagedFile {
  /** The name of the staged file, which is used only once. A system that stages without a name (an open upload) keeps a mark with this name, which `staged` finds. */
  readonly staged: string;
  /** The only name under which the file can be published. */
  readonly final: string;
  readonly bytes: number;
  /**
   * The checksum of the content, as `<algorithm>:<lower-case hex>`. The algorithm is `gmac` (of AES-128, key and nonce all zeros), `crc32c` or one of
   * node:crypto's hashes; `<hash>/<bytes>` is the hash of the hashes of its blocks of so many bytes. A checksum reveals damage, but not forgery.
   */
  readonly checksum: string;
  /** The data that the system needs to publish the file, such as an upload id or block ids. */
  readonly handle?: Json;
  /**
   * Whether publishing atomically replaces an existing file with the final name. The replacement happens once, because publishing consumes the staged file.
   * Only this machine’s disks support replacement, because they can rename.
   */
  readonly over?: true;
}

/** A staged file in a listing. */
export interface ListedStagedFile extends Pick<StagedFile, 'staged' | 'handle'> {
  /** The size in bytes; absent: unknown, because the system stages without a name. */
  readonly bytes?: number;
}

export type Condition = { readonly ifNoneMatch: '*' } | { readonly ifMatch: string };

export type PutOutcome =
  | { readonly outcome: 'written'; readonly etag: string }
  /** The condition did not hold: the file exists already, or has another etag. The file was not written. */
  | { readonly outcome: 'refused' };

/** `published`: this call made the file visible; `already`: an earlier call had published the file; `gone`: neither the staged nor the final file exists. */
export type PublishOutcome = 'published' | 'already' | 'gone';

/**
 * One tree of files: a local folder, a container or a bucket. Every method is one request that may fail. If the answer is lost, the method throws
 * `OutcomeUnknown`. Paths are relative and `/`-separated, without `.` and `..` segments.
 *
 * The commit protocol relies on these rules (docs/building/protocol.md): a name is created at most once, and never again after its removal;
 * publishing consumes its source; conditional writes are atomic.
 */
export interface FileSystem {
  /** The address for people: `file:///data/lake`, `abfss://raw@acct…`. The address never contains a secret. */
  readonly url: string;
  /** The absolute path of a file, which native code may open for reading. Absent: the files are not on a local disk. */
  localPath?(path: string): string;

  stat(path: string): Promise<FileInfo | undefined>;
  /**
   * Lists every file below `folder` ('' is the root), recursively, in the order of whole paths (`comparePaths`, the order of object stores). A missing
   * folder has no files. @param brokenLink is called with the path of each link whose target is missing. Only local disks have links.
   */
  list(folder: string, brokenLink?: (path: string) => void): AsyncIterable<FileInfo>;
  /** Whether every answer of `read` comes from one version of a file, which the caller may choose. Absent: an answer may mix versions, so a caller must compare the file before and after the read. */
  readonly readsVersions?: true;
  /** Reads the file `path`, or a `range` of its bytes (end exclusive, cut at the end of the file). Throws `FileNotFound`, and `FileReplaced` if `how.etag` is given. */
  read(path: string, range?: { readonly start: number; readonly end: number }, how?: HowToRead): Promise<Uint8Array>;
  /** Reads a whole small file, with the etag that `put` compares. Only an etag from this method or from `put` may be used for `ifMatch`, not an etag from a listing. */
  get(path: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>;

  /** Writes `body` durably under a name that readers don’t see. After a failure or a lost answer, the caller tries again with other names. */
  stage(names: { readonly staged: string; readonly final: string }, body: AsyncIterable<Uint8Array>): Promise<StagedFile>;
  /**
   * Durably makes a staged file visible under its final name, and consumes the staged file. At least one of several simultaneous callers gets `published`.
   * Other content under the final name stays, and the method throws DefectError HYG-9401.
   */
  publish(file: StagedFile): Promise<PublishOutcome>;
  /**
   * Tests, before a commit is decided, whether rights and mounts allow hygge to publish from the folder `from` under `finals`, and to remove `removes`. The
   * test leaves no file behind, and throws the same errors as publishing. Absent: every staged file can be published.
   */
  provePublishing?(how: { readonly from: string; readonly finals: readonly string[]; readonly removes: readonly string[] }): Promise<void>;
  /**
   * The codes of permanent errors, such as another mount or a right that was withdrawn. Any other failure of publishing may be temporary. Absent: every
   * failure may be temporary.
   */
  readonly permanent?: ReadonlySet<string>;
  /** Lists every staged file below a folder of staged names that is not published, and every file that `put` wrote there. */
  staged(folder: string): AsyncIterable<ListedStagedFile>;
  /**
   * Removes a staged file, or a file that `put` wrote under a staged name. After that, no earlier or later call of `publish` can make the file visible. A
   * missing file counts as removed. Without a handle, the system finds the file by its name.
   */
  discard(file: { readonly staged: string; readonly handle?: Json }): Promise<void>;

  /** Writes a small file (a record, a head, a state row) atomically and durably, if the condition holds. */
  put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome>;
  /** Removes a file. A missing file counts as removed. Empty parent folders may be removed too. */
  remove(path: string): Promise<void>;
  /**
   * The etag of a folder, which stays the same while files are added and removed. A recreated folder has another etag. Undefined: the folder does not
   * exist. Absent: the system has no real folders.
   */
  folderEtag?(path: string): Promise<string | undefined>;
  /**
   * Removes a folder with all its files, if the folder has the etag. `refused`: the folder has another etag. `busy`: the service can’t remove the folder
   * now. May be called again, also after a call that removed only some files.
   */
  removeFolder?(path: string, condition: { readonly ifMatch: string }): Promise<'removed' | 'absent' | 'refused' | 'busy'>;
  /** The service's time, from its last answer. Absent: the system has no clock of its own. */
  now?(): Instant;
}

export interface HowToRead {
  /** A buffer that may receive the answer, if the buffer is large enough. */
  readonly into?: Uint8Array | undefined;
  /** The version to read, by its etag from a listing or `stat`. Any other version throws `FileReplaced`. Only used with `readsVersions`. */
  readonly etag?: string | undefined;
}

/** A tree whose files can grow, such as a local disk. Object stores write only whole files. */
export interface AppendableFileSystem extends FileSystem {
  /**
   * Durably appends one line to a file (a journal), and creates a missing file. `line` has no newline, because the filesystem adds one. Lines of concurrent
   * writers never mix. A line that is incomplete after a crash never merges with the next line.
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
