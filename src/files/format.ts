import type { Frame, Window } from '../engine/contracts.ts';
import type { Schema } from '../frames/schema.ts';
import type { Watermark } from '../frames/watermark.ts';
import type { Scratch } from '../ports/scratch.ts';

/** A file that a format reads: its bytes by range, and its path on a local disk where native code may open it. */
export interface FileSource {
  /** For messages. */
  readonly name: string;
  readonly bytes: number;
  /** Absolute, only for local disks. */
  readonly localPath?: string;
  read(range: { readonly start: number; readonly end: number }): Promise<Uint8Array>;
}

/** A run of rows inside a file that can be read alone (a row group). */
export interface Piece {
  readonly rows: number;
  readonly bytes: number;
}

export interface FileContent {
  readonly schema: Schema;
  readonly rows: number;
  readonly pieces: readonly Piece[];
}

/** Encodes frames into one file. `add` and `end` answer the bytes to write next, in order; each piece is valid until the next is asked for. */
export interface FileEncoder {
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
  readonly compression: string;
  /** Its smallest and largest value are reported in the summary. */
  readonly watermark: Pick<Watermark, 'column' | 'type'> | null;
}

/** One file format. Formats and filesystems are two independent lists: neither knows the other. */
export interface Format {
  readonly id: string;
  /** With the dot: `.parquet`. */
  readonly extension: string;
  /** Metadata only. A file that is not of this format, torn or empty is a HomeError that names it. */
  inspect(source: FileSource): Promise<FileContent>;
  /** Which pieces can hold rows of the window, as far as metadata tells; true when it can't. */
  within(request: { readonly source: FileSource; readonly content: FileContent; readonly window: Window }): Promise<readonly boolean[]>;
  /** Rows of pieces `from` (inclusive) to `to` (exclusive) that are in the window, as frames of about `frameBytes`, in order. */
  read(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly from: number;
    readonly to: number;
    readonly window: Window;
    readonly frameBytes: number;
    readonly frameRows: number;
    readonly columns: readonly string[] | null;
    readonly scratch: Scratch;
    readonly signal: AbortSignal;
  }): AsyncIterable<Frame>;
  /** The largest non-null value of `column` in the file that is ≤ `cap` (no cap: the largest); from statistics where they are exact. */
  max(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly column: string;
    readonly cap: string | null;
    readonly scratch: Scratch;
  }): Promise<Watermark | undefined>;
  nulls(request: {
    readonly source: FileSource;
    readonly content: FileContent;
    readonly column: string;
    readonly scratch: Scratch;
  }): Promise<number>;
  encoder(options: EncodeOptions): FileEncoder;
}
