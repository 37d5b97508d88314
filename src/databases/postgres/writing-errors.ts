/** What PostgreSQL says while it is written to, for a person. */
import { StoreError } from '../../errors/hygge-error.ts';
import type { DatabaseError } from '../engine.ts';
import type { Meaning } from '../writes.ts';

/** Whole classes: what PostgreSQL says of the rows, the table or the statement, and would say again. */
const permanentClasses = new Set(['0A', '21', '22', '23', '27', '2B', '38', '39', '42', '44', '54', 'P0']);
/** Deadlock and serialization, the server going or full, an object in use for a moment. */
const passing = new Set(['40001', '40P01', '53300', '55006', '57P01', '57P02', '57P03', '57P04', '57P05', '25P03']);

export function meaning({ code, isLost }: DatabaseError): Meaning {
  if (code === '55P03') return 'waited';
  if (code === '42P01' || code === '3F000') return 'absent';
  if (isLost || passing.has(code) || code.startsWith('08')) return 'transient';
  return permanentClasses.has(code.slice(0, 2)) ? 'permanent' : 'told';
}

export function explainWriting(error: DatabaseError, place: string): StoreError {
  // Of a row that failed it shows every value.
  const detail = error.detail?.startsWith('Failing row') ? undefined : error.detail;
  const said = [error.message, detail, error.hint].filter((text) => text !== undefined).map(sentence);
  const of = { why: said, cause: error } as const;
  switch (meaning(error)) {
    case 'waited':
      return new StoreError({
        ...{ ...of, code: 'HYG-4207', what: `A lock on ${place} did not become free in time.`, transient: true },
        tryThis: [
          "Look for who holds it: select pid, state, query from pg_stat_activity where state <> 'idle'",
          'Run again: nothing is lost',
        ],
      });
    case 'transient':
      return new StoreError({
        ...{ ...of, code: 'HYG-4208', what: `Writing to ${place} was interrupted by the database.`, transient: true },
        tryThis: ['Run again: what is decided is finished, and nothing of the rest is visible'],
      });
    case 'told':
      return new StoreError({
        ...of,
        code: 'HYG-4206',
        what: `The database could not finish writing to ${place}.`,
        tryThis: remedies(error),
      });
    default:
      if (error.code === '42501') return mayNot(error, place, said);
      return new StoreError({
        ...{ ...of, code: 'HYG-4204', what: `The database refuses what would be written to ${place}.` },
        tryThis: ['Correct the rows in the source, or change what the message names in the database', 'Then run again'],
      });
  }
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

function remedies({ code }: DatabaseError): readonly string[] {
  switch (code) {
    case '25006':
      return ['Write to the primary: a standby and a database that is set to read only take no rows'];
    case '53100':
      return ['Free some space where the database keeps its files, then run again'];
    case '57014':
      return ['Give the role more time: alter role … set statement_timeout = 0', 'Then run again: what is decided is finished first'];
    default:
      return ['Look into the log of the database for what happened', 'Then run again: what is decided is finished first'];
  }
}

function mayNot(error: DatabaseError, place: string, why: readonly string[]): StoreError {
  const [, kind = '', name = ''] = /^permission denied for (\w+) (.+)$/.exec(error.message) ?? [];
  const grants: Readonly<Record<string, string>> = {
    table: `grant select, insert, update, delete on ${name} to …`,
    schema: `grant usage, create on schema ${name} to …`,
    database: `grant create on database ${name} to …`,
  };
  const grant = grants[kind];
  return new StoreError({
    code: 'HYG-4205',
    what: `The role that hygge writes as lacks a right for ${place}.`,
    why,
    tryThis: [
      grant === undefined
        ? 'Have the owner of the table do it, or make the role a member of the owner'
        : `Have somebody who may run: ${grant}`,
      'Then run again',
    ],
    cause: error,
  });
}
