/**
 * What an engine's folder provides: `postgres/`, and other folders with the same file names. Home, store and pool are common to all. An engine says how to connect,
 * its SQL syntax, how to read its catalogue, and how rows are read and written.
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
  /** One statement, not prepared by name; values are texts, which the database converts. */
  query(sql: string, values?: readonly (string | null)[]): Promise<readonly Row[]>;
  /** One statement that changes rows. @returns the number of changed rows. */
  execute(sql: string, values?: readonly (string | null)[]): Promise<number>;
  /** Statements without values; their results are dropped. One text may have several statements only if the engine itself writes it. */
  run(sql: string | readonly string[]): Promise<void>;
  /** Begins a transaction, together with its `settings` if the dialect `beginsWithSettings`. @param signal ends the wait for transactions of this process. */
  begin(of: Transaction, signal?: AbortSignal): Promise<void>;
  /** Ends the transaction with success. @param mode the mode in which it began. */
  commit(mode: Transaction['mode']): Promise<void>;
  /** Undoes the transaction, even if an error has already ended it. */
  rollback(): Promise<void>;
  /** Absent: an error ends the whole transaction. */
  readonly savepoint?: Savepoint;
  /** The connection is lost, or was left in the middle of a result: it must not be used again. */
  readonly isBroken: boolean;
  /** False until the server has answered once. An earlier error is not an idle disconnect, so the call is not repeated on a fresh connection. */
  readonly hasAnswered: boolean;
  /** Ends the connection at once, whatever it is doing. The server notices. */
  destroy(): void;
  /** Ends the connection and has the server stop its statement, which would otherwise run to its end. Absent: `destroy` does it. */
  cancel?(): void;
  close(): Promise<void>;
}

/** A savepoint in a transaction, to return to after an error: one at a time. */
export interface Savepoint {
  set(): Promise<void>;
  /** Undoes everything after the savepoint, and removes it. */
  rollBack(): Promise<void>;
  /** Removes the savepoint. */
  release(): Promise<void>;
}

/** An error of a database or of the network. Home and store turn it into an error for people. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** The database's own code (`42P01`), or a network code (`ECONNREFUSED`); '': neither. */
  readonly code: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** The position in the statement, counted from 1. */
  readonly position: number | undefined;
  /** No answer arrived: the statement may have been executed or not. */
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

  /** The statement of the error, without values (sql/statement-mask.ts). Undefined: there is no statement. */
  get statement(): string | undefined {
    return this.#statement;
  }

  /** @param sql as it was sent; the first statement that is named stays. @param nth the failed statement, counted from 0. Absent: any of them. */
  withStatement(sql: string, syntax: SqlSyntax, nth?: number): this {
    const statements = statementsForMessages(sql, syntax);
    this.#statement ??= (nth === undefined ? undefined : statements[nth]) ?? statements.join('; ');
    return this;
  }

  /** The explained error with the statement that the database refused. */
  addStatementTo<E extends HyggeError>(explained: E): E {
    return this.#statement ? explained.refusing(this.#statement) : explained;
  }
}

/** Joins statements for clients that accept several at once. */
export const joinedStatements = (sql: string | readonly string[]): string => (typeof sql === 'string' ? sql : sql.join('; ') || 'select 1');

/** What hygge was doing when the database refused: for messages. */
export interface ErrorContext {
  /** `postgres db.example/erp public.orders`. */
  readonly place: string;
  readonly doing: 'connect' | 'begin' | 'read';
}

/** The syntax of an engine's SQL. */
export interface Dialect {
  /** A name in quotes, for any name. */
  quote(name: string): string;
  /** A table. Absent: its schema and its name, in quotes, separated by a dot. */
  quoteTable?(table: TableName): string;
  /** A canonical text (frames/watermark-text.ts) of one of hygge's types, as a typed value. @param declared the source's own type, if a column of it is compared. */
  literal(type: DataType, text: string, declared?: string): string;
  /** A text as a literal that adopts the type and the collation of the column it is compared with. */
  text(text: string): string;
  /** An expression with the order of canonical texts: texts by their bytes. @param declared the source's own type, of a column of it. */
  sortExpression(expression: string, type: DataType, declared?: string): string;
  /** The canonical text of an expression of one of hygge's types. @param declared the source's own type. */
  canonicalText(expression: string, type: DataType, declared?: string): string;
  /** `Session.begin` sends the settings of a transaction together with its beginning. Absent: a separate statement sends them afterwards. */
  readonly beginsWithSettings?: true;
  /** The number of values, as a 64-bit integer. @param of `*`: rows. */
  count(of: string): string;
  /** The first row only. @param list the selected expressions. @param rest the text from FROM on. */
  selectFirst(list: string, rest: string, most?: number): string;
}

export interface Transaction {
  readonly mode: 'read' | 'write';
  /** `snapshot`: all its statements see the database as its first statement did. */
  readonly isolation: 'snapshot' | 'statement';
  /** The transaction writes only its own tables, and may last as long as a slice: others write at the same time. */
  readonly stagesOnly?: true;
  /** The transaction tries out writes and is rolled back: it makes nothing permanent. */
  readonly endsInRollback?: true;
  /** The name of our session that the database shows. */
  readonly label: string;
  /** The exported snapshot of another transaction (`Snapshots.export`), for isolation `snapshot`. */
  readonly snapshotId?: string;
  /** A statement whose effect lasts until the end of the transaction. */
  readonly settings?: string;
}

/** The source, as a person wrote it. */
export type Source = { readonly table: string } | { readonly query: string };

/** The home or store that has the keys of a connection, as a person wrote it. */
export type HomeOrStore = Source | 'store';

export interface SourceOptions {
  readonly columns?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly where?: string | undefined;
  /** Numbers without a precision: as text, or as this decimal; for all of them, or by column. */
  readonly decimals?: string | Readonly<Record<string, string>> | undefined;
  /** NaN and infinity, and dates and times that hygge's types don't have. */
  readonly specialValues: 'fail' | 'to_null';
  /** Times with more than six digits. */
  readonly timeUnit?: 'ns' | 'us' | undefined;
  /** The offsets of times, if requested, as columns of their own. */
  readonly offsets?: boolean | undefined;
  /** The types of columns whose declaration does not show them. */
  readonly types?: ReadonlyMap<string, DataType> | undefined;
  /** One-digit numbers are read as true or false. */
  readonly booleans?: boolean | undefined;
  /** Rows and values that the database hides from the role are left out with a warning. */
  readonly allowFiltered?: boolean | undefined;
}

/** A column of a source. */
export interface SourceColumn extends Column {
  /** The column's expression in the SELECT list: its name, or a cast of it. */
  readonly selectExpression: string;
  /** Details whose change means that the database would send something else. */
  readonly wire: string;
  /** The column is read as text because no type of hygge can store it: its order differs from that of its texts. */
  readonly shownAsText: boolean;
  /** The column is computed from another column that is read as well. */
  readonly isDerived?: true;
  /** An expression after all columns of the SELECT list: how many values of the row are read as null. Absent: only the reader sees that. */
  readonly specialCount?: string;
}

/** A piece of a relation that can be read alone: one of its partitions, or the relation itself. */
export interface RelationPart {
  /** The piece's name in a FROM clause. */
  readonly from: string;
  readonly bytes: number;
  readonly rows: number | null;
  /** The number of its physical blocks, of which ranges can be read. Null: it has none. */
  readonly blocks: number | null;
}

/** A table's own log of changes. */
export interface ChangeFeed<S extends Session = Session> {
  /** The columns that it adds to those of the table, by the names of the contract (`changeVersionColumn`, `deletedColumn`). */
  readonly addedColumns: { readonly version: SourceColumn; readonly deleted: SourceColumn };
  /** What a changed value of one of `ChangeTracking.identities` means, as a sentence. */
  readonly restartReasons: Readonly<Record<string, string>>;
  /** The rights it needs in addition to reading the table. */
  readonly extraRight: string;
  /** What a watermark by a column needs, but this does not. */
  readonly rightThatColumnWatermarkNeeds: string;
  /** A key of the home that can't be combined with it, and why. */
  keyConflict(config: DatabaseHomeConfig): KeyConflict;
  /** What is reported of a table with a primary key now. Throws if nothing is, or nothing to the role. Called before rows are read, and again after them. */
  readTracking(session: S, relation: Relation): Promise<ChangeTracking>;
  /** All rows of a piece, for FROM, each with that version and not deleted. @param version null: the newest. */
  allRowsFrom(relation: Relation, from: string, version: string | null): string;
  /** For a FROM clause: the keys that changed after a version, each once with its newest change; of deleted rows only the key. */
  changedRowsFrom(relation: Relation, after: string): string;
}

export interface ChangeTracking {
  /** The newest committed version, as canonical text. */
  readonly newestVersion: string;
  /** A reader with everything up to this version, or to a later one, can get all later changes. */
  readonly oldestUsableVersion: string;
  /** What must not change for versions to continue, each by a name. Null: it can't be seen. */
  readonly identities: Readonly<Record<string, string | null>>;
  /** How long changes are kept; null: permanently. */
  readonly keptMinutes: number | null;
}

/** The source, as described by the catalogue. */
export interface Relation {
  /** The relation's name in a FROM clause. */
  readonly from: string;
  /** Shown to people: `public.orders`, `the query`. */
  readonly shown: string;
  /** The relation stores rows, or its partitions do. */
  readonly isTable: boolean;
  readonly columns: readonly SourceColumn[];
  readonly rows: { readonly n: number; readonly exact: boolean } | undefined;
  readonly bytes: number | undefined;
  /** Columns of its primary key. */
  readonly primaryKey: readonly string[];
  /** A relation without a primary key is divided by ranges of this column. Its one piece has as many bytes as `estimate` says. Absent: it can't be divided. */
  readonly cutColumn?: string;
  /** The columns whose different texts the index of the primary key may treat as equal. Absent: there are none, or it is unknown. */
  readonly keyEqualities?: KeyEqualities;
  /** The first columns of its indexes. */
  readonly leadingIndexColumns: ReadonlySet<string>;
  readonly parts: readonly RelationPart[];
  readonly notes?: readonly OwnNote[];
  readonly warnings: readonly OwnNote[];
  /** What a slice sees, as a sentence for the plan, if slices share no snapshot. */
  readonly snapshotNote?: OwnNote;
  /** The system whose rows the database shows, if another system keeps them. Absent: the database keeps its own. */
  readonly copiedFrom?: CopiedFrom;
}

/** Rows that another system keeps, shown by a database. */
export interface CopiedFrom {
  /** The table's name in the database. Null: any of its tables may be read. */
  readonly table: { readonly schema: string; readonly name: string } | null;
}

/** How a database shows data that another system keeps. */
export interface Copies<K, S> {
  /** Whether the tables of the session's database are copies. */
  areIn(session: S): Promise<boolean>;
  /** Requests the newest rows. Called again with its cursor until it is done. */
  refresh(keys: K, opening: Opening, cursor: Json | undefined): Promise<Step<CopiesUpTo>>;
}

/** How up to date the tables of a database are, compared with the other system. */
export interface CopiesUpTo {
  of(from: CopiedFrom): Freshness;
}

/** A range of blocks of a piece. Adjacent ranges together have each row once, if they are read under one snapshot. */
export interface PhysicalRange {
  readonly firstBlock: number;
  /** Null: to the end. */
  readonly endBlock: number | null;
}

/** A transaction that may still write rows below the current newest value. */
export interface OpenTransaction {
  readonly id: string;
  /** The transaction's beginning, as a canonical instant; null: the role may not see it. */
  readonly startedAt: string | null;
  /** Shown to people: `session 4711 of etl (loader), 35 s`. */
  readonly shown: string;
  /** The transaction may continue one of `AwaitedTransactions`: it is waited for as well. */
  readonly mayContinueAwaited?: boolean;
}

/** The transactions that a bound waits for, when it looks again. */
export interface AwaitedTransactions {
  readonly ids: readonly string[];
  /** The database's clock just after the first look, as a canonical instant. */
  readonly at: string;
}

export interface UnseenReason {
  readonly why: string;
  /** Null: no right makes them visible. */
  readonly grant: string | null;
}

/** Rows that appear below the newest value after it was read. */
export interface LateRows<S> {
  /** @param of the column whose values are bounded. @param waited the awaited transactions; absent: it is the first look. */
  openTransactions(
    session: S,
    of: { readonly relation: Relation; readonly column: SourceColumn },
    waited?: AwaitedTransactions,
  ): Promise<readonly OpenTransaction[]>;
  /** Why `open` can't answer for this source, and the right that would change it: the transactions are hidden from the role, or on another server. Undefined: it can. */
  unseenReason?(session: S, relation: Relation): Promise<UnseenReason | undefined>;
  /** A canonical text below which no further value of this column can appear, by the database's own knowledge: then no transaction is waited for. */
  finalBelow?(session: S, column: SourceColumn): Promise<string | undefined>;
  /** The instant up to which a standby is complete; null: the standby can't say. `primary`: the key that leads to the primary. Undefined: the server is not a standby. */
  standbyPosition(session: S): Promise<{ readonly until: string | null; readonly primary?: string } | undefined>;
  /** What makes values of a column appear out of order, as a sentence; undefined: nothing visible. */
  outOfOrderReason(session: S, relation: Relation, column: string): Promise<string | undefined>;
}

/** How connections to a database are opened and used, whether for a home, a store or the state. */
export interface Database<K, S extends Session = Session> extends Pick<Connector, 'id' | 'summary' | 'verifiedAgainst'> {
  readonly addresses: Addresses;
  /** Keys of a connection. */
  readonly keys: ZodRawShape;
  /** Keys that are missing or contradict each other. @param written the home or store with the keys. */
  keyConflict(keys: K, written?: HomeOrStore): KeyConflict;
  /** The server and the account. Uses no network. */
  address(keys: K): Address;
  /** The database role of these keys. Absent: the engine has no roles. */
  role?(keys: K): string;
  /** The role, if the config itself names it; undefined: a token identifies it. */
  configuredRole?(keys: K): string | undefined;
  poolOptions(keys: K, opening: ConnectOptions): Omit<Pooling<S>, 'most' | 'acquireMs' | 'idleMs'>;
  readonly dialect: Pick<Dialect, 'quote'>;
  /** An error of a database, in words for people. */
  explain(error: DatabaseError, about: ErrorContext): HyggeError;
  /** Statements that let a role use hygge's own tables and schemas. Absent: there are no roles. */
  ownTableRights?(of: GrantTarget): readonly Right[];
  /** Statements that let a role do what `requirements` names. Absent: there are no roles. */
  readonly rights?: RightsSide;
  /** How state is stored. Absent: the engine stores none. */
  readonly stateSide?: StateSide<S>;
}

/** Options for opening connections. */
export interface ConnectOptions extends Pick<Opening, 'root' | 'clock' | 'network' | 'pools'>, Partial<Pick<Opening, 'scratch'>> {
  /** The time in milliseconds after which a connection without an answer is lost. Absent: no limit. */
  readonly answerWithinMs?: number;
  /** A database file is made if it does not exist, and so is its folder. */
  readonly createsFile?: true;
}

/** How an engine stores state. Everything else is the same in all databases. */
export interface StateSide<S extends Session = Session> {
  /** Connections of a process for state alone: a lease must be renewed, however busy the connections of homes and stores are. */
  readonly connections: number;
  /** The name of one of hygge's own tables in SQL. */
  quotedTable(schema: string, name: string): string;
  readonly types: Pick<OwnTablesSide['types'], 'text' | 'number' | 'instant'>;
  readonly prepareOutsideTransaction?: Writes<S>['tables']['prepareOutsideTransaction'];
  /** The clause after an INSERT that does nothing if the key exists. */
  readonly ignoreDuplicateClause: string;
  /** The statement at the beginning of each writing transaction; '': none. */
  readonly writeTransactionSettings: string;
  /** An expression for the database's clock, as a canonical instant; null: it has only the clock of this machine. */
  readonly nowExpression: string | null;
  /** Null: there is no such schema. */
  tablesIn(session: S, schema: string): Promise<ReadonlySet<string> | null>;
  /** Null: schemas can't be made. */
  createSchema(schema: string): string | null;
  errorClass(error: DatabaseError): ErrorClass;
  /** Whether the error means that the role lacks a right. */
  isDenied(error: DatabaseError): boolean;
}

/** The account that hygge uses, and where it writes its own tables. */
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
  /** The statement that makes an identity of Entra ID known there. @param identity its name, if it signs in as a role of another name */
  createIdentity(role: string, identity?: string): Right;
  rightsFor(asked: RightsRequest['needs'][number], role: string): readonly Right[];
}

/** A right in the usual form. @param on absent: on all of it. */
export function grantRight(rights: string, { on, to }: { readonly on?: string; readonly to: string }): Right {
  const what = on === undefined ? rights : `${rights} ON ${on}`;
  return { give: `GRANT ${what} TO ${to}`, take: `REVOKE ${what} FROM ${to}` };
}

/** A file of rights has this text instead of a right on a table that a flow makes. */
export const notMadeYet = (table: string): string =>
  `${table} is not there yet: run this file again after the first load of the flow that makes it`;

/** Hygge does not know which tables a query reads, so an administrator has to look at it. */
export function grantRightByHand(to: string): Right {
  return { give: `-- For what the query reads: GRANT SELECT ON … TO ${to}`, take: null };
}

export interface Engine<K, S extends Session = Session> extends Database<K, S> {
  /** Which of the optional keys this engine supports. */
  readonly homeKeys?: readonly (keyof typeof optionalHomeKeys)[];
  /** Advice for people: how a column of numbers that is read as text can be read as a number. Absent: there is no way. */
  readAsNumberAdvice?(column: string): string;
  readonly dialect: Dialect;
  /** How rows are written. Absent: the engine is only read. */
  readonly writes?: Writes<S>;
  /** A column of a destination with the type that its values settled with, if they are stored in another one; undefined: it is read as `look` says. */
  asSettledColumn?(column: SourceColumn, type: DataType): SourceColumn | undefined;
  /** How SQL sums rows, for `verify`. Absent: hygge reads them. */
  readonly rowSums?: RowSums;
  /** How rows are written for a program that sums them, for a proof. Absent: the engine sums them, or no statement returns exact texts. */
  readonly rowTexts?: RowTexts;
  /** Describes the source from the catalogue; throws HYG-3501 if it does not exist. */
  look(session: S, source: Source, options: SourceOptions): Promise<Relation>;
  /** The number of rows and bytes that the database estimates for a statement. @param conditions of its WHERE. */
  estimate(
    session: S,
    sql: string,
    conditions: readonly string[],
    relation: Relation,
  ): Promise<{ readonly rows: number; readonly bytes: number } | undefined>;
  /** How several sessions see a table as of one moment. Absent: sessions share no snapshot. */
  readonly snapshots?: Snapshots<S>;
  /**
   * Called in a transaction of isolation `snapshot`, after a read: whether one of the tables was emptied or rewritten between the snapshot and the read, so that rows of
   * the snapshot were missing. Absent: that is impossible.
   */
  wasRewrittenAfterSnapshot?(session: S): Promise<boolean>;
  /** The database may silently leave out rows that this account must not see (row policies). */
  readonly mayHideRows?: true;
  /** How relations that are `copiedFrom` elsewhere are refreshed. Absent: there are none. */
  readonly copies?: Copies<K, S>;
  /** Values that divide a column of a piece into so many parts of about equal size, as literals in the column's own order. Fewer, or none, if that can't be decided. */
  cutPoints(session: S, piece: RelationPart, column: SourceColumn, parts: number): Promise<readonly string[]>;
  /** Values of the column that can't be watermarks: NaN, infinity. A condition for the others; undefined, or absent: the column has none. */
  finiteCondition?(expression: string, type: DataType): string | undefined;
  /** The rows of a SELECT as frames, with the columns in `columns`. */
  rows(session: S, sql: string, columns: readonly SourceColumn[], options: ReadOptions): AsyncIterable<Frame | Rejected>;
  /** An expression for the database's clock, as a canonical instant in microseconds. */
  readonly nowExpression: string;
  readonly late: LateRows<S>;
  /** Logs of changes from which tables can be read, by their names in `watermark.changes`. Absent: there are none. */
  readonly changeFeeds?: Readonly<Record<string, ChangeFeed<S>>>;
  /** The schema whose tables need no schema in their names; null: a table has no schema, only a database. */
  readonly defaultSchema: string | null;
  /** Tables and views, except those of the database itself; if one can't be read, with the reason. Absent: the engine can't list them. */
  listTables?(session: S): Promise<readonly TableFound[]>;
  /** The complete statements by which an administrator grants the role its missing rights. Absent: they are not known. */
  missingGrantStatements?(session: S, of: GrantRequest): Promise<readonly string[]>;
  /** How files of SQL are split. Absent: they are not run. */
  readonly syntax?: SqlSyntax;
  /** What the role may do, and which rights it lacks, with the statement that grants each: one sentence each. */
  probe(session: S, relation: Relation): Promise<readonly string[]>;
  /** @param own schemas of a store in which hygge keeps its own tables. */
  requirements(keys: K, doing: readonly AccessKind[], source: Source | undefined, own?: OwnSchemas): readonly Requirement[];
}

export interface Snapshots<S extends Session = Session> {
  /** What another transaction needs to see the same as this one, of isolation `snapshot`; undefined: the snapshot can't be shared. */
  export(session: S): Promise<string | undefined>;
  /** No other transaction can use the snapshot: its own transaction reads all slices. */
  readonly isUnshareable?: true;
  /** A condition for a physical range, which is valid only under one snapshot. */
  rangeCondition(range: PhysicalRange): string;
}

/** What the role wants to do in a database. */
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
  /** What happens to rows with a value that its column's type can't store. Absent: the run fails. */
  readonly badRows?: BadRows | undefined;
  /** The column by whose values rows are requested. */
  readonly watermark?: string | undefined;
  readonly specialValues: 'fail' | 'to_null';
  readonly batchRows: number;
  readonly scratch: Scratch;
  /** Whether the relation is certainly small enough for one slice. False: unknown. */
  readonly fitsOneSlice: boolean;
  readonly place: string;
  readonly signal: AbortSignal;
  /** Called at most once, when the session gets no more requests but rows are still to come: others may use it. */
  releaseSession(): Promise<void>;
}

export interface Address {
  /** Host and port, or the folder of a socket; several separated by commas. */
  readonly server: string;
  readonly database: string;
  /** The user's name, and a digest of the credential. */
  readonly identity: string;
}

/** The rows that arrive differ from the plan: the table was altered. */
export class SourceChangedSincePlan extends Error {
  override readonly name = 'SourceChangedSincePlan';
}

/** A value that the type of its column can't store, in a few words: never left out without a report. */
export class UnheldValue extends Error {
  override readonly name: string = 'UnheldValue';
}

/** A special value, which the home may allow to be left out: `NaN`, `infinity`. */
export class SpecialValue extends UnheldValue {
  override readonly name = 'SpecialValue';
}
