/** What an engine says of writing, beside its dialect: its `write.ts`. Everything else of a store is the family's. */
import type { ZodRawShape } from 'zod';
import type { Catalog, Change, Dependent, HowChanged, StoredType, TargetColumn } from '../engine/contracts/catalog.ts';
import type { Opening, OwnType } from '../engine/contracts/connector.ts';
import type { Frame } from '../engine/contracts/frame.ts';
import type { HyggeError } from '../errors/hygge-error.ts';
import type { Format } from '../formats/contract/format.ts';
import type { NamingRules } from '../frames/polish/settled-names.ts';
import type { Column, DataType } from '../frames/schema.ts';
import type { OwnNote } from '../ports/notes.ts';
import type { Json } from '../ports/values.ts';
import type { DatabaseError, Dialect, Row, Session } from './engine.ts';
import { sumKindOf, type Totals } from './totals.ts';

/** A table as SQL names it: both names as they are, unquoted. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** What is at a destination. */
export interface InspectedDestination {
  readonly catalog: Catalog;
  readonly bytes: number;
  /** About how many rows it has, from what the database keeps of it; null: only a count tells. */
  readonly rows: number | null;
}

/**
 * The class of a database's error. `permanent`: it comes again at every try. `lock_timeout`: a lock did not become free in time. `missing_object`: a table or
 * schema does not exist. `transient`: the same statement may succeed a moment later. `needs_action`: a person has to act before it can succeed.
 */
export type ErrorClass = 'permanent' | 'lock_timeout' | 'missing_object' | 'transient' | 'needs_action';

/**
 * Expressions over a staged column whose answers are compared with what was sent. An absent one can't be asked exactly, or costs more than it tells: edges find
 * nothing new beside an exact sum.
 */
export interface StagedTotals {
  /** As `Totals` (databases/totals.ts) adds up: a number, with or without digits behind the point, or `H L` for H times 2^32 and L. */
  readonly sum?: string;
  /** The sum of the days of timestamps since 1970, where the sum of their units costs too much. */
  readonly days?: string;
  /** Canonical texts; of floats whatever JavaScript reads as the number. */
  readonly min?: string;
  readonly max?: string;
}

/** Sums and edges that an engine has for a staged column. What is of no kind in it is not asked. */
export interface TotalsSupport {
  /** An exact sum, by the kind of the column. Decimals have one only where it fits into 38 digits. */
  readonly sum: { readonly [K in DataType['kind']]?: (column: string, type: Extract<DataType, { kind: K }>) => string };
  readonly days?: (timestamp: string) => string;
  /** Whether it is asked for the least and the largest value; of decimals without a sum it always is. */
  hasEdges(type: DataType): boolean;
  /** The edges of floats. */
  readonly floatEdges: (column: string, kind: 'float32' | 'float64') => StagedTotals;
}

export const integerKinds = ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'] as const;

/** One sum for several kinds. */
export const sameSumFor = <K extends DataType['kind']>(kinds: readonly K[], sum: (column: string) => string) =>
  Object.fromEntries(kinds.map((kind) => [kind, sum])) as Readonly<Record<K, typeof sum>>;

export const stagedTotalsFor =
  ({ canonicalText }: Pick<Dialect, 'canonicalText'>, { sum, days, hasEdges, floatEdges }: TotalsSupport) =>
  (column: string, type: DataType): StagedTotals => {
    if (type.kind === 'float32' || type.kind === 'float64') return floatEdges(column, type.kind);
    const isLong = type.kind === 'decimal' && sumKindOf(type) === 'nothing';
    const added = isLong ? undefined : (sum[type.kind] as ((column: string, type: DataType) => string) | undefined)?.(column, type);
    return {
      ...(added === undefined ? {} : { sum: added }),
      ...(days && type.kind === 'timestamp' ? { days: days(column) } : {}),
      ...(hasEdges(type) || (isLong && sum.decimal)
        ? { min: canonicalText(`min(${column})`, type), max: canonicalText(`max(${column})`, type) }
        : {}),
    };
  };

/** Rows that several transactions put into one table, told apart by the transaction that put them there. */
export interface AttemptTags<S extends Session = Session> {
  /** Beside those of the rows: tells them apart until the table is taken. Absent: a row tells by itself. */
  readonly tagColumn?: Column;
  /** What is sent fits a column however it is declared. Absent: only as hygge declares it by itself. */
  readonly valuesFitAnyDeclaration?: true;
  /** A name by which a row tells: where a column of the source has it, each attempt has a table of its own. */
  readonly systemColumnName?: string;
  /** The tag of the rows that this transaction is going to put into the table. */
  newTag(session: S, table: string): Promise<string>;
  /** A condition: the rows of these. @param tags with how many rows each has. */
  tagCondition(tags: ReadonlyMap<string, number>): string;
  /** One row: `n` of all rows in the table, `ours` of those of `tags`, and whatever else is counted of all. Absent: to count them by tag costs no more. */
  countAllAndOurs?(session: S, table: string, counts: readonly string[], tags: ReadonlyMap<string, number>): Promise<Row | undefined>;
  /** A row that was changed after its attempt is of another tag. */
  readonly changeGivesNewTag?: true;
  /** `tag`, and `n` and whatever else is counted of its rows, for each that is in the table; of those that are none of `tags` `n` is enough. */
  countByTag(session: S, table: string, counts: readonly string[], tags: ReadonlyMap<string, number>): Promise<readonly Row[]>;
  /**
   * Closes the table for other writers, after which its rows can't be distinguished by tag any more. @returns what `counted` answers for all of its rows, those
   * included that this transaction does not see. Absent: `lock` keeps others off, and `counted` sees all rows.
   */
  closeToWritersAndCountByTag?(
    session: S,
    table: string,
    counts: readonly string[],
    tags: ReadonlyMap<string, number>,
  ): Promise<readonly Row[]>;
}

/** Rows of a table, `hygge_now`, take over values of a source, `hygge_new`, that has each of their keys once. */
export interface UpdateFromSource {
  readonly table: string;
  readonly source: string;
  readonly sets: readonly (readonly [column: string, value: string])[];
  readonly on: string;
  readonly key: readonly string[];
}

/** Who lacks a right, and where what it writes to lies. */
export interface Grantee {
  /** As the database knows it. Absent: only the database can tell. */
  readonly role?: string | undefined;
  readonly table: TableName;
  /** Tables of hygge's own. */
  readonly own: { readonly schema: string; readonly tables: readonly string[] };
}

/** What the database says of tables that are there. Called in any transaction; writes nothing. */
export interface CatalogSide<S extends Session = Session> {
  /** The table that a person means by what stands in `table:`. Throws StoreError HYG-4210. @param database the connection's; '': the config does not say. */
  parseTableName(written: string, database: string): TableName;
  /** Null: there is no such table. Throws StoreError where a view or the like has that name. @param aside the schema where the table goes when another takes its place. */
  inspectDestination(session: S, table: TableName, aside: string): Promise<InspectedDestination | null>;
  /** Null: there is no such table. */
  columns(session: S, table: TableName): Promise<readonly TargetColumn[] | null>;
  /** Names of the tables in a schema of hygge's own; null: there is no such schema. */
  tablesIn(session: S, schema: string): Promise<ReadonlySet<string> | null>;
  /** Schemas with all of these tables, as far as the account may read them. */
  schemasWithAll(session: S, tables: readonly string[]): Promise<readonly string[]>;
}

/** How the tables of hygge's own are declared and written: heads, commits, what is staged, rows that settle apart. */
export interface OwnTablesSide {
  /** `each entity`: transactions that change one table conflict there whichever rows they change, so each entity has tables of its own for each destination. */
  readonly tablesFor: 'all entities' | 'each entity';
  /** Declarations of texts (those of keys have at most 260 characters), whole numbers and instants. */
  readonly types: { readonly text: string; readonly key: string; readonly number: string; readonly instant: string };
  /** An expression for what the server's clock shows, as an instant. */
  readonly nowExpression: string;
  /** How a column or a list of columns is declared as the primary key. */
  readonly primaryKeyClause: string;
  /** How a statement names a value that goes with it, by its place among them from 1: `$1`. A statement may name one twice, and in any order. */
  parameter(place: number): string;
  /** Makes a table, unless it is there. @param parts its columns and keys, as declared. */
  createIfMissing(table: string, parts: readonly string[]): string;
  /** Puts one row in, unless one is there that `where` holds for: its key. */
  insertUnlessThere(of: { readonly table: string; readonly columns: string; readonly values: string; readonly where: string }): string;
  /** Its count is 1 if the row is new, and 0 if it existed. Absent: the count shows nothing. */
  readonly insertCountsNewRows?: true;
  /** Selects a row, which no other transaction may change until this one ends. */
  selectForUpdate(of: { readonly list: string; readonly table: string; readonly where: string }): string;
  /** The staged row `hygge_new` with these columns as one text, for people. */
  rowAsText(columns: readonly Column[]): string;
}

/** How rows get into a staged table. */
export type FilledBy = 'load' | 'statement';

/** Types: which columns hold values of ours, and how they are declared. Asks no server. */
export interface ColumnSide {
  /** What names of columns may be. */
  readonly naming: NamingRules;
  /** What a new column for values of the type would hold; undefined: no column holds them exactly. */
  newColumnHolds(type: DataType): StoredType | undefined;
  /** The declaration of that column, in the words of the catalogue. */
  declared(type: DataType): string;
  /** The declaration in a staged table, into which rows are loaded (`StagingSide.load`) or which a statement fills. Absent: `declared`. */
  declaredStaged?(type: DataType, filledBy: FilledBy): string;
  /** A staged column as a value of its type, where it is declared otherwise there. Absent: it is one. */
  stagedValue?(column: string, type: DataType): string | undefined;
  /** Whether a column with this declaration can be in a key. Absent: every one can. */
  canBeKey?(declaration: string): boolean;
  /** Whether a column of this declaration takes values of the type beside those that it holds. Absent: none does. */
  alsoTakes?(declaration: string, type: DataType): boolean;
  /** A type as a person writes it, in the words of the catalogue; undefined: a type that rows are not written to. */
  parseType?(written: string): OwnType | undefined;
  /** How a change of the table is made: in place, by writing all rows again, or not at all. */
  howChanged(change: Change): HowChanged;
  /** The declaration of a column of this declaration once it holds values of the type as well. Absent: `declared`. */
  widenedDeclaration?(declaration: string, to: DataType): string;
  /** An expression as a value of the type. @param expression of its kind, or its canonical text. Absent: CAST to what `declared` says. */
  castToType?(expression: string, type: DataType): string;
  /** A canonical text as the value that a column of the type holds. Absent: `castToType`. */
  fromText?(expression: string, type: DataType): string;
  /** A condition: a column that is declared otherwise takes the value, if it does, for another one. @param declared.collation of the column. */
  altersValueCondition(
    expression: string,
    declared: { readonly from: string; readonly to: string; readonly collation: string | null },
  ): string;
}

/** How tables are made and altered. */
export interface TableSide<S extends Session = Session> {
  createSchema(schema: string): string;
  /** @param there the column as it is, where the change is to one that is there. @param all those of the table, where it is known. */
  alter(table: string, change: Change, there?: TargetColumn, all?: readonly TargetColumn[]): string;
  /** Lets the database count what was just written, so that it plans its joins for as many rows. @param table in quotes. */
  analyze(table: string): string;
  /** What stands behind the columns of a new table. Absent: nothing. */
  readonly tableOptions?: string;
  /** What stands behind the columns of a table without a key, where the server takes none without: a column that is the key, and that `select *` leaves out. */
  hiddenKeyClause?(session: S): Promise<string>;
  /** What a new table gets beside its columns. Throws StoreError where the config asks for what can't be. Absent: nothing. */
  extrasOfNewTable?(session: S, of: TableToMake): Promise<TableExtras>;
  /** What stands in the way of altering columns: it is dropped before, and recreated after. Absent: nothing does. */
  alterObstacles?(session: S, table: TableName, changes: readonly Change[]): Promise<StatementsBeforeAndAfter>;
  /** How values of rows get into a column that counts by itself (`filled: 'identity'`). Absent: they never do. */
  readonly identityColumns?: IdentityInserts;
  /** What has to be before rows are read where others are going to settle; outside of a transaction, and before each run. Absent: nothing. */
  prepareOutsideTransaction?(session: S): Promise<void>;
}

/** How values of rows get into an identity: by words of the INSERT, behind its columns; or by statements around it, where the store says `identity_insert`. */
export type IdentityInserts =
  | { readonly by: 'clause'; readonly clause: string }
  | {
      readonly by: 'setting';
      allowInserts(table: string): string;
      endInserts(table: string): string;
      /** Sent once a commit with such values is done, outside of a transaction: numbers that are counted afterwards are new ones. Null: the server sees to it. */
      readonly countAgain: ((table: string) => string) | null;
    };

/** A staged table that rows are loaded into. */
export interface LoadedTable {
  /** In quotes. */
  readonly table: string;
  /** What each row gets in the column of `Tags`. Absent: the table has no such column. */
  readonly tag?: string;
}

/** Rows are sent over the session, one frame after the other. */
export interface LoadByFrames<S extends Session = Session> {
  readonly by: 'frames';
  /** Rows go in as they are, by the names of the frame's columns. @param written called with every piece of what was sent. @returns how many rows the database took. */
  copy(session: S, into: LoadedTable, frame: Frame, written: (piece: Uint8Array) => void): Promise<number>;
  /**
   * Rows that may go in as a source sent them, as nothing had to look into them. Undefined: these have to be decoded. Absent: all have to be.
   * @param declared how the columns of the table are declared, in the frame's order.
   */
  untouched?(session: S, frame: Frame, declared: readonly string[]): Promise<RowsAsTheyCame<S> | undefined>;
}

/** Rows of a frame on their way from a database into another one of the same engine, or from a file into a database that reads such files. */
export interface RowsAsTheyCame<S extends Session = Session> {
  /** Adds what the values of each column come to. Called at most once, before `copy`. */
  addTo(totals: Totals): Promise<void>;
  /** As `LoadByFrames.copy`. Called once, and nothing can look into the frame's rows after it. */
  copy(session: S, into: LoadedTable, written: (piece: Uint8Array) => void): Promise<number>;
}

/** Rows are written to files in a place that the database reads (a stage, a bucket), and one statement for each attempt and table loads them. */
export interface LoadByFiles<S extends Session = Session> {
  readonly by: 'files';
  /** What the files are written in, one of `src/formats`. */
  format(): Promise<Format>;
  /** A file with so many bytes is full, and the next frame begins another one. */
  readonly fileBytes: number;
  /** The same rows in the types that a file has for the columns of a staged table. Throws StoreError where a value is too large for the database. */
  inFile(frame: Frame): Promise<Frame>;
  /** Begins a file. @param name `TABLE/…`, used once: the staged table's own name stands before the slash. */
  beginFile(session: S, name: string): Promise<StagedFile>;
  /** Loads the files into a staged table, by the names of the columns. Called once for each attempt and table, in its transaction. @returns how many rows are in the table by that. */
  load(session: S, into: LoadedTable, of: { readonly files: readonly string[]; readonly columns: readonly Column[] }): Promise<number>;
  /** Removes the files of a staged table: called, maybe more than once, when the table is dropped or has become the destination's. */
  discardFiles(session: S, table: string): Promise<void>;
}

/** A file in the stage that is being written. */
export interface StagedFile {
  /** The piece is valid until the promise is fulfilled. */
  write(piece: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** Called in place of `end`: nothing of it is sent any more by the time that the promise is fulfilled. What was sent is discarded with the table. */
  abandon(): Promise<void>;
}

/** How rows are sent. */
export type BulkLoad<S extends Session = Session> = LoadByFrames<S> | LoadByFiles<S>;

/** What a store of the engine is opened with. */
export interface OpenedStore {
  /** Those of the connection. */
  readonly keys: Readonly<Record<string, unknown>>;
  /** Values of `Writes.storeKeys`. */
  readonly storeKeyValues: Readonly<Record<string, Json>>;
  readonly opening: Pick<Opening, 'random' | 'network'>;
}

/** Rows are loaded by files in a place that each store names. */
export interface LoadFromOwnPlace<S extends Session = Session> {
  readonly by: 'files in a place of the store';
  /** Asks nothing of the place yet. */
  of(store: OpenedStore): LoadByFiles<S>;
}

/** How rows are staged, by many attempts at once, before anything is decided. */
export interface StagingSide<S extends Session = Session> {
  readonly load: BulkLoad<S> | LoadFromOwnPlace<S>;
  /** A slice is staged outside of a transaction: what a failed one leaves is found by its record. */
  readonly isOutsideTransaction?: true;
  /** What is compared of a staged column. @param column in quotes. Absent: rows and nulls alone are counted. */
  totals?(column: string, type: DataType): StagedTotals;
  /** Absent: rows of a full load are staged like all others, and copied to their table by the commit. */
  readonly attemptTags?: AttemptTags<S>;
  /** No table goes from one schema to another: a staged table that is to become the destination's lies beside it. */
  readonly staysInSchema?: true;
  /** The database does its own work on all processors: slices come one after the other. */
  readonly takesSlicesOneByOne?: true;
  /** What the server's settings keep a run from doing as quickly as it could, sentences for `debug`. */
  slowedBy?(session: S): Promise<readonly string[]>;
}

/** How rows that come meet those that are there: statements of the commit's transaction. Tables are in quotes. */
export interface MergeSide<S extends Session = Session> {
  /** Statements that make a table of the rows of `from`, which stands in brackets, for as long as the commit lasts. */
  createTemporary(table: string, from: string): readonly string[];
  dropTemporary(table: string): string;
  /** Columns of `hygge_now`, in quotes, get values; the values and `on` speak of `hygge_now` and `hygge_new`. */
  update(of: UpdateFromSource): string;
  /** Does what `update` says in another way. @returns how many rows it changed. Absent: the statement does it. */
  runUpdate?(session: S, of: UpdateFromSource & { readonly name: TableName }): Promise<number>;
  /** Deletes rows of the table, as `hygge_now`. */
  deleteFrom(of: { readonly table: string; readonly where: string }): string;
  /** Rows of `rows` that have none of `table` by `on`, as FROM and WHERE: `hygge_new` and `hygge_now`. `key` is a column that `on` compares. Absent: by NOT EXISTS. */
  fromUnmatchedRows?(of: { readonly rows: string; readonly table: string; readonly on: string; readonly key: string }): string;
  /** What INSERT names where a commit puts its rows in. Absent: the table alone. */
  insertTarget?(table: string): string;
  /** A value that is equal only for texts that are the same: to `=`, those that differ in case or in blanks at the end may be equal. Absent: `=` tells. */
  exactText?(expression: string): string;
  /**
   * A value that is the same for texts that differ only in the case of A to Z and in blanks at the end; it may be the same for others. A person may make an index of it.
   * Absent: hygge reads texts and folds them itself.
   */
  smallText?(expression: string): string;
  /** A value that is equal only for bytes that are the same: zeros at the end may not count. Absent: `=` tells. */
  exactBytes?(expression: string): string;
  /** A text or bytes as so few bytes that the server sorts by all of them: by the beginning of longer ones it takes two for one. Absent: it sorts by all. */
  digest?(expression: string): string;
  /** Uuids are kept as texts, those of earlier versions with the letters that they came with. Absent: `=` compares uuids. */
  readonly uuidTexts?: {
    /** A column equals a staged uuid in small letters, whether it is in small letters or in capitals: an index of the column finds it. */
    equal(column: string, staged: string): string;
    /** An index over expressions. All is in quotes. */
    createIndex(name: string, table: string, expressions: readonly string[]): string;
  };
  /** Indexes that rows are found by, when few come and many are there. Absent: the engine reads the table at each merge, or makes do without. */
  readonly indexes?: {
    /** Columns that an index of the whole table begins with. */
    leadingColumns(session: S, table: TableName): Promise<ReadonlySet<string>>;
    /** A statement for people. */
    create(table: TableName, columns: readonly string[]): string;
    /** Statements for a table that hygge made. None: no index takes each value of these columns. */
    ofNewTable(table: TableName, columns: readonly KeyColumn[]): readonly string[];
  };
  /** A column with a collation of its own equals a staged text, as its index compares. Absent: `=` does so. */
  equalByCollation?(column: string, staged: string, collation: string | null): string;
}

interface CommitBase {
  /** Sent at the head of each writing transaction. */
  readonly settings: string;
  /** Sent before a statement that gives way to other holders of a lock: it waits for the lock no longer than a moment. `settings` follow it. */
  readonly briefLockSettings: string;
  /** Other sessions neither read nor write the table until the transaction ends. @param table in quotes. */
  lockStatement(table: string): string;
  /** Why no table takes the place of another one, and a full load fills it again. Absent: what depends on a table tells. */
  readonly swapObstacle?: Dependent;
  /** Columns are added before the transaction of the commit: the database alters no table within one. */
  readonly altersAhead?: true;
  /** Whether another transaction, which changed a table that this one changes, made the database refuse it: it is begun again. Absent: transactions wait for locks. */
  isConflict?(error: DatabaseError): boolean;
  /** Columns are altered before rows are removed: the database allows no other order. */
  readonly altersBeforeDeletes?: true;
}

/** DDL is part of its transaction: rows, columns, names of tables and the head change together. */
export interface CommitInTransaction<S extends Session = Session> extends CommitBase {
  readonly by: 'transaction';
  /** Another name in the same schema. @param table in quotes. */
  renameStatement(table: string, to: string): string;
  /** A staged table becomes the destination's, in another schema and by its name there. Absent: none does, for `StagingSide.attemptTags` is absent as well. */
  moveStatement?(table: TableName, to: TableName): string;
  /** What a table has that rows and columns do not tell: read before it goes. @param columns of the table that takes its place. Absent: it has no such thing. */
  carryOverStatements?(session: S, table: TableName, columns: readonly string[]): Promise<readonly string[]>;
  /** Whether a new table there gets its columns and nothing else, so that a renamed staged table equals it. Absent: unknown. */
  makesPlainTables?(session: S, table: TableName, columns: readonly Column[]): Promise<boolean>;
  /** What would go with the old table, and is needed by the one that takes its place: taken off before. Absent: there is no such thing. */
  detachNeededStatements?(session: S, table: TableName, columns: readonly string[]): Promise<readonly string[]>;
}

/** How a commit changes the destination. What depends on whether DDL is part of a transaction is in one of two kinds. */
export type CommitSide<S extends Session = Session> = CommitInTransaction<S> | CommitByDdl<S>;

/** What the database means by its errors. */
export interface ErrorSide {
  errorClass(error: DatabaseError): ErrorClass;
  /** What a person reads. */
  explain(error: DatabaseError, place: string, grantee?: Grantee): HyggeError;
}

export interface Writes<S extends Session = Session> {
  readonly columns: ColumnSide;
  readonly tables: TableSide<S>;
  readonly catalog: CatalogSide<S>;
  readonly staging: StagingSide<S>;
  readonly merge: MergeSide<S>;
  readonly commit: CommitSide<S>;
  readonly errors: ErrorSide;
  /** Texts are declared as long as they come, in tables that hygge makes. Absent: a text has no length, or none that matters. */
  readonly lengths?: TextLengths<S>;
  readonly ownTables: OwnTablesSide;
  /** Keys of a store that not every engine has, optional all of them. Their values are kept with each intent. */
  readonly storeKeys?: ZodRawShape;
  /** Absent: nothing acts on what is written to a table. */
  readonly triggers?: TriggerSide<S>;
  /** Absent: another table takes the place of the one that is there. */
  readonly rowTakeover?: RowTakeover<S>;
}

export type TriggerEvent = 'insert' | 'update' | 'delete';

/** A trigger or a rule that is enabled. */
export interface ActiveTrigger {
  /** For people: `trigger audit`. */
  readonly name: string;
  readonly events: readonly TriggerEvent[];
  /** It may take rows away that the statement which wrote them counts. */
  readonly mayRemoveRows: boolean;
  /** It does something else instead of every such statement, and is counted for it: what takes it off. */
  readonly ruleTurnedOffBy?: string;
}

export interface TriggerSide<S extends Session = Session> {
  activeTriggers(session: S, table: TableName): Promise<readonly ActiveTrigger[]>;
  /** Statements after which a count of the table tells what the transaction itself did, until it ends. @param table in quotes. */
  lockStatements(table: string): readonly string[];
  /** What a trigger of DDL put on a table that was just made. Absent: there are no such triggers. */
  ddlTriggers?(session: S, table: TableName): Promise<readonly DdlTrigger[]>;
}

/** A trigger, a rule or the like. */
export interface DdlTrigger {
  /** What takes it off permanently; null: it may stay on what is staged. */
  readonly drop: string | null;
  /** What keeps it from acting on rows, and what lets it act again; null: it does not act on rows that are put in. */
  readonly disable: string | null;
  readonly enable: string | null;
}

/** Lengths of text columns, for an engine whose texts are better declared with one. All numbers are in the units of that length. */
export interface TextLengths<S extends Session = Session> {
  /** What the source's own type allows a text; 0: it does not say, or more than any length. */
  sourceLimit(sourceType: string): number;
  /** How many a text has. @param column in quotes. */
  lengthExpression(column: string): string;
  /** How a column is declared for texts of so many. @param source as the source's type has it; 0: it does not say. */
  declaration(longest: number, source: number): string;
  /** What a column that is declared so takes; undefined: it is none that grows. */
  limitOf(declaration: string): number | undefined;
  /** Makes columns longer that are there. */
  widenStatements(session: S, table: TableName, columns: readonly ColumnToWiden[]): Promise<readonly string[]>;
}

export interface ColumnToWiden {
  readonly column: TargetColumn;
  readonly declaration: string;
}

/** A table that hygge makes where there was none. */
export interface TableToMake {
  readonly table: TableName;
  readonly columns: readonly Column[];
  /** Columns whose length depends on values that were not read yet. */
  readonly openLengthColumns: readonly string[];
  /** What rows are told apart by; none: nothing tells. */
  readonly key: readonly string[];
  /** Values of the engine's own keys of the store. */
  readonly storeKeyValues: Readonly<Record<string, Json>>;
  /** For people. */
  readonly where: string;
}

/** A column of a key, as its table declares it. */
export interface KeyColumn {
  readonly name: string;
  readonly kind: DataType['kind'];
  readonly declared: string;
}

/** Statements beside the one that makes a table, and what a person should know of them. */
export interface TableExtras extends StatementsBeforeAndAfter {
  readonly notes: readonly OwnNote[];
}

/** Statements that make a table the like of another one, by whether they come before its rows. */
export interface StatementsBeforeAndAfter {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * A way for a table to take over the rows of another one, for an engine that has it: a full load fills a table like the destination, and the destination stays itself. All in
 * the transaction of the commit; where the database says no after all, the commit begins again, and another table takes its place.
 */
export interface RowTakeover<S extends Session = Session> {
  /** What keeps the rows of the table from changing places with those of a new one, each in words for people; none: nothing. @param columns of the new one. */
  hindrances(session: S, table: TableName, columns: readonly Column[]): Promise<readonly string[]>;
  /** Statements that make `as`, which has its columns, like the table. */
  likenessOf(session: S, table: TableName, as: TableName): Promise<StatementsBeforeAndAfter>;
  /** The rows of `from` are the table's, and what it had is gone. Both in quotes. */
  takeRowsStatements(table: string, from: string): readonly string[];
  /** What a plan says of it. */
  readonly planNote: string;
}

/**
 * DDL commits by itself: columns are altered before the transaction that moves rows and head, and a table that is recreated is filled
 * under another name, says which intent made it, and takes the name in one step that uses up what was staged. A later finisher sees by that whether it
 * happened. protocol.md 2.7.
 */
export interface CommitByDdl<S extends Session = Session> extends CommitBase {
  readonly by: 'committing ddl';
  /**
   * A SELECT of `got`: 1 if no other process of hygge commits to the table until the session ends its transaction by `commit` or `rollback`. A statement that
   * ends the transaction by itself does not release it.
   */
  exclusiveLockQuery(table: TableName): string;
  /** The code of its error that says so of other locks: one was not got in time. */
  readonly lockTimeoutCode: string;
  /** The intent that made the table, and of how many rows. Null: none, or there is no such table. */
  madeByIntent(session: S, table: TableName): Promise<{ readonly id: string; readonly rows: number } | null>;
  /**
   * What lets a table be like the one that is `there`, and say which intent made it; done by `like`, in one step. @param of.columns that it has.
   * @param of.key what its rows are told apart by; none: nothing tells. @param of.shadow the table itself.
   */
  likenessAndIntentClauses(
    session: S,
    of: {
      readonly there: TableName | null;
      readonly id: string;
      readonly rows: number;
      readonly columns: readonly Column[];
      readonly key: readonly string[];
      readonly shadow: TableName;
    },
  ): Promise<readonly string[]>;
  /** @param table in quotes. */
  likenessAndIntentStatement(table: string, parts: readonly string[]): string;
  /** All of them get their new names, or none. */
  renameAllStatement(moves: readonly { readonly from: TableName; readonly to: TableName }[]): string;
}

/** Undefined: what DDL does is undone with its transaction. */
export const committingDdl = <S extends Session>({ commit }: { readonly commit: CommitSide<S> }): CommitByDdl<S> | undefined =>
  commit.by === 'committing ddl' ? commit : undefined;

/** Whether staged tables of an attempt that fails stay: they are not part of a transaction that is undone. */
export const staysAfterFailure = (writes: {
  readonly commit: Pick<CommitSide<never>, 'by'>;
  readonly staging: Pick<StagingSide<never>, 'isOutsideTransaction'>;
}): boolean => writes.commit.by === 'committing ddl' || writes.staging.isOutsideTransaction === true;

/** For what is done within the transaction of the commit alone. */
export function commitInTransaction<S extends Session>({ commit }: { readonly commit: CommitSide<S> }): CommitInTransaction<S> {
  if (commit.by === 'transaction') return commit;
  throw new Error('DDL commits by itself there: no table changes its name within a transaction');
}

/** Tells the attempts apart where a row does not do so by itself. A number that is the same in many rows takes little room. */
export const attemptColumn: Column = { name: 'hygge_attempt', type: { kind: 'int64' }, nullable: true };

/** What `AttemptTags.countByTag` asks where all is counted in one go. @param by what rows are grouped by. @param as what that is called. */
export const countByTagStatement = (table: string, counts: readonly string[], by: string, as = 'tag'): string =>
  `select ${[`${by} as ${as}`, 'count(*) as n', ...counts].join(', ')} from ${table} group by ${by}`;

/** What `AttemptTags.countAllAndOurs` asks: to group all rows costs more. @param ours a condition. */
export const countAllAndOursStatement = (table: string, counts: readonly string[], ours: string): string =>
  `select ${['count(*) as n', `count(case when ${ours} then 1 end) as ours`, ...counts].join(', ')} from ${table}`;

/**
 * For engines that look through all of the table for each row of a NOT EXISTS, where its key has no index: rows times rows. A join they make by an
 * index of their own, or by hash.
 */
export function fromUnmatchedByJoin({ rows, table, on, key }: Parameters<NonNullable<MergeSide['fromUnmatchedRows']>>[0]): string {
  return `${rows} hygge_new left join ${table} hygge_now on ${on} where hygge_now.${key} is null`;
}
