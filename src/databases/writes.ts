/** How an engine writes. Each engine implements this in its `write.ts`, in addition to its dialect. All other parts of a store are the same for every engine. */
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

/** A table’s name: the schema and the name exactly as they are, unquoted. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** What a plan finds at a destination. */
export interface InspectedDestination {
  readonly catalog: Catalog;
  readonly bytes: number;
  /** The approximate number of rows, from the database’s own statistics. Null: only a count shows the number. */
  readonly rows: number | null;
}

/**
 * The class of a database’s error. `permanent`: each retry fails in the same way. `lock_timeout`: another session held a lock for too long. `missing_object`: a
 * table or schema does not exist. `transient`: the same statement may succeed a moment later. `needs_action`: a person has to act before it can succeed.
 */
export type ErrorClass = 'permanent' | 'lock_timeout' | 'missing_object' | 'transient' | 'needs_action';

/** Expressions over a staged column, whose results are compared with the sent rows. Absent: an exact result is impossible, or costs too much. If a sum is exact, extremes would reveal no further errors. */
export interface StagedTotals {
  /** The sum, as `Totals` (databases/totals.ts) computes it. The text is a number, with or without digits after the point, or `H L` for H times 2^32 plus L. */
  readonly sum?: string;
  /** The sum of days since 1970 of timestamps, for engines where the sum of units costs too much. */
  readonly days?: string;
  /** The smallest and the largest value, as canonical texts. For floats, any texts that JavaScript reads as the numbers. */
  readonly min?: string;
  readonly max?: string;
}

/** The sums and extremes that an engine can compute for a staged column. Absent totals are not queried. */
export interface TotalsSupport {
  /** An exact sum, by the kind of the column. Decimals have a sum only if it fits into 38 digits. */
  readonly sum: { readonly [K in DataType['kind']]?: (column: string, type: Extract<DataType, { kind: K }>) => string };
  readonly days?: (timestamp: string) => string;
  /** Whether the smallest and the largest value are queried. For decimals without a sum, both values are always queried. */
  hasEdges(type: DataType): boolean;
  /** The expressions for the smallest and the largest float. */
  readonly floatEdges: (column: string, kind: 'float32' | 'float64') => StagedTotals;
}

export const integerKinds = ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'] as const;

/** The same sum for several kinds of types. */
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

/** Distinguishes the rows that several transactions wrote to one table by a tag for each transaction. */
export interface AttemptTags<S extends Session = Session> {
  /** A column that is added to the table for tags until the table is used. Absent: each row shows its transaction. */
  readonly tagColumn?: Column;
  /** Rows fit a staged column, whatever its declaration is. Absent: rows fit only if the column has hygge’s default declaration. */
  readonly valuesFitAnyDeclaration?: true;
  /** The system column that shows the transaction of a row. If a column of the source has this name, each attempt has its own table. */
  readonly systemColumnName?: string;
  /** The tag of the rows that this transaction is going to write to the table. */
  newTag(session: S, table: string): Promise<string>;
  /** A condition for the rows with these tags. @param tags the tags, with the number of rows of each tag. */
  tagCondition(tags: ReadonlyMap<string, number>): string;
  /** Counts rows in one result row: `n` counts all rows of the table, `ours` counts the rows of `tags`, and other counts are of all rows. Absent: counting rows by tag costs no more. */
  countAllAndOurs?(session: S, table: string, counts: readonly string[], tags: ReadonlyMap<string, number>): Promise<Row | undefined>;
  /** If a row is changed after its attempt, it gets another tag. */
  readonly changeGivesNewTag?: true;
  /** Counts the rows of each tag in the table: `tag`, `n`, and other counts. For tags outside of `tags`, `n` is enough. */
  countByTag(session: S, table: string, counts: readonly string[], tags: ReadonlyMap<string, number>): Promise<readonly Row[]>;
  /**
   * Closes the table to other writers. Afterwards, tags no longer distinguish the table’s rows. @returns what `countByTag` would return for all rows, including
   * rows that this transaction does not see. Absent: a lock excludes other writers, and `countByTag` sees all rows.
   */
  closeToWritersAndCountByTag?(
    session: S,
    table: string,
    counts: readonly string[],
    tags: ReadonlyMap<string, number>,
  ): Promise<readonly Row[]>;
}

/** Updates rows of a table, `hygge_now`, with the values of a source, `hygge_new`, which has each key once. */
export interface UpdateFromSource {
  readonly table: string;
  readonly source: string;
  readonly sets: readonly (readonly [column: string, value: string])[];
  readonly on: string;
  readonly key: readonly string[];
}

/** The account that lacks a right, and the tables that it writes to. */
export interface Grantee {
  /** The account’s name in the database. Absent: only the database knows the name. */
  readonly role?: string | undefined;
  readonly table: TableName;
  /** hygge’s own tables, and their schema. */
  readonly own: { readonly schema: string; readonly tables: readonly string[] };
}

/** What the database reports about existing tables. The methods may be called in any transaction, and write nothing. */
export interface CatalogSide<S extends Session = Session> {
  /** The table that `table:` of the config means. Throws StoreError HYG-4210. @param database the database of the connection; '': the config names no database. */
  parseTableName(written: string, database: string): TableName;
  /** What exists at the destination. Null: the table does not exist. Throws StoreError if a view or another object has that name. @param aside the schema that the table moves to when another table takes its place. */
  inspectDestination(session: S, table: TableName, aside: string): Promise<InspectedDestination | null>;
  /** The columns of a table. Null: the table does not exist. */
  columns(session: S, table: TableName): Promise<readonly TargetColumn[] | null>;
  /** The names of the tables in one of hygge’s own schemas. Null: the schema does not exist. */
  tablesIn(session: S, schema: string): Promise<ReadonlySet<string> | null>;
  /** The schemas that have all of these tables, as far as the account may read them. */
  schemasWithAll(session: S, tables: readonly string[]): Promise<readonly string[]>;
}

/** How hygge’s own tables are declared and written: heads, commits, staged parts, rejected rows. */
export interface OwnTablesSide {
  /** `each entity`: transactions that change one table conflict, whatever rows they change. So each entity has its own tables for each destination. */
  readonly tablesFor: 'all entities' | 'each entity';
  /** The types of columns for texts, for texts in keys (at most 260 characters), for whole numbers, and for instants. */
  readonly types: { readonly text: string; readonly key: string; readonly number: string; readonly instant: string };
  /** An expression for the time of the server’s clock, as an instant. */
  readonly nowExpression: string;
  /** The clause that declares a column or a list of columns as the primary key. */
  readonly primaryKeyClause: string;
  /** A parameter of a statement, by its number from 1: `$1`. A statement may use a parameter twice, and use parameters in any order. */
  parameter(place: number): string;
  /** Makes a table if it does not exist. @param parts the declarations of the table’s columns and keys. */
  createIfMissing(table: string, parts: readonly string[]): string;
  /** Inserts a row, unless a row exists that matches `where`, the condition for the row’s key. */
  insertUnlessThere(of: { readonly table: string; readonly columns: string; readonly values: string; readonly where: string }): string;
  /** The number of rows that `insertUnlessThere` reports is 1 for a new row, and 0 for an existing row. Absent: the number has no meaning. */
  readonly insertCountsNewRows?: true;
  /** Selects a row, and locks it against changes by other transactions until this transaction ends. */
  selectForUpdate(of: { readonly list: string; readonly table: string; readonly where: string }): string;
  /** The columns of the staged row `hygge_new` as one text, for messages. */
  rowAsText(columns: readonly Column[]): string;
}

/** How a staged table is filled: rows are loaded into it, or a statement fills it. */
export type FilledBy = 'load' | 'statement';

/** The column types of an engine: which columns can store hygge’s values, and how columns are declared. The methods query no server. */
export interface ColumnSide {
  /** The rules for names of columns. */
  readonly naming: NamingRules;
  /** What a new column for values of the type would store. Undefined: no column stores the values exactly. */
  newColumnHolds(type: DataType): StoredType | undefined;
  /** The declaration of a new column for values of the type, in the words of the catalogue. */
  declared(type: DataType): string;
  /** The declaration in a staged table, which is filled by loading rows (`StagingSide.load`) or by a statement. Absent: `declared`. */
  declaredStaged?(type: DataType, filledBy: FilledBy): string;
  /** Converts a staged column to its type, if the staged table declares it differently. Absent: staged columns have their own types. */
  stagedValue?(column: string, type: DataType): string | undefined;
  /** Whether a column with this declaration can be in a key. Absent: every column can. */
  canBeKey?(declaration: string): boolean;
  /** Whether a column with this declaration also accepts values of another type than its own. Absent: no column does. */
  alsoTakes?(declaration: string, type: DataType): boolean;
  /** A type as a person writes it, in the words of the catalogue. Undefined: hygge writes no values of this type. */
  parseType?(written: string): OwnType | undefined;
  /** How the database changes a table: in place, by rewriting all rows, or not at all. */
  howChanged(change: Change): HowChanged;
  /** The declaration that an existing column gets so that it can also store values of the type. Absent: `declared`. */
  widenedDeclaration?(declaration: string, to: DataType): string;
  /** An expression as a value of the type. @param expression an expression of the type’s kind, or a canonical text. Absent: CAST to the result of `declared`. */
  castToType?(expression: string, type: DataType): string;
  /** A canonical text as a value that a column of the type stores. Absent: `castToType`. */
  fromText?(expression: string, type: DataType): string;
  /** A condition for values that a column with another declaration would change. @param declared.collation the collation of the column. */
  altersValueCondition(
    expression: string,
    declared: { readonly from: string; readonly to: string; readonly collation: string | null },
  ): string;
}

/** How tables are made and altered. */
export interface TableSide<S extends Session = Session> {
  createSchema(schema: string): string;
  /** @param there the existing column, if the change is of a column. @param all the columns of the table, if known. */
  alter(table: string, change: Change, there?: TargetColumn, all?: readonly TargetColumn[]): string;
  /** Updates the database’s statistics after rows were written, so that joins are planned for the new number of rows. @param table the quoted name. */
  analyze(table: string): string;
  /** The clause after the columns of a new table. Absent: no clause. */
  readonly tableOptions?: string;
  /** The clause for a table without a key, after its columns, if the server requires a key. The clause declares a key column that `select *` leaves out. */
  hiddenKeyClause?(session: S): Promise<string>;
  /** What a new table gets in addition to its columns. Throws StoreError if the config requests something impossible. Absent: nothing. */
  extrasOfNewTable?(session: S, of: TableToMake): Promise<TableExtras>;
  /** Objects that prevent altering columns. Such objects are dropped before the change, and made again after the change. Absent: the engine has no such objects. */
  alterObstacles?(session: S, table: TableName, changes: readonly Change[]): Promise<StatementsBeforeAndAfter>;
  /** How values of rows are written to an identity column (`filled: 'identity'`). Absent: such values are never written. */
  readonly identityColumns?: IdentityInserts;
  /** Makes what must exist before rows are read for another destination. Runs outside of a transaction, before each run. Absent: nothing has to be made. */
  prepareOutsideTransaction?(session: S): Promise<void>;
}

/** If the store has `identity_insert`: how values of rows are written to an identity column. Either a clause follows the columns of the INSERT, or statements run before and after the INSERT. */
export type IdentityInserts =
  | { readonly by: 'clause'; readonly clause: string }
  | {
      readonly by: 'setting';
      allowInserts(table: string): string;
      endInserts(table: string): string;
      /** The statement after a commit with such values, which makes later numbers continue after them. Runs outside of a transaction. Null: the server itself continues after such values. */
      readonly countAgain: ((table: string) => string) | null;
    };

/** A staged table that rows are loaded into. */
export interface LoadedTable {
  /** The quoted name of the table. */
  readonly table: string;
  /** The tag of each row, in the column for tags. Absent: the table has no such column. */
  readonly tag?: string;
}

/** Rows are sent over the session, one frame after the other. */
export interface LoadByFrames<S extends Session = Session> {
  readonly by: 'frames';
  /** Writes rows by the names of the frame’s columns. @param written is called with each piece of sent data. @returns the number of rows that the database accepted. */
  copy(session: S, into: LoadedTable, frame: Frame, written: (piece: Uint8Array) => void): Promise<number>;
  /**
   * Rows that can be written in the source’s own format, because nothing needs their values. Undefined: the rows of this frame must be decoded. Absent: all
   * rows must be decoded. @param declared the declarations of the table’s columns, in the frame’s order.
   */
  untouched?(session: S, frame: Frame, declared: readonly string[]): Promise<RowsAsTheyCame<S> | undefined>;
}

/** Rows of a frame that are sent in their original format. Such rows go from one database to another of the same engine, or from a file to a database that reads such files. */
export interface RowsAsTheyCame<S extends Session = Session> {
  /** Adds the totals of each column to `totals`. Called at most once, before `copy`. */
  addTo(totals: Totals): Promise<void>;
  /** Writes the rows, like `LoadByFrames.copy`. Called once. Afterwards nothing can read the frame’s rows. */
  copy(session: S, into: LoadedTable, written: (piece: Uint8Array) => void): Promise<number>;
}

/** Rows are written to files that the database reads, in a stage or a bucket. One statement for each attempt and table loads the files. */
export interface LoadByFiles<S extends Session = Session> {
  readonly by: 'files';
  /** The format of the files, which is one of `src/formats`. */
  format(): Promise<Format>;
  /** The number of bytes from which a file is full, so that the next frame begins another file. */
  readonly fileBytes: number;
  /** The same rows, with the types that files have for the columns of a staged table. Throws StoreError if a value is too large for the database. */
  inFile(frame: Frame): Promise<Frame>;
  /** Begins a file. @param name a name such as `TABLE/…`, which is used once. The part before the slash is the staged table’s name. */
  beginFile(session: S, name: string): Promise<StagedFile>;
  /** Loads the files into a staged table, by the names of the columns. Called once for each attempt and table, in the attempt’s transaction. @returns the number of rows in the table afterwards. */
  load(session: S, into: LoadedTable, of: { readonly files: readonly string[]; readonly columns: readonly Column[] }): Promise<number>;
  /** Removes the files of a staged table. Called when the table is dropped or becomes the destination’s table, and maybe again. */
  discardFiles(session: S, table: string): Promise<void>;
}

/** A staged file that is being written. */
export interface StagedFile {
  /** Writes a piece, which stays valid until the promise is fulfilled. */
  write(piece: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** Called instead of `end`. Once the promise is fulfilled, no more data is sent. The sent data is discarded with the table. */
  abandon(): Promise<void>;
}

/** How rows are loaded into a staged table: by frames, or by files. */
export type BulkLoad<S extends Session = Session> = LoadByFrames<S> | LoadByFiles<S>;

/** Options for opening a store of the engine. */
export interface OpenedStore {
  /** The keys of the store’s connection. */
  readonly keys: Readonly<Record<string, unknown>>;
  /** The values of the keys in `Writes.storeKeys`. */
  readonly storeKeyValues: Readonly<Record<string, Json>>;
  readonly opening: Pick<Opening, 'random' | 'network'>;
}

/** Rows are loaded from files in a folder that each store names. */
export interface LoadFromOwnPlace<S extends Session = Session> {
  readonly by: 'files in a place of the store';
  /** The loader for a store. The call itself sends no request to the folder. */
  of(store: OpenedStore): LoadByFiles<S>;
}

/** How rows are staged, by many attempts at once, before a commit is decided. */
export interface StagingSide<S extends Session = Session> {
  readonly load: BulkLoad<S> | LoadFromOwnPlace<S>;
  /** A slice is staged outside of a transaction. The records lead to the tables that a failed attempt leaves behind. */
  readonly isOutsideTransaction?: true;
  /** The totals that are compared for a staged column. @param column the quoted name. Absent: only rows and nulls are counted. */
  totals?(column: string, type: DataType): StagedTotals;
  /** How rows of several attempts are distinguished in one table. Absent: a full load stages rows like any other load, and its commit copies them. */
  readonly attemptTags?: AttemptTags<S>;
  /** Tables can’t move between schemas, so a staged table that may become the destination’s table is in the destination’s schema. */
  readonly staysInSchema?: true;
  /** The database itself uses all processors, so slices are staged one after the other. */
  readonly takesSlicesOneByOne?: true;
  /** Settings of the server that make a run slower, as sentences for `debug`. */
  slowedBy?(session: S): Promise<readonly string[]>;
}

/** How incoming rows are matched with existing rows, by statements in the commit’s transaction. Names of tables are quoted. */
export interface MergeSide<S extends Session = Session> {
  /** Statements that make a table with the rows of `from`, a text in brackets. The table exists until the end of the commit. */
  createTemporary(table: string, from: string): readonly string[];
  dropTemporary(table: string): string;
  /** Sets columns of `hygge_now`. Names of columns are quoted. The values and `on` use `hygge_now` and `hygge_new`. */
  update(of: UpdateFromSource): string;
  /** Runs an `update` in the engine’s own way. @returns the number of changed rows. Absent: hygge runs the statement of `update`. */
  runUpdate?(session: S, of: UpdateFromSource & { readonly name: TableName }): Promise<number>;
  /** Deletes rows of the table, which has the alias `hygge_now`. */
  deleteFrom(of: { readonly table: string; readonly where: string }): string;
  /** FROM and WHERE for the rows of `rows` that have no match in `table` by the condition `on`. Their names are `hygge_new` and `hygge_now`. `key` is a column that `on` compares. Absent: NOT EXISTS is used. */
  fromUnmatchedRows?(of: { readonly rows: string; readonly table: string; readonly on: string; readonly key: string }): string;
  /** The target of the INSERT of a commit. Absent: the target is only the table. */
  insertTarget?(table: string): string;
  /** A value that is equal only for identical texts. For `=`, texts may be equal if they differ only in case or in blanks at the end. Absent: `=` compares texts exactly. */
  exactText?(expression: string): string;
  /**
   * If two texts differ only in the case of A to Z and in blanks at the end, this value is the same for both texts. The value may also be the same for
   * other texts. A person may make an index of this value. Absent: hygge reads texts and folds them itself.
   */
  smallText?(expression: string): string;
  /** A value that is equal only for identical bytes, since `=` may ignore zeros at the end. Absent: `=` compares bytes exactly. */
  exactBytes?(expression: string): string;
  /** A digest of a text or bytes, for sorting. The server compares only the beginning of long values, so it would treat different values as one. A digest is short enough to be compared completely. Absent: the server sorts by all bytes. */
  digest?(expression: string): string;
  /** How rows are found if uuids are stored as texts. An older hygge stored uuids with the source’s letters. Absent: `=` compares uuids. */
  readonly uuidTexts?: {
    /** A condition: a column equals a staged uuid in small letters. The column has only small letters or only capitals. An index of the column finds the row. */
    equal(column: string, staged: string): string;
    /** A statement that makes an index of expressions. All names are quoted. */
    createIndex(name: string, table: string, expressions: readonly string[]): string;
  };
  /** Indexes that find rows if few rows arrive and many exist. Absent: the engine reads the whole table in each merge, or needs no index. */
  readonly indexes?: {
    /** The first columns of the indexes that include all rows of the table. */
    leadingColumns(session: S, table: TableName): Promise<ReadonlySet<string>>;
    /** A statement with which a person makes the index. */
    create(table: TableName, columns: readonly string[]): string;
    /** Statements that make the index of a table that hygge made. Empty: no index can contain every value of these columns. */
    ofNewTable(table: TableName, columns: readonly KeyColumn[]): readonly string[];
  };
  /** A condition: a column with its own collation equals a staged text, as the column’s index compares texts. Absent: `=` compares texts in this way. */
  equalByCollation?(column: string, staged: string, collation: string | null): string;
}

interface CommitBase {
  /** Statements at the beginning of each writing transaction. */
  readonly settings: string;
  /** The statement before a statement that waits only a moment for a lock. `settings` are sent again afterwards. */
  readonly briefLockSettings: string;
  /** A statement that locks the table until the transaction ends, so that other sessions can’t read or write it. @param table the quoted name. */
  lockStatement(table: string): string;
  /** Why no table can replace another table, so that a full load fills the existing table again. Absent: the table’s dependents decide. */
  readonly swapObstacle?: Dependent;
  /** Columns are added before the transaction of the commit, because the database can’t alter a table in a transaction. */
  readonly altersAhead?: true;
  /** Whether the error means that another transaction changed the same table, so that this transaction begins again. Absent: transactions wait for locks. */
  isConflict?(error: DatabaseError): boolean;
  /** Columns are altered before rows are deleted, because the database allows no other order. */
  readonly altersBeforeDeletes?: true;
}

/** DDL is part of its transaction, so rows, columns, names of tables and the head change together. */
export interface CommitInTransaction<S extends Session = Session> extends CommitBase {
  readonly by: 'transaction';
  /** Renames a table within its schema. @param table the quoted name. */
  renameStatement(table: string, to: string): string;
  /** Moves a staged table to the destination’s schema and name. Absent: tables can’t be moved, so `StagingSide.attemptTags` is absent as well. */
  moveStatement?(table: TableName, to: TableName): string;
  /** Statements for what a table has in addition to rows and columns. The statements are made from the old table before it is dropped. @param columns the columns of the new table. Absent: tables of the engine have nothing else. */
  carryOverStatements?(session: S, table: TableName, columns: readonly string[]): Promise<readonly string[]>;
  /** Whether a new table in the schema gets only its columns, so that a renamed staged table equals it. Absent: unknown. */
  makesPlainTables?(session: S, table: TableName, columns: readonly Column[]): Promise<boolean>;
  /** Detaches objects that the new table needs from the old table, since they would be dropped with it. Absent: the engine has no such objects. */
  detachNeededStatements?(session: S, table: TableName, columns: readonly string[]): Promise<readonly string[]>;
}

/** How a commit changes the destination. The two kinds differ in whether DDL is part of a transaction. */
export type CommitSide<S extends Session = Session> = CommitInTransaction<S> | CommitByDdl<S>;

/** What the database’s errors mean. */
export interface ErrorSide {
  errorClass(error: DatabaseError): ErrorClass;
  /** The error for people. */
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
  /** In tables that hygge makes, text columns are as long as their values. Absent: text columns need no length. */
  readonly lengths?: TextLengths<S>;
  readonly ownTables: OwnTablesSide;
  /** Keys of a store that only some engines have. All of them are optional, and each intent keeps their values. */
  readonly storeKeys?: ZodRawShape;
  /** Triggers and rules of tables. Absent: the engine has no triggers or rules. */
  readonly triggers?: TriggerSide<S>;
  /** How a table takes over the rows of another table. Absent: another table takes the place of the existing table. */
  readonly rowTakeover?: RowTakeover<S>;
}

export type TriggerEvent = 'insert' | 'update' | 'delete';

/** A trigger or a rule that is enabled. */
export interface ActiveTrigger {
  /** The trigger’s name in messages: `trigger audit`. */
  readonly name: string;
  readonly events: readonly TriggerEvent[];
  /** The trigger may remove rows after the writing statement has counted them. */
  readonly mayRemoveRows: boolean;
  /** The statement that disables the rule. The rule runs instead of every writing statement, which then returns the rule’s own count. */
  readonly ruleTurnedOffBy?: string;
}

export interface TriggerSide<S extends Session = Session> {
  activeTriggers(session: S, table: TableName): Promise<readonly ActiveTrigger[]>;
  /** Statements that lock the table until the transaction ends, so that a count of its rows shows only changes by this transaction. @param table the quoted name. */
  lockStatements(table: string): readonly string[];
  /** What a DDL trigger added to a new table. Absent: the engine has no DDL triggers. */
  ddlTriggers?(session: S, table: TableName): Promise<readonly DdlTrigger[]>;
}

/** A trigger, a rule or a similar object that a DDL trigger added. */
export interface DdlTrigger {
  /** The statement that removes the object permanently. Null: the object may stay on staged tables. */
  readonly drop: string | null;
  /** The statement that disables the object; `enable` enables it again. Null: the object does not act on inserted rows. */
  readonly disable: string | null;
  readonly enable: string | null;
}

/** Lengths of text columns, for an engine in which a length is better than no length. All numbers are in the units of these lengths. */
export interface TextLengths<S extends Session = Session> {
  /** The length that the source’s own type allows. 0: the type has no length, or a length above the limit. */
  sourceLimit(sourceType: string): number;
  /** An expression for the length of a text. @param column the quoted name. */
  lengthExpression(column: string): string;
  /** The declaration of a column for texts of up to this length. @param source the length in the source’s type; 0: the type has no length. */
  declaration(longest: number, source: number): string;
  /** The length of a column with this declaration. Undefined: such a column is never made longer. */
  limitOf(declaration: string): number | undefined;
  /** Statements that make existing columns longer. */
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
  /** The columns that distinguish rows. Empty: no columns distinguish rows. */
  readonly key: readonly string[];
  /** Values of the engine’s own keys of the store. */
  readonly storeKeyValues: Readonly<Record<string, Json>>;
  /** The table, for messages. */
  readonly where: string;
}

/** A column of a key, as its table declares it. */
export interface KeyColumn {
  readonly name: string;
  readonly kind: DataType['kind'];
  readonly declared: string;
}

/** Statements for a new table in addition to its columns, and notes for people. */
export interface TableExtras extends StatementsBeforeAndAfter {
  readonly notes: readonly OwnNote[];
}

/** Statements that make a table like another table, before rows are written and after that. */
export interface StatementsBeforeAndAfter {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * How a table takes over the rows of another table, if an engine can exchange rows. A full load fills a similar table, and the destination stays. Everything
 * runs in the transaction of the commit. If the database refuses after all, the commit begins again, and another table takes the destination’s place.
 */
export interface RowTakeover<S extends Session = Session> {
  /** What prevents the table from exchanging its rows with a new table, each as words for a message. Empty: nothing prevents it. @param columns the columns of the new table. */
  hindrances(session: S, table: TableName, columns: readonly Column[]): Promise<readonly string[]>;
  /** Statements that make the table `as`, which has the same columns, like the table. */
  likenessOf(session: S, table: TableName, as: TableName): Promise<StatementsBeforeAndAfter>;
  /** Statements after which the table has the rows of `from` instead of its own rows. Both names are quoted. */
  takeRowsStatements(table: string, from: string): readonly string[];
  /** The plan’s sentence about the exchange of rows. */
  readonly planNote: string;
}

/**
 * DDL commits by itself, so columns are altered before the transaction that moves rows and head. A recreated table is filled under another name, and records
 * the intent that made it. The table takes the destination’s name in one step, which uses up a staged table. So a later run that finishes the commit sees
 * whether the step happened. See protocol.md 2.7.
 */
export interface CommitByDdl<S extends Session = Session> extends CommitBase {
  readonly by: 'committing ddl';
  /**
   * A SELECT that locks the table for commits. `got` is 1 if no other hygge process commits to the table until the session ends its transaction by `commit` or
   * `rollback`. A statement that implicitly ends the transaction keeps the lock.
   */
  exclusiveLockQuery(table: TableName): string;
  /** The database’s error code for a lock that was not obtained in time. */
  readonly lockTimeoutCode: string;
  /** The intent that made the table, and its number of rows. Null: no intent made the table, or the table does not exist. */
  madeByIntent(session: S, table: TableName): Promise<{ readonly id: string; readonly rows: number } | null>;
  /**
   * Clauses that make a new table like the existing table `there`, and record its intent. `like` applies the clauses in one step. @param of.columns the columns
   * of the new table. @param of.key the columns that distinguish its rows; empty: no columns distinguish rows. @param of.shadow the new table.
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
  /** @param table the quoted name. */
  likenessAndIntentStatement(table: string, parts: readonly string[]): string;
  /** Renames several tables in one statement, which renames all of them or fails. */
  renameAllStatement(moves: readonly { readonly from: TableName; readonly to: TableName }[]): string;
}

/** The commit side of an engine where DDL commits by itself. Undefined: DDL is undone with its transaction. */
export const committingDdl = <S extends Session>({ commit }: { readonly commit: CommitSide<S> }): CommitByDdl<S> | undefined =>
  commit.by === 'committing ddl' ? commit : undefined;

/** Whether staged tables of a failed attempt stay, because they are not part of the transaction that is undone. */
export const staysAfterFailure = (writes: {
  readonly commit: Pick<CommitSide<never>, 'by'>;
  readonly staging: Pick<StagingSide<never>, 'isOutsideTransaction'>;
}): boolean => writes.commit.by === 'committing ddl' || writes.staging.isOutsideTransaction === true;

/** The commit side of an engine whose DDL is part of a transaction, for work that is done only in the transaction of the commit. */
export function commitInTransaction<S extends Session>({ commit }: { readonly commit: CommitSide<S> }): CommitInTransaction<S> {
  if (commit.by === 'transaction') return commit;
  throw new Error('DDL commits by itself there: no table changes its name within a transaction');
}

/** A column that distinguishes attempts, if a row does not show its transaction. A number that repeats in many rows needs little space. */
export const attemptColumn: Column = { name: 'hygge_attempt', type: { kind: 'int64' }, nullable: true };

/** The statement of `AttemptTags.countByTag`, if one query counts everything. @param by the expression to group by. @param as the name of that expression in the result. */
export const countByTagStatement = (table: string, counts: readonly string[], by: string, as = 'tag'): string =>
  `select ${[`${by} as ${as}`, 'count(*) as n', ...counts].join(', ')} from ${table} group by ${by}`;

/** The statement of `AttemptTags.countAllAndOurs`, for engines in which grouping all rows costs more. @param ours a condition for the rows with the tags. */
export const countAllAndOursStatement = (table: string, counts: readonly string[], ours: string): string =>
  `select ${['count(*) as n', `count(case when ${ours} then 1 end) as ours`, ...counts].join(', ')} from ${table}`;

/** The rows without a match, by a join. For a NOT EXISTS without an index of the key, some engines read the whole table for each row. For a join, such an engine uses its own index, or a hash. */
export function fromUnmatchedByJoin({ rows, table, on, key }: Parameters<NonNullable<MergeSide['fromUnmatchedRows']>>[0]): string {
  return `${rows} hygge_new left join ${table} hygge_now on ${on} where hygge_now.${key} is null`;
}
