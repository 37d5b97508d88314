import type * as z from 'zod';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Look, Window } from '../../engine/contracts/home.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { OwnNote, ReadOtherwise } from '../../ports/notes.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';

/** A line, for people. */
export interface LinePlace {
  /** The name of the source. */
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A file that a format reads: its bytes by range, and its path on a local disk where native code may open it. */
export interface FileSource {
  /** For messages. */
  readonly name: string;
  readonly bytes: number;
  /** Absolute, only for local disks. */
  readonly localPath?: string;
  /** Where a line is, for people, of a source that is put together from others: which of them, and its number there. Absent: it is one. */
  placeOf?(line: number): LinePlace;
  /** `into`: memory that may hold the answer, if it is large enough; then it is good until it is given again. */
  read(range: { readonly start: number; readonly end: number }, into?: Uint8Array): Promise<Uint8Array>;
  /**
   * Called before code reads bytes at `localPath` and not by `read`. The code reports what it read, and reads it again where the answer is false: the
   * file was compared with what was known of it meanwhile, without these bytes.
   */
  readsDirectly?(): (read: ReadBytes) => Promise<boolean>;
  /** A failure to make sense of its bytes; or that it was replaced while they were read, which a person must rather know. */
  orReplaced?(failure: Error): Promise<Error>;
}

/** Bytes of a file that were read, end exclusive. */
export interface ReadBytes {
  readonly start: number;
  readonly end: number;
  /** `gmacOf` the bytes. */
  readonly sum: string;
}

/** A run of rows inside a file that can be read alone: a row group, a range of bytes. Pieces follow one another without a gap. */
export interface Piece {
  /** In the format's own numbers: row groups from `from` (inclusive) to `to` (exclusive), or bytes. */
  readonly from: number;
  readonly to: number;
  /** Null: not known without reading. */
  readonly rows: number | null;
  /** Estimated bytes in memory. */
  readonly bytes: number;
}

export interface FileContent {
  readonly schema: Schema;
  /** Null: not known without reading. */
  readonly rows: number | null;
  readonly pieces: readonly Piece[];
}

/** What `read` reports about records that no sample had: new names, or new kinds of values as well, where no run before has decided them. */
export type Partly = 'names' | 'names and kinds';

/** What a look at samples decided: settles with the snapshot and is given back (`SourceDescription.pinned`). */
export interface SampleResult {
  readonly pinned: Json;
  /** For the plan. */
  readonly notes: readonly OwnNote[];
  /** See `Told.warnings`. */
  readonly warnings?: readonly OwnNote[];
  /** See `SourceDescription.otherwise`. */
  readonly otherwise?: ReadOtherwise;
  /** For a run: told from a part. */
  readonly partly?: Partly;
}

/** Encodes frames into one file. `add` and `end` answer the bytes to write next, in order; each piece is valid until the next is asked for. */
export interface FileEncoder {
  /** False: the frame can't go into this file any more, and begins another one. Absent: any frame of the schema can. */
  takes?(frame: Frame): Promise<boolean>;
  add(frame: Frame): AsyncIterable<Uint8Array>;
  end(): AsyncIterable<Uint8Array>;
  /** Bytes answered so far. */
  readonly bytes: number;
  /** After `end`: what is really in the file, from its own footer where it has one. */
  summary(): { readonly rows: number; readonly nulls: readonly number[]; readonly min?: string; readonly max?: string };
}

export interface EncodeOptions {
  readonly schema: Schema;
  readonly scratch: Scratch;
  /** Its smallest and largest value are reported in the summary. */
  readonly watermark: Pick<Watermark, 'column' | 'type'> | null;
  /** Rows are encoded even where their bytes could be copied from what they were read from: an earlier file of them had to end for it. */
  readonly anew?: boolean;
}

/** One file format. Formats and filesystems are two independent lists: neither knows the other. */
export interface Format {
  readonly id: string;
  /** The extension of the files that the format writes, with the dot: `.parquet`, `.csv.gz`. */
  readonly extension: string;
  /** Rows are lines, more or less: their number is estimated from the first ones. */
  readonly rowPerLine?: boolean;
  /** The format has one word for a JSON document that is `null` and for a missing value. Rows with either settle as missing. */
  readonly nullDocuments?: 'missing';
  /** The extensions of the files that the format reads from a folder, in lower case. */
  readonly extensions: readonly string[];
  /**
   * For formats whose files don't tell their types: looks at samples of the files (a bounded number of bytes of each) and decides how they are
   * read. What is pinned already stays unchanged; only what it does not cover (a new column) is decided again.
   */
  sample?(request: {
    readonly sources: readonly FileSource[];
    readonly pinned: Json | null;
    readonly scratch: Scratch;
    /** See `Home.describe`. */
    readonly look: Look;
    /** `sources` are all the files there are: what none of them has, the source does not have. */
    readonly complete?: boolean;
  }): Promise<SampleResult>;
  /** Nothing but the records themselves tells the columns: before a real run `sample` is given every file, not only some. */
  readonly samplesAll?: true;
  /** Metadata only. A file that is not of this format, torn or empty is a HomeError that names it. */
  inspect(source: FileSource, pinned: Json | null): Promise<FileContent>;
  /** For a real read: pieces that can only be told by going through the file (quotes may span lines). Without it, those of `inspect`. */
  cut?(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly pieceBytes: number;
    readonly signal?: AbortSignal;
  }): Promise<readonly Piece[]>;
  /** Which pieces can hold rows of the window, as far as metadata tells; true when it can't. */
  within(request: { readonly source: FileSource; readonly content: FileContent; readonly window: Window }): Promise<readonly boolean[]>;
  /** Rows of the pieces between `from` and `to` that are in the window, as frames of about `frameBytes`, in order; beside them what can't be read. */
  read(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly from: number;
    readonly to: number;
    readonly window: Window;
    readonly frameBytes: number;
    readonly frameRows: number;
    readonly columns: readonly string[] | null;
    /** `SampleResult.partly`: a record that does not fit the decision is a HomeError HYG-3210, not a bad row. */
    readonly partly?: Partly;
    readonly scratch: Scratch;
    readonly signal: AbortSignal;
  }): AsyncIterable<Frame | Rejected>;
  /**
   * The largest non-null value of `column` in the file that is ≤ `cap` (no cap: the largest); from statistics where they are exact. `min`: no value is
   * smaller; null: the way to the largest value did not show that.
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
  /** What a reader of the files that it writes has to know beforehand, such as what stands between fields. Absent: files tell it themselves. */
  readonly style?: Json;
  /** `style`, and what besides is needed to read a file of these columns after the format's settings have changed. Absent: files tell it themselves. */
  styleOf?(schema: Schema): Json;
  encoder(options: EncodeOptions): FileEncoder;
  /** How a file that it wrote is read back value for value; absent: as any file. */
  rereading?(request: {
    readonly source: FileSource;
    /** The columns that settled. */
    readonly schema: Schema;
    /** Whether columns of `schema` that the file lacks are read as nulls, in a format without a list of columns. */
    readonly padded: boolean;
    readonly scratch: Scratch;
    /** What `styleOf` said when the file was written; absent: it is not known, and counts as what it would say now. */
    readonly style?: Json;
  }): Promise<RereadRequest>;
}

export interface RereadRequest {
  readonly format: Format;
  /** What a look at samples would have decided. */
  readonly pinned: Json;
}

/** What is known of a format before it is loaded: its name and its keys in the config. One of these and a `Format` are all that a format is. */
export interface FormatKind {
  /** The `format:` in YAML. */
  readonly id: string;
  /** Endings of files that tell it, without the dot. */
  readonly extensions: readonly string[];
  /** Keys of a home and of a store that mean something with this format; each described, optional or with a default. */
  readonly homeKeys: z.ZodRawShape;
  readonly storeKeys: z.ZodRawShape;
  /** Values that can't be had together: the key to change and what it needs (a sentence, when it begins with a capital letter). */
  clash?(config: Readonly<Record<string, unknown>>): { readonly key: string; readonly needs: string } | undefined;
  /** `options`: the checked values of those keys. */
  open(options: Readonly<Record<string, unknown>>): Promise<Format>;
}
