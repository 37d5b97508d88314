/** Loads the rows of one attempt into one staged table. Rows are loaded frame by frame, or from files that one statement loads. */
import type { Frame } from '../../../engine/contracts/frame.ts';
import type { FileEncoder } from '../../../formats/contract/format.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import type { Session } from '../../engine.ts';
import type { BulkLoad, LoadByFiles, LoadedTable, RowsAsTheyCame, StagedFile } from '../../writes.ts';
import { rowsNotKept } from '../errors.ts';

/** A loader for one table, which one attempt uses in one transaction. */
export interface StagedTableLoader {
  /** Adds the rows of a frame. @returns the number of rows that the database accepts. */
  add(frame: Frame): Promise<number>;
  /** The rows of a frame in their original format, as in `LoadByFrames.untouched`. Absent: the database accepts no original format. */
  untouched?(frame: Frame, declared: readonly string[]): Promise<UntouchedFrame | undefined>;
  /** Called once, after the last frame. Afterwards all rows are in the table. Throws StoreError if the database accepted fewer rows than were sent. */
  end(): Promise<void>;
  /** Called instead of `end` if the attempt has failed. Stops unfinished transfers, and never throws. */
  abandon(): Promise<void>;
}

/** A frame whose rows are loaded in their original format. */
export interface UntouchedFrame extends Pick<RowsAsTheyCame, 'addTo'> {
  /** Adds the rows, like `StagedTableLoader.add`. */
  add(): Promise<number>;
}

export interface LoaderOptions {
  readonly into: LoadedTable;
  /** The unquoted name of the staged table. The names of the table’s files begin with this name. */
  readonly name: string;
  /** The table, for messages. */
  readonly where: string;
  /** The scratch folder for encoders. Absent: the store was opened without a scratch folder. */
  readonly scratch?: Scratch | undefined;
  /** Makes a part of a file name that differs for each call. */
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
