/**
 * What an engine’s folder provides: `postgres/`, and other folders with the same file names. Home, store and pool are common to all. An engine provides the
 * rest: how to connect, its SQL syntax, how to read its catalogue, and how rows are read and written.
 */
import type { ZodRawShape } from 'zod';
import type {
  AccessKind,
  Addresses,
  Connector,
  Opening,
  Requirement,
  Right,
  RightsRequest,
  TableFound,
} from '../engine/contracts/connector.ts';
import type { Frame, Step } from '../engine/contracts/frame.ts';
import type { Freshness } from '../engine/contracts/home.ts';
import type { Pooling } from '../engine/contracts/pools.ts';
import type { HyggeError } from '../errors/hygge-error.ts';
import type { KeyEqualities } from '../frames/row-sum/key-equality.ts';
import type { Column, DataType, Schema } from '../frames/schema.ts';
import type { Rejected } from '../frames/values/rejected-rows.ts';
import type { OwnNote } from '../ports/notes.ts';
import type { Scratch } from '../ports/scratch.ts';
import type { Json } from '../ports/values.ts';
import type { BadRows, DatabaseHomeConfig, optionalHomeKeys } from './config.ts';
import type { RowSums, RowTexts } from './row-sums.ts';
import type { KeyConflict } from './server-keys.ts';
import { statementsForMessages } from './sql/statement-mask.ts';
import type { SqlSyntax } from './sql/statements.ts';
import type { ErrorClass, OwnTablesSide, TableName, Writes } from './writes.ts';

/** A row of metadata: every value as text, as the database writes it. */
export type Row = Readonly<Record<string, string | null>>;

/** One connection, used by one user at a time. Its errors are `DatabaseError`s. */
export interface Session {
  /** Runs one statement, without preparing it by name. The values are texts, which the database converts. */
  query(sql: string, values?: readonly (string | null)[]): Promise<readonly Row[]>;
  /** Runs one statement that changes rows. @returns the number of changed rows. */
  execute(sql: string, values?: readonly (string | null)[]): Promise<number>;
  /** Runs statements without values, and drops their results. One text may have several statements only if the engine itself wrote the text. */
  run(sql: string | readonly string[]): Promise<void>;
  /** Begins a transaction, together with its `settings` if the dialect `beginsWithSettings`. @param signal stops waiting for other transactions of this process. */
  begin(of: Transaction, signal?: AbortSignal): Promise<void>;
  /** Commits the transaction. @param mode the mode that the transaction began with. */
  commit(mode: Transaction['mode']): Promise<void>;
  /** Undoes the transaction, even if an error has already ended it. */
  rollback(): Promise<void>;
  /** A savepoint to which the transaction returns after an error. Absent: an error ends the whole transaction. */
  readonly savepoint?: Savepoint;
  /** The connection is lost, or was left in the middle of a result, so it must not be used again. */
  readonly isBroken: boolean;
  /** False until the server has answered once. An error before the first answer can’t be an idle disconnect, so the request is not repeated on a new connection. */
  readonly hasAnswered: boolean;
  /** Ends the connection at once, even during a statement. The server notices the end. */
  destroy(): void;
  /** Ends the connection and has the server stop its statement, which would otherwise run to its end. Absent: `destroy` also stops the statement. */
  cancel?(): void;
  close(): Promise<void>;
}

/** A savepoint in a transaction, to return to after an error. A transaction has one savepoint at a time. */
export interface Savepoint {
  set(): Promise<void>;
  /** Undoes everything after the savepoint, and removes the savepoint. */
  rollBack(): Promise<void>;
  /** Removes the savepoint. */
  release(): Promise<void>;
}

/** An error of a database or of the network. Home and store turn a `DatabaseError` into an error for people. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** The database’s own code (`42P01`), or a code of the network (`ECONNREFUSED`). Empty: the error has no code. */
  readonly code: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** The position of the error in the statement, counted from 1. */
  readonly position: number | undefined;
  /** No answer arrived, so the database may have executed the statement or not. */
  readonly isLost: boolean;
  #statement: string | undefined;

  constructor(
    message: string,
    of: {
      readonly code: string;
      readonly detail?: string | undefined;
      readonly hint?: string | undefined;
      readonly position?: number | undefined;
      readonly isLost?: boolean;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: of.cause });
    this.code = of.code;
    this.detail = of.detail;
    this.hint = of.hint;
    this.position = of.position;
    this.isLost = of.isLost ?? false;
  }

  /** The statement of the error, without values (sql/statement-mask.ts). Undefined: the error is of no statement. */
  get statement(): string | undefined {
    return this.#statement;
  }

  /** @param sql the sent text. Only the first call of this method has an effect. @param nth the index of the failed statement, counted from 0. Absent: any statement may have failed. */
  withStatement(sql: string, syntax: SqlSyntax, nth?: number): this {
    const statements = statementsForMessages(sql, syntax);
    this.#statement ??= (nth === undefined ? undefined : statements[nth]) ?? statements.join('; ');
    return this;
  }

  /** Adds the statement that the database refused to an explained error. */
  addStatementTo<E extends HyggeError>(explained: E): E {
    return this.#statement ? explained.refusing(this.#statement) : explained;
  }
}

/** Joins statements for clients that accept several statements at once. */
export const joinedStatements = (sql: string | readonly string[]): string => (typeof sql === 'string' ? sql : sql.join('; ') || 'select 1');

/** What hygge was doing when the database refused a statement, for messages. */
export interface ErrorContext {
  /** The table or query in messages: `postgres db.example/erp public.orders`. */
  readonly place: string;
  readonly doing: 'connect' | 'begin' | 'read';
}

/** The syntax of an engine’s SQL. */
export interface Dialect {
  /** Quotes any name. */
  quote(name: string): string;
  /** Quotes the name of a table. Absent: the schema and the name are quoted, and separated by a dot. */
  quoteTable?(table: TableName): string;
  /** A canonical text (frames/watermark-text.ts) of one of hygge’s types, as a typed literal. @param declared the source’s own type, if the value is compared with a column of the source. */
  literal(type: DataType, text: string, declared?: string): string;
  /** A text as a literal that adopts the type and the collation of the column it is compared with. */
  text(text: string): string;
  /** An expression whose values sort like their canonical texts. Texts sort by their bytes. @param declared the source’s own type, if the expression is a column of the source. */
  sortExpression(expression: string, type: DataType, declared?: string): string;
  /** Writes an expression of one of hygge’s types as canonical text. @param declared the source’s own type. */
  canonicalText(expression: string, type: DataType, declared?: string): string;
  /** `Session.begin` sends the settings of a transaction together with its beginning. Absent: a separate statement sends the settings afterwards. */
  readonly beginsWithSettings?: true;
  /** The number of values, as a 64-bit integer. @param of `*` counts rows. */
  count(of: string): string;
  /** Selects only the first row. @param list the selected expressions. @param rest the text of the statement from FROM on. */
  selectFirst(list: string, rest: string, most?: number): string;
}

export interface Transaction {
  readonly mode: 'read' | 'write';
  /** `snapshot`: all statements of the transaction see the database as its first statement did. */
  readonly isolation: 'snapshot' | 'statement';
  /** The transaction writes only tables that no one else uses, and may last as long as a slice. Other transactions write at the same time. */
  readonly stagesOnly?: true;
  /** The transaction tries writes and is rolled back, so nothing in it becomes permanent. */
  readonly endsInRollback?: true;
  /** The name of hygge’s session that the database shows. */
  readonly label: string;
  /** The exported snapshot of another transaction (`Snapshots.export`), for isolation `snapshot`. */
  readonly snapshotId?: string;
  /** A statement whose effect lasts until the end of the transaction. */
  readonly settings?: string;
}

/** The table or query to read, as a person wrote it. */
export type Source = { readonly table: string } | { readonly query: string };

/** Whose connection keys are checked: the keys of a home, with its source, or the keys of a store. */
export type HomeOrStore = Source | 'store';

export interface SourceOptions {
  readonly columns?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly where?: string | undefined;
  /** How numbers without a precision are read: as text, or as this decimal. One choice applies to all columns, or each column has its own. */
  readonly decimals?: string | Readonly<Record<string, string>> | undefined;
  /** What happens to NaN, infinity, and dates and times that hygge’s types can’t store. */
  readonly specialValues: 'fail' | 'to_null';
  /** The unit of times with more than six digits of a second. */
  readonly timeUnit?: 'ns' | 'us' | undefined;
  /** The offsets of times are read as separate columns. */
  readonly offsets?: boolean | undefined;
  /** The types of columns whose declaration does not show them. */
  readonly types?: ReadonlyMap<string, DataType> | undefined;
  /** One-digit numbers are read as true or false. */
  readonly booleans?: boolean | undefined;
  /** Rows and values that the database hides from the role are left out with a warning. Absent: the run fails. */
  readonly allowFiltered?: boolean | undefined;
}

/** A column of a source. */
export interface SourceColumn extends Column {
  /** The column’s expression in the SELECT list: the name of the column, or a cast of the column. */
  readonly selectExpression: string;
  /** Details of the column. If they change, the database sends different values. */
  readonly wire: string;
  /** The column is read as text because no type of hygge can store its values. The values sort differently from their texts. */
  readonly shownAsText: boolean;
  /** The column is computed from another column, which is read as well. */
  readonly isDerived?: true;
  /** An expression after all columns of the SELECT list. Its value is the number of values in the row that are read as null. Absent: only the reader can count these values. */
  readonly specialCount?: string;
}

/** A piece of a relation that can be read separately: one of its partitions, or the whole relation. */
export interface RelationPart {
  /** The piece’s name in a FROM clause. */
  readonly from: string;
  readonly bytes: number;
  readonly rows: number | null;
  /** The number of physical blocks of the piece, which can be read in ranges. Null: the piece has no blocks. */
  readonly blocks: number | null;
}

/** A log of a table’s changes, which the database keeps. */
export interface ChangeFeed<S extends Session = Session> {
  /** The columns that the log adds to the columns of the table, named by the contract (`changeVersionColumn`, `deletedColumn`). */
  readonly addedColumns: { readonly version: SourceColumn; readonly deleted: SourceColumn };
  /** What it means if one of `ChangeTracking.identities` has changed, as a sentence. */
  readonly restartReasons: Readonly<Record<string, string>>;
  /** The rights that reading the log needs, in addition to reading the table. */
  readonly extraRight: string;
  /** The right that a watermark by a column needs. Reading the log does not need this right. */
  readonly rightThatColumnWatermarkNeeds: string;
  /** A key of the home that can’t be combined with a log of changes, and why. */
  keyConflict(config: DatabaseHomeConfig): KeyConflict;
  /** What the log reports now about a table with a primary key. Throws if the table has no log, or if the role may not read the log. Called before rows are read, and again afterwards. */
  readTracking(session: S, relation: Relation): Promise<ChangeTracking>;
  /** All rows of a piece, for FROM, each marked with the version, and as not deleted. @param version null: the newest version. */
  allRowsFrom(relation: Relation, from: string, version: string | null): string;
  /** For a FROM clause: each key that changed after a version, once, with its newest change. For a deleted row, only the key is known. */
  changedRowsFrom(relation: Relation, after: string): string;
}

export interface ChangeTracking {
  /** The newest committed version, as canonical text. */
  readonly newestVersion: string;
  /** A reader that has all changes up to this version can get all later changes. */
  readonly oldestUsableVersion: string;
  /** Identities, by name, that must stay the same for versions to be comparable. Null: the identity can’t be seen. */
  readonly identities: Readonly<Record<string, string | null>>;
  /** How long the log keeps changes, in minutes. Null: permanently. */
  readonly keptMinutes: number | null;
}

/** The source, as the catalogue describes it. */
export interface Relation {
  /** The relation’s name in a FROM clause. */
  readonly from: string;
  /** The relation’s name in messages: `public.orders`, `the query`. */
  readonly shown: string;
  /** The relation stores rows, or its partitions store rows. False: the relation is a view or a query. */
  readonly isTable: boolean;
  readonly columns: readonly SourceColumn[];
  readonly rows: { readonly n: number; readonly exact: boolean } | undefined;
  readonly bytes: number | undefined;
  /** Columns of the relation’s primary key. */
  readonly primaryKey: readonly string[];
  /** A relation without a primary key is divided by ranges of this column. The relation is one piece with as many bytes as `estimate` says. Absent: the relation can’t be divided. */
  readonly cutColumn?: string;
  /** The columns of the primary key whose different texts its index may treat as equal. Absent: the index has no such column, or such columns are unknown. */
  readonly keyEqualities?: KeyEqualities;
  /** The first column of each of the relation’s indexes. */
  readonly leadingIndexColumns: ReadonlySet<string>;
  readonly parts: readonly RelationPart[];
  readonly notes?: readonly OwnNote[];
  readonly warnings: readonly OwnNote[];
  /** If slices share no snapshot: what each slice sees, as a sentence for the plan. */
  readonly snapshotNote?: OwnNote;
  /** The other system that keeps the rows that the database shows. Absent: the database keeps its own rows. */
  readonly copiedFrom?: CopiedFrom;
}

/** Rows that a database shows, but that another system keeps. */
export interface CopiedFrom {
  /** The table’s name in the database. Null: any table of the database may be read. */
  readonly table: { readonly schema: string; readonly name: string } | null;
}

/** How a database shows data that another system keeps. */
export interface Copies<K, S> {
  /** Whether the tables of the session’s database are copies. */
  areIn(session: S): Promise<boolean>;
  /** Asks the other system for its newest rows. Called again with its own cursor until the tables are up to date. */
  refresh(keys: K, opening: Opening, cursor: Json | undefined): Promise<Step<CopiesUpTo>>;
}

/** How recent the tables of a database are, compared with the other system. */
export interface CopiesUpTo {
  of(from: CopiedFrom): Freshness;
}

/** A range of blocks of a piece. Under one snapshot, adjacent ranges together have each row exactly once. */
export interface PhysicalRange {
  readonly firstBlock: number;
  /** Null: the range goes to the end of the piece. */
  readonly endBlock: number | null;
}

/** A transaction that may still write rows below the current newest value. */
export interface OpenTransaction {
  readonly id: string;
  /** The transaction’s beginning, as a canonical instant; null: the role may not see the time. */
  readonly startedAt: string | null;
  /** The transaction in messages: `session 4711 of etl (loader), 35 s`. */
  readonly shown: string;
  /** The transaction may continue one of `AwaitedTransactions`, so hygge waits for this transaction as well. */
  readonly mayContinueAwaited?: boolean;
}

/** The transactions that hygge waits for before it sets a bound. */
export interface AwaitedTransactions {
  readonly ids: readonly string[];
  /** The database’s clock just after the open transactions were first listed, as a canonical instant. */
  readonly at: string;
}

export interface UnseenReason {
  readonly why: string;
  /** The right that lets the role see these transactions. Null: no right does. */
  readonly grant: string | null;
}

/** Finds rows that may still appear below the newest value after hygge has read that value. */
export interface LateRows<S> {
  /** @param of the column whose values are bounded. @param waited the awaited transactions; absent: the open transactions are listed for the first time. */
  openTransactions(
    session: S,
    of: { readonly relation: Relation; readonly column: SourceColumn },
    waited?: AwaitedTransactions,
  ): Promise<readonly OpenTransaction[]>;
  /** Why `openTransactions` can’t list the transactions of this source, and the right that would make it possible. The transactions are hidden from the role, or on another server. Undefined: the transactions can be listed. */
  unseenReason?(session: S, relation: Relation): Promise<UnseenReason | undefined>;
  /** A value as canonical text. The database itself guarantees that no further value of the column can appear below this value, so hygge waits for no transaction. */
  finalBelow?(session: S, column: SourceColumn): Promise<string | undefined>;
  /** The instant up to which a standby has all changes. Null: the standby does not know the instant. `primary`: the config key that leads to the primary. Undefined: the server is not a standby. */
  standbyPosition(session: S): Promise<{ readonly until: string | null; readonly primary?: string } | undefined>;
  /** Why values of a column may appear out of order, as a sentence. Undefined: the catalogue shows no reason. */
  outOfOrderReason(session: S, relation: Relation, column: string): Promise<string | undefined>;
}

/** How connections to a database are opened and used, whether for a home, a store or the state. */
export interface Database<K, S extends Session = Session> extends Pick<Connector, 'id' | 'summary' | 'verifiedAgainst'> {
  readonly addresses: Addresses;
  /** Keys of a connection. */
  readonly keys: ZodRawShape;
  /** Keys that are missing or contradict each other. @param written the home or store that has the keys. */
  keyConflict(keys: K, written?: HomeOrStore): KeyConflict;
  /** The server and the account. Uses no network. */
  address(keys: K): Address;
  /** The database role of these keys. Absent: the engine has no roles. */
  role?(keys: K): string;
  /** The role, if the config itself names it. Undefined: the role is identified by a token. */
  configuredRole?(keys: K): string | undefined;
  poolOptions(keys: K, opening: ConnectOptions): Omit<Pooling<S>, 'most' | 'acquireMs' | 'idleMs'>;
  readonly dialect: Pick<Dialect, 'quote'>;
  /** Turns an error of a database into an error for people. */
  explain(error: DatabaseError, about: ErrorContext): HyggeError;
  /** Statements that let a role use hygge’s own tables and schemas. Absent: the engine has no roles. */
  ownTableRights?(of: GrantTarget): readonly Right[];
  /** Statements that let a role do everything that `requirements` names. Absent: the engine has no roles. */
  readonly rights?: RightsSide;
  /** How state is stored. Absent: the engine can’t store state. */
  readonly stateSide?: StateSide<S>;
}

/** Options for opening connections. */
export interface ConnectOptions extends Pick<Opening, 'root' | 'clock' | 'network' | 'pools'>, Partial<Pick<Opening, 'scratch'>> {
  /** The time in milliseconds after which a connection without an answer counts as lost. Absent: no limit. */
  readonly answerWithinMs?: number;
  /** If the database file does not exist, the file and its folder are made. */
  readonly createsFile?: true;
}

/** The parts of storing state that differ between databases. */
export interface StateSide<S extends Session = Session> {
  /** The number of connections that a process uses only for state. A lease must be renewed, however busy the connections of homes and stores are. */
  readonly connections: number;
  /** The name of one of hygge’s own tables in SQL. */
  quotedTable(schema: string, name: string): string;
  readonly types: Pick<OwnTablesSide['types'], 'text' | 'number' | 'instant'>;
  readonly prepareOutsideTransaction?: Writes<S>['tables']['prepareOutsideTransaction'];
  /** The clause of an INSERT that does nothing if a row with the key exists. */
  readonly ignoreDuplicateClause: string;
  /** The statement at the beginning of each writing transaction; '': no statement. */
  readonly writeTransactionSettings: string;
  /** An expression for the time of the database’s clock, as a canonical instant. Null: the database uses the clock of this machine. */
  readonly nowExpression: string | null;
  /** The names of the tables in a schema. Null: the schema does not exist. */
  tablesIn(session: S, schema: string): Promise<ReadonlySet<string> | null>;
  /** The statement that makes a schema. Null: the database can’t make schemas. */
  createSchema(schema: string): string | null;
  errorClass(error: DatabaseError): ErrorClass;
  /** Whether the error means that the role lacks a right. */
  isDenied(error: DatabaseError): boolean;
}

/** The account that hygge uses, and the schemas where hygge writes its own tables. */
export interface GrantTarget {
  readonly role: string;
  readonly schema: string;
  readonly tables: readonly string[];
  /** The schemas in which tables are made and dropped. */
  readonly stagingSchema: string | null;
}

export interface OwnSchemas {
  readonly metadata: string;
  readonly staging: string;
}

export interface RightsSide {
  /** The statement that registers an identity of Entra ID in the database. @param identity the name of the identity, if the role has another name */
  createIdentity(role: string, identity?: string): Right;
  rightsFor(asked: RightsRequest['needs'][number], role: string): readonly Right[];
}

/** A right that is granted by GRANT. @param on what the right applies to; absent: the whole database. */
export function grantRight(rights: string, { on, to }: { readonly on?: string; readonly to: string }): Right {
  const what = on === undefined ? rights : `${rights} ON ${on}`;
  return { give: `GRANT ${what} TO ${to}`, take: `REVOKE ${what} FROM ${to}` };
}

/** In a file of rights, this text replaces a right on a table that a flow will make. */
export const notMadeYet = (table: string): string =>
  `${table} is not there yet: run this file again after the first load of the flow that makes it`;

/** The right to read the tables of a query. Hygge does not know which tables the query reads, so an administrator has to grant the right by hand. */
export function grantRightByHand(to: string): Right {
  return { give: `-- For what the query reads: GRANT SELECT ON … TO ${to}`, take: null };
}

export interface Engine<K, S extends Session = Session> extends Database<K, S> {
  /** The optional keys of a home that this engine supports. */
  readonly homeKeys?: readonly (keyof typeof optionalHomeKeys)[];
  /** Advice for people on reading a column of numbers as numbers instead of text. Absent: the engine has no such option. */
  readAsNumberAdvice?(column: string): string;
  readonly dialect: Dialect;
  /** How rows are written. Absent: hygge only reads from the engine. */
  readonly writes?: Writes<S>;
  /** A column of a destination, as a column of the type that its values settled with. The destination stores the values in another type. Undefined: the column is read as `look` describes it. */
  asSettledColumn?(column: SourceColumn, type: DataType): SourceColumn | undefined;
  /** How SQL sums rows, for `verify`. Absent: hygge reads the rows and sums them. */
  readonly rowSums?: RowSums;
  /** For a proof: how rows are written as texts for a program that sums them. Absent: the database sums rows itself, or no statement returns exact texts. */
  readonly rowTexts?: RowTexts;
  /** Describes the source from the catalogue. Throws HYG-3501 if the source does not exist. */
  look(session: S, source: Source, options: SourceOptions): Promise<Relation>;
  /** The number of rows and bytes that the database estimates for a statement. @param conditions the conditions in the WHERE of the statement. */
  estimate(
    session: S,
    sql: string,
    conditions: readonly string[],
    relation: Relation,
  ): Promise<{ readonly rows: number; readonly bytes: number } | undefined>;
  /** How several sessions see a table as of one moment. Absent: sessions share no snapshot. */
  readonly snapshots?: Snapshots<S>;
  /**
   * Called in a transaction of isolation `snapshot`, after a read. Whether one of the tables was emptied or rewritten after the snapshot, so that the read
   * missed rows of the snapshot. Absent: that is impossible.
   */
  wasRewrittenAfterSnapshot?(session: S): Promise<boolean>;
  /** The database may silently leave out rows that this account must not see (row policies). */
  readonly mayHideRows?: true;
  /** How relations with `copiedFrom` are refreshed. Absent: the engine has no such relations. */
  readonly copies?: Copies<K, S>;
  /** Values that divide a column of a piece into so many parts of about equal size, as literals in the column’s own order. The list is shorter, or empty, if the database knows too little about the values. */
  cutPoints(session: S, piece: RelationPart, column: SourceColumn, parts: number): Promise<readonly string[]>;
  /** A condition that excludes values of the column that can’t be watermarks, such as NaN and infinity. Undefined, or absent: the column has no such values. */
  finiteCondition?(expression: string, type: DataType): string | undefined;
  /** The rows of a SELECT as frames, which have the columns of `columns`. */
  rows(session: S, sql: string, columns: readonly SourceColumn[], options: ReadOptions): AsyncIterable<Frame | Rejected>;
  /** An expression for the time of the database’s clock, as a canonical instant in microseconds. */
  readonly nowExpression: string;
  readonly late: LateRows<S>;
  /** The logs of changes that tables can be read by, under their names in `watermark.changes`. Absent: the engine has no such logs. */
  readonly changeFeeds?: Readonly<Record<string, ChangeFeed<S>>>;
  /** The schema whose tables need no schema in their names; null: a table has no schema, only a database. */
  readonly defaultSchema: string | null;
  /** Lists tables and views, except those of the database itself. If a table can’t be read, its entry says why. Absent: the engine can’t list tables. */
  listTables?(session: S): Promise<readonly TableFound[]>;
  /** The complete statements by which an administrator grants the role its missing rights. Absent: the statements are unknown. */
  missingGrantStatements?(session: S, of: GrantRequest): Promise<readonly string[]>;
  /** How the engine’s SQL is split into statements. Absent: hygge runs no files of SQL. */
  readonly syntax?: SqlSyntax;
  /** What the role may do, and the rights that it lacks, each as one sentence. The sentence about a right has the statement that grants it. */
  probe(session: S, relation: Relation): Promise<readonly string[]>;
  /** @param own the schemas of a store in which hygge keeps its own tables. */
  requirements(keys: K, doing: readonly AccessKind[], source: Source | undefined, own?: OwnSchemas): readonly Requirement[];
}

export interface Snapshots<S extends Session = Session> {
  /** What another transaction needs to see the same rows as this transaction of isolation `snapshot`. Undefined: the snapshot can’t be shared. */
  export(session: S): Promise<string | undefined>;
  /** No other transaction can use the snapshot, so the transaction that took it reads all slices. */
  readonly isUnshareable?: true;
  /** A condition for a physical range. The condition is valid only under one snapshot. */
  rangeCondition(range: PhysicalRange): string;
}

/** What a role wants to do in a database, and lacks rights for. */
export type GrantRequest =
  | { readonly read: Source }
  | {
      readonly write: TableName;
      readonly metadataSchema: string;
      readonly metadataTables: readonly string[];
      readonly stagingSchema: string;
    };

export interface ReadOptions {
  readonly schema: Schema;
  /** What happens to rows with a value that its column’s type can’t store. Absent: the run fails. */
  readonly badRows?: BadRows | undefined;
  /** The column whose values limit the requested rows. */
  readonly watermark?: string | undefined;
  readonly specialValues: 'fail' | 'to_null';
  readonly batchRows: number;
  readonly scratch: Scratch;
  /** Whether the relation is certainly small enough for one slice. False: unknown. */
  readonly fitsOneSlice: boolean;
  readonly place: string;
  readonly signal: AbortSignal;
  /** Called at most once, when hygge sends no more requests on the session but rows are still arriving. From then on, others may use the session. */
  releaseSession(): Promise<void>;
}

export interface Address {
  /** The host and the port, or the folder of a socket. Several servers are separated by commas. */
  readonly server: string;
  readonly database: string;
  /** The user’s name, and a digest of the credential. */
  readonly identity: string;
}

/** The arriving rows do not fit the plan, because the table was altered. */
export class SourceChangedSincePlan extends Error {
  override readonly name = 'SourceChangedSincePlan';
}

/** A value that the type of its column can’t store, described in a few words for a report. Hygge never leaves such a value out without a report. */
export class UnheldValue extends Error {
  override readonly name: string = 'UnheldValue';
}

/** A special value, such as `NaN` or `infinity`. The home may allow reading such a value as null. */
export class SpecialValue extends UnheldValue {
  override readonly name = 'SpecialValue';
}
