/** COPY over a connection of `pg`, in both directions. A COPY takes the place of a query, and its pieces share memory and need no objects of their own. */
import type { Socket } from 'node:net';
import type { Connection, Submittable } from 'pg';
import { letGoOfBytes } from '../../../frames/native-bytes.ts';

/** The maximum size of a piece with several rows. One row alone may be larger. */
export const bytesAtOnce = 1_048_576;

/** Reused memory for pieces. If each piece had its own memory, V8 would free it too late, so hundreds of megabytes would accumulate. A piece is valid until the second piece after it is made. */
export class Room {
  readonly #kept: Buffer[] = [];
  #turn = 0;

  take(bytes: number): Buffer {
    if (bytes > bytesAtOnce) return Buffer.allocUnsafeSlow(bytes);
    this.#turn = 1 - this.#turn;
    this.#kept[this.#turn] ??= Buffer.allocUnsafeSlow(bytesAtOnce);
    return this.#kept[this.#turn] as Buffer;
  }
}

const [copyData, copyDone, copyFail] = [0x64, 0x63, 0x66];
/** The message that makes a COPY fail, with a reason. The server’s answer is dropped. */
const failure = Buffer.from('what was to be written could not be\0');
/**
 * A COPY … TO STDOUT in the place of a query. Until the COPY ends, this class reads the bytes of the connection. The parser of `pg` makes an object for every
 * row, which took half of the time of reading a table.
 */
export class CopyOut implements Submittable {
  /** The number of rows that the server reports. Undefined: the server has reported no number. */
  rows: number | undefined;
  readonly #sql: string;
  #socket: Socket | undefined;
  #parser: ((bytes: Buffer) => void) | undefined;
  #failed: { readonly error: unknown } | undefined;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(sql: string) {
    this.#sql = sql;
  }

  submit(connection: Connection): void {
    const socket = connection.stream as Socket;
    this.#parser = socket.listeners('data')[0] as (bytes: Buffer) => void;
    socket.removeListener('data', this.#parser);
    socket.pause();
    socket.on('readable', this.#onReadable);
    this.#socket = socket;
    connection.query(this.#sql);
    this.#wake();
  }

  readonly #onReadable = (): void => this.#wake();

  handleError(error: unknown): void {
    this.#failed = { error };
    this.#wake();
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.rows = rowsCopied(text);
  }

  handleReadyForQuery(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The bytes that the server sends, until `handBack`. A piece may end anywhere in a message. Each piece is valid until the next is requested. */
  async *pieces(): AsyncGenerator<Buffer, void> {
    for (;;) {
      if (this.#failed) throw this.#failed.error;
      if (this.#ended) return;
      const bytes = this.#parser === undefined ? null : ((this.#socket?.read() ?? null) as Buffer | null);
      if (bytes === null)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      else {
        yield bytes;
        letGoOfBytes(bytes);
      }
    }
  }

  /** Called when the COPY has ended or failed, so that `pg` reads the bytes after it. */
  readonly handBack = (rest: Buffer): void => {
    const [socket, parser] = [this.#socket, this.#parser];
    if (socket === undefined || parser === undefined) return;
    this.#parser = undefined;
    socket.removeListener('readable', this.#onReadable);
    socket.on('data', parser);
    parser(rest);
    queueMicrotask(() => socket.resume());
  };
}

const rowsCopied = (tag: string): number | undefined => {
  const [, rows] = /^COPY (\d+)$/.exec(tag) ?? [];
  return rows === undefined ? undefined : Number(rows);
};

/** Bytes that are complete CopyData messages. */
export class Messages {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** A piece of the data to send. */
export type Piece = Uint8Array | Messages;

/** A COPY … FROM STDIN in the place of a query. */
export class CopyIn implements Submittable {
  readonly #sql: string;
  readonly #asked = Promise.withResolvers<Socket>();
  readonly #over = Promise.withResolvers<number>();
  #rows = 0;
  /** `pg` sets this to a function that stops its timer. */
  callback: () => void = () => undefined;

  constructor(sql: string) {
    this.#sql = sql;
    for (const { promise } of [this.#asked, this.#over]) promise.catch(() => undefined);
  }

  submit(connection: Connection): void {
    connection.query(this.#sql);
  }

  handleCopyInResponse(connection: Connection): void {
    this.#asked.resolve(connection.stream as Socket);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = rowsCopied(text) ?? Number.NaN;
  }

  handleReadyForQuery(): void {
    this.callback();
    this.#over.resolve(this.#rows);
  }

  handleError(error: unknown): void {
    this.callback();
    this.#asked.reject(error);
    this.#over.reject(error);
  }

  /** Sends the pieces, and waits until nothing is being sent any more. @returns the number of rows that the server accepted; `undone`: the error from making the pieces. */
  async sent(pieces: Iterable<Piece>): Promise<number | { readonly undone: unknown }> {
    const socket = await this.#asked.promise;
    const over = this.#over.promise;
    const making = pieces[Symbol.iterator]();
    let onItsWay: Promise<void> = Promise.resolve();
    try {
      for (;;) {
        let next: IteratorResult<Piece>;
        try {
          next = making.next();
        } catch (undone) {
          socket.write(Buffer.concat([head(copyFail, failure.length), failure]));
          await over.catch(() => undefined);
          return { undone };
        }
        await Promise.race([onItsWay, over]);
        if (next.done) break;
        onItsWay = sent(socket, next.value);
      }
      socket.write(head(copyDone, 0));
      return await over;
    } finally {
      making.return?.();
      await onItsWay;
    }
  }
}

/** The header of a message, from its code and its number of bytes. */
function head(code: number, bytes: number): Buffer {
  const begins = Buffer.alloc(5);
  begins[0] = code;
  begins.writeUInt32BE(bytes + 4, 1);
  return begins;
}

/** Sends a piece. Waits until the memory of its bytes is free again, because the bytes were sent or never will be. */
function sent(socket: Socket, piece: Piece): Promise<void> {
  return new Promise((resolve) => {
    if (piece instanceof Messages) {
      socket.write(piece.bytes, () => resolve());
      return;
    }
    socket.cork();
    socket.write(head(copyData, piece.length));
    socket.write(piece, () => resolve());
    socket.uncork();
  });
}
