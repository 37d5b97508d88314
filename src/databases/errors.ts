/** Errors that all engines share. */
import { asArgument } from '../errors/as-argument.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import { ConnectionError, HomeError } from '../errors/hygge-error.ts';
import type { DatabaseError, ErrorContext, Row, SourceOptions, UnseenReason } from './engine.ts';
import type { TableNameParser } from './table-names.ts';

/** A database’s error message, in the words of the database. */
export interface DatabaseAnswer {
  /** The table or query in messages: `postgres db.example/erp public.orders`. */
  readonly place: string;
  readonly why: readonly string[];
  readonly cause: DatabaseError;
}

/** The message, the detail and the hint of an error, as sentences. */
export const sentencesOf = ({ message, detail, hint }: Pick<DatabaseError, 'message' | 'detail' | 'hint'>): readonly string[] =>
  [message, detail, hint]
    .filter((text): text is string => text !== undefined && text !== '' && text !== '.')
    .map((text) => (/[.!?]$/.test(text) ? text : `${text}.`));

// ---- connecting

/** The code of the error after which a pool tries no further login. */
export const loginRefusedCode = 'HYG-6502';

export const loginRefused = ({ place, why, cause }: DatabaseAnswer, tryThis: readonly string[]): ConnectionError =>
  new ConnectionError({
    code: loginRefusedCode,
    what: `${place} refused the login.`,
    why: [
      ...why,
      'For ten minutes this process tries no login of this account again, because servers lock accounts after a few failed logins.',
    ],
    tryThis,
    cause,
  });

/** Whether the connection ended during the setup of TLS. Such an end proves nothing about certificates, but clients report it with a code or a sentence about TLS. */
export const mayHaveEndedInHandshake = ({ message }: Pick<DatabaseError, 'message'>): boolean =>
  /disconnected before secure TLS connection was established|\b(ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED)\b|socket hang up/.test(message);

export const connectionNotSecure = ({ place, ...of }: DatabaseAnswer, tryThis: readonly string[]): ConnectionError =>
  new ConnectionError({ ...of, code: 'HYG-6503', what: `The connection to ${place} can’t be made secure.`, tryThis });

export const noSuchDatabase = ({ place, ...of }: DatabaseAnswer, tryThis: readonly string[]): ConnectionError =>
  new ConnectionError({ ...of, code: 'HYG-6504', what: `${place}: this database does not exist.`, tryThis });

export const noConnectionToSpare = ({ place, ...of }: DatabaseAnswer, more: readonly string[] = []): ConnectionError =>
  new ConnectionError({
    ...of,
    code: 'HYG-6506',
    what: `${place} has no free connection.`,
    tryThis: ['Open fewer connections at once: pool_size of the connection, multiplied by the instances of an app', ...more],
    transient: true,
  });

/** @param how.isPassing a retry may help, because the server is starting, stopping or unreachable at the moment. */
export const serverUnreachable = (
  { place, why, cause }: DatabaseAnswer,
  how: { readonly isPassing: boolean; readonly check: readonly string[] },
): ConnectionError =>
  new ConnectionError({
    code: 'HYG-6501',
    what: `${place} can't be reached.`,
    why: why.length > 0 ? why : [`${cause.code}.`],
    tryThis: [...how.check, 'Then run it again: nothing is done twice'],
    transient: how.isPassing,
    cause,
  });

/** The server answered, so its host and firewalls are fine. @param how.check the next step, if the message shows it. @param how.isPassing the same request may succeed a moment later. */
export const sessionRefused = (
  { place, why, cause }: DatabaseAnswer,
  {
    doing,
    check = [],
    isPassing = false,
  }: { readonly doing: ErrorContext['doing']; readonly check?: readonly string[]; readonly isPassing?: boolean },
): ConnectionError =>
  new ConnectionError({
    code: 'HYG-6576',
    what: `${place} answers, but refused ${doing === 'begin' ? 'a statement that begins a transaction' : 'to open a session'}.`,
    why: [...why, `The error code is ${cause.code}.`],
    tryThis: [
      ...check,
      ...(check.length === 0 ? ['Look into the log of the server for this code, or show the message to its administrator'] : []),
      'To see the statement: hygge go -v',
    ],
    transient: isPassing,
    cause,
  });

// ---- reading

export const connectionLostWhileReading = (answer: DatabaseAnswer): HomeError =>
  readAgainLater(answer, `The connection to ${answer.place} was lost during the read.`);

/** A temporary failure of the server. @param reason a sentence about the error code for the message; null: hygge does not know the code. */
export const serverCannotReadNow = ({ why, ...answer }: DatabaseAnswer, reason: string | null): HomeError =>
  readAgainLater({ ...answer, why: reason === null ? why : [...why, reason] }, `${answer.place} could not be read just now.`);

const readAgainLater = ({ why, cause }: DatabaseAnswer, what: string): HomeError =>
  new HomeError({
    code: 'HYG-3506',
    ...{ what, why },
    tryThis: ['Run it again: nothing of this run is visible'],
    transient: true,
    cause,
  });

export const roleMayNotRead = ({ place, ...of }: DatabaseAnswer, grant: string): HomeError =>
  new HomeError({
    ...of,
    code: 'HYG-3507',
    what: `The role may not read ${place}.`,
    tryThis: [grant, 'Then try again: hygge debug'],
  });

export const statementEnded = ({ place, ...of }: DatabaseAnswer, moreTime: string): HomeError =>
  new HomeError({
    ...of,
    code: 'HYG-3510',
    what: `${place} ended the statement during the read.`,
    tryThis: [moreTime, 'Or read less at once: where, columns, a watermark with an index'],
  });

/** @param client where a person can try the query. */
export const statementNotUnderstood = ({ place, why, cause }: DatabaseAnswer, client: string): HomeError =>
  new HomeError({
    code: 'HYG-3511',
    what: `${place} does not understand the request, or can't do it.`,
    why: [...why, cause.position === undefined ? `Code ${cause.code}.` : `At character ${cause.position} of the statement.`],
    tryThis: [`Look at \`query\`, \`where\` and \`columns\` of the home. Run the query in ${client}`],
    cause,
  });

// ---- the source

/**
 * HYG-3501. @param why how the database reads names, as a sentence. @param schema advice for a name without a schema. @param more other advice. @returns a
 * function that makes the error from tables of similar names, each with `schema` and `name`.
 */
export const tableMissing =
  (names: Pick<TableNameParser, 'spellName' | 'split'>, why: string, schema: string, ...more: readonly string[]) =>
  (written: string, near: readonly Row[]): HomeError => {
    const there = near.map(({ schema, name }) => names.spellName(schema, name)).join(', ');
    return new HomeError({
      code: 'HYG-3501',
      what: `There is no table ${written}.`,
      why: [why],
      tryThis: [
        ...(near.length > 0 ? [`There is ${there}: write the name exactly like this`] : []),
        ...(names.split(written).length > 1 ? [] : [schema]),
        ...more,
      ],
    });
  };

/** HYG-3501 for a table that was missing when a statement ran. */
export const tableGone = (missing: HomeError, { why, cause }: DatabaseAnswer): HomeError =>
  new HomeError({ ...missing.toDetails(), why, cause });

export const columnsNamedInOptions = ({ columns = [], exclude = [], decimals, types }: SourceOptions): readonly string[] => [
  ...columns,
  ...exclude,
  ...(typeof decimals === 'object' ? Object.keys(decimals) : []),
  ...(types?.keys() ?? []),
];

export function noSuchSourceColumn(shown: string, name: string, names: readonly string[]): HomeError {
  const near = didYouMean(name, names);
  return new HomeError({
    code: 'HYG-3502',
    what: `There is no column ${name} in ${shown}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    why: ['Names of columns are used exactly as written, capital letters included.'],
    tryThis: [`The columns are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`],
  });
}

export function sameNameTwice(shown: string, name: string): HomeError {
  return new HomeError({
    code: 'HYG-3503',
    what: `Two columns of ${shown} are called ${name}.`,
    why: ['Nothing would distinguish the two columns in the store.'],
    tryThis: [`Name one of the columns in the query: … AS ${name}_2`],
  });
}

export function noColumnLeft(shown: string): HomeError {
  return new HomeError({
    code: 'HYG-3502',
    what: `No column of ${shown} can be read.`,
    tryThis: ['Look at `columns` and `exclude` of the home'],
  });
}

/** @param asNumber the key of the home by which a column can be read as a number, with its value. Undefined: no key does that. */
export function watermarkReadAsText(place: string, column: string, sourceType: string, asNumber: string | undefined): HomeError {
  const isNumber = /^(?:numeric|decimal)/i.test(sourceType);
  return new HomeError({
    code: 'HYG-3508',
    what: `Column ${column} of ${place} is ${sourceType}, which is read as text, so it can’t be a watermark.`,
    why: ['The values and their texts have different orders, so rows would be lost.'],
    tryThis: [...(isNumber && asNumber !== undefined ? [asNumber] : []), 'Choose another column for watermark.column'],
  });
}

/** Advice for columns to which `home.decimals` applies. */
export const decimalsAdvice = (column: string): string =>
  `Say how many digits the column has: home.decimals: { ${column}: "decimal(38, 10)" }, 10 of them after the point. For whole numbers: "decimal(38, 0)"`;

/** HYG-3508: `home.decimals` allows fewer digits than the newest value has. */
export function watermarkDoesNotFit(
  place: string,
  { name, type }: { readonly name: string; readonly type: string },
  newest: string,
): HomeError {
  const [whole = '', fraction = ''] = newest.replace('-', '').split('.');
  const scale = fraction.replace(/0+$/, '').length;
  return new HomeError({
    code: 'HYG-3508',
    what: `The newest ${name} of ${place}, ${newest}, does not fit ${type}, so it can’t be a watermark.`,
    why: ['A rounded watermark would leave out rows, or settle rows twice.'],
    tryThis: [
      whole.length + scale > 38
        ? 'Choose another column for watermark.column: this column has more digits than any type of hygge'
        : `Allow more digits: home.decimals: { ${name}: "decimal(38, ${Math.max(scale, Math.min(10, 38 - whole.length))})" }`,
      'Then, if rows have settled already, load everything again: hygge go -d',
    ],
  });
}

/** @param of the number of newest ids that were checked. */
export function someIdsRandom(place: string, column: string, { id, of }: { readonly id: string; readonly of: number }): HomeError {
  return new HomeError({
    code: 'HYG-3594',
    what: `Not all of the newest ${of.toLocaleString('en-US')} ids in ${column} of ${place} rise with time: ${id}.`,
    why: ['New rows would have ids below the largest id, and would never be read. Only UUIDs of version 7 begin with a time.'],
    tryThis: [
      'Choose a column that increases, such as the time of a change or a counter: watermark.column',
      'Or load everything at each run: run_type: full_drop',
    ],
  });
}

export function standbyHidesLateRows(place: string, column: string, isTime: boolean, primary = 'target: primary'): HomeError {
  return new HomeError({
    code: 'HYG-3512',
    what: `${place} is a standby, which does not show whether rows may still arrive below the newest ${column}.`,
    why: ['Transactions that are open on the primary are not shown on a standby.'],
    tryThis: [
      ...(isTime ? ['Say how late a row may arrive: watermark.lag: 5m (longer than the longest transaction that writes)'] : []),
      `Or read from the primary: ${primary}`,
    ],
  });
}

/** A source without a readable log of changes. */
export function noChangeLog(shown: string, why: string): HomeError {
  return new HomeError({
    code: 'HYG-3515',
    what: `Changes of ${shown} are not reported.`,
    why: [why],
    tryThis: ['Read a table with a primary key: home.table', 'Or name a column in place of changes: watermark: { column: updated_at }'],
  });
}

export function keyColumnNotRead(shown: string, key: string): HomeError {
  return new HomeError({
    code: 'HYG-3516',
    what: `${key} is part of the primary key of ${shown}, but is not read.`,
    why: ['For a deleted row, only the primary key is reported.'],
    tryThis: [`Read this column: put ${key} into home.columns, or remove it from home.exclude`],
  });
}

export function changesGone(place: string, entity: string, why: string): HomeError {
  return new HomeError({
    code: 'HYG-3517',
    what: `Some changes of ${place} since the last run are no longer reported.`,
    why: [why, 'Rows that were changed or deleted since then would stay unchanged in the store.'],
    tryThis: [`Load everything again: hygge reset ${asArgument(entity)}, then hygge go -e ${asArgument(entity)}`],
  });
}

/** The error if a database does not show open transactions to the role. */
export function openTransactionsUnseen(
  place: string,
  column: string,
  { why, grant, isTime }: UnseenReason & { readonly isTime: boolean },
): HomeError {
  const or = grant === null ? 'Say' : 'Or say';
  return new HomeError({
    code: 'HYG-3547',
    what: `${place} does not show whether a row may still arrive below the newest ${column}.`,
    why: [`${why}, and open transactions may commit rows below the newest value later.`],
    tryThis: [
      ...(grant === null ? [] : [grant]),
      ...(isTime ? [`${or} how late a row may arrive: watermark.lag: 5m (longer than the longest transaction that writes)`] : []),
      'Or accept missed rows: home.safe_wait: 0s reads without waiting, and each run warns',
    ],
  });
}

/** A value that the type of its column can’t store. */
export function unheldValue(of: {
  readonly place: string;
  readonly column: string;
  readonly said: string;
  readonly isSpecial: boolean;
  /** The column as text, in SQL of the database. */
  readonly asText?: string;
  readonly more?: readonly string[];
}): HomeError {
  return new HomeError({
    code: 'HYG-3505',
    what: `Column ${of.column} of ${of.place} holds ${of.said}, which does not fit the type as which the column is read.`,
    tryThis: [
      ...(of.isSpecial ? ['Read such values as null: home.special_values: to_null'] : []),
      ...(of.more ?? []),
      `Or read the column as text: home.query: SELECT …, ${of.asText ?? `${of.column}::text`} AS ${of.column} FROM …`,
      `Or leave the column out: home.exclude: [${of.column}]`,
    ],
  });
}

/** HYG-3504: the table has changed, so the engine makes the plan again. */
export function changedWhileRead(place: string, why: string): HomeError {
  return new HomeError({
    code: 'HYG-3504',
    what: `${place} has changed since the run was planned.`,
    why: [why],
    tryThis: ['Run it again: nothing of this run is visible'],
  });
}

/** HYG-3595: the snapshot is lost, so the engine makes the plan again, until the waiting time for lost connections is over. */
export function snapshotLost(place: string): HomeError {
  return new HomeError({
    code: 'HYG-3595',
    what: `The connection that held the snapshot of ${place} was lost.`,
    why: ['All slices of a plan are read under one snapshot, which ends with its connection.'],
    tryThis: ['Run it again: nothing of this run is visible'],
  });
}
