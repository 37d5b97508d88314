/** Explains errors of PostgreSQL to people that happen while hygge writes. */
import { StoreError } from '../../errors/hygge-error.ts';
import type { DatabaseError } from '../engine.ts';
import { classifier, codeMatcher } from '../error-classes.ts';
import { sentencesOf } from '../errors.ts';
import type { Grantee } from '../writes.ts';
import { explainWriting, fewerColumns } from '../writing-errors.ts';
import { quoteName } from './dialect.ts';
import { isTooLarge } from './errors.ts';

/** Whether an error is transient or permanent. `transient` is for deadlocks and serialization failures, a server that is full or shuts down, and an object that is in use. `permanent` is for whole classes of SQLSTATE. */
export const meaning = classifier(
  [
    ['lock_timeout', codeMatcher('55P03')],
    ['missing_object', codeMatcher('42P01 3F000')],
    ['transient', codeMatcher('40001 40P01 53300 55006 57P01 57P02 57P03 57P04 57P05 25P03 08*')],
    ['permanent', codeMatcher('0A* 21* 22* 23* 27* 2B* 38* 39* 42* 44* 54* P0*')],
    ['permanent', isTooLarge],
  ],
  'needs_action',
);

export function explainWritten(error: DatabaseError, place: string, grantee?: Grantee): StoreError {
  if (isTooLarge(error))
    return new StoreError({
      ...{ code: 'HYG-4290', what: `A row for ${place} has more bytes than PostgreSQL accepts in one piece: 1 GB.`, cause: error },
      why: sentencesOf({ message: error.message, detail: error.detail, hint: undefined }),
      tryThis: [
        'Leave the column with the large values out: home: { exclude: […] }',
        'Or let such values settle as files: store: { type: parquet, … }',
      ],
    });
  // The detail of an error about a row shows all values of the row, so it is left out.
  const { detail, ...said } = { message: error.message, hint: error.hint, detail: error.detail };
  return explainWriting(error, {
    place,
    why: sentencesOf({ ...said, detail: detail?.startsWith('Failing row') ? undefined : detail }),
    errorClass: meaning(error),
    holders: "select pid, state, query from pg_stat_activity where state <> 'idle'",
    neededAction: remedyFor(error),
    permanentAdvice: isTooWide(error) ? fewerColumns : undefined,
    grant: error.code === '42501' ? grantFor(error, grantee) : undefined,
  });
}

function isTooWide({ code, message }: DatabaseError): boolean {
  return code === '54011' || (code === '54000' && /^row is too big/.test(message));
}

function remedyFor({ code }: DatabaseError): string {
  switch (code) {
    case '25006':
      return 'Write to the primary: a standby and a database that is set to read only accept no rows';
    case '53100':
      return 'Free some space where the database keeps its files';
    case '57014':
      return 'Give the role more time: alter role … set statement_timeout = 0';
    default:
      return 'Look into the log of the database for what happened';
  }
}

/** The grant for the table that an error message names. The message names the table without its schema. */
function grantFor({ message }: DatabaseError, grantee: Grantee | undefined): string {
  const role = grantee?.role === undefined ? '…' : quoteName(grantee.role);
  if (/row-level security/.test(message))
    return `The policies of the table would hide rows from the role, or refuse some rows. Have an administrator run: alter role ${role} bypassrls`;
  const [, kind = '', name = ''] = /^permission denied for (\w+) (.+)$/.exec(message) ?? [];
  const [, owned = ''] = /^must be owner of (?:table|relation) (.+)$/.exec(message) ?? [];
  const inSchema = (table: string) => {
    const schema = grantee && schemaOf(table, grantee);
    return `${schema === undefined ? '' : `${quoteName(schema)}.`}${quoteName(table)}`;
  };
  const grants: Readonly<Record<string, string>> = {
    table: `grant select, insert, update, delete on ${inSchema(name)} to ${role}`,
    sequence: `grant usage on sequence ${inSchema(name)} to ${role}`,
    schema: `grant usage, create on schema ${quoteName(name)} to ${role}`,
    database: `grant create on database ${quoteName(name)} to ${role}`,
  };
  const grant = owned === '' ? grants[kind] : `alter table ${inSchema(owned)} owner to ${role}`;
  return grant === undefined
    ? 'Have the owner of the table make this change, or make the role a member of the owner'
    : `Have an administrator run: ${grant}`;
}

/** The schema of the table in a message. Undefined: hygge does not know the table, for example because a trigger writes to it. */
function schemaOf(name: string, { table, own }: Grantee): string | undefined {
  // The server reports a sequence under a name that begins with the name of its table.
  if (name === table.name || name.startsWith(`${table.name}_`)) return table.schema;
  return own.tables.includes(name) ? own.schema : undefined;
}
