/** Maps the error codes of a database to their meaning: each engine has lists of codes, and one classifier searches the lists. */
import type { DatabaseError } from './engine.ts';
import type { ErrorClass } from './writes.ts';

/** @param list codes separated by blanks, where `08*` matches each code with that prefix. @returns whether a code is in the list. */
export function codeMatcher(list: string): (error: Pick<DatabaseError, 'code'>) => boolean {
  const all = list.trim().split(/\s+/);
  const exact = new Set(all);
  const beginnings = all.filter((one) => one.endsWith('*')).map((one) => one.slice(0, -1));
  return ({ code }) => exact.has(code) || beginnings.some((one) => code.startsWith(one));
}

export type ErrorCase = readonly [ErrorClass, (error: DatabaseError) => boolean];

/** Finds the first matching case of an error. @param otherwise the result if no case matches. A lost connection is `transient`, unless a case before that check matches. */
export function classifier(cases: readonly ErrorCase[], otherwise: ErrorClass): (error: DatabaseError) => ErrorClass {
  const holds = (error: DatabaseError, [meaning, is]: ErrorCase) => is(error) || (meaning === 'transient' && error.isLost);
  return (error) => cases.find((one) => holds(error, one))?.[0] ?? otherwise;
}
