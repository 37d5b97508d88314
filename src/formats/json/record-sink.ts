import type { BadRecord, Lexer } from '../bytes/json-lexer.ts';

/** Receives the records of a file: to find out what they contain, or to make rows of them. */
export interface RecordSink {
  /** Reads as many lines at the lexer’s position as it can handle at once, and moves the lexer after them. They are UTF-8. */
  lines?(lexer: Lexer): 'some' | 'none' | 'full';
  /** A line that began at `start` was a record, and was kept. */
  learn?(lexer: Lexer, start: number): void;
  /** Reads one record, whose first byte is at the lexer’s position. Throws BadRecord, and then nothing has changed. */
  record(offset: number): void;
  /** Nothing follows the record: keeps it. Returns true if the sink must be emptied before the next record. */
  keep(): boolean;
  /** More data follows the record: drops it. */
  undo(): void;
  /** Receives a record that can’t be read. Throws if that ends the reading. Returns the same as `keep`. */
  bad(record: BadPlace): boolean;
}

export interface BadPlace {
  /** One sentence, without a full stop. */
  readonly reason: string;
  /** The offset of the record's first byte in the plain bytes of the file. */
  readonly offset: number;
  readonly text: string;
  /** See `BadRecord`. */
  readonly unfit: BadRecord['unfit'];
}

/** The first line of the record opens an object or array that the line does not close. */
export function looksLikeDocument({ offset, text }: BadPlace): boolean {
  return offset < 4 && /^\[|^\{$/.test(text.trim());
}

/** A bad record is kept up to this length. */
export const mostBadText = 64 * 1024;
/** A larger record does not fit into a frame, however it is read. */
export const mostRecordBytes = 32 * 1024 * 1024;
