import type * as z from 'zod';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Look, Window } from '../../engine/contracts/home.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { OwnNote, ReadOtherwise } from '../../ports/notes.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';

/** A line of a file, for messages. */
export interface LinePlace {
  /** The name of the file that has the line. */
  readonly name: string;
  /** The number of the line, counted from 1. */
  readonly line: number;
}

/** A file that a format reads: its bytes by range, and its path on a local disk if native code may open the file. */
export interface FileSource {
  /** The name of the file in messages. */
  readonly name: string;
  readonly bytes: number;
  /** The absolute path, if the file is on a local disk. */
  readonly localPath?: string;
  /** For a source that joins several files: the file that has a line, and the number of the line in that file, for messages. Absent: the source is a single file. */
  placeOf?(line: number): LinePlace;
  /** `into`: memory that holds the answer if the memory is large enough. The answer is then valid until the same memory is passed again. */
  read(range: { readonly start: number; readonly end: number }, into?: Uint8Array): Promise<Uint8Array>;
  /**
   * Called before code reads bytes at `localPath` instead of by `read`. Afterwards, the code reports the bytes that it read. Result false:
   * the file was compared with its known state without these bytes, so the code must read them again.
   */
  readsDirectly?(): (read: ReadBytes) => Promise<boolean>;
  /** Wraps the error of decoding the bytes. If the file was replaced while it was read, the result is an error that says so. */
  orReplaced?(failure: Error): Promise<Error>;
}

/** A range of bytes that was read from a file, end exclusive. */
export interface ReadBytes {
  readonly start: number;
  readonly end: number;
  /** The sum that `gmacOf` returns for the bytes. */
  readonly sum: string;
}

/** Rows of a file that can be read separately, such as a row group or a range of bytes. The pieces of a file follow one another without a gap. */
export interface Piece {
  /** The range of the piece in the format’s own numbers, from `from` (inclusive) to `to` (exclusive): row groups or bytes. */
  readonly from: number;
  readonly to: number;
  /** The number of rows. Null: the number is unknown until the piece is read. */
  readonly rows: number | null;
  /** The estimated size in memory, in bytes. */
  readonly bytes: number;
}

export interface FileContent {
  readonly schema: Schema;
  /** The number of rows. Null: the number is unknown until the file is read. */
  readonly rows: number | null;
  readonly pieces: readonly Piece[];
}

/** Which unknown facts `read` reports about records that are in no sample. `names`: new names. `names and kinds`: also new kinds of values, because no earlier run has decided the columns. */
export type Partly = 'names' | 'names and kinds';

/** The decisions that come from looking at samples. These decisions settle with the snapshot, and the home returns them in `SourceDescription.pinned`. */
export interface SampleResult {
  readonly pinned: Json;
  /** Notes for the plan. */
  readonly notes: readonly OwnNote[];
  /** See `Told.warnings`. */
  readonly warnings?: readonly OwnNote[];
  /** See `SourceDescription.otherwise`. */
  readonly otherwise?: ReadOtherwise;
  /** Only for a run: set if the decisions come from a part of the records. */
  readonly partly?: Partly;
}

/** Encodes frames into one file. `add` and `end` return the next bytes of the file, in order. Each piece of bytes is valid until the next piece is requested. */
export interface FileEncoder {
  /** Whether the frame still fits into this file. False: the frame begins another file. Absent: each frame of the schema fits. */
  takes?(frame: Frame): Promise<boolean>;
  add(frame: Frame): AsyncIterable<Uint8Array>;
  end(): AsyncIterable<Uint8Array>;
  /** The number of bytes that were returned so far. */
  readonly bytes: number;
  /** What the file really contains, known after `end`. If the format has a footer, the summary is read from the footer. */
  summary(): { readonly rows: number; readonly nulls: readonly number[]; readonly min?: string; readonly max?: string };
}

export interface EncodeOptions {
  readonly schema: Schema;
  readonly scratch: Scratch;
  /** The column whose smallest and largest values are in the summary. */
  readonly watermark: Pick<Watermark, 'column' | 'type'> | null;
  /** Whether rows are encoded even if their bytes could be copied from the source. True if an earlier file of these rows had to end because its bytes were copied. */
  readonly anew?: boolean;
}

/** One file format. The list of formats and the list of filesystems are independent, and no format knows a filesystem. */
export interface Format {
  readonly id: string;
  /** The extension of the files that the format writes, including the dot: `.parquet`, `.csv.gz`. */
  readonly extension: string;
  /** Whether most rows are one line each. If so, the number of rows is estimated from the first lines. */
  readonly rowPerLine?: boolean;
  /** Set if the format writes a missing value in the same way as a JSON document that is `null`. Rows with either value settle as missing. */
  readonly nullDocuments?: 'missing';
  /** The extensions of the files that the format reads from a folder, in lower case. */
  readonly extensions: readonly string[];
  /**
   * For formats whose files do not contain their types. Looks at a bounded number of bytes of each sample file, and decides how the files
   * are read. Pinned decisions stay unchanged, so only new columns are decided.
   */
  sample?(request: {
    readonly sources: readonly FileSource[];
    readonly pinned: Json | null;
    readonly scratch: Scratch;
    /** See `Home.describe`. */
    readonly look: Look;
    /** Whether `sources` are all existing files. If so, the source lacks each name that these files lack. */
    readonly complete?: boolean;
  }): Promise<SampleResult>;
  /** Set if only the records themselves show the columns. Before a real run, `sample` then gets every file instead of some files. */
  readonly samplesAll?: true;
  /** Reads only metadata. Throws a HomeError that names the file if the file is torn, empty, or of another format. */
  inspect(source: FileSource, pinned: Json | null): Promise<FileContent>;
  /** For a real read: finds pieces that only a pass through the file can find, because a value in quotes may have several lines. Absent: the pieces of `inspect` are read. */
  cut?(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly pieceBytes: number;
    readonly signal?: AbortSignal;
  }): Promise<readonly Piece[]>;
  /** Which pieces may contain rows of the window, according to metadata. True for each piece about which the metadata says nothing. */
  within(request: { readonly source: FileSource; readonly content: FileContent; readonly window: Window }): Promise<readonly boolean[]>;
  /** The rows of the pieces between `from` and `to` that are in the window, in order, as frames of about `frameBytes`. Rejected rows come between the frames. */
  read(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly from: number;
    readonly to: number;
    readonly window: Window;
    readonly frameBytes: number;
    readonly frameRows: number;
    readonly columns: readonly string[] | null;
    /** See `SampleResult.partly`. If set, a record that does not fit the decisions is not a bad row: `read` throws HomeError HYG-3210. */
    readonly partly?: Partly;
    readonly scratch: Scratch;
    readonly signal: AbortSignal;
  }): AsyncIterable<Frame | Rejected>;
  /**
   * The largest value of `column` in the file that is ≤ `cap`, or the largest of all without `cap`. Nulls are ignored. Statistics are used
   * if they are exact. `min`: a lower bound of all values. Null: the search for the largest value did not show a lower bound.
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
  /** What a reader of the written files has to know in advance, such as the delimiter. Absent: the files themselves show how to read them. */
  readonly style?: Json;
  /** `style`, and everything else that is needed to read a file of these columns after the format’s settings have changed. Absent: the files themselves show how to read them. */
  styleOf?(schema: Schema): Json;
  encoder(options: EncodeOptions): FileEncoder;
  /** How a file that the format wrote is read back, so that each value stays the same. Absent: the file is read like any other file. */
  rereading?(request: {
    readonly source: FileSource;
    /** The columns that settled in the store. */
    readonly schema: Schema;
    /** For a format without a list of columns: whether columns of `schema` that the file lacks are read as nulls. */
    readonly padded: boolean;
    readonly scratch: Scratch;
    /** The result of `styleOf` from the time when the file was written. Absent: that result is unknown, so the present style is used. */
    readonly style?: Json;
  }): Promise<RereadRequest>;
}

export interface RereadRequest {
  readonly format: Format;
  /** The decisions that a look at samples would have made. */
  readonly pinned: Json;
}

/** What is known of a format before its code is loaded: its name and its keys in the config. A format consists of a `FormatKind` and a `Format`. */
export interface FormatKind {
  /** The value of `format:` in YAML. */
  readonly id: string;
  /** File extensions of the format, without the dot. */
  readonly extensions: readonly string[];
  /** The keys of a home and of a store that this format uses. Each key has a description, and is optional or has a default. */
  readonly homeKeys: z.ZodRawShape;
  readonly storeKeys: z.ZodRawShape;
  /** Finds values that exclude each other. `key`: the key to change. `needs`: what the key needs; a text that begins with a capital letter is a whole sentence. */
  clash?(config: Readonly<Record<string, unknown>>): { readonly key: string; readonly needs: string } | undefined;
  /** `options`: the checked values of `homeKeys` or `storeKeys`. */
  open(options: Readonly<Record<string, unknown>>): Promise<Format>;
}
