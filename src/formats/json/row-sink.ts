import type { Lexer } from '../bytes/json-lexer.ts';
import type { Decoder } from './decoder.ts';
import type { PlainLines } from './plain-lines.ts';
import type { BadPlace, RecordSink } from './record-sink.ts';

/** The size of a frame in bytes. For a short time, the frame is in memory three times: where it is built, where it is transferred and where it is received. */
const enoughBytes = 6 * 1024 * 1024;
/** The most rejected rows that are passed on at a time. */
export const mostRejected = 512;

export interface FrameSize {
  readonly frameRows: number;
  readonly frameBytes: number;
  /** Whether the first bad record ends the reading. */
  readonly stopsAtBad: boolean;
}

/** Collects rows until a frame is full. */
export class RowSink implements RecordSink {
  readonly decoder: Decoder;
  rejected: BadPlace[] = [];
  /** Whether the collected rows must be passed on now. */
  isFull = false;
  readonly #frameRows: number;
  readonly #frameBytes: number;
  readonly #stopsAtBad: boolean;

  readonly #plain: PlainLines | undefined;

  /** @param plain set if the lines are in the memory of its kernels. */
  constructor(decoder: Decoder, { frameRows, frameBytes, stopsAtBad }: FrameSize, plain?: PlainLines) {
    this.decoder = decoder;
    this.#plain = plain;
    this.#frameRows = frameRows;
    this.#frameBytes = Math.min(enoughBytes, frameBytes);
    this.#stopsAtBad = stopsAtBad;
  }

  lines(lexer: Lexer): 'some' | 'none' | 'full' {
    const { decoder } = this;
    const plain = this.#plain;
    const found = plain?.find(lexer, this.#frameRows - decoder.rows) ?? 0;
    if (plain === undefined || found === 0) return 'none';
    if (!decoder.takeLines(plain, found)) {
      plain.pass(found);
      return 'none';
    }
    plain.taken(lexer);
    this.isFull ||= decoder.rows >= this.#frameRows || decoder.bytes >= this.#frameBytes;
    return this.isFull ? 'full' : 'some';
  }

  learn(lexer: Lexer, start: number): void {
    this.#plain?.learn(lexer, start);
  }

  record(): void {
    this.decoder.record();
  }

  keep(): boolean {
    const { decoder } = this;
    decoder.keep();
    this.isFull ||= decoder.rows >= this.#frameRows || (decoder.rows % 64 === 0 && decoder.bytes >= this.#frameBytes);
    return this.isFull;
  }

  undo(): void {
    this.decoder.undo();
  }

  bad(place: BadPlace): boolean {
    this.rejected.push(place);
    this.isFull ||= this.#stopsAtBad || this.rejected.length >= mostRejected;
    return this.isFull;
  }

  /** Called after the collected rows were passed on. */
  begin(): void {
    this.rejected = [];
    this.isFull = false;
  }
}
