/** Errors of DuckDB, in words for people. */
import { ConnectionError, HomeError, type HyggeError, type StoreError } from '../../errors/hygge-error.ts';
import { DatabaseError, type ErrorContext } from '../engine.ts';
import { classifier } from '../error-classes.ts';
import { connectionLostWhileReading, sessionRefused, statementNotUnderstood, tableMissing } from '../errors.ts';
import { explainWriting } from '../writing-errors.ts';
import { names } from './dialect.ts';

export const noSuchTable = tableMissing(
  names,
  'DuckDB ignores the case of letters in names. All else is used exactly as written.',
  'Name the schema as well: table: schema.name. Put a name with a dot in quotes: table: \'schema."a.b"\'',
);

/** HYG-3570: a query names a file, but two files have this name. */
export function twoFiles(name: string, root: string): HomeError {
  return new HomeError({
    code: 'HYG-3570',
    what: `The query names the file ${name}, but hygge was started in a folder that has a file with the same name.`,
    why: [`Paths begin at the folder of hygge.yml (${root}). DuckDB would read the file in the folder in which hygge was started.`],
    tryThis: [`Start hygge in ${root}`, 'Or write the whole path in the query'],
  });
}

/** The DuckDB version that package.json pins. */
const release = '@duckdb/node-api@1.5.6-r.1';

/** HYG-6570: DuckDB is not installed. Its native library is as large as all of hygge, so an installation may leave the library out. */
export function notInstalled(cause: unknown): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6570',
    what: 'DuckDB is not installed here.',
    why: [cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause), 'A packed function app does not contain DuckDB.'],
    tryThis: [
      `Install DuckDB next to hygge: npm install --global ${release}`,
      'In a clone of hygge: npm ci',
      'In the cloud: run flows with DuckDB on a machine of your own: hygge go',
    ],
    cause,
  });
}

/** An error of DuckDB: `Conversion Error: …`, or JSON with the same facts. */
export function databaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [, json] = /^(?:[\w ]+ Error: )?(\{"exception_type".*\})\s*$/s.exec(message) ?? [];
  const told = json === undefined ? undefined : (JSON.parse(json) as Readonly<Record<string, string>>);
  const [, kind = '', plain = message] = /^(\w[\w ]*?) Error: (.*)$/s.exec(message) ?? [];
  const code = (told?.exception_type ?? kind).replace(/^Internal$/i, 'INTERNAL').replace(/^Fatal$/i, 'FATAL');
  const position = told?.position === undefined ? undefined : Number(told.position) + 1;
  const text = (told?.exception_message ?? plain)
    .replace(/\n\nLINE \d+:.*$/s, '')
    .replace(/\n+See also .*$/s, '')
    .trim();
  return new DatabaseError(text, { code, position, cause: error, isLost: code === 'FATAL' });
}

export const sentences = (text: string): readonly string[] =>
  text
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (/[.!?:]$/.test(line) ? line : `${line}.`));

export function explain(error: DatabaseError, about: ErrorContext): HyggeError {
  return about.doing === 'read' ? notRead(error, about) : notOpened(error, about);
}

function notOpened(error: DatabaseError, { place, doing }: ErrorContext): ConnectionError {
  const { message } = error;
  const of = { why: sentences(message), cause: error };
  const [, program, pid] = /Conflicting lock is held in (.+?) \(PID (\d+)\)/.exec(message) ?? [];
  if (pid !== undefined)
    return new ConnectionError({
      ...{ cause: error, code: 'HYG-6565', what: `Another program has ${place} open.`, transient: true },
      why: [`The program is ${program}, process ${pid}. While a process writes to a file of DuckDB, no other process can read this file.`],
      tryThis: [
        `Close the file in this program, then run again. To see the program: ps -p ${pid}`,
        'If that program only reads, open the file read-only: duckdb -readonly',
      ],
    });
  if (/database does not exist/i.test(message))
    return new ConnectionError({
      ...{ ...of, code: 'HYG-6566', what: `There is no ${place}.` },
      tryThis: [
        'Check `path` of the connection: a relative path starts at the folder of hygge.yml',
        'A flow that settles in this file makes the file in its first run',
      ],
    });
  if (/not a valid DuckDB database|version number|Serialization|corrupt|checksum/i.test(message)) {
    const [, version = ''] = /version number (\d+)/.exec(message) ?? [];
    const most = /versions between \d+ and (\d+)/.exec(message)?.[1] ?? '';
    return new ConnectionError({
      ...{ ...of, code: 'HYG-6567', what: `${place} is not a database that this DuckDB reads.` },
      tryThis: [
        'Check `path` of the connection',
        ...(version === ''
          ? ['If the file is a database, it is damaged: restore the last intact copy']
          : Number(version) > Number(most)
            ? [
                `A newer DuckDB wrote the file. With that version, copy the database into a file that version 1.5 reads, by ATTACH '…' (STORAGE_VERSION 'v1.5.0') and COPY FROM DATABASE`,
              ]
            : [
                'An older DuckDB wrote the file: export the database with that version (EXPORT DATABASE), and import it (IMPORT DATABASE) with version 1.5',
              ]),
      ],
    });
  }
  if (/motherduck/i.test(message))
    return new ConnectionError({
      ...{ ...of, code: 'HYG-6569', what: `${place} can't be reached.` },
      tryThis: [
        'Set a token: `token` of the connection, or MOTHERDUCK_TOKEN',
        'DuckDB downloads an extension for MotherDuck: let this machine reach extensions.duckdb.org and api.motherduck.com',
      ],
    });
  if (error.isLost)
    return new ConnectionError({
      ...{ ...of, code: 'HYG-6568', what: `The open connection to ${place} can’t be used any more.`, transient: true },
      tryThis: [
        'Run again: hygge opens the database again',
        'Look at the messages of other entities of this run: something failed in this file before',
      ],
    });
  if (doing === 'begin') return sessionRefused({ place, ...of }, { doing });
  return new ConnectionError({
    ...{ ...of, code: 'HYG-6568', what: `${place} can't be opened.` },
    tryThis: [
      'Check `path` of the connection: a relative path starts at the folder of hygge.yml',
      'Let the account that runs hygge read the file. If a flow settles in the file, let the account also write the file and its folder',
    ],
  });
}

function notRead(error: DatabaseError, { place }: ErrorContext): HyggeError {
  const { code, message } = error;
  const of = { why: sentences(message), cause: error };
  if (/extension/i.test(code) || /INSTALL \w+|Missing Extension/i.test(message))
    return new HomeError({
      ...{ ...of, code: 'HYG-3565', what: `${place} needs an extension that this DuckDB does not have.` },
      tryThis: [
        'To read files over a network, use a home for files: type: s3, adls, azure_blob, gcs or onelake',
        'Or install the extension by hand, once: duckdb -c "INSTALL …"',
      ],
    });
  if (/out of memory/i.test(code))
    return new HomeError({
      ...{ ...of, why: sentences(message).slice(0, 1), code: 'HYG-3566', what: `${place} needs more memory than memory_limit allows.` },
      tryThis: ['Allow more memory: memory_limit: 1GB of the connection', 'Or let DuckDB do less at once: threads: 1'],
    });
  if (code === 'INTERRUPT' || error.isLost || code === '') return connectionLostWhileReading({ place, ...of });
  if (/^(IO|HTTP)$/.test(code) && /No files found/i.test(message))
    return new HomeError({
      ...{ ...of, code: 'HYG-3568', what: `${place} names files that do not exist.` },
      tryThis: ['Check the paths in `query`: relative paths start at the folder of hygge.yml'],
    });
  if (/^(INTERNAL|Serialization|IO)$/.test(code))
    return new HomeError({
      ...{ ...of, code: 'HYG-3569', what: `${place} can't be read from the disk.` },
      tryThis: ['See whether the disk is full or the file is damaged: duckdb -readonly FILE -c "FROM …"'],
    });
  return statementNotUnderstood({ place, ...of }, 'the shell of DuckDB');
}

// ---- while hygge writes

/** Errors about the rows, the table or the statement. A retry would fail again. */
const permanent =
  /^(Constraint|Conversion|Invalid Input|Invalid type|Binder|Parser|Catalog|Dependency|Mismatch Type|Out of Range|Not implemented|Syntax)$/i;

/** Two transactions changed the same row or table, so the second transaction is repeated after the first. */
const isPassing = ({ code }: DatabaseError) => ['TransactionContext', 'INTERRUPT', ''].includes(code);

export const meaning = classifier(
  [
    ['transient', isPassing],
    ['missing_object', ({ code, message }) => code === 'Catalog' && /does not exist/i.test(message)],
    ['permanent', ({ code }) => permanent.test(code)],
  ],
  'needs_action',
);

export function explainWritten(error: DatabaseError, place: string): StoreError {
  const why = sentences(error.message);
  const means = meaning(error);
  return explainWriting(error, {
    place,
    why: means === 'needs_action' ? why.slice(0, 1) : why,
    errorClass: means,
    neededAction: /out of memory/i.test(error.code)
      ? 'Allow more memory: memory_limit of the connection, at least 1.25 MB for each column of the table and 3.75 MB for each nested field; or threads: 1'
      : 'Free some space on the disk of the file, and let the account that runs hygge write to it',
  });
}
