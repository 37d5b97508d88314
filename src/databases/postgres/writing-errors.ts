/** What PostgreSQL says while it is written to, for a person. */
import { StoreError } from '../../errors/hygge-error.ts';
import type { DatabaseError } from '../engine.ts';
import { sentencesOf } from '../errors.ts';
import type { Meaning } from '../writes.ts';
import { explainWriting } from '../writing-errors.ts';
import { isTooLarge } from './errors.ts';

/** Whole classes: what PostgreSQL says of the rows, the table or the statement, and would say again. */
const permanentClasses = new Set(['0A', '21', '22', '23', '27', '2B', '38', '39', '42', '44', '54', 'P0']);
/** Deadlock and serialization, the server going or full, an object in use for a moment. */
const passing = new Set(['40001', '40P01', '53300', '55006', '57P01', '57P02', '57P03', '57P04', '57P05', '25P03']);

export function meaning(error: DatabaseError): Meaning {
  const { code, isLost } = error;
  if (code === '55P03') return 'waited';
  if (code === '42P01' || code === '3F000') return 'absent';
  if (isLost || passing.has(code) || code.startsWith('08')) return 'transient';
  return permanentClasses.has(code.slice(0, 2)) || isTooLarge(error) ? 'permanent' : 'told';
}

export function explainWritten(error: DatabaseError, place: string): StoreError {
  if (isTooLarge(error))
    return new StoreError({
      ...{ code: 'HYG-4290', what: `A row for ${place} has more bytes than PostgreSQL takes in one piece: 1 GB.`, cause: error },
      why: sentencesOf({ message: error.message, detail: error.detail, hint: undefined }),
      tryThis: [
        'Leave the column with the large values out: home: { exclude: […] }',
        'Or let such values settle as files: store: { type: parquet, … }',
      ],
    });
  // Of a row that failed it shows every value.
  const { detail, ...said } = { message: error.message, hint: error.hint, detail: error.detail };
  return explainWriting(error, {
    place,
    why: sentencesOf({ ...said, detail: detail?.startsWith('Failing row') ? undefined : detail }),
    meaning: meaning(error),
    holders: "select pid, state, query from pg_stat_activity where state <> 'idle'",
    remedy: remedyFor(error),
    grant: error.code === '42501' ? grantFor(error) : undefined,
  });
}

function remedyFor({ code }: DatabaseError): string {
  switch (code) {
    case '25006':
      return 'Write to the primary: a standby and a database that is set to read only take no rows';
    case '53100':
      return 'Free some space where the database keeps its files';
    case '57014':
      return 'Give the role more time: alter role … set statement_timeout = 0';
    default:
      return 'Look into the log of the database for what happened';
  }
}

function grantFor({ message }: DatabaseError): string {
  if (/row-level security/.test(message))
    return 'Its policies would hide rows from the role, or keep some out. Have somebody who may run: alter role … bypassrls';
  const [, kind = '', name = ''] = /^permission denied for (\w+) (.+)$/.exec(message) ?? [];
  const grants: Readonly<Record<string, string>> = {
    table: `grant select, insert, update, delete on ${name} to …`,
    schema: `grant usage, create on schema ${name} to …`,
    database: `grant create on database ${name} to …`,
  };
  const grant = grants[kind];
  return grant === undefined
    ? 'Have the owner of the table do it, or make the role a member of the owner'
    : `Have somebody who may run: ${grant}`;
}
