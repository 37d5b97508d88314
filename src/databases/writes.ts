/** How an engine writes: its `write.ts`, in addition to its dialect. All other parts of a store are the same for every engine. */
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

/** A table: schema and name exactly as they are, unquoted. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** What exists at a destination. */
export interface InspectedDestination {
  readonly catalog: Catalog;
  readonly bytes: number;
  /** About how many rows it has, by the database's own statistics; null: only a count shows it. */
  readonly rows: number | null;
}

/**
 * The class of a database's error. `permanent`: each retry fails in the same way. `lock_timeout`: a lock did not become free in time. `missing_object`: a table or
 * schema does not exist. `transient`: the same statement may succeed a moment later. `needs_action`: a person has to act before it can succeed.
 */
export type ErrorClass = 'permanent' | 'lock_timeout' | 'missing_object' | 'transient' | 'needs_action';

/** Expressions over a staged column, compared with what was sent. Absent: an exact answer is impossible, or not worth its cost: with an exact sum, extremes find nothing new. */
export interface StagedTotals {
  /** As `Totals` (databases/totals.ts) computes it: a number, with or without digits after the point, or `H L` for H times 2^32 plus L. */
  readonly sum?: string;
  /** The sum of the days of timestamps since 1970, if the sum of their units costs too much. */
  readonly days?: string;
  /** Canonical texts; for floats, any text that JavaScript reads as the number. */
  readonly min?: string;
  readonly max?: string;
}

/** Sums and extremes that an engine can compute for a staged column. Absent ones are not queried. */
export interface TotalsSupport {
  /** An exact sum, by the kind of the column. Decimals have one only if it fits into 38 digits. */
  readonly sum: { readonly [K in DataType['kind']]?: (column: string, type: Extract<DataType, { kind: K }>) => string };
  readonly days?: (timestamp: string) => string;
  /** Whether the smallest and the largest value are queried; for decimals without a sum they always are. */
  hasEdges(type: DataType): boolean;
  /** The extremes of floats. */
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

/** Distinguishes rows that several transactions wrote to one table, by the transaction. */
export interface AttemptTags<S extends Session = Session> {
  /** An additional column that distinguishes rows until the table is used. Absent: each row shows its transaction. */
  readonly tagColumn?: Column;
  /** Rows fit a column whatever its declaration. Absent: only if hygge declares it in its default way. */
  readonly valuesFitAnyDeclaration?: true;
  /** A system column that shows the transaction: if a column of the source has that name, each attempt has its own table. */
  readonly systemColumnName?: string;
  /** The tag of the rows that this transaction will write to the table. */
  newTag(session: S, table: string): Promise<string>;
  /** A condition for the rows with these tags. @param tags with the number of rows of each. */
  tagCondition(tags: ReadonlyMap<string, number>): string;
  /** One row: `n` counts all rows of the table, `ours` those of `tags`; other counts are of all rows. Absent: counting them by tag costs no more. */
  countAllAndOurs?(session: S, table: string, counts: readonly string[], tags: ReadonlyMap<string, number>): Promise<Row | undefined>;
  /** A row that was changed after its attempt has another tag. */
  readonly changeGivesNewTag?: true;
  /** `tag`, and `n` and other counts of its rows, for each tag in the table; for tags outside of `tags`, `n` is enough. */
  countByTag(session: S, table: string, counts: readonly string[], tags: ReadonlyMap<string, number>): Promise<readonly Row[]>;
  /**
   * Closes the table to other writers; after that, tags no longer distinguish its rows. @returns what `counted` would return for all of its rows, including rows
   * that this transaction does not see. Absent: `lock` excludes others, and `counted` sees all rows.
   */
  closeToWritersAndCountByTag?(
    session: S,
    table: string,
    counts: readonly string[],
    tags: ReadonlyMap<string, number>,
  ): Promise<readonly Row[]>;
}

/** Rows of a table, `hygge_now`, get values of a source, `hygge_new`, which has each of their keys once. */
export interface UpdateFromSource {
  readonly table: string;
  readonly source: string;
  readonly sets: readonly (readonly [column: string, value: string])[];
  readonly on: string;
  readonly key: readonly string[];
}

/** The account that lacks a right, and the place that it writes to. */
export interface Grantee {
  /** The account's name in the database. Absent: only the database knows it. */
  readonly role?: string | undefined;
  readonly table: TableName;
  /** Tables of hygge's own. */
  readonly own: { readonly schema: string; readonly tables: readonly string[] };
}

/** What the database reports about existing tables. Called in any transaction; writes nothing. */
export interface CatalogSide<S extends Session = Session> {
  /** The table that `table:` of the config means. Throws StoreError HYG-4210. @param database that of the connection; '': the config names none. */
  parseTableName(written: string, database: string): TableName;
  /** Null: the table does not exist. Throws StoreError if a view or the like has that name. @param aside the schema that the table moves to when another takes its place. */
  inspectDestination(session: S, table: TableName, aside: string): Promise<InspectedDestination | null>;
  /** Null: the table does not exist. */
  columns(session: S, table: TableName): Promise<readonly TargetColumn[] | null>;
  /** Names of the tables in one of hygge's own schemas; null: the schema does not exist. */
  tablesIn(session: S, schema: string): Promise<ReadonlySet<string> | null>;
  /** Schemas that have all of these tables, as far as the account may read them. */
  schemasWithAll(session: S, tables: readonly string[]): Promise<readonly string[]>;
}

/** How hygge's own tables are declared and written: heads, commits, staged parts, rejected rows. */
export interface OwnTablesSide {
  /** `each entity`: transactions that change one table conflict, whichever rows they change, so each entity has its own tables for each destination. */
  readonly tablesFor: 'all entities' | 'each entity';
  /** Declarations for texts (texts in keys have at most 260 characters), whole numbers and instants. */
  readonly types: { readonly text: string; readonly key: string; readonly number: string; readonly instant: string };
  /** An expression for the server's clock, as an instant. */
  readonly nowExpression: string;
  /** The clause that declares a column or a list of columns as the primary key. */
  readonly primaryKeyClause: string;
  /** A parameter of a statement, by its number from 1: `$1`. A statement may use one twice, and in any order. */
  parameter(place: number): string;
  /** Makes a table if it does not exist. @param parts its columns and keys, as declared. */
  createIfMissing(table: string, parts: readonly string[]): string;
  /** Inserts a row unless one exists that matches `where`, the condition for its key. */
  insertUnlessThere(of: { readonly table: string; readonly columns: string; readonly values: string; readonly where: string }): string;
  /** The count of `insertUnlessThere` is 1 if the row is new, and 0 if it existed. Absent: the count shows nothing. */
  readonly insertCountsNewRows?: true;
  /** Selects a row and locks it against changes by other transactions until this one ends. */
  selectForUpdate(of: { readonly list: string; readonly table: string; readonly where: string }): string;
  /** The columns of the staged row `hygge_new` as one text, shown to people. */
  rowAsText(columns: readonly Column[]): string;
}

/** How rows are loaded into a staged table. */
export type FilledBy = 'load' | 'statement';

/** Types: which columns can store hygge's values, and how they are declared. Queries no server. */
export interface ColumnSide {
  /** The rules for names of columns. */
  readonly naming: NamingRules;
  /** What a new column for values of the type would store; undefined: no column stores them exactly. */
  newColumnHolds(type: DataType): StoredType | undefined;
  /** The declaration of that column, in the words of the catalogue. */
  declared(type: DataType): string;
  /** The declaration in a staged table, into which rows are loaded (`StagingSide.load`) or which a statement fills. Absent: `declared`. */
  declaredStaged?(type: DataType, filledBy: FilledBy): string;
  /** A staged column as a value of its type, if it is declared differently in the staged table. Absent: it is not. */
  stagedValue?(column: string, type: DataType): string | undefined;
  /** Whether a column with this declaration can be in a key. Absent: every one can. */
  canBeKey?(declaration: string): boolean;
  /** Whether a column of this declaration also accepts values of another type than its own. Absent: none does. */
  alsoTakes?(declaration: string, type: DataType): boolean;
  /** A type as a person writes it, in the words of the catalogue; undefined: hygge writes no values of this type. */
  parseType?(written: string): OwnType | undefined;
  /** How a change of the table is made: in place, by rewriting all rows, or not at all. */
  howChanged(change: Change): HowChanged;
  /** The declaration that a column gets so that it can also store values of the type. Absent: `declared`. */
  widenedDeclaration?(declaration: string, to: DataType): string;
  /** An expression as a value of the type. @param expression of its kind, or its canonical text. Absent: CAST to the result of `declared`. */
  castToType?(expression: string, type: DataType): string;
  /** A canonical text as the value that a column of the type stores. Absent: `castToType`. */
  fromText?(expression: string, type: DataType): string;
  /** A condition: a column with another declaration would change the value. @param declared.collation of the column. */
  altersValueCondition(
    expression: string,
    declared: { readonly from: string; readonly to: string; readonly collation: string | null },
  ): string;
}

/** How tables are made and altered. */
export interface TableSide<S extends Session = Session> {
  createSchema(schema: string): string;
  /** @param there the existing column, if one is changed. @param all columns of the table, if known. */
  alter(table: string, change: Change, there?: TargetColumn, all?: readonly TargetColumn[]): string;
  /** Has the database update its statistics after rows were written, so that it plans joins for their number. @param table in quotes. */
  analyze(table: string): string;
  /** The clause after the columns of a new table. Absent: nothing. */
  readonly tableOptions?: string;
  /** The clause after the columns of a table without a key, if the server requires one: a column that is the key, and that `select *` leaves out. */
  hiddenKeyClause?(session: S): Promise<string>;
  /** What a new table gets in addition to its columns. Throws StoreError if the config requests something impossible. Absent: nothing. */
  extrasOfNewTable?(session: S, of: TableToMake): Promise<TableExtras>;
  /** Objects that prevent altering columns: they are dropped before, and made again after. Absent: there are none. */
  alterObstacles?(session: S, table: TableName, changes: readonly Change[]): Promise<StatementsBeforeAndAfter>;
  /** How values of rows are written to an identity column (`filled: 'identity'`). Absent: they never are. */
  readonly identityColumns?: IdentityInserts;
  /** What must exist before rows are read for another destination; run outside of a transaction, before each run. Absent: nothing. */
  prepareOutsideTransaction?(session: S): Promise<void>;
}

/** How values of rows are written to an identity column: by a clause of the INSERT after its columns, or by statements around it, if the store has `identity_insert`. */
export type IdentityInserts =
  | { readonly by: 'clause'; readonly clause: string }
  | {
      readonly by: 'setting';
      allowInserts(table: string): string;
      endInserts(table: string): string;
      /** Sent after a commit with such values, outside of a transaction: later numbers continue after them. Null: the server does so itself. */
      readonly countAgain: ((table: string) => string) | null;
    };

/** A staged table that rows are loaded into. */
export interface LoadedTable {
  /** The table's name in quotes. */
  readonly table: string;
  /** The value of each row in the column of `Tags`. Absent: the table has no such column. */
  readonly tag?: string;
}

/** Rows are sent over the session, one frame after the other. */
export interface LoadByFrames<S extends Session = Session> {
  readonly by: 'frames';
  /** Writes rows by the names of the frame's columns. @param written called with each piece of sent data. @returns the number of rows that the database accepted. */
  copy(session: S, into: LoadedTable, frame: Frame, written: (piece: Uint8Array) => void): Promise<number>;
  /**
   * Rows that can be written in the source's own format, because nothing needs their values. Undefined: these rows must be decoded. Absent: all rows must be. @param
   * declared the declarations of the table's columns, in the frame's order.
   */
  untouched?(session: S, frame: Frame, declared: readonly string[]): Promise<RowsAsTheyCame<S> | undefined>;
}

/** Rows of a frame that go from a database to another one of the same engine, or from a file to a database that reads such files. */
export interface RowsAsTheyCame<S extends Session = Session> {
  /** Adds the totals of each column. Called at most once, before `copy`. */
  addTo(totals: Totals): Promise<void>;
  /** Like `LoadByFrames.copy`. Called once; after it, nothing can read the frame's rows. */
  copy(session: S, into: LoadedTable, written: (piece: Uint8Array) => void): Promise<number>;
}

/** Rows are written to files in a place that the database reads (a stage, a bucket). One statement for each attempt and table loads them. */
export interface LoadByFiles<S extends Session = Session> {
  readonly by: 'files';
  /** The format of the files, one of `src/formats`. */
  format(): Promise<Format>;
  /** The size in bytes at which a file is full, and the next frame begins another one. */
  readonly fileBytes: number;
  /** The same rows, in the file types for the columns of a staged table. Throws StoreError if a value is too large for the database. */
  inFile(frame: Frame): Promise<Frame>;
  /** Begins a file. @param name `TABLE/…`, used once: the staged table's own name is before the slash. */
  beginFile(session: S, name: string): Promise<StagedFile>;
  /** Loads the files into a staged table, by the names of the columns. Called once for each attempt and table, in its transaction. @returns the number of rows in the table after that. */
  load(session: S, into: LoadedTable, of: { readonly files: readonly string[]; readonly columns: readonly Column[] }): Promise<number>;
  /** Removes the files of a staged table. Called, maybe more than once, when the table is dropped or becomes the destination's. */
  discardFiles(session: S, table: string): Promise<void>;
}

/** A staged file that is being written. */
export interface StagedFile {
  /** The piece is valid until the promise is fulfilled. */
  write(piece: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** Called instead of `end`: once the promise is fulfilled, nothing more is sent. What was sent is discarded with the table. */
  abandon(): Promise<void>;
}

/** How rows are sent. */
export type BulkLoad<S extends Session = Session> = LoadByFrames<S> | LoadByFiles<S>;

/** Options for opening a store of the engine. */
export interface OpenedStore {
  /** The keys of the connection. */
  readonly keys: Readonly<Record<string, unknown>>;
  /** Values of `Writes.storeKeys`. */
  readonly storeKeyValues: Readonly<Record<string, Json>>;
  readonly opening: Pick<Opening, 'random' | 'network'>;
}

/** Rows are loaded from files in a place that each store names. */
export interface LoadFromOwnPlace<S extends Session = Session> {
  readonly by: 'files in a place of the store';
  /** Sends no request to the place yet. */
  of(store: OpenedStore): LoadByFiles<S>;
}

/** How rows are staged, by many attempts at once, before a commit is decided. */
export interface StagingSide<S extends Session = Session> {
  readonly load: BulkLoad<S> | LoadFromOwnPlace<S>;
  /** A slice is staged outside of a transaction: its record leads to what a failed attempt leaves. */
  readonly isOutsideTransaction?: true;
  /** The totals that are compared for a staged column. @param column in quotes. Absent: only rows and nulls are counted. */
  totals?(column: string, type: DataType): StagedTotals;
  /** Absent: rows of a full load are staged like all others, and the commit copies them to their table. */
  readonly attemptTags?: AttemptTags<S>;
  /** No table can move between schemas: a staged table that may become the destination's is in its schema. */
  readonly staysInSchema?: true;
  /** The database itself uses all processors: slices are staged one after the other. */
  readonly takesSlicesOneByOne?: true;
  /** Settings of the server that make a run slower than it could be, as sentences for `debug`. */
  slowedBy?(session: S): Promise<readonly string[]>;
}

/** How incoming rows are matched with existing ones: statements of the commit's transaction. Tables are in quotes. */
export interface MergeSide<S extends Session = Session> {
  /** Statements that make a table of the rows of `from`, which is in brackets, until the end of the commit. */
  createTemporary(table: string, from: string): readonly string[];
  dropTemporary(table: string): string;
  /** Sets columns of `hygge_now`, in quotes; the values and `on` use `hygge_now` and `hygge_new`. */
  update(of: UpdateFromSource): string;
  /** Runs an `update` in another way. @returns the number of changed rows. Absent: the statement is run. */
  runUpdate?(session: S, of: UpdateFromSource & { readonly name: TableName }): Promise<number>;
  /** Deletes rows of the table, which has the alias `hygge_now`. */
  deleteFrom(of: { readonly table: string; readonly where: string }): string;
  /** The rows of `rows` without a match in `table` by `on`, as FROM and WHERE: `hygge_new` and `hygge_now`. `key` is a column that `on` compares. Absent: by NOT EXISTS. */
  fromUnmatchedRows?(of: { readonly rows: string; readonly table: string; readonly on: string; readonly key: string }): string;
  /** The target in the INSERT of a commit. Absent: only the table. */
  insertTarget?(table: string): string;
  /** A value that is equal only for identical texts: for `=`, texts that differ in case or in blanks at the end may be equal. Absent: `=` is enough. */
  exactText?(expression: string): string;
  /**
   * A value that is the same for texts that differ only in the case of A to Z and in blanks at the end; it may be the same for others too. A person may make an
   * index of it. Absent: hygge reads texts and folds them itself.
   */
  smallText?(expression: string): string;
  /** A value that is equal only for identical bytes: `=` may ignore zeros at the end. Absent: `=` is enough. */
  exactBytes?(expression: string): string;
  /** A short digest of a text or bytes that the server sorts by completely. Of longer values it compares only the beginning, and would treat two as one. Absent: it sorts by all bytes. */
  digest?(expression: string): string;
  /** Uuids are stored as texts, and by earlier versions with the source's letters. Absent: `=` compares uuids. */
  readonly uuidTexts?: {
    /** A condition: a column equals a staged uuid in small letters, and has it in small letters or in capitals. An index of the column finds it. */
    equal(column: string, staged: string): string;
    /** An index of expressions. All names are in quotes. */
    createIndex(name: string, table: string, expressions: readonly string[]): string;
  };
  /** Indexes that find rows, if few arrive and many exist. Absent: the engine reads the whole table in each merge, or needs no index. */
  readonly indexes?: {
    /** The first columns of indexes over the whole table. */
    leadingColumns(session: S, table: TableName): Promise<ReadonlySet<string>>;
    /** A statement that makes the index, for people. */
    create(table: TableName, columns: readonly string[]): string;
    /** Statements for a table that hygge made. None: no index can contain every value of these columns. */
    ofNewTable(table: TableName, columns: readonly KeyColumn[]): readonly string[];
  };
  /** A condition: a column with its own collation equals a staged text, as its index compares. Absent: `=` does so. */
  equalByCollation?(column: string, staged: string, collation: string | null): string;
}

interface CommitBase {
  /** Statements at the beginning of each writing transaction. */
  readonly settings: string;
  /** Sent before a statement that gives way to other holders of a lock: it waits only a moment. `settings` follow it. */
  readonly briefLockSettings: string;
  /** Other sessions can't read or write the table until the transaction ends. @param table in quotes. */
  lockStatement(table: string): string;
  /** Why no table can replace another one, so that a full load fills it again. Absent: the dependents of a table decide. */
  readonly swapObstacle?: Dependent;
  /** Columns are added before the transaction of the commit: the database can't alter a table within one. */
  readonly altersAhead?: true;
  /** Whether the error means that another transaction changed the same table: this one begins again. Absent: transactions wait for locks. */
  isConflict?(error: DatabaseError): boolean;
  /** Columns are altered before rows are deleted: the database allows no other order. */
  readonly altersBeforeDeletes?: true;
}

/** DDL is part of its transaction: rows, columns, names of tables and the head change together. */
export interface CommitInTransaction<S extends Session = Session> extends CommitBase {
  readonly by: 'transaction';
  /** Renames a table within its schema. @param table in quotes. */
  renameStatement(table: string, to: string): string;
  /** Moves a staged table to the destination's schema and name. Absent: no table can be moved, so `StagingSide.attemptTags` is absent as well. */
  moveStatement?(table: TableName, to: TableName): string;
  /** What a table has in addition to rows and columns: read before the table is dropped. @param columns of the new table. Absent: there is no such thing. */
  carryOverStatements?(session: S, table: TableName, columns: readonly string[]): Promise<readonly string[]>;
  /** Whether a new table there gets only its columns, so that a renamed staged table equals it. Absent: unknown. */
  makesPlainTables?(session: S, table: TableName, columns: readonly Column[]): Promise<boolean>;
  /** Objects of the old table that would be dropped with it, and that the new table needs: detached before. Absent: there are none. */
  detachNeededStatements?(session: S, table: TableName, columns: readonly string[]): Promise<readonly string[]>;
}

/** How a commit changes the destination. Two kinds differ in whether DDL is part of a transaction. */
export type CommitSide<S extends Session = Session> = CommitInTransaction<S> | CommitByDdl<S>;

/** The meaning of the database's errors. */
export interface ErrorSide {
  errorClass(error: DatabaseError): ErrorClass;
  /** The error that a person reads. */
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
  /** Text columns are as long as their values, in tables that hygge makes. Absent: a text column needs no length. */
  readonly lengths?: TextLengths<S>;
  readonly ownTables: OwnTablesSide;
  /** Keys of a store that not every engine has, all optional. Their values are kept with each intent. */
  readonly storeKeys?: ZodRawShape;
  /** Absent: there are no triggers or rules. */
  readonly triggers?: TriggerSide<S>;
  /** Absent: another table takes the place of the existing one. */
  readonly rowTakeover?: RowTakeover<S>;
}

export type TriggerEvent = 'insert' | 'update' | 'delete';

/** A trigger or a rule that is enabled. */
export interface ActiveTrigger {
  /** Shown to people: `trigger audit`. */
  readonly name: string;
  readonly events: readonly TriggerEvent[];
  /** The trigger may remove rows that the writing statement has counted. */
  readonly mayRemoveRows: boolean;
  /** The statement that disables a trigger that runs instead of every such statement, and whose own count is returned. */
  readonly ruleTurnedOffBy?: string;
}

export interface TriggerSide<S extends Session = Session> {
  activeTriggers(session: S, table: TableName): Promise<readonly ActiveTrigger[]>;
  /** Statements after which a count of the table shows only what this transaction does, until it ends. @param table in quotes. */
  lockStatements(table: string): readonly string[];
  /** What a DDL trigger added to a table that was just made. Absent: there are no such triggers. */
  ddlTriggers?(session: S, table: TableName): Promise<readonly DdlTrigger[]>;
}

/** A trigger, a rule or the like. */
export interface DdlTrigger {
  /** The statement that removes it permanently; null: it may stay on staged tables. */
  readonly drop: string | null;
  /** The statements that disable and enable it; null: it does not act on inserted rows. */
  readonly disable: string | null;
  readonly enable: string | null;
}

/** Lengths of text columns, for an engine in which a length is better than none. All numbers are in the units of that length. */
export interface TextLengths<S extends Session = Session> {
  /** The length that the source's own type allows; 0: it has none, or one above the limit. */
  sourceLimit(sourceType: string): number;
  /** The length of a text. @param column in quotes. */
  lengthExpression(column: string): string;
  /** The declaration of a column for texts of this length. @param source the length in the source's type; 0: it has none. */
  declaration(longest: number, source: number): string;
  /** The length of a column with this declaration; undefined: such a column never grows. */
  limitOf(declaration: string): number | undefined;
  /** Makes existing columns longer. */
  widenStatements(session: S, table: TableName, columns: readonly ColumnToWiden[]): Promise<readonly string[]>;
}

export interface ColumnToWiden {
  readonly column: TargetColumn;
  readonly declaration: string;
}

/** A new table that hygge makes. */
export interface TableToMake {
  readonly table: TableName;
  readonly columns: readonly Column[];
  /** Columns whose length depends on values that have not been read yet. */
  readonly openLengthColumns: readonly string[];
  /** The columns that distinguish rows; none: nothing does. */
  readonly key: readonly string[];
  /** Values of the engine's own keys of the store. */
  readonly storeKeyValues: Readonly<Record<string, Json>>;
  /** Shown to people. */
  readonly where: string;
}

/** A column of a key, as its table declares it. */
export interface KeyColumn {
  readonly name: string;
  readonly kind: DataType['kind'];
  readonly declared: string;
}

/** Additional statements for a new table, and notes for people. */
export interface TableExtras extends StatementsBeforeAndAfter {
  readonly notes: readonly OwnNote[];
}

/** Statements that make a table like another one: those before its rows, and those after. */
export interface StatementsBeforeAndAfter {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * How a table takes over the rows of another one, if an engine can: a full load fills a similar table, and the destination stays. All of it runs in the transaction
 * of the commit. If the database refuses after all, the commit begins again, and another table takes its place.
 */
export interface RowTakeover<S extends Session = Session> {
  /** What prevents the table from exchanging its rows with a new table, each as words for people; none: nothing. @param columns of the new table. */
  hindrances(session: S, table: TableName, columns: readonly Column[]): Promise<readonly string[]>;
  /** Statements that make `as`, which has its columns, like the table. */
  likenessOf(session: S, table: TableName, as: TableName): Promise<StatementsBeforeAndAfter>;
  /** The table gets the rows of `from`, and loses its own. Both in quotes. */
  takeRowsStatements(table: string, from: string): readonly string[];
  /** The sentence for the plan. */
  readonly planNote: string;
}

/**
 * DDL commits by itself. Columns are altered before the transaction that moves rows and head. A recreated table is filled under another name and says which intent
 * made it. It takes the name in one step that uses up what was staged: this shows a later finisher whether the step happened. protocol.md 2.7.
 */
export interface CommitByDdl<S extends Session = Session> extends CommitBase {
  readonly by: 'committing ddl';
  /**
   * A SELECT of `got`: 1 if no other process of hygge commits to the table until the session ends its transaction by `commit` or `rollback`. A statement that
   * implicitly ends the transaction does not release it.
   */
  exclusiveLockQuery(table: TableName): string;
  /** The code of its error for any lock that was not obtained in time. */
  readonly lockTimeoutCode: string;
  /** The intent that made the table, and its number of rows. Null: no intent, or no such table. */
  madeByIntent(session: S, table: TableName): Promise<{ readonly id: string; readonly rows: number } | null>;
  /**
   * Clauses that make a table like the one that is `there`, and name its intent; `like` applies them in one step. @param of.columns of the new table. @param of.key
   * the columns that distinguish its rows; none: nothing does. @param of.shadow the table itself.
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
  /** Either all of them are renamed, or none. */
  renameAllStatement(moves: readonly { readonly from: TableName; readonly to: TableName }[]): string;
}

/** Undefined: DDL is undone with its transaction. */
export const committingDdl = <S extends Session>({ commit }: { readonly commit: CommitSide<S> }): CommitByDdl<S> | undefined =>
  commit.by === 'committing ddl' ? commit : undefined;

/** Whether staged tables of a failed attempt stay: they are not part of the transaction that is undone. */
export const staysAfterFailure = (writes: {
  readonly commit: Pick<CommitSide<never>, 'by'>;
  readonly staging: Pick<StagingSide<never>, 'isOutsideTransaction'>;
}): boolean => writes.commit.by === 'committing ddl' || writes.staging.isOutsideTransaction === true;

/** The commit side, for work that is done only within the transaction of the commit. */
export function commitInTransaction<S extends Session>({ commit }: { readonly commit: CommitSide<S> }): CommitInTransaction<S> {
  if (commit.by === 'transaction') return commit;
  throw new Error('DDL commits by itself there: no table changes its name within a transaction');
}

/** Distinguishes attempts if a row does not show its transaction. A number that repeats in many rows needs little space. */
export const attemptColumn: Column = { name: 'hygge_attempt', type: { kind: 'int64' }, nullable: true };

/** The statement of `AttemptTags.countByTag` if one query counts everything. @param by the expression to group by. @param as its name in the result. */
export const countByTagStatement = (table: string, counts: readonly string[], by: string, as = 'tag'): string =>
  `select ${[`${by} as ${as}`, 'count(*) as n', ...counts].join(', ')} from ${table} group by ${by}`;

/** The statement of `AttemptTags.countAllAndOurs`: grouping all rows costs more. @param ours a condition. */
export const countAllAndOursStatement = (table: string, counts: readonly string[], ours: string): string =>
  `select ${['count(*) as n', `count(case when ${ours} then 1 end) as ours`, ...counts].join(', ')} from ${table}`;

/** For engines that read the whole table for each row of a NOT EXISTS if its key has no index. For a join they use an index of their own, or a hash. */
export function fromUnmatchedByJoin({ rows, table, on, key }: Parameters<NonNullable<MergeSide['fromUnmatchedRows']>>[0]): string {
  return `${rows} hygge_new left join ${table} hygge_now on ${on} where hygge_now.${key} is null`;
}
