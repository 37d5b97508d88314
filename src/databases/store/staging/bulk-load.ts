/** Loads the rows of one attempt into one staged table: frame by frame, or by files that one statement loads. */
import type { Frame } from '../../../engine/contracts/frame.ts';
import type { FileEncoder } from '../../../formats/contract/format.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import type { Session } from '../../engine.ts';
import type { BulkLoad, LoadByFiles, LoadedTable, RowsAsTheyCame, StagedFile } from '../../writes.ts';
import { rowsNotKept } from '../errors.ts';

/** A loader for one table: one attempt uses it in one transaction. */
export interface StagedTableLoader {
  /** @returns how many rows of the frame the database accepts. */
  add(frame: Frame): Promise<number>;
  /** The rows of the frame in their original form, as in `LoadByFrames.untouched`. Absent: the database accepts none. */
  untouched?(frame: Frame, declared: readonly string[]): Promise<UntouchedFrame | undefined>;
  /** Called once, after the last frame: then all rows are in the table. Throws StoreError if the database accepted fewer rows than were sent. */
  end(): Promise<void>;
  /** Called instead of `end` if the attempt has failed: it stops unfinished transfers. Throws nothing. */
  abandon(): Promise<void>;
}

/** A frame whose rows are loaded in their original form. */
export interface UntouchedFrame extends Pick<RowsAsTheyCame, 'addTo'> {
  /** Like `StagedTableLoader.add`. */
  add(): Promise<number>;
}

export interface LoaderOptions {
  readonly into: LoadedTable;
  /** The staged table's name, unquoted: its files have it as a prefix. */
  readonly name: string;
  /** Shown to people. */
  readonly where: string;
  /** The file system for encoders. Absent: the store was opened without one. */
  readonly scratch?: Scratch | undefined;
  /** Makes names of files, unique for each use. */
  nonce(): string;
  /** Called with each piece of sent data. */
  onPieceWritten(piece: Uint8Array): void;
}

export function loaderFor<S extends Session>(session: S, load: BulkLoad<S>, of: LoaderOptions): StagedTableLoader {
  if (load.by === 'files') return new FileLoading(session, load, of);
  return {
    add: (frame) => load.copy(session, of.into, frame, of.onPieceWritten),
    async untouched(frame, declared) {
      const rows = await load.untouched?.(session, frame, declared);
      return rows && { addTo: rows.addTo, add: () => rows.copy(session, of.into, of.onPieceWritten) };
    },
    end: async () => undefined,
    abandon: async () => undefined,
  };
}

interface OpenFile {
  readonly name: string;
  readonly encoder: FileEncoder;
  readonly staged: StagedFile;
}

class FileLoading<S extends Session> implements StagedTableLoader {
  readonly #session: S;
  readonly #load: LoadByFiles<S>;
  readonly #of: LoaderOptions;
  readonly #files: string[] = [];
  #columns: Frame['schema']['columns'] = [];
  #open: OpenFile | undefined;
  #sent = 0;

  constructor(session: S, load: LoadByFiles<S>, of: LoaderOptions) {
    this.#session = session;
    this.#load = load;
    this.#of = of;
  }

  async add(sent: Frame): Promise<number> {
    const frame = await this.#load.inFile(sent);
    const isFull = this.#open !== undefined && this.#open.encoder.bytes >= this.#load.fileBytes;
    if (isFull || (await this.#open?.encoder.takes?.(frame)) === false) await this.#close();
    this.#open ??= await this.#begin(frame);
    await this.#write(this.#open, this.#open.encoder.add(frame));
    this.#sent += frame.rows;
    return frame.rows;
  }

  async end(): Promise<void> {
    await this.#close();
    if (this.#files.length === 0) return;
    const { into, where } = this.#of;
    const kept = await this.#load.load(this.#session, into, { files: this.#files, columns: this.#columns });
    if (kept !== this.#sent) throw rowsNotKept(where, { sent: this.#sent, kept });
  }

  async abandon(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.staged.abandon().catch(() => undefined);
  }

  async #begin({ schema }: Frame): Promise<OpenFile> {
    const { scratch, name: table, nonce } = this.#of;
    if (scratch === undefined) throw new Error(`no scratch was given for files of ${table}`);
    this.#columns = schema.columns;
    const name = `${table}/${nonce()}`;
    const encoder = (await this.#load.format()).encoder({ schema, scratch, watermark: null });
    return { name, encoder, staged: await this.#load.beginFile(this.#session, name) };
  }

  async #close(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    await this.#write(open, open.encoder.end());
    await open.staged.end();
    this.#files.push(open.name);
    this.#open = undefined;
  }

  async #write({ staged }: OpenFile, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of pieces) {
      this.#of.onPieceWritten(piece);
      await staged.write(piece);
    }
  }
}
