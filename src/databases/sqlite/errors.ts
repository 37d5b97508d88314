/** Explains errors of SQLite and its file to people. */
import { shellWord } from '../../errors/as-argument.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { ConnectionError, HomeError, type HyggeError, StoreError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { DatabaseError, ErrorContext, Relation, SourceColumn } from '../engine.ts';
import { classifier, codeMatcher } from '../error-classes.ts';
import { connectionLostWhileReading, sessionRefused, statementNotUnderstood, unheldValue } from '../errors.ts';
import { explainWriting, fewerColumns, refusedValue } from '../writing-errors.ts';
import { noLog, quoteName } from './dialect.ts';
import type { Refused } from './thread.ts';
import { type StorageClass, strays } from './types.ts';

/** Result codes: https://www.sqlite.org/rescode.html. The upper bytes of a code only add details. */
const names: Readonly<Record<number, string>> = {
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  18: 'SQLITE_TOOBIG',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  25: 'SQLITE_RANGE',
  26: 'SQLITE_NOTADB',
};

export function codeOf({ errcode, code = '' }: { readonly errcode: number; readonly code?: string }): string {
  return errcode === 0 ? code : (names[errcode % 256] ?? 'SQLITE_ERROR');
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

export function explain(error: DatabaseError, { place, doing }: ErrorContext): HyggeError {
  const { code, message } = error;
  const of = { why: [sentence(message)], cause: error };
  // SQLite has already waited for the lock, so a retry would silently wait as long again.
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED')
    return new ConnectionError({
      ...{ ...of, code: 'HYG-6521', what: `Another program kept ${place} locked for too long.`, transient: true, spent: true },
      tryThis: [
        'See who has the file open: a shell or an editor of databases with a transaction that was not ended',
        'Or wait longer: busy_timeout of the connection, in seconds',
      ],
    });
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT')
    return new ConnectionError({
      ...{ ...of, code: 'HYG-6522', what: `${place} is not a database of SQLite, or is damaged.` },
      tryThis: [
        'Check `path` of the connection',
        'A file encrypted by SQLCipher or another extension looks the same: hygge has no key for it',
        'Put the file back from a backup',
      ],
    });
  if (code === noLog)
    return new StoreError({
      ...{ ...of, code: 'HYG-4273', what: `${place} can't have a log (WAL) in its folder, but hygge writes to no file without a log.` },
      tryThis: [
        'Put the file on a disk of this machine: over a network, logs and locks of SQLite do not work',
        'Or settle in a database with a server: PostgreSQL, MySQL, SQL Server',
      ],
    });
  if (doing === 'read' && error.isLost) return connectionLostWhileReading({ place, ...of });
  if (doing === 'read' && code === 'SQLITE_ERROR') return statementNotUnderstood({ place, ...of }, 'the shell of SQLite');
  if (doing === 'begin' && code === 'SQLITE_ERROR') return sessionRefused({ place, ...of }, { doing });
  if (code === 'ENOENT')
    return new ConnectionError({
      ...{ ...of, code: 'HYG-6575', what: `There is no file ${place.replace(/^sqlite /, '')}.` },
      tryThis: [
        'Check `path` of the connection: a relative path starts at the folder of hygge.yml',
        'A flow that settles in this file makes the file in its first run',
      ],
    });
  return new ConnectionError({
    ...{ ...of, code: 'HYG-6520', what: `${place} can't be opened.`, transient: error.isLost },
    tryThis: [
      'Check `path` of the connection: a relative path starts at the folder of hygge.yml',
      'Let the account that runs hygge read and write the file and its folder, where SQLite keeps its log next to it',
    ],
  });
}

/** @param isThere the log exists, so the file still lacks the rows in the log. */
export function logUnread(cause: DatabaseError, path: string, isThere: boolean): ConnectionError {
  const copied = isThere ? `${shellWord(path)} ${shellWord(`${path}-wal`)}` : shellWord(path);
  const rows = isThere ? ' The newest rows are only in the log. A copy of the file without the log would lack these rows.' : '';
  return new ConnectionError({
    ...{ code: 'HYG-6520', what: `sqlite ${path} can't be opened: it has a log (WAL), and its folder can't be written to.`, cause },
    why: [sentence(cause.message), `To read such a file, SQLite must write other files next to it.${rows}`],
    tryThis: [
      `While no program writes to the file, copy it to a folder that can be written to${isThere ? ', with its log' : ''}, and name the copy in \`path\`: cp ${copied} FOLDER/`,
      `Or remove the log of the file, as a user who may write to the folder: sqlite3 ${shellWord(path)} 'pragma journal_mode = delete'`,
      'Or let the user that runs hygge write to the folder',
    ],
  });
}

// ---- the source

export function noSuchTable(written: string, names: readonly string[]): HomeError {
  const near = didYouMean(written, names);
  return new HomeError({
    code: 'HYG-3501',
    what: `There is no table ${written}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    why: ['SQLite ignores the case of letters in names. All else is used exactly as written.'],
    tryThis: [
      names.length === 0
        ? 'The file has no tables: check `path` of the connection'
        : `There is ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`,
      'Put a name with a dot in quotes: table: \'"a.b"\'',
    ],
  });
}

export function badValue(
  place: string,
  column: string,
  { said, rowid }: { readonly said: string; readonly rowid: string | null },
): HomeError {
  return unheldValue({
    ...{ place, column, isSpecial: false, asText: `CAST(${column} AS TEXT)` },
    said: rowid === null ? said : `${said.replace(/,$/, '')}, in the row with rowid ${rowid}`,
    more: [
      `Name the type of the column: home.types: { ${column}: … }; string accepts numbers as well`,
      'Leave out and count such rows: home.bad_rows: skip, or quarantine to keep them for later',
    ],
  });
}

const kindNames: Readonly<Record<StorageClass, string>> = { integer: 'whole numbers', real: 'numbers', text: 'texts', blob: 'bytes' };

export function mixedKinds(
  shown: string,
  { column, declared, kinds }: { readonly column: string; readonly declared: string | null; readonly kinds: readonly StorageClass[] },
): HomeError {
  return new HomeError({
    code: 'HYG-3590',
    what: `The type of column ${column} of ${shown} can't be decided: it holds ${kinds.map((kind) => kindNames[kind]).join(' and ')}.`,
    why: [declared ? `The column is declared ${declared}, which means nothing to SQLite.` : 'The column has no type.'],
    tryThis: [
      `Name the type of the column: home.types: { ${column}: string }, which accepts numbers as well`,
      `Or cast the column: home.query: SELECT CAST(${column} AS TEXT) AS ${column}, … FROM …`,
    ],
  });
}

export function strayValue(
  shown: string,
  { column, value, rowid }: { readonly column: SourceColumn; readonly value: string; readonly rowid: string | null },
): HomeError {
  const at = rowid === null ? '' : `, in the row with rowid ${rowid}`;
  return new HomeError({
    code: 'HYG-3591',
    what: `Column ${column.name} of ${shown} is ${describeType(column.type)}, but holds ${value.slice(0, 60)}${at}.`,
    why: [
      'A watermark can’t order values of another type or form. The row with such a value, or later all other rows, would never be read.',
    ],
    tryThis: ['Correct the row', ...leftOut(column), `Or name the type of ${column.name} in home.types`, ...afterwards],
  });
}

/** Advice to leave out rows with such values. Rows without a value are read as before. */
function leftOut({ name, type }: Pick<SourceColumn, 'name' | 'type'>): readonly string[] {
  const quoted = quoteName(name);
  const stray = strays(quoted, type);
  return stray === null ? [] : [`Or leave such rows out: in home, where: ${quoted} IS NULL OR NOT (${stray})`];
}

const afterwards = [
  'If rows have settled, a changed home counts as another source. Accept the changed home: hygge reset FLOW.ENTITY --adopt',
  'Or choose another column for watermark.column',
];

/** The error for a uuid that is not written in small letters with hyphens. @param columns all columns of the relation. */
export function strayUuid(
  { from, shown, columns }: Pick<Relation, 'from' | 'shown' | 'columns'>,
  { name, value, rowid }: { readonly name: string; readonly value: string; readonly rowid: string | null },
): HomeError {
  const at = rowid === null ? '' : `, in the row with rowid ${rowid}`;
  const quoted = quoteName(name);
  const selected = columns.map((column) => (column.name === name ? `lower(${quoted}) AS ${quoted}` : quoteName(column.name)));
  const inCapitals = /^'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'$/i.test(value);
  return new HomeError({
    code: 'HYG-3591',
    what: `Column ${name} of ${shown} is uuid, but holds ${value.slice(0, 60)}${at}.`,
    why: [
      'SQLite sorts all capital letters before small letters. If a uuid has the other letters, its row, or later all other rows, would never be read.',
    ],
    tryThis: inCapitals
      ? [
          ...(from.startsWith('(') ? [] : [`Make all letters small: update ${from} set ${quoted} = lower(${quoted})`]),
          `Or leave the source unchanged, and read small letters: in home, query: SELECT ${selected.join(', ')} FROM ${from} together with types: { ${name}: uuid }`,
          ...afterwards,
        ]
      : ['Correct the row: a uuid in small letters with hyphens', ...leftOut({ name, type: { kind: 'uuid' } }), ...afterwards],
  });
}

export function noWatermark(shown: string, { name, type }: SourceColumn): HomeError {
  return new HomeError({
    code: 'HYG-3592',
    what: `Column ${name} of ${shown} is ${describeType(type)}, which can’t be a watermark in SQLite.`,
    why: ['The values have another order in SQLite than in hygge.'],
    tryThis: ['Choose a whole number, a text, a date or a time for watermark.column'],
  });
}

export function notReadable(shown: string, column: string, type: DataType): HomeError {
  return new HomeError({
    code: 'HYG-3593',
    what: `SQLite has no values of type ${describeType(type)}, which home.types names for column ${column} of ${shown}.`,
    tryThis: [`Name another type: home.types: { ${column}: int16 }, or int64, float64, decimal(18, 2), string, binary, date, timestamp`],
  });
}

// ---- while hygge writes

export const meaning = classifier(
  [
    ['lock_timeout', codeMatcher('SQLITE_BUSY SQLITE_LOCKED')],
    ['transient', () => false],
    ['missing_object', ({ message }) => /^no such table: /.test(message)],
    ['permanent', codeMatcher('SQLITE_CONSTRAINT SQLITE_ERROR SQLITE_MISMATCH SQLITE_TOOBIG SQLITE_RANGE')],
  ],
  'needs_action',
);

export function explainWritten(error: DatabaseError, place: string): StoreError {
  return explainWriting(error, {
    place,
    why: [sentence(error.message)],
    errorClass: meaning(error),
    holders: 'lsof FILE; a shell or an editor of databases with a transaction that was not ended',
    permanentAdvice: /^too many (?:columns|terms)/.test(error.message) ? fewerColumns : undefined,
    neededAction: 'Free some space on the disk of the file, and let the account that runs hygge write to it and its folder',
  });
}

/** HYG-4201: no column can store the value. */
export const valueRefused = ({ column, row, said }: Refused): StoreError =>
  refusedValue({ column, before: 0, row: row - 1 }, said, [
    'Correct the value in the source',
    'Or leave the column out: exclude of the home',
  ]);
