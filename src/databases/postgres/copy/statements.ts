/** COPY over a connection of `pg`, both ways: in the place of a query, and without an object or memory of its own for each piece. */
import type { Socket } from 'node:net';
import type { Connection, Submittable } from 'pg';
import { letGoOfBytes } from '../../../frames/native-bytes.ts';

/** Rows are put together up to this size. One row alone may be larger. */
export const bytesAtOnce = 1_048_576;

/**
 * What pieces are made in, over and over: memory of its own for each would be given back when V8 comes to it, hundreds of megabytes later. A piece is good
 * until the one after the next is made.
 */
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
/** The reason that the server is given. Its answer is dropped. */
const failure = Buffer.from('what was to be written could not be\0');
/**
 * A COPY … TO STDOUT in the place of a query. Until it ends, the bytes of the connection are read here: an object for every row, as the parser of `pg` makes them, took
 * half of the time of reading a table.
 */
export class CopyOut implements Submittable {
  /** What the server says that it sent. Undefined: it did not say, or not yet. */
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

  /** Messages of the server, in pieces that know nothing of where one ends: until `handBack`. Each is good until the next is asked for. */
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

  /** The COPY is over, well or not: what comes now is for `pg`. */
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

/** Bytes that are whole messages of CopyData already. */
export class Messages {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** What is sent, piece by piece. */
export type Piece = Uint8Array | Messages;

/** A COPY … FROM STDIN in the place of a query. */
export class CopyIn implements Submittable {
  readonly #sql: string;
  readonly #asked = Promise.withResolvers<Socket>();
  readonly #over = Promise.withResolvers<number>();
  #rows = 0;
  /** `pg` puts what ends its clock here. */
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

  /** @returns how many rows the server took; `undone`: what was thrown where they are made. Nothing that was sent is under way any more. */
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

/** What a message begins with. */
function head(code: number, bytes: number): Buffer {
  const begins = Buffer.alloc(5);
  begins[0] = code;
  begins.writeUInt32BE(bytes + 4, 1);
  return begins;
}

/** Until the memory of the bytes is free again: they were sent, or never will be. */
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
