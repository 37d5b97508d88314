/** Staged tables, which attempts write before a commit is decided. Each attempt has its own table in `staging_schema` for each role. */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Frame } from '../../../engine/contracts/frame.ts';
import {
  bringsValues,
  type EntityRun,
  type FrameToStage,
  isData,
  type Part,
  type PartRole,
  type StageRequest,
} from '../../../engine/contracts/store.ts';
import type { Column, DataType, Schema } from '../../../frames/schema.ts';
import { shownColumn } from '../../../frames/values/partial-rows.ts';
import { asPolars, PolarsFrame } from '../../../frames/values/polars-frame.ts';
import { rejectedMarkIn, schemaOfRole } from '../../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../../frames/watermark.ts';
import { compareWatermarks } from '../../../frames/watermark-text.ts';
import { defined } from '../../../ports/values.ts';
import { castTo, columnDeclaration, createTableStatement, createTableStatementIn, type DdlDialect, quotedTable } from '../../ddl.ts';
import type { Dialect, Row, Session } from '../../engine.ts';
import { type Total, Totals } from '../../totals.ts';
import { committingDdl, type FilledBy, type TableName, type Writes } from '../../writes.ts';
import type { StagingPlace, StoreDialect } from '../context.ts';
import { entityCondition, type HeadKey, headKeyValues, ownTable } from '../head.ts';
import { dropDdlTriggers } from '../triggers.ts';
import { type ApartRows, apartSchema, asApartRows, isApart } from './apart-rows.ts';
import { loaderFor, type StagedTableLoader } from './bulk-load.ts';
import { splitIntoSelects, totalsExpressions, totalsMismatchIn } from './totals-check.ts';

/** What a commit needs to know about a part. */
export interface StagedRef {
  /** The name of the part’s table in the staging schema. */
  readonly name: string;
  readonly columns: readonly string[];
  /** The name of the watermark’s column. Null: the rows have no watermark. */
  readonly mark: string | null;
  /** The rows go to `rejected`, and have the columns of `apartSchema`. Absent: the rows settle, or an older hygge staged them in their own columns. */
  readonly apart?: true;
  /** The type of the watermark of unreadable rows, which the settled columns do not show. Only parts of an older hygge have this type. */
  readonly markType?: DataType;
  /** The tag that marks the attempt’s rows in a table that several attempts share. */
  readonly tag?: string;
  /** The totals of each column of the sent rows. Absent: the totals were already compared during staging. */
  readonly totals?: readonly Total[];
  /** The tables that the part’s rows were copied from, which are no longer needed once the part has settled. */
  readonly copiedFrom?: readonly string[];
}

export const asStagedRef = ({ ref }: Part): StagedRef => ref as unknown as StagedRef;

/** Whether the part changes the destination’s table, by adding or removing rows. */
export const changesDestination = (part: Part): boolean => bringsValues(part) || part.role === 'deleted';

/** The table that all attempts of a full load share, and that takes the place of the destination’s table. */
export interface SharedStagingTable {
  readonly name: string;
  /** The tag that marks the rows of this attempt. */
  readonly tag: string;
}

/**
 * Counts of the rows that this attempt sent to a shared table, or that go to `rejected`. A row for `rejected` is one text, so its staged table can only count
 * rows. Counts of other tables are queried from the table.
 */
interface RowCounts {
  rows: number;
  readonly nulls: number[];
  min: string | undefined;
  max: string | undefined;
  /** The number of rows without a watermark. */
  unmarked: number;
}

const noRows = (columns: readonly Column[]): RowCounts => ({
  ...{ rows: 0, nulls: columns.map(() => 0), min: undefined, max: undefined, unmarked: 0 },
});

/** The schemas and tables for staging. */
export type StagedLocation = Pick<StagingPlace, 'table' | 'stagingSchema'>;

/** The name of a staged table with its schema. If tables can’t move between schemas, a staged table that becomes the destination’s table is in the destination’s schema from the beginning. */
export function stagedTableName(
  { staging: { staysInSchema } }: { readonly staging: Pick<Writes['staging'], 'staysInSchema'> },
  { table, stagingSchema }: StagedLocation,
  name: string,
): TableName {
  return { schema: staysInSchema && /_all_[0-9a-f]{16}$/.test(name) ? table.schema : stagingSchema, name };
}

interface Table {
  readonly name: string;
  readonly role: PartRole;
  readonly ofGroup: boolean;
  /** The columns of the staged table. */
  readonly columns: readonly Column[];
  readonly shared: RowCounts | null;
  /** Counts of the rows that go to `rejected`. Null: the rows settle. */
  readonly apart: RowCounts | null;
  /** Totals of the sent rows. Null: the engine reports no totals. */
  readonly totals: Totals | null;
  readonly loading: StagedTableLoader;
  /** The tables that all rows of the table are copied from. Null: the rows are sent. */
  readonly copiedFrom: readonly string[] | null;
  checksum: number;
  bytes: number;
}

/** Rows that are already staged, and that are copied into another staged table. */
export interface CopiedRows {
  readonly role: 'data' | 'boundary';
  readonly columns: readonly Column[];
  readonly copiedFrom: readonly string[];
  readonly checksum: number;
  readonly bytes: number;
}

/** One attempt to stage a slice, in one transaction. A failed attempt leaves no rows. */
export class StagingAttempt {
  readonly #dialect: StoreDialect;
  readonly #place: StagingPlace;
  readonly #request: StageRequest;
  readonly #shared: SharedStagingTable | null;
  readonly #tables: Table[] = [];
  readonly #made: string[] = [];

  constructor(
    dialect: StoreDialect,
    place: StagingPlace,
    of: {
      readonly request: StageRequest;
      readonly shared: SharedStagingTable | null;
    },
  ) {
    this.#dialect = dialect;
    this.#place = place;
    this.#request = of.request;
    this.#shared = of.shared;
  }

  async add(session: Session, { frame, role, ...of }: FrameToStage): Promise<void> {
    const ofGroup = of.ofGroup ?? false;
    const known = this.#tables.find((one) => one.role === role && one.ofGroup === ofGroup);
    const apart = isApart(role);
    const table = known ?? (await this.#create(session, { role, ofGroup, columns: (apart ? apartSchema : frame.schema).columns }));
    if (frame.rows === 0) return;
    if (apart && table.apart) {
      await this.#addApart(table.loading, table.apart, { frame, role, source: of.source, stays: of.stays === true });
      return;
    }
    const untouched = await table.loading.untouched?.(frame, this.#declared(table, frame));
    if (untouched !== undefined) {
      if (table.totals) await untouched.addTo(table.totals);
      // The rows are counted before `add`, because afterwards nothing can read them.
      if (table.shared) await this.#count(table.shared, { frame, rows: frame.rows, watermark: this.#request.watermark });
      const rows = await untouched.add();
      if (table.shared) table.shared.rows += rows - frame.rows;
      return;
    }
    const held = table.totals ? await added(table.totals, frame) : frame;
    const rows = await table.loading.add(held);
    if (table.shared) await this.#count(table.shared, { frame: held, rows, watermark: this.#request.watermark });
  }

  /** The declarations of the frame’s columns in the table. */
  #declared({ shared, columns }: Table, { schema }: Frame): readonly string[] {
    const { declared, declaredStaged = declared } = this.#dialect.columns;
    const there = shared === null ? columns : this.#request.schema.columns;
    return schema.columns.map(({ name }) => {
      const column = there.find((one) => one.name === name);
      if (column === undefined) return '';
      return shared === null ? declaredStaged(column.type, 'load') : columnDeclaration(this.#dialect, column);
    });
  }

  async #addApart(
    loading: StagedTableLoader,
    counted: RowCounts,
    { frame, role, source, stays }: { readonly frame: Frame } & Pick<ApartRows, 'role' | 'source' | 'stays'>,
  ): Promise<void> {
    const { run, sources, setApartBy = run.entityRunId, precision = 'exact', ...request } = this.#request;
    const watermark = role === 'quarantine' ? rejectedMarkIn(frame.schema) : request.watermark;
    const { key } = this.#place;
    const by = role === 'correction' && !stays ? run.entityRunId : setApartBy;
    const rows = await asApartRows(frame, {
      ...{ role, key, run: by, stays, source: source ?? request.source, sources, watermark, precision },
    });
    await this.#count(counted, { frame, rows: await loading.add(rows), watermark });
  }

  #loading(session: Session, table: Omit<Table, 'loading'>): StagedTableLoader {
    const { load, attemptTags } = this.#dialect.staging;
    const tag = table.shared && this.#shared && attemptTags?.tagColumn ? { tag: this.#shared.tag } : {};
    const { where, scratch } = this.#place;
    return loaderFor(session, load, {
      ...{ into: { table: this.#named(table), ...tag }, name: table.name, where, scratch },
      nonce: () => this.#place.nonce(),
      onPieceWritten: (piece) => {
        table.checksum = crc32(piece, table.checksum);
        table.bytes += piece.byteLength;
      },
    });
  }

  async #count(
    counted: RowCounts,
    { frame, rows, watermark }: { readonly frame: Frame; readonly rows: number; readonly watermark: StageRequest['watermark'] },
  ): Promise<void> {
    counted.rows += rows;
    const allNulls = await frame.nullCounts();
    for (const [at, nulls] of allNulls.entries()) counted.nulls[at] = (counted.nulls[at] ?? 0) + nulls;
    const column = watermark && frame.schema.columns.find(({ name }) => name === watermark.column);
    if (!watermark || !column) return;
    counted.unmarked += allNulls[frame.schema.columns.indexOf(column)] ?? 0;
    const found = await frame.extremes(watermark);
    const order = (a: string, b: string) => compareWatermarks({ type: watermark.type, text: a }, { type: watermark.type, text: b });
    if (found && (counted.min === undefined || order(found.min, counted.min) < 0)) counted.min = found.min;
    if (found && (counted.max === undefined || order(found.max, counted.max) > 0)) counted.max = found.max;
  }

  async addEmpty(session: Session): Promise<void> {
    const columns = columnsWithoutMarkColumn(schemaOfRole('data', this.#request.schema), this.#place.markColumn);
    await this.#create(session, { role: 'data', ofGroup: false, columns });
  }

  /** Adds a table for rows that the database copies. @returns the quoted name of the table to fill. */
  async addCopied(session: Session, { role, columns, copiedFrom, checksum, bytes }: CopiedRows): Promise<string> {
    const table = await this.#create(session, { role, ofGroup: false, columns, copiedFrom });
    Object.assign(table, { checksum, bytes });
    return this.#named(table);
  }

  /** Adds a table that belongs to no part, but is swept like other staged tables. @returns the table. */
  async addWorking(session: Session, called: string, columns: readonly Column[]): Promise<TableName> {
    return this.#make(session, called, { columns, filledBy: 'statement' });
  }

  /** Called if the attempt has failed. Stops unfinished transfers of files. The attempt’s tables are dropped by their `names`. */
  async abandon(): Promise<void> {
    for (const { loading } of this.#tables) await loading.abandon();
  }

  get isEmpty(): boolean {
    return this.#tables.length === 0;
  }

  /** The names of the tables that only this attempt writes to. */
  get names(): readonly string[] {
    return this.#made;
  }

  async #create(
    session: Session,
    { copiedFrom = null, ...of }: Pick<Table, 'role' | 'ofGroup' | 'columns'> & Partial<Pick<Table, 'copiedFrom'>>,
  ): Promise<Table> {
    const apart = isApart(of.role) ? noRows([]) : null;
    const totals = copiedFrom === null ? this.#totalsOf(of.columns) : null;
    const begun = { ...of, copiedFrom, apart, totals, checksum: 0, bytes: 1 };
    const isShared = this.#shared !== null && isData(of);
    if (this.#shared && isShared) return this.#begun(session, { ...begun, name: this.#shared.name, shared: noRows(of.columns) });
    const { name } = await this.#make(session, of.role, { columns: of.columns, filledBy: copiedFrom === null ? 'load' : 'statement' });
    return this.#begun(session, { ...begun, name, shared: null });
  }

  /** The table is recorded before it is made, because a table without a record would stay permanently if DDL commits by itself. */
  async #make(
    session: Session,
    called: string,
    { columns, filledBy }: { readonly columns: readonly Column[]; readonly filledBy: FilledBy },
  ): Promise<TableName> {
    const { run, slice } = this.#request;
    const name = `${nameOf(run)}_${slice}_${called}_${this.#place.nonce()}`;
    await recordStaged(session, this.#dialect, this.#place, { name, run });
    this.#made.push(name);
    const table = stagedTableName(this.#dialect, this.#place, name);
    // Deleted rows may have values only in their key, so all columns may be null.
    await session.run(await createTableStatementIn(session, this.#dialect, { table, columns, nulls: 'kept', filledBy }));
    await dropDdlTriggers(session, this.#dialect, table);
    return table;
  }

  #begun(session: Session, of: Omit<Table, 'loading'>): Table {
    // The same object is used later, because the totals of sent rows are added up in it.
    const table: Table = Object.assign(of, { loading: this.#loading(session, of) });
    this.#tables.push(table);
    return table;
  }

  #totalsOf(columns: readonly Column[]): Totals | null {
    const { quote } = this.#dialect;
    const { totals } = this.#dialect.staging;
    return totals ? new Totals(columns, ({ name, type }) => Object.keys(totals(quote(name), type)) as (keyof Total)[]) : null;
  }

  #named({ name }: Pick<Table, 'name'>): string {
    return quotedTable(this.#dialect, stagedTableName(this.#dialect, this.#place, name));
  }

  /** The parts of the attempt. Their numbers are counted in the tables, and not while rows are sent. */
  async parts(session: Session): Promise<readonly Part[]> {
    const parts: Part[] = [];
    const isJoined = this.#request.writing.key.length > 0;
    for (const table of this.#tables) {
      await table.loading.end();
      if (isJoined && !table.shared) await session.run(this.#dialect.tables.analyze(this.#named(table)));
      parts.push(this.#part(table, table.shared ?? (await this.#counted(session, table))));
    }
    return parts;
  }

  async #counted(session: Session, table: Table): Promise<RowCounts> {
    const { columns, apart } = table;
    if (apart) {
      const [row] = await session.query(`select ${this.#dialect.count('*')} as n from ${this.#named(table)}`);
      return { ...apart, rows: Number(row?.n) };
    }
    const { watermark } = this.#request;
    const hasMark = columns.some(({ name }) => name === watermark?.column);
    const counts = columns.map((column) => `count(${this.#dialect.quote(column.name)})`);
    const counted = [this.#dialect.count('*'), ...counts, ...(watermark && hasMark ? this.#edges(watermark) : [])].map(
      (one, at) => `${one} as n${at}`,
    );
    const [first = [], ...more] = splitIntoSelects(totalsExpressions(this.#dialect, columns));
    const together = counted.length + first.length <= mostTogether;
    const selects = together ? [[...counted, ...first], ...more] : [counted, first, ...more];
    const row: Record<string, Row[string]> = {};
    for (const wanted of selects) Object.assign(row, (await session.query(`select ${wanted.join(', ')} from ${this.#named(table)}`))[0]);
    const rows = Number(row.n0);
    const otherwise = table.totals && totalsMismatchIn(this.#place.where, { columns, sent: table.totals.of(), row });
    if (otherwise) throw otherwise;
    const nulls = columns.map((_, at) => rows - Number(row[`n${at + 1}`]));
    const [min, max] = [row[`n${columns.length + 1}`] ?? undefined, row[`n${columns.length + 2}`] ?? undefined];
    return { rows, nulls, min, max, unmarked: nulls[columns.findIndex(({ name }) => name === watermark?.column)] ?? 0 };
  }

  #part(table: Table, { rows, nulls, min, max, unmarked }: RowCounts): Part {
    const { source, sources, partition, watermark } = this.#request;
    const { name, role, ofGroup, columns, checksum, bytes, apart, copiedFrom } = table;
    const mark = apart ? null : watermark && columns.find((column) => column.name === watermark.column);
    const isMarked = mark || min !== undefined || unmarked > 0;
    const ref: StagedRef = {
      name,
      columns: columns.flatMap((column) => (column.name === shownColumn && role === 'partial' ? [] : [column.name])),
      mark: mark ? mark.name : null,
      ...(apart ? { apart: true } : {}),
      ...(copiedFrom === null ? {} : { copiedFrom }),
      ...(table.shared && this.#shared ? { tag: this.#shared.tag, ...(table.totals ? { totals: table.totals.of() } : {}) } : {}),
    };
    return {
      ref: ref as unknown as Part['ref'],
      role,
      ...(ofGroup ? { ofGroup: true as const } : {}),
      ...{ rows, bytes, checksum: checksum.toString(16).padStart(8, '0'), nulls },
      ...(isMarked && min !== undefined && max !== undefined ? { min, max } : {}),
      ...(isMarked ? { unmarked } : {}),
      ...defined({ source, sources, partition }),
    };
  }

  #edges({ column, type }: Pick<Watermark, 'column' | 'type'>): readonly string[] {
    const ordered = this.#dialect.sortExpression(this.#dialect.quote(column), type);
    return ['min', 'max'].map((which) => this.#dialect.canonicalText(`${which}(${ordered})`, type));
  }
}

/** Adds a frame’s rows to the totals. @returns the same rows, as a copy in memory. The copy is freed after use, even if its frame stays. */
async function added(totals: Totals, frame: Frame): Promise<Frame> {
  const { schema, bytes } = frame;
  const data = await asPolars(frame).taken();
  await totals.add(data).catch(async (cause: unknown) => {
    throw await asPolars(frame).explain(cause);
  });
  const held = PolarsFrame.of({ schema, data, bytes });
  return frame.origin === undefined ? held : held.readFrom(frame.origin, frame.columnsOfFile);
}

const nameOf = ({ entity, epoch }: Pick<EntityRun, 'entity' | 'epoch'>): string => {
  const plain = entity.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  return `${plain.slice(0, 24)}_${epoch}`;
};

/** The name of the shared table. All attempts of a run that stage the same columns compute the same name, and so does the commit. */
export function sharedStagedName(
  dialect: DdlDialect,
  key: HeadKey,
  { run, schema }: { readonly run: Pick<EntityRun, 'entity' | 'epoch' | 'lineage'>; readonly schema: Schema },
): string {
  const like = createTableStatement(dialect, { schema: '', name: '' }, schema.columns, { nulls: 'as declared' });
  return `${nameOf(run)}_all_${hash('sha256', JSON.stringify([headKeyValues(key), run.lineage, run.epoch, like])).slice(0, 16)}`;
}

/** Records a staged table. Without a record, the table would stay permanently. */
export async function recordStaged(
  session: Session,
  dialect: Pick<Dialect, 'quote' | 'quoteTable'> & Pick<Writes, 'ownTables'>,
  { key, metadataSchema }: Pick<StagingPlace, 'key' | 'metadataSchema'>,
  { name, run }: { readonly name: string; readonly run: Pick<EntityRun, 'lineage' | 'epoch'> },
): Promise<void> {
  const { quote } = dialect;
  const { parameter, insertUnlessThere, nowExpression } = dialect.ownTables;
  const texts = [1, 2, 3, 4, 5].map((place) => parameter(place)).join(', ');
  const statement = insertUnlessThere({
    table: ownTable(dialect, { metadataSchema, key }, 'staged'),
    columns: `flow, entity, table_name, name, lineage, epoch, ${quote('at')}`,
    values: `${texts}, ${Number(run.epoch)}, ${nowExpression}`,
    where: `name = ${parameter(4)}`,
  });
  await session.query(statement, [...headKeyValues(key), name, run.lineage]);
}

/** Whether a table is recorded and exists. If DDL commits by itself, a table is made after its record. Once a commit has used the table, the table has another name. */
export async function isStaged(
  session: Session,
  dialect: Pick<Dialect, 'quote' | 'quoteTable'> & Pick<Writes, 'ownTables' | 'commit' | 'catalog'>,
  { key, metadataSchema, stagingSchema }: Pick<StagingPlace, 'key' | 'metadataSchema' | 'stagingSchema'>,
  name: string,
): Promise<boolean> {
  const record = `select 1 as one from ${ownTable(dialect, { metadataSchema, key }, 'staged')} where name = ${dialect.ownTables.parameter(1)}`;
  if ((await session.query(record, [name])).length === 0) return false;
  return committingDdl(dialect) === undefined || (await dialect.catalog.tablesIn(session, stagingSchema))?.has(name) === true;
}

export function columnsWithoutMarkColumn({ columns }: Schema, markColumn: string | null): readonly Column[] {
  return columns.filter(({ name }) => name !== markColumn);
}

/** The record of a staged table, with the epoch of its run. */
export interface StagedRecord {
  readonly name: string;
  readonly epoch: number;
}

/** The entity’s matching staged tables, of all its runs. */
export async function stagedNames(
  session: Session,
  dialect: Pick<Dialect, 'quote' | 'quoteTable'> & Pick<Writes, 'ownTables'>,
  { key, metadataSchema }: Pick<StagingPlace, 'key' | 'metadataSchema'>,
  which: { readonly lineage: string; readonly before: number } | 'all',
): Promise<readonly StagedRecord[]> {
  const { parameter } = dialect.ownTables;
  const own = `select name, epoch from ${ownTable(dialect, { metadataSchema, key }, 'staged')} where ${entityCondition(dialect)}`;
  const rows =
    which === 'all'
      ? await session.query(own, headKeyValues(key))
      : await session.query(`${own} and lineage = ${parameter(4)} and epoch < ${Number(which.before)}`, [
          ...headKeyValues(key),
          which.lineage,
        ]);
  return rows.map(({ name, epoch }) => ({ name: name ?? '', epoch: Number(epoch) }));
}

/** The columns of all parts in their order, each column once. */
export function columnsOfParts(parts: readonly Part[]): readonly string[] {
  return [...new Set(parts.flatMap((part) => asStagedRef(part).columns))];
}

/** A table with the rows of parts. All attempts of a full load share one table, which counts once. */
export interface StagedSource {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** The tags of the rows, and the number of rows with each tag. Empty: all rows of the table count. */
  readonly tags: ReadonlyMap<string, number>;
  readonly isDeleted: boolean;
  /** The rows have only some columns, which `shownColumn` names. */
  readonly isPartial: boolean;
}

export function stagedSources(parts: readonly Part[]): readonly StagedSource[] {
  const found = new Map<string, StagedSource & { readonly tags: Map<string, number> }>();
  for (const part of parts) {
    const { name, columns, tag } = asStagedRef(part);
    const tags = found.get(name)?.tags ?? new Map<string, number>();
    if (tag !== undefined) tags.set(tag, (tags.get(tag) ?? 0) + part.rows);
    const rows = (found.get(name)?.rows ?? 0) + part.rows;
    found.set(name, { name, columns, rows, tags, isDeleted: part.role === 'deleted', isPartial: part.role === 'partial' });
  }
  return [...found.values()];
}

type SourceDialect = Pick<Dialect, 'quote' | 'count'> & { readonly staging: Pick<Writes['staging'], 'staysInSchema' | 'attemptTags'> };

/** The rows of a staged table as text for a FROM clause. */
export function fromStagedSource(dialect: SourceDialect, place: StagedLocation, { name, tags }: StagedSource): string {
  const table = quotedTable(dialect, stagedTableName(dialect, place, name));
  return tags.size === 0 || !dialect.staging.attemptTags
    ? table
    : `(select * from ${table} where ${dialect.staging.attemptTags.tagCondition(tags)})`;
}

/**
 * Throws `PartsLost` if the number of rows differs from the recorded number.
 * @param parts the parts of a table that is locked against writers, whose nulls are compared as well. @returns the number of rows that belong to no part.
 */
export async function mustHoldAllParts(
  session: Session,
  dialect: SourceDialect,
  { place, source, parts = [] }: { readonly place: StagedLocation; readonly source: StagedSource; readonly parts?: readonly Part[] },
): Promise<{ readonly others: number }> {
  const table = quotedTable(dialect, stagedTableName(dialect, place, source.name));
  if (source.tags.size === 0 || !dialect.staging.attemptTags) {
    const [row] = await session.query(`select ${dialect.count('*')} as n from ${table}`);
    if (Number(row?.n) !== source.rows) throw new PartsLost();
    return { others: 0 };
  }
  const { attemptTags } = dialect.staging;
  const counted = parts.length === 0 || attemptTags.changeGivesNewTag ? [] : source.columns;
  const counts = counted.map((column, at) => `count(${dialect.quote(column)}) as n${at}`);
  const mustHave = (row: Row | undefined, of: readonly Part[]) => {
    const sent = (at: number) => of.reduce((sum, part) => sum + part.rows - (part.nulls[at] ?? 0), 0);
    if (counted.some((_, at) => Number(row?.[`n${at}`] ?? 0) !== sent(at))) throw new PartsLost();
  };
  const closed = parts.length > 0 ? attemptTags.closeToWritersAndCountByTag : undefined;
  if (attemptTags.countAllAndOurs && !closed) {
    const row = await attemptTags.countAllAndOurs(session, table, counts, source.tags);
    if (Number(row?.ours) !== source.rows) throw new PartsLost();
    const others = Number(row?.n) - source.rows;
    // Rows that go to `rejected` are in other staged tables, so this table is checked only for the parts whose tags it has.
    if (others === 0)
      mustHave(
        row,
        parts.filter((part) => source.tags.has(asStagedRef(part).tag ?? '')),
      );
    if (others === 0 || counts.length === 0) return { others };
  }
  const rows = await (closed ?? attemptTags.countByTag).call(attemptTags, session, table, counts, source.tags);
  const found = new Map(rows.map((row) => [row.tag ?? '', row]));
  for (const [tag, own] of source.tags) {
    const row = found.get(tag);
    if (Number(row?.n ?? 0) !== own) throw new PartsLost();
    mustHave(
      row,
      parts.filter((part) => asStagedRef(part).tag === tag),
    );
  }
  const others = [...found.values()].reduce((sum, { n }) => sum + Number(n), 0) - source.rows;
  if (others < 0) throw new PartsLost();
  return { others };
}

/** Undoes a transaction, because a part does not exist or differs from the intent. */
export class PartsLost extends Error {
  override readonly name = 'PartsLost';
}

/**
 * The rows of all parts together. If a part lacks a column, the column is null in its rows. If a part has partial rows, `shownColumn` is one of the columns,
 * and is null in whole rows. @param of.columns absent: the columns of the parts.
 */
export function rowsOfParts(
  dialect: SourceDialect & Pick<Writes, 'columns'>,
  {
    place,
    schema,
    parts,
    columns = columnsOfParts(parts),
  }: { readonly place: StagedLocation; readonly schema: Schema; readonly parts: readonly Part[]; readonly columns?: readonly string[] },
): string {
  const sources = stagedSources(parts);
  const hasPartial = sources.some(({ isPartial }) => isPartial);
  const selects = sources.map((source) => {
    const shown = source.isPartial ? shownColumn : `${castTo(dialect, 'null', { kind: 'string' })} as ${shownColumn}`;
    const list = columns.map((column) => {
      const type = schema.columns.find((one) => one.name === column)?.type ?? { kind: 'string' };
      if (source.columns.includes(column)) {
        const value = dialect.columns.stagedValue?.(dialect.quote(column), type);
        return value === undefined ? dialect.quote(column) : `${value} as ${dialect.quote(column)}`;
      }
      return `${castTo(dialect, 'null', type)} as ${dialect.quote(column)}`;
    });
    return `select ${list.join(', ')}, ${source.isDeleted ? 1 : 0} as hygge_gone${hasPartial ? `, ${shown}` : ''} from ${fromStagedSource(dialect, place, source)} p`;
  });
  return selects.join(' union all ');
}

/** The maximum number of columns in one result. PostgreSQL allows 1,664 columns in a result, and 1,600 in a table. */
const mostTogether = 1_500;
