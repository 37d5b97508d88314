import type * as z from 'zod';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Look, Window } from '../../engine/contracts/home.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { OwnNote, ReadOtherwise } from '../../ports/notes.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';

/** A line of a file, as messages name it. */
export interface LinePlace {
  /** The name of the source. */
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A file that a format reads: its bytes by range, and its path on a local disk if native code may open it. */
export interface FileSource {
  /** For messages. */
  readonly name: string;
  readonly bytes: number;
  /** Absolute, only for local disks. */
  readonly localPath?: string;
  /** Which of several joined sources has a line, and the number of the line there, for messages. Absent: the source is a single file. */
  placeOf?(line: number): LinePlace;
  /** `into`: memory that may hold the answer if it is large enough. The answer is then valid until that memory is passed again. */
  read(range: { readonly start: number; readonly end: number }, into?: Uint8Array): Promise<Uint8Array>;
  /**
   * Called before code reads bytes at `localPath` and not by `read`. The code reports what it read, and reads it again if the answer is
   * false: meanwhile the file was compared with its known state, without these bytes.
   */
  readsDirectly?(): (read: ReadBytes) => Promise<boolean>;
  /** Wraps a failure to decode the bytes. If the file was replaced while it was read, that is reported instead. */
  orReplaced?(failure: Error): Promise<Error>;
}

/** A range of bytes of a file that was read, end exclusive. */
export interface ReadBytes {
  readonly start: number;
  readonly end: number;
  /** `gmacOf` the bytes. */
  readonly sum: string;
}

/** Rows inside a file that can be read separately: a row group, a range of bytes. Pieces follow one another without a gap. */
export interface Piece {
  /** In the format's own numbers: row groups from `from` (inclusive) to `to` (exclusive), or bytes. */
  readonly from: number;
  readonly to: number;
  /** Null: unknown until the piece is read. */
  readonly rows: number | null;
  /** Estimated bytes in memory. */
  readonly bytes: number;
}

export interface FileContent {
  readonly schema: Schema;
  /** Null: unknown until the file is read. */
  readonly rows: number | null;
  readonly pieces: readonly Piece[];
}

/** Reported by `read` about records that are in no sample: new names, or, if no earlier run has decided the columns, also new kinds of values. */
export type Partly = 'names' | 'names and kinds';

/** The decisions of a look at samples: they settle with the snapshot and are returned in `SourceDescription.pinned`. */
export interface SampleResult {
  readonly pinned: Json;
  /** A note for the plan. */
  readonly notes: readonly OwnNote[];
  /** See `Told.warnings`. */
  readonly warnings?: readonly OwnNote[];
  /** See `SourceDescription.otherwise`. */
  readonly otherwise?: ReadOtherwise;
  /** For a run: the decisions come from a part of the records. */
  readonly partly?: Partly;
}

/** Encodes frames into one file. `add` and `end` return the bytes to write next, in order; each piece is valid until the next is requested. */
export interface FileEncoder {
  /** False: the frame no longer fits into this file, and begins another one. Absent: any frame of the schema fits. */
  takes?(frame: Frame): Promise<boolean>;
  add(frame: Frame): AsyncIterable<Uint8Array>;
  end(): AsyncIterable<Uint8Array>;
  /** Bytes returned so far. */
  readonly bytes: number;
  /** After `end`: what the file really contains, from its own footer if it has one. */
  summary(): { readonly rows: number; readonly nulls: readonly number[]; readonly min?: string; readonly max?: string };
}

export interface EncodeOptions {
  readonly schema: Schema;
  readonly scratch: Scratch;
  /** The column whose smallest and largest value are in the summary. */
  readonly watermark: Pick<Watermark, 'column' | 'type'> | null;
  /** Rows are encoded even if their bytes could be copied from their source: an earlier file of these rows had to end because of that. */
  readonly anew?: boolean;
}

/** One file format. Formats and filesystems are two independent lists, and neither knows the other. */
export interface Format {
  readonly id: string;
  /** The extension of the files that the format writes, with the dot: `.parquet`, `.csv.gz`. */
  readonly extension: string;
  /** Rows are roughly lines: their number is estimated from the first ones. */
  readonly rowPerLine?: boolean;
  /** The format writes a JSON document that is `null` and a missing value in the same way. Rows with either settle as missing. */
  readonly nullDocuments?: 'missing';
  /** The extensions of the files that the format reads from a folder, in lower case. */
  readonly extensions: readonly string[];
  /**
   * For formats whose files do not contain their types: looks at samples of the files (a bounded number of bytes of each) and decides how
   * they are read. What is pinned already stays unchanged. Only new columns are decided.
   */
  sample?(request: {
    readonly sources: readonly FileSource[];
    readonly pinned: Json | null;
    readonly scratch: Scratch;
    /** See `Home.describe`. */
    readonly look: Look;
    /** `sources` are all existing files: a name that none of them has is not in the source. */
    readonly complete?: boolean;
  }): Promise<SampleResult>;
  /** Only the records themselves show the columns: before a real run, `sample` gets every file, not only some. */
  readonly samplesAll?: true;
  /** Metadata only. Throws a HomeError that names the file if it is not of this format, torn or empty. */
  inspect(source: FileSource, pinned: Json | null): Promise<FileContent>;
  /** For a real read: pieces that only a pass through the file can find (quotes may span lines). Absent: the pieces of `inspect`. */
  cut?(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly pieceBytes: number;
    readonly signal?: AbortSignal;
  }): Promise<readonly Piece[]>;
  /** Which pieces can contain rows of the window, according to metadata. True if metadata can’t say. */
  within(request: { readonly source: FileSource; readonly content: FileContent; readonly window: Window }): Promise<readonly boolean[]>;
  /** Rows of the pieces between `from` and `to` that are in the window, as frames of about `frameBytes`, in order. Rejected rows come with the frames. */
  read(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly from: number;
    readonly to: number;
    readonly window: Window;
    readonly frameBytes: number;
    readonly frameRows: number;
    readonly columns: readonly string[] | null;
    /** `SampleResult.partly`: a record that does not fit the decision throws HomeError HYG-3210, and is not a bad row. */
    readonly partly?: Partly;
    readonly scratch: Scratch;
    readonly signal: AbortSignal;
  }): AsyncIterable<Frame | Rejected>;
  /**
   * The largest non-null value of `column` in the file that is ≤ `cap` (no cap: the largest); from statistics if they are exact. `min`: a
   * lower bound of all values; null: the search for the largest value did not show one.
   */
  max(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly column: string;
    readonly cap: string | null;
    readonly scratch: Scratch;
  }): Promise<{ readonly max: Watermark; readonly min: string | null } | undefined>;
  nulls(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly column: string;
    readonly scratch: Scratch;
  }): Promise<number>;
  /** What a reader of the written files has to know in advance, such as the delimiter. Absent: the files show it themselves. */
  readonly style?: Json;
  /** `style`, and all else that reading a file of these columns needs after the format’s settings have changed. Absent: the files show it themselves. */
  styleOf?(schema: Schema): Json;
  encoder(options: EncodeOptions): FileEncoder;
  /** How a file that the format wrote is read back value for value. Absent: as any file. */
  rereading?(request: {
    readonly source: FileSource;
    /** The columns that settled. */
    readonly schema: Schema;
    /** Whether columns of `schema` that the file lacks are read as nulls, in a format without a list of columns. */
    readonly padded: boolean;
    readonly scratch: Scratch;
    /** The result of `styleOf` when the file was written. Absent: it is unknown, and the present style counts. */
    readonly style?: Json;
  }): Promise<RereadRequest>;
}

export interface RereadRequest {
  readonly format: Format;
  /** What a look at samples would have decided. */
  readonly pinned: Json;
}

/** What is known of a format before it is loaded: its name and its keys in the config. A `FormatKind` and a `Format` are all that a format consists of. */
export interface FormatKind {
  /** The `format:` in YAML. */
  readonly id: string;
  /** File extensions of the format, without the dot. */
  readonly extensions: readonly string[];
  /** Keys of a home and of a store that this format uses. Each is described, and is optional or has a default. */
  readonly homeKeys: z.ZodRawShape;
  readonly storeKeys: z.ZodRawShape;
  /** Values that exclude each other: the key to change and what it needs (a sentence, if it begins with a capital letter). */
  clash?(config: Readonly<Record<string, unknown>>): { readonly key: string; readonly needs: string } | undefined;
  /** `options`: the checked values of those keys. */
  open(options: Readonly<Record<string, unknown>>): Promise<Format>;
}
