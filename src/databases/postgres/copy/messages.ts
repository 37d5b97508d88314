/** Reads the messages of a binary COPY … TO STDOUT into blocks, row by row. Every length from the server is checked. */
import { letGoOfBytes } from '../../../frames/native-bytes.ts';
import { SourceChangedSincePlan } from '../../engine.ts';
import { type Block, type Blocks, blockBytes } from './blocks.ts';

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const copyData = 0x64;
/** Codes of messages that may come between rows: the start of the COPY, notices, settings, notifications. */
const passed: ReadonlySet<number> = new Set([0x48, 0x4e, 0x53, 0x41]);
/** The number of bytes in the header of a message: its code, and its length without the code. */
const headBytes = 5;
/** The maximum number of bytes in a message. A server sends only smaller messages. */
const mostBytes = 2 ** 30;

const nothing = Buffer.alloc(0);

/** Reads rows from messages. By the protocol, each row is a separate message. A value must end within its message, and a message must end with its row, else an error is thrown. */
export class RowMessages {
  /** The number of rows that were read so far. */
  rows = 0;
  readonly #columns: number;
  readonly #blocks: Blocks;
  readonly #handBack: (rest: Buffer) => void;
  /** The block that is being filled. Undefined: the last block was taken. The next block may be the same block, if it was returned. */
  #filling: Block | undefined;
  /** The received bytes after the rows of the last block. */
  #left: Buffer = nothing;
  /** The position of the first unread message, and the end of the received bytes. */
  #at = 0;
  #end = 0;
  #hasBegun = false;
  #hasTrailer = false;

  /** @param handBack gets the bytes after the COPY, and is called once. */
  constructor(of: { readonly columns: number; readonly blocks: Blocks; readonly handBack: (rest: Buffer) => void }) {
    this.#columns = of.columns;
    this.#blocks = of.blocks;
    this.#handBack = of.handBack;
  }

  get #block(): Block {
    if (this.#filling !== undefined) return this.#filling;
    const block = this.#blocks.take();
    block.reserve(this.#left.length, 0);
    this.#left.copy(block.bytes);
    this.#at = 0;
    this.#end = this.#left.length;
    if (this.#left !== nothing) letGoOfBytes(this.#left);
    this.#left = nothing;
    this.#filling = block;
    return block;
  }

  /** Adds a copy of received bytes. */
  put(bytes: Buffer): void {
    const block = this.#block;
    block.reserve(this.#end + bytes.length, this.#end);
    bytes.copy(block.bytes, this.#end);
    this.#end += bytes.length;
  }

  /** The number of rows in the block that is being filled. */
  get waiting(): number {
    return this.#block.rows;
  }

  /** Reads the received messages. @returns true if the block has enough rows or bytes to be taken. In that case more messages may be unread. */
  look(mostRows: number): boolean {
    const block = this.#block;
    while (this.#at + headBytes <= this.#end) {
      if (block.rows >= mostRows || (block.rows > 0 && block.to - block.from >= blockBytes)) return true;
      const code = block.bytes[this.#at] as number;
      if (code !== copyData && !passed.has(code)) {
        const rest = Buffer.from(block.bytes.subarray(this.#at, this.#end));
        this.#end = this.#at;
        this.#handBack(rest);
        return false;
      }
      const length = block.view.getUint32(this.#at + 1);
      if (length < 4 || length > mostBytes) throw unlike(`A message of ${length} bytes arrived.`);
      const end = this.#at + 1 + length;
      if (end > this.#end) return false;
      if (code === copyData) this.#message(block, end);
      else this.#leaveOut(block, end);
    }
    return false;
  }

  /** Returns the filled block. Received bytes after its rows go into another block. */
  take(): Block {
    const block = this.#block;
    this.#left = Buffer.from(block.bytes.subarray(this.#at, this.#end));
    this.#filling = undefined;
    return block;
  }

  /** @param told the number of rows that the server reports; undefined: the server reported no number. */
  end(told: number | undefined): void {
    if (!this.#hasTrailer) throw unlike('The COPY ended in the middle.');
    if (told !== this.rows) throw unlike(`The server says that it sent ${told ?? 'an unknown number of'} rows, but ${this.rows} arrived.`);
  }

  /** @param end the end of the message, which has arrived completely. */
  #message(block: Block, end: number): void {
    let at = this.#at + headBytes;
    if (this.#hasTrailer) throw unlike('A row arrived after the end of the COPY.');
    if (!this.#hasBegun) at = this.#behindHeader(block, at, end);
    if (at === end) {
      this.#leaveOut(block, end);
      return;
    }
    if (at + 2 > end) throw unlike('A row arrived that is shorter than its number of columns.');
    const count = block.view.getInt16(at);
    if (count === -1) {
      if (at + 2 !== end) throw unlike('Bytes arrived after the end of the COPY.');
      this.#hasTrailer = true;
      this.#at = end;
      return;
    }
    if (count !== this.#columns) throw unlike(`A row of ${count} columns arrived where ${this.#columns} were expected.`);
    const begins = at - headBytes;
    if (begins !== this.#at) {
      // The first row came in the message of the COPY header, so the row gets its own message header.
      block.bytes[begins] = copyData;
      block.view.setUint32(begins + 1, end - begins - 1);
    }
    if (block.rows === 0) block.from = begins;
    this.#row(block, at + 2, end);
    block.to = end;
    block.rows++;
    this.rows++;
    this.#at = end;
  }

  #row(block: Block, from: number, end: number): void {
    const columns = this.#columns;
    let to = block.rows * columns;
    block.reservePositions(to + columns);
    const { view, positions } = block;
    let at = from;
    for (let column = 0; column < columns; column++) {
      if (at + 4 > end) throw unlike('A row arrived that is shorter than its values.');
      const size = view.getInt32(at);
      if (size < -1) throw unlike(`A value of ${size} bytes arrived.`);
      positions[to++] = at;
      at += size > 0 ? 4 + size : 4;
      if (at > end) throw unlike('A value arrived that is longer than its row.');
    }
    if (at !== end) throw unlike('A row arrived that is longer than its values.');
  }

  /** The beginning of the first row in the message with the COPY header. */
  #behindHeader({ bytes, view }: Block, at: number, end: number): number {
    const header = signature.length + 8;
    if (at + header > end || !bytes.subarray(at, at + signature.length).equals(signature)) throw unlike('The data is not a binary COPY.');
    const more = view.getUint32(at + signature.length + 4);
    if (at + header + more > end) throw unlike('A COPY arrived with a header that is longer than its message.');
    this.#hasBegun = true;
    return at + header + more;
  }

  /** Removes a message without a row, so that the rows are contiguous. */
  #leaveOut(block: Block, end: number): void {
    if (block.rows === 0) {
      this.#at = end;
      return;
    }
    block.bytes.copyWithin(this.#at, end, this.#end);
    this.#end -= end - this.#at;
  }
}

const unlike = (what: string): SourceChangedSincePlan => new SourceChangedSincePlan(what);
