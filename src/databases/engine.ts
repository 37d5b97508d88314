/**
 * What an engine's folder gives to the family: `postgres/`, and siblings with the same file names. Home, store and pool are the family's; an
 * engine says how its database is reached, how its SQL is spelt, what its catalogue tells and how its rows come and go.
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

/** A row of metadata: every value as the database writes it as text. */
export type Row = Readonly<Record<string, string | null>>;

/** One connection, lent to one user at a time. What it throws is a `DatabaseError`. */
export interface Session {
  /** One statement, unnamed; values are texts that the database makes of what it needs. */
  query(sql: string, values?: readonly (string | null)[]): Promise<readonly Row[]>;
  /** One statement that changes rows. @returns the number of changed rows. */
  execute(sql: string, values?: readonly (string | null)[]): Promise<number>;
  /** Statements without values; what they answer is dropped. One text may hold several only where the engine writes it itself. */
  run(sql: string | readonly string[]): Promise<void>;
  /** Begins a transaction, with its `settings` where the dialect `beginsWithSettings`. @param signal ends the wait for transactions of this process. */
  begin(of: Transaction, signal?: AbortSignal): Promise<void>;
  /** Ends the transaction well. @param mode as it began. */
  commit(mode: Transaction['mode']): Promise<void>;
  /** Undoes the transaction, even where an error has ended it already. */
  rollback(): Promise<void>;
  /** Absent: an error ends the whole transaction. */
  readonly savepoint?: Savepoint;
  /** The connection is lost, or was left in the middle of an answer: it must not be used again. */
  readonly isBroken: boolean;
  /** False until the connection has answered once. An error before that is not an idle disconnect, so the call is not repeated on a fresh connection. */
  readonly hasAnswered: boolean;
  /** Ends the connection at once, whatever it does. The server notices. */
  destroy(): void;
  /** Ends the connection and asks the server to stop its statement, which would run on until it has an answer. Absent: `destroy` does it. */
  cancel?(): void;
  close(): Promise<void>;
}

/** A place in a transaction to come back to after an error: one at a time. */
export interface Savepoint {
  set(): Promise<void>;
  /** Undoes what came behind it, and takes the savepoint away. */
  rollBack(): Promise<void>;
  /** Takes the savepoint away. */
  release(): Promise<void>;
}

/** What a database or the way to it said. Home and store make of it what a person reads. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** The database's own code (`42P01`), or that of the network (`ECONNREFUSED`); '': neither. */
  readonly code: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** Where in the statement, counted from 1. */
  readonly position: number | undefined;
  /** No answer came: the statement may have been carried out or not. */
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

  /** What it was said of, without values (sql/statement-mask.ts). Undefined: of no statement. */
  get statement(): string | undefined {
    return this.#statement;
  }

  /** @param sql as it was sent; the first one that is named stays. @param nth of the statements in it, counted from 0. Absent: any of them. */
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

/** For clients that take several statements at once. */
export const joinedStatements = (sql: string | readonly string[]): string => (typeof sql === 'string' ? sql : sql.join('; ') || 'select 1');

/** What hygge was doing when the database refused: for messages. */
export interface ErrorContext {
  /** `postgres db.example/erp public.orders`. */
  readonly place: string;
  readonly doing: 'connect' | 'begin' | 'read';
}

/** How SQL is spelt. */
export interface Dialect {
  /** A name as it is, whatever is in it. */
  quote(name: string): string;
  /** A table. Absent: its schema and its name, in quotes, with a dot between. */
  quoteTable?(table: TableName): string;
  /** A canonical text (frames/watermark-text.ts) of our type as a typed value. @param declared the source's own type, where a column of it is compared. */
  literal(type: DataType, text: string, declared?: string): string;
  /** A text as a literal that takes the type and the collation of a column that it is compared with. */
  text(text: string): string;
  /** An expression whose order is that of canonical texts: text by its bytes. @param declared the source's own type, of a column of it. */
  sortExpression(expression: string, type: DataType, declared?: string): string;
  /** The canonical text of an expression of our type. @param declared the source's own. */
  canonicalText(expression: string, type: DataType, declared?: string): string;
  /** `Session.begin` sends the settings of a transaction with its beginning. Absent: they are a statement of their own behind it. */
  readonly beginsWithSettings?: true;
  /** How many values there are, as a 64-bit integer. @param of `*`: rows. */
  count(of: string): string;
  /** The first row only. @param list what is selected. @param rest from FROM on. */
  selectFirst(list: string, rest: string, most?: number): string;
}

export interface Transaction {
  readonly mode: 'read' | 'write';
  /** `snapshot`: all its statements see the database as it was at the first. */
  readonly isolation: 'snapshot' | 'statement';
  /** The transaction writes only its own tables, and may last as long as a slice: others write at the same time. */
  readonly stagesOnly?: true;
  /** It tries what may be written, and is rolled back: nothing is made for it that would stay. */
  readonly endsInRollback?: true;
  /** What the database shows of us. */
  readonly label: string;
  /** With isolation `snapshot`: as another transaction sees it (`Snapshots.export`). */
  readonly snapshotId?: string;
  /** A statement whose effect holds until the end of the transaction. */
  readonly settings?: string;
}

/** What is read, as a person wrote it. */
export type Source = { readonly table: string } | { readonly query: string };

/** The home that keys of a connection stand in, as a person wrote it, or a store. */
export type HomeOrStore = Source | 'store';

export interface SourceOptions {
  readonly columns?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly where?: string | undefined;
  /** Numbers without a precision: as text, or as this decimal; for all of them, or by column. */
  readonly decimals?: string | Readonly<Record<string, string>> | undefined;
  /** NaN and infinity, dates and times that ours do not have. */
  readonly specialValues: 'fail' | 'to_null';
  /** Times with more than six digits. */
  readonly timeUnit?: 'ns' | 'us' | undefined;
  /** The offsets of times that have one, as columns of their own. */
  readonly offsets?: boolean | undefined;
  /** What columns are whose declaration does not tell. */
  readonly types?: ReadonlyMap<string, DataType> | undefined;
  /** Numbers of one digit that mean true and false are that. */
  readonly booleans?: boolean | undefined;
  /** Rows and values that the database hides from the role are left out with a warning. */
  readonly allowFiltered?: boolean | undefined;
}

/** A column as it is read. */
export interface SourceColumn extends Column {
  /** Its place in the SELECT list: the column, or a cast of it. */
  readonly selectExpression: string;
  /** Whatever tells that the database would send something else now. */
  readonly wire: string;
  /** It is read as text because nothing of ours holds it: its order is not that of its text. */
  readonly shownAsText: boolean;
  /** It is made of another one that is read as well. */
  readonly isDerived?: true;
  /** An expression behind all columns of the SELECT list: how many values of the row are read as null. Absent: only the reader sees that. */
  readonly specialCount?: string;
}

/** A piece of a relation that can be read alone: one of its partitions, or itself. */
export interface RelationPart {
  /** As SQL names it in FROM. */
  readonly from: string;
  readonly bytes: number;
  readonly rows: number | null;
  /** It has physical places, so many, that ranges of can be read. Null: it has none. */
  readonly blocks: number | null;
}

/** A table's own log of changes. */
export interface ChangeFeed<S extends Session = Session> {
  /** The columns that it puts beside those of the table, by the names of the contract (`changeVersionColumn`, `deletedColumn`). */
  readonly addedColumns: { readonly version: SourceColumn; readonly deleted: SourceColumn };
  /** What it means that one of `ChangeTracking.identities` is another one now, a sentence. */
  readonly restartReasons: Readonly<Record<string, string>>;
  /** What it takes beside the right to read the table. */
  readonly extraRight: string;
  /** What a watermark by a column takes, and this does not. */
  readonly rightThatColumnWatermarkNeeds: string;
  /** A key of the home that can't be written beside it, and why. */
  keyConflict(config: DatabaseHomeConfig): KeyConflict;
  /** What is told of a table with a primary key now. Throws where nothing is, or nothing to the role. Asked before rows are read, and again after them. */
  readTracking(session: S, relation: Relation): Promise<ChangeTracking>;
  /** All rows of a piece, in FROM, each with that version and not deleted. @param version null: the newest. */
  allRowsFrom(relation: Relation, from: string, version: string | null): string;
  /** In FROM: what changed after a version, each key once with its newest change; of deleted rows nothing but the key. */
  changedRowsFrom(relation: Relation, after: string): string;
}

export interface ChangeTracking {
  /** The newest version that is committed, as canonical text. */
  readonly newestVersion: string;
  /** Who has everything up to this version, or to a later one, is told everything since. */
  readonly oldestUsableVersion: string;
  /** What has to stay as it is for versions to continue, each by a name. Null: it can't be seen. */
  readonly identities: Readonly<Record<string, string | null>>;
  /** How long changes are kept; null: permanently. */
  readonly keptMinutes: number | null;
}

/** What is read, as the catalogue has it. */
export interface Relation {
  /** As SQL names it in FROM. */
  readonly from: string;
  /** For people: `public.orders`, `the query`. */
  readonly shown: string;
  /** Rows lie in it, or in its partitions. */
  readonly isTable: boolean;
  readonly columns: readonly SourceColumn[];
  readonly rows: { readonly n: number; readonly exact: boolean } | undefined;
  readonly bytes: number | undefined;
  /** Columns of its primary key. */
  readonly primaryKey: readonly string[];
  /** Ranges of this column cut a relation without a primary key. Its one piece has as many bytes as `estimate` says. Absent: nothing cuts it. */
  readonly cutColumn?: string;
  /** Of these columns those whose texts the index of the primary key takes for one though they differ. Absent: there are none, or nothing tells. */
  readonly keyEqualities?: KeyEqualities;
  /** First columns of its indexes. */
  readonly leadingIndexColumns: ReadonlySet<string>;
  readonly parts: readonly RelationPart[];
  readonly notes?: readonly OwnNote[];
  readonly warnings: readonly OwnNote[];
  /** What a slice sees, for the plan, where slices share no snapshot. */
  readonly snapshotNote?: OwnNote;
  /** Whose rows the database shows, if another system keeps them. Absent: it keeps its own. */
  readonly copiedFrom?: CopiedFrom;
}

/** Rows that another system keeps, as a database shows them. */
export interface CopiedFrom {
  /** As the database has it. Null: any of its tables may be read. */
  readonly table: { readonly schema: string; readonly name: string } | null;
}

/** How a database shows what another system keeps. */
export interface Copies<K, S> {
  /** Whether the tables of the session's database are copies. */
  areIn(session: S): Promise<boolean>;
  /** Asks for the newest rows. Called again with its cursor until it is done. */
  refresh(keys: K, opening: Opening, cursor: Json | undefined): Promise<Step<CopiesUpTo>>;
}

/** How far the tables of a database show what the other system has. */
export interface CopiesUpTo {
  of(from: CopiedFrom): Freshness;
}

/** Blocks of a piece: side by side such ranges have each of its rows once, as long as they are read under one snapshot. */
export interface PhysicalRange {
  readonly firstBlock: number;
  /** Null: to the end. */
  readonly endBlock: number | null;
}

/** A transaction that may still write rows below what is the newest now. */
export interface OpenTransaction {
  readonly id: string;
  /** When it began, as a canonical instant; null: the role may not see it. */
  readonly startedAt: string | null;
  /** For people: `session 4711 of etl (loader), 35 s`. */
  readonly shown: string;
  /** It may be what a transaction of `AwaitedTransactions` continued as: it is waited for as well. */
  readonly mayContinueAwaited?: boolean;
}

/** What a bound waits for, when it looks again. */
export interface AwaitedTransactions {
  readonly ids: readonly string[];
  /** The database's clock just after the first look, as a canonical instant. */
  readonly at: string;
}

export interface UnseenReason {
  readonly why: string;
  /** Null: no right shows them. */
  readonly grant: string | null;
}

/** Rows that come below the newest value after it was looked up. */
export interface LateRows<S> {
  /** @param of whose values are bounded. @param waited what is waited for; absent: it is the first look. */
  openTransactions(
    session: S,
    of: { readonly relation: Relation; readonly column: SourceColumn },
    waited?: AwaitedTransactions,
  ): Promise<readonly OpenTransaction[]>;
  /** Why `open` can't answer for what is read, and what would let it: they are not shown to the role, or are somewhere else. Undefined: it can. */
  unseenReason?(session: S, relation: Relation): Promise<UnseenReason | undefined>;
  /** A canonical text below which no value of this column can come any more, as the database itself knows: then no transaction is waited for. */
  finalBelow?(session: S, column: SourceColumn): Promise<string | undefined>;
  /** The instant up to which a standby has everything; null: the standby can't say. `primary`: the key that leads to the primary. Undefined: the server is not a standby. */
  standbyPosition(session: S): Promise<{ readonly until: string | null; readonly primary?: string } | undefined>;
  /** What makes values of a column come out of their order, a sentence; undefined: nothing that can be seen. */
  outOfOrderReason(session: S, relation: Relation, column: string): Promise<string | undefined>;
}

/** How connections to a database are opened and used, whether for a home, a store or the state. */
export interface Database<K, S extends Session = Session> extends Pick<Connector, 'id' | 'summary' | 'verifiedAgainst'> {
  readonly addresses: Addresses;
  /** Keys of a connection. */
  readonly keys: ZodRawShape;
  /** Keys that are missing or contradict each other. @param written what they stand in. */
  keyConflict(keys: K, written?: HomeOrStore): KeyConflict;
  /** Whom it speaks to, as whom. Reads no network. */
  address(keys: K): Address;
  /** The database role of these keys. Absent: the engine has no roles. */
  role?(keys: K): string;
  /** The role, if the config itself names it; undefined: a token says who it is. */
  configuredRole?(keys: K): string | undefined;
  poolOptions(keys: K, opening: ConnectOptions): Omit<Pooling<S>, 'most' | 'acquireMs' | 'idleMs'>;
  readonly dialect: Pick<Dialect, 'quote'>;
  /** What a database said, for a person. */
  explain(error: DatabaseError, about: ErrorContext): HyggeError;
  /** What lets a role do with tables and schemas of hygge's own what it has to. Absent: there are no roles. */
  ownTableRights?(of: GrantTarget): readonly Right[];
  /** What lets a role do what `requirements` names. Absent: there are no roles. */
  readonly rights?: RightsSide;
  /** How state is kept. Absent: it keeps none. */
  readonly stateSide?: StateSide<S>;
}

/** What connections are opened with. */
export interface ConnectOptions extends Pick<Opening, 'root' | 'clock' | 'network' | 'pools'>, Partial<Pick<Opening, 'scratch'>> {
  /** After so many milliseconds without an answer a connection is lost. Absent: as long as it takes. */
  readonly answerWithinMs?: number;
  /** A database that is a file is made where it is not there, and its folder. */
  readonly createsFile?: true;
}

/** What an engine says of keeping state. Everything else of it is the same in all databases. */
export interface StateSide<S extends Session = Session> {
  /** Connections of a process for state alone: a lease has to be renewed however busy those of homes and stores are. */
  readonly connections: number;
  /** A table of hygge's own as SQL names it. */
  quotedTable(schema: string, name: string): string;
  readonly types: Pick<OwnTablesSide['types'], 'text' | 'number' | 'instant'>;
  readonly prepareOutsideTransaction?: Writes<S>['tables']['prepareOutsideTransaction'];
  /** Behind an INSERT: nothing where the key is there. */
  readonly ignoreDuplicateClause: string;
  /** At the head of each writing transaction; '': nothing. */
  readonly writeTransactionSettings: string;
  /** An expression for what its clock shows, as a canonical instant; null: it has none but this machine's. */
  readonly nowExpression: string | null;
  /** Null: there is no such schema. */
  tablesIn(session: S, schema: string): Promise<ReadonlySet<string> | null>;
  /** Null: schemas are not made. */
  createSchema(schema: string): string | null;
  errorClass(error: DatabaseError): ErrorClass;
  /** The role may not, as the database says it. */
  isDenied(error: DatabaseError): boolean;
}

/** Whom hygge comes as, and what of its own it has to write there. */
export interface GrantTarget {
  readonly role: string;
  readonly schema: string;
  readonly tables: readonly string[];
  /** Where tables are made and dropped. */
  readonly stagingSchema: string | null;
}

export interface OwnSchemas {
  readonly metadata: string;
  readonly staging: string;
}

export interface RightsSide {
  /** What makes an identity of Entra ID known there. @param identity its name where it signs in as a role of another name */
  createIdentity(role: string, identity?: string): Right;
  rightsFor(asked: RightsRequest['needs'][number], role: string): readonly Right[];
}

/** A right as most write it. @param on absent: on all of it. */
export function grantRight(rights: string, { on, to }: { readonly on?: string; readonly to: string }): Right {
  const what = on === undefined ? rights : `${rights} ON ${on}`;
  return { give: `GRANT ${what} TO ${to}`, take: `REVOKE ${what} FROM ${to}` };
}

/** A file of rights prints it in place of a right on a table that a flow makes. */
export const notMadeYet = (table: string): string =>
  `${table} is not there yet: run this file again after the first load of the flow that makes it`;

/** Hygge does not know which tables a query reads, so an administrator has to look at it. */
export function grantRightByHand(to: string): Right {
  return { give: `-- For what the query reads: GRANT SELECT ON … TO ${to}`, take: null };
}

export interface Engine<K, S extends Session = Session> extends Database<K, S> {
  /** Which of the keys that not every engine has mean something here. */
  readonly homeKeys?: readonly (keyof typeof optionalHomeKeys)[];
  /** What a person writes so that a column of numbers that is read as text is read as a number, as advice. Absent: nothing does that. */
  readAsNumberAdvice?(column: string): string;
  readonly dialect: Dialect;
  /** How rows are written. Absent: it is read only. */
  readonly writes?: Writes<S>;
  /** A column of a destination as the type that its values settled with, where they are kept in another one; undefined: it is read as `look` says. */
  asSettledColumn?(column: SourceColumn, type: DataType): SourceColumn | undefined;
  /** How rows are summed by SQL, for `verify`. Absent: they are read. */
  readonly rowSums?: RowSums;
  /** How rows are written for a program that sums them, for a proof. Absent: the engine sums them, or no statement gives exact texts. */
  readonly rowTexts?: RowTexts;
  /** What the catalogue tells of what is read; throws HYG-3501 where it is not there. */
  look(session: S, source: Source, options: SourceOptions): Promise<Relation>;
  /** Rows and bytes that the database reckons a statement to give. @param conditions what stands in its WHERE. */
  estimate(
    session: S,
    sql: string,
    conditions: readonly string[],
    relation: Relation,
  ): Promise<{ readonly rows: number; readonly bytes: number } | undefined>;
  /** How slices see a table as it was at one moment. Absent: sessions share no snapshot. */
  readonly snapshots?: Snapshots<S>;
  /**
   * Under a transaction of isolation `snapshot`, behind what it read: whether a table of it was emptied or rewritten between the snapshot and the read, so that
   * rows were missing that the snapshot should have shown. Absent: that can't be.
   */
  wasRewrittenAfterSnapshot?(session: S): Promise<boolean>;
  /** The database may leave out rows that this account must not see, and does not say so (row policies). */
  readonly mayHideRows?: true;
  /** How relations are brought up to date that are `copiedFrom` elsewhere. Absent: there are none. */
  readonly copies?: Copies<K, S>;
  /** Values that cut a column of a piece into so many parts of about the same size, as literals in the column's own order; fewer, or none, where that can't be decided. */
  cutPoints(session: S, piece: RelationPart, column: SourceColumn, parts: number): Promise<readonly string[]>;
  /** Values that are not watermarks, though the column holds them: NaN, infinity. A condition for the others; undefined, or absent: it holds none. */
  finiteCondition?(expression: string, type: DataType): string | undefined;
  /** The rows of a SELECT as frames, in the columns of `columns`. */
  rows(session: S, sql: string, columns: readonly SourceColumn[], options: ReadOptions): AsyncIterable<Frame | Rejected>;
  /** An expression for what its clock shows, as a canonical instant in microseconds. */
  readonly nowExpression: string;
  readonly late: LateRows<S>;
  /** Logs of changes that tables can be read by, as `watermark.changes` names them. Absent: there are none. */
  readonly changeFeeds?: Readonly<Record<string, ChangeFeed<S>>>;
  /** The schema whose tables are called by their names alone; null: a table has no schema beside its database. */
  readonly defaultSchema: string | null;
  /** Tables and views, but for those of the database itself; of what cannot be read, with the reason. Absent: it can't be run. */
  listTables?(session: S): Promise<readonly TableFound[]>;
  /** The complete statements by which an administrator gives the role the rights that it lacks there. Absent: they are not known. */
  missingGrantStatements?(session: S, of: GrantRequest): Promise<readonly string[]>;
  /** How files of SQL are taken apart. Absent: they are not. */
  readonly syntax?: SqlSyntax;
  /** What the role may, and what it lacks, with the statement that gives it: a sentence each. */
  probe(session: S, relation: Relation): Promise<readonly string[]>;
  /** @param own schemas that hygge keeps its own in, of a store. */
  requirements(keys: K, doing: readonly AccessKind[], source: Source | undefined, own?: OwnSchemas): readonly Requirement[];
}

export interface Snapshots<S extends Session = Session> {
  /** Under a transaction of isolation `snapshot`: what another one takes to see the same; undefined: it can't be shared. */
  export(session: S): Promise<string | undefined>;
  /** No other transaction can take it: all slices are read by the one that has it. */
  readonly isUnshareable?: true;
  /** A condition for a physical range, which means something only under one snapshot. */
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
  /** What becomes of rows with a value that its column's type can't hold. Absent: the run fails. */
  readonly badRows?: BadRows | undefined;
  /** The column by whose values rows are asked for. */
  readonly watermark?: string | undefined;
  readonly specialValues: 'fail' | 'to_null';
  readonly batchRows: number;
  readonly scratch: Scratch;
  /** Whether the relation is certainly small enough for one slice. False: it is not known. */
  readonly fitsOneSlice: boolean;
  readonly place: string;
  readonly signal: AbortSignal;
  /** Called, at most once, where nothing more is asked of the session and rows are still to come: others may have it. */
  releaseSession(): Promise<void>;
}

export interface Address {
  /** Host and port, or the folder of a socket; several with commas between. */
  readonly server: string;
  readonly database: string;
  /** A name, and a digest of what proves it. */
  readonly identity: string;
}

/** What comes is not what was planned: the table was altered. */
export class SourceChangedSincePlan extends Error {
  override readonly name = 'SourceChangedSincePlan';
}

/** A value that the type of its column can't hold, in a few words: never left out without a word. */
export class UnheldValue extends Error {
  override readonly name: string = 'UnheldValue';
}

/** One that may be left out, where the home says so: `NaN`, `infinity`. */
export class SpecialValue extends UnheldValue {
  override readonly name = 'SpecialValue';
}
