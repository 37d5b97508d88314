import type { BadRecord, Lexer } from '../bytes/json-lexer.ts';

/** Receives the records of a file. One sink finds out what the records contain, and another one makes rows of them. */
export interface RecordSink {
  /** Reads as many lines at the lexer’s position as the sink can read at once, and moves the lexer after them. The lines are UTF-8. */
  lines?(lexer: Lexer): 'some' | 'none' | 'full';
  /** Learns a line that began at `start`, after the line was kept as a record. */
  learn?(lexer: Lexer, start: number): void;
  /** Reads one record, whose first byte is at the lexer’s position. Throws BadRecord for a bad record, of which nothing stays. */
  record(offset: number): void;
  /** Keeps the record, because nothing else follows on its line. Returns true if the sink must be emptied before the next record. */
  keep(): boolean;
  /** Drops the record, because something else follows on its line. */
  undo(): void;
  /** Receives a record that can’t be read. Throws if such a record ends the reading. Returns the same as `keep`. */
  bad(record: BadPlace): boolean;
}

export interface BadPlace {
  /** The reason, as one sentence without a full stop. */
  readonly reason: string;
  /** The position of the record’s first byte in the plain bytes of the file. */
  readonly offset: number;
  readonly text: string;
  /** See `BadRecord`. */
  readonly unfit: BadRecord['unfit'];
}

/** Whether the first line of the record opens an object or an array that the line does not close. */
export function looksLikeDocument({ offset, text }: BadPlace): boolean {
  return offset < 4 && /^\[|^\{$/.test(text.trim());
}

/** The most bytes that are stored of a bad record. */
export const mostBadText = 64 * 1024;
/** The most bytes of a record. A larger record does not fit into a frame in any way. */
export const mostRecordBytes = 32 * 1024 * 1024;
