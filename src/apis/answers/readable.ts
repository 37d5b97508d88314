/** Adds the name of the page to errors about unreadable answers and records. */
import { BadRecord } from '../../formats/bytes/json-lexer.ts';
import { noPage } from './errors.ts';

/** @param page name of the page, for people. Throws HomeError HYG-3602 if the record is not JSON, or has a name twice. */
export function ofRecord<T>(page: string, read: () => T): T {
  return orIfBad(read, ({ reason }) => {
    throw noPage(page, `A record can't be read: ${reason}.`);
  });
}

/** @param page name of the page, for people. Throws HomeError HYG-3602 if its body is not one JSON document. */
export function ofDocument<T>(page: string, read: () => T): T {
  return orIfBad(read, ({ reason, at }) => {
    throw noPage(page, `The answer is not one whole JSON document: ${reason}, at byte ${at}.`);
  });
}

export function orIfBad<T>(read: () => T, otherwise: (bad: BadRecord) => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadRecord) return otherwise(error);
    throw error;
  }
}
