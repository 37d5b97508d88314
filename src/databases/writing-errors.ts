/** Explains errors of a database to people that happen while hygge writes. */
import { StoreError } from '../errors/hygge-error.ts';
import type { DatabaseError } from './engine.ts';
import type { ErrorClass } from './writes.ts';

export interface WritingError {
  /** The table in messages: `postgres db.example/erp public.orders`. */
  readonly place: string;
  /** The message of the database in sentences, without values of rows. */
  readonly why: readonly string[];
  readonly errorClass: ErrorClass;
  /** How a person finds the session that holds a lock. */
  readonly holders?: string;
  /** What a person has to do after an error of the class `needs_action`. */
  readonly neededAction: string;
  /** How a person grants the missing right, as a sentence. */
  readonly grant?: string | undefined;
  /** What a person has to do after a permanent refusal, if the rows are not the reason. */
  readonly permanentAdvice?: string | undefined;
}

/** Explains an error while hygge writes. @returns HYG-4204 to HYG-4208 */
export function explainWriting(
  cause: DatabaseError,
  { place, why, errorClass, holders, neededAction, grant, permanentAdvice }: WritingError,
): StoreError {
  const of = { why, cause } as const;
  switch (errorClass) {
    case 'lock_timeout':
      return new StoreError({
        ...{ ...of, code: 'HYG-4207', what: `A lock on ${place} did not become free in time.`, transient: true },
        tryThis: [...(holders === undefined ? [] : [`Find the session that holds the lock: ${holders}`]), 'Run again: nothing is lost'],
      });
    case 'transient':
      return new StoreError({
        ...{ ...of, code: 'HYG-4208', what: `Writing to ${place} was interrupted by the database.`, transient: true },
        tryThis: ['Run again: decided commits are finished, and nothing of the rest is visible'],
      });
    case 'needs_action':
      return new StoreError({
        ...{ ...of, code: 'HYG-4206', what: `The database could not finish writing to ${place}.` },
        tryThis: [neededAction, 'Then run again: decided commits are finished first'],
      });
    default:
      if (grant !== undefined)
        return new StoreError({
          ...{ ...of, code: 'HYG-4205', what: `The role with which hygge writes lacks a right for ${place}.` },
          tryThis: [grant, 'Then run again'],
        });
      return new StoreError({
        ...{ ...of, code: 'HYG-4204', what: `The database refuses what would be written to ${place}.` },
        tryThis: [permanentAdvice ?? 'Correct the rows in the source, or change what the message names in the database', 'Then run again'],
      });
  }
}

/** Advice for a table that is too wide for the database. */
export const fewerColumns = 'Settle fewer columns: columns or exclude of the home';

/** Advice for a value that a text column could store. */
export const settleAsText = ['Settle the column as text: migrations: [{ cast: … }]', 'Or correct the value in the source'];

/** The error for a value that the database can’t store. The server’s own error would not say which value. @param at the number of rows in the frame before this piece, and the row in the piece. */
export function refusedValue(
  { column, before, row }: { readonly column: string; readonly before: number; readonly row: number },
  what: string,
  tryThis: readonly string[],
): StoreError {
  return new StoreError({
    code: 'HYG-4201',
    what: `Column ${column} ${what}.`,
    why: [`The value is in row ${(before + row + 1).toLocaleString('en-US')} of the piece to be staged. Nothing of this piece settles.`],
    tryThis,
  });
}

/** The error for an object that is not a table. @param what the kind of object, with its article: `a view`. */
export function notTable(shown: string, what: string): StoreError {
  return new StoreError({
    code: 'HYG-4209',
    what: `${shown} is ${what}, but rows settle in tables.`,
    tryThis: ['Name a table, or an unused name: store: { table: … }'],
  });
}
