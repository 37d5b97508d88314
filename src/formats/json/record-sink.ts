import type { BadRecord, Lexer } from '../bytes/json-lexer.ts';

/** What goes through the records of a file: to see what is in them, or to make rows of them. */
export interface RecordSink {
  /** Takes lines at the lexer's place, as many as it can tell at once, and moves it behind them. They are UTF-8. */
  lines?(lexer: Lexer): 'some' | 'none' | 'full';
  /** A line that began at `start` was a record, and kept. */
  learn?(lexer: Lexer, start: number): void;
  /** One record, whose first byte is at the lexer's place. Throws BadRecord, and then is as it was before. */
  record(offset: number): void;
  /** The record was all there is: keeps it. Answers true when no more should come before it was emptied. */
  keep(): boolean;
  /** More followed than the record: leaves it out. */
  undo(): void;
  /** A record that can't be taken. Throws when that ends the reading. Answers as `keep` does. */
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

/** Its first line opens what the line does not close. */
export function looksLikeDocument({ offset, text }: BadPlace): boolean {
  return offset < 4 && /^\[|^\{$/.test(text.trim());
}

/** More of a bad record is not kept. */
export const mostBadText = 64 * 1024;
/** A record of more does not fit a frame, however it is read. */
export const mostRecordBytes = 32 * 1024 * 1024;
