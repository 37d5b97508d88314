/** Makes the log entry for a commit that follows a version of the table. */
import { rewritesTag } from '../../delta/log/actions.ts';
import { vectorId } from '../../delta/log/log.ts';
import type { DeltaField, DeltaFile, DeltaMetadata, DeltaProtocol, DeltaSnapshot, DeltaType, VectorDescriptor } from '../../delta/table.ts';
import { columnsOfFeed, hasFeed } from '../../delta/values/change-feed.ts';
import {
  isMapped,
  mappedByName,
  namesAsText,
  namesInFiles,
  physicalNameOf,
  withNamesOf,
  withNewNames,
} from '../../delta/write/column-mapping.ts';
import { type AddedFile, type ChangeFile, entryText, protocolFor, tableId } from '../../delta/write/entry.ts';
import { writeLimits } from '../../delta/write/protocol.ts';
import { type ColumnBounds, statisticsOf } from '../../delta/write/statistics.ts';
import { deltaField, hasWallClock, notInNames } from '../../delta/write/types.ts';
import { hasFeature, withFeature } from '../../delta/write/upgrade.ts';
import { statsWithVector } from '../../delta/write/vector.ts';
import { takesVectors, withVectors } from '../../delta/write/vector-table.ts';
import { isData, type Part } from '../../engine/contracts/store.ts';
import type { Column } from '../../frames/schema.ts';
import { defined, type Json } from '../../ports/values.ts';
import type { FilesHead, MovedFiles } from '../store/head/head-log.ts';
import type { KeyBounds } from '../store/merge-work.ts';
import { stagedFile } from '../store/staging/staged-parts.ts';
import { partitionValuesOf } from './active.ts';
import {
  changedUnder,
  feedHasWholeChanges,
  nameOfFeed,
  notForThisTable,
  notWritable,
  takesNewRowsAlone,
  takesNoVectors,
  takesNoWallClock,
} from './errors.ts';
import type { WrittenFile } from './merge/file-rewriter.ts';
import { noVectors, type Vectors } from './merge/vectors.ts';

export interface EntryRequest {
  /** The table before the commit; null: the commit creates the table. */
  readonly snapshot: DeltaSnapshot | null;
  readonly active: ReadonlyMap<string, DeltaFile>;
  readonly to: FilesHead;
  readonly previous: string | null;
  readonly files: MovedFiles;
  /** The vectors that mark rows. Absent: no row is marked. */
  readonly vectors?: Vectors;
  /** The files with each changed row, for the change feed. Null: the feed follows from the other files, or the table has no feed. */
  readonly changes: readonly ChangeFile[] | null;
  /** Whether hygge made the table, or makes it now. Only then may the commit raise the table’s protocol. */
  readonly isOwnTable: boolean;
  readonly partitionBy: readonly string[];
  /** Whether a table that the commit makes has column mapping. */
  readonly mapsColumns: boolean;
  /** Milliseconds since 1970, by the storage's clock. */
  readonly at: number;
  readonly transaction: { readonly appId: string; readonly version: number };
  /** For messages. */
  readonly where: string;
}

/** The text of the log entry. Throws StoreError HYG-3921 and HYG-3922. */
export function entryFor(request: EntryRequest): string {
  const { snapshot, to, previous, files, vectors = noVectors, changes, at, transaction, where } = request;
  const staged = files.parts.filter(isData);
  const parts = staged.flatMap((part) => settledPart(part, to, vectors));
  const gone = removedFiles(request);
  const removes = [...gone, ...vectors.ofFiles.map(({ file }) => file)];
  if (snapshot !== null)
    mustTake(snapshot, {
      ...{ removesRows: removes.length > 0 && !files.sameRows, carriesRows: carriesRows(request, gone), where },
      columns: staged.length === 0 ? [] : (to.schema?.columns ?? []),
    });
  const made = takingVectors(request, tableAfter(request, parts.length === 0 ? [] : staged, isReplaced(request, gone.length)));
  const metadata = made.metadata ?? snapshot?.metadata;
  const partitionColumns = metadata?.partitionColumns ?? [];
  const inFiles = namesInFiles(metadata);
  const anew = new Map([...vectors.partsAnew.values()].flatMap((one) => (one === null ? [] : [[one.name, one.counted?.bounds] as const])));
  const keyBounds = (name: string) => withoutPadded((anew.has(name) ? anew.get(name) : files.bounds?.[name]) ?? {}, metadata);
  return entryText({
    version: snapshot === null ? 0 : snapshot.version + 1,
    head: to.id,
    previous,
    at,
    transaction,
    ...made,
    adds: parts
      .map((part) => ({
        name: stagedFile(part).final,
        bytes: part.bytes,
        partitionValues: metadata === undefined ? {} : partitionValuesOf(metadata, part.partition),
        ...withVector(statsOf(part, to, { partitionColumns, inFiles, keys: keyBounds(stagedFile(part).final) }), {
          rows: part.rows,
          vector: vectors.ofParts.get(stagedFile(part).final),
        }),
      }))
      .concat(
        vectors.ofFiles.flatMap((one) =>
          one.written === null ? [] : [addedAnew(one.file, one.written, { metadata, mark: files.merge?.watermark ?? null })],
        ),
      ),
    removes,
    marks: vectors.ofFiles.flatMap(({ file, vector, stats }) => (vector === null ? [] : [{ file, vector, stats }])),
    changes: changes ?? [],
    isMerge: files.merge?.mode === 'merge',
    dataChange: !files.sameRows,
    inCommit: snapshot?.metadata.configuration['delta.enableInCommitTimestamps'] === 'true' ? { previous: snapshot.timestamp } : null,
  });
}

function withVector(
  stats: string,
  { rows, vector }: { readonly rows: number; readonly vector: VectorDescriptor | undefined },
): Pick<AddedFile, 'stats' | 'vector'> {
  return vector === undefined ? { stats } : { stats: statsWithVector(stats, rows), vector };
}

/** The part that settles: the given part, or its rewritten form without the rows that do not settle. */
function settledPart(part: Part, to: Pick<FilesHead, 'schema'>, { partsAnew }: Vectors): readonly Part[] {
  const written = partsAnew.get(stagedFile(part).final);
  if (written === undefined) return [part];
  if (written === null) return [];
  const { name: final, rows, bytes, counted } = written;
  const { min: _min, max: _max, nulls: _nulls, ...of } = part;
  const now = counted === null ? { nulls: [] } : { nulls: nullsIn(counted, to, part.partition), ...bounds(counted.part) };
  return [{ ...of, ref: { ...stagedFile(part), final } as unknown as Json, rows, bytes, ...now }];
}

/** The number of nulls in each settled column of a file, in the order of the columns. Partition columns are left out, because they are not in the file. Empty: the file lacks a column. */
function nullsIn(
  { schema, part }: NonNullable<WrittenFile['counted']>,
  to: Pick<FilesHead, 'schema'>,
  partition: Part['partition'] = {},
): readonly number[] {
  const nulls = new Map(schema.columns.map(({ name }, at) => [name, part.nulls[at]]));
  const inFile = (to.schema?.columns ?? []).filter(({ name }) => !Object.hasOwn(partition, name));
  const found = inFile.map(({ name }) => nulls.get(name));
  return found.some((count) => count === undefined) ? [] : found.map((count) => count ?? 0);
}

const bounds = ({ min, max }: Part): Pick<Part, 'min' | 'max'> => defined({ min, max });

/** The added file for a rewritten file of the table. The new file has no deleted rows, so its statistics are exact. */
function addedAnew(
  before: DeltaFile,
  { name, bytes, rows, counted }: WrittenFile,
  { metadata, mark }: { readonly metadata: DeltaMetadata | undefined; readonly mark: string | null },
): AddedFile {
  const { partitionValues } = before;
  const of = { name, bytes, partitionValues, tags: { [rewritesTag]: before.path } };
  const isRenamed = metadata?.schema.fields.some((field) => physicalNameOf(field) !== field.name);
  // The names of the columns in the file are unknown. Since the file was written, another program may have given one of these names to another column.
  if (counted === null || metadata === undefined || (counted.inFile === undefined && isRenamed))
    return { ...of, stats: JSON.stringify({ numRecords: rows }) };
  const physical = new Map(counted.schema.columns.map(({ name: column }, at) => [column, counted.inFile?.[at] ?? column]));
  const inFiles = (column: string) => physical.get(column) ?? column;
  const schema = { columns: counted.schema.columns.map((column) => ({ ...column, name: inFiles(column.name) })) };
  const {
    part: { nulls, min, max },
  } = counted;
  const edges = boundsIn({ mark, min, max, keys: withoutPadded(counted.bounds, metadata) }, inFiles);
  return { ...of, stats: statisticsOf({ rows, nulls, schema, partitionColumns: [], bounds: edges }) };
}

/** Throws StoreError HYG-3929 if rows would be marked in another program's table that does not allow vectors. */
function takingVectors({ snapshot, vectors = noVectors, isOwnTable, where }: EntryRequest, made: TableAfter): TableAfter {
  const after = { protocol: made.protocol ?? snapshot?.protocol, metadata: made.metadata ?? snapshot?.metadata };
  const { protocol, metadata } = after;
  if (vectors.file === undefined || protocol === undefined || metadata === undefined || takesVectors({ protocol, metadata })) return made;
  if (!isOwnTable) throw takesNoVectors(where);
  return withVectors({ protocol, metadata });
}

/**
 * Whether no row of the table stays, so that the table’s columns may change. A table without rows keeps the columns of its creator. Rewritten rows
 * count as rows that stay, so columns that other programs added stay too.
 */
function isReplaced({ snapshot, active, files: { sameRows, rewritten } }: EntryRequest, removed: number): boolean {
  if (sameRows || rewritten !== undefined) return false;
  return active.size > 0 ? removed === active.size : snapshot?.metadata.schema.fields.length === 0;
}

/** The files of the table that the commit removes. Throws StoreError HYG-3922 if the table no longer has one of these files. */
function removedFiles({ active, files: { removes, rewritten = {} }, where }: EntryRequest): readonly DeltaFile[] {
  // Files that settled apart are not in the log.
  return removes
    .filter((name) => !name.startsWith('_hygge/'))
    .map((name) => {
      const file = active.get(name);
      if (file === undefined) throw changedUnder(where, `${name} is no longer a file of the table.`);
      const vector = rewritten[name];
      if (vector !== undefined && vectorId(file.vector) !== vector)
        throw changedUnder(where, `Rows of ${name} were deleted after this run had read them, and the commit would restore them.`);
      return file;
    });
}

/** Whether a commit moves rows into other files, or removes whole files and also changes rows by key. A change feed would show the rows of such a commit wrongly. */
function carriesRows({ files, changes }: EntryRequest, gone: readonly DeltaFile[]): boolean {
  const { sameRows, rewritten, carried = [], merge } = files;
  return (
    !sameRows && (rewritten !== undefined || carried.length + (merge?.carried.length ?? 0) > 0 || (changes !== null && gone.length > 0))
  );
}

/** Throws StoreError HYG-3921 if the table can’t be written, accepts only new rows, or would have rows twice in its change feed. */
export function mustTake(
  table: Pick<DeltaSnapshot, 'protocol' | 'metadata'>,
  {
    removesRows,
    carriesRows: carries,
    columns,
    where,
  }: { removesRows: boolean; carriesRows: boolean; columns: readonly Pick<Column, 'name'>[]; where: string },
): void {
  const { never, appendsOnly } = writeLimits(table);
  if (never !== null) throw notWritable(where, never);
  if (appendsOnly !== null && removesRows) throw takesNewRowsAlone(where, appendsOnly);
  if (!hasFeed(table.metadata)) return;
  if (carries) throw feedHasWholeChanges(where);
  const taken = [...table.metadata.schema.fields, ...columns].find(({ name }) => columnsOfFeed.has(name.toLowerCase()));
  if (taken !== undefined) throw nameOfFeed(where, taken.name);
}

interface TableAfter {
  /** The new protocol or metadata; null: unchanged. */
  readonly protocol: DeltaProtocol | null;
  readonly metadata: DeltaMetadata | null;
}

/** Protocol and metadata of the table after the commit. @param isWhole no file of the table stays, so its columns may change. */
function tableAfter(request: EntryRequest, parts: readonly Part[], isWhole: boolean): TableAfter {
  const { snapshot, to, files, partitionBy, isOwnTable, where } = request;
  const columns = to.schema?.columns ?? [];
  if (snapshot === null) return newTable(request, parts);
  const { protocol, metadata } = snapshot;
  if (parts.length === 0) return { protocol: null, metadata: null };
  const refused = (why: string) => changedUnder(where, why);
  if (!isWhole) mustLieAlike(metadata, partitionBy, refused);
  const mapped = isMapped(snapshot);
  const fields = isWhole
    ? columns.map((column) => (mapped ? renewed : replaced)(column, metadata))
    : grown(columns, { metadata, parts, sameRows: files.sameRows, refused });
  if (!mapped) mustHaveNames(fields, refused);
  const partitionColumns = isWhole ? partitionBy : metadata.partitionColumns;
  const written: DeltaMetadata = { ...metadata, schema: { type: 'struct', fields }, partitionColumns };
  const after = mapped ? withNewNames(written, seedOf(to)) : written;
  mustBeWrittenSo(parts, mapped ? after : null, refused);
  const told = (one: DeltaMetadata) => JSON.stringify([one.schema.fields, one.partitionColumns]);
  if (told(after) === told(metadata)) return { protocol: null, metadata: null };
  return { protocol: raisedFor(fields, { protocol, isOwnTable, where }), metadata: after };
}

function newTable({ to, partitionBy, mapsColumns, where }: EntryRequest, parts: readonly Part[]): TableAfter {
  const fields = (to.schema?.columns ?? []).map(deltaField);
  const plain: DeltaMetadata = {
    id: tableId(to.id),
    name: null,
    description: null,
    schema: { type: 'struct', fields },
    // A fence may create the table without columns, so without partition columns.
    partitionColumns: fields.length === 0 ? [] : partitionBy,
    configuration: mapsColumns ? mappedByName : {},
  };
  const metadata = mapsColumns ? withNewNames(plain, seedOf(to)) : plain;
  mustBeWrittenSo(parts, mapsColumns ? metadata : null, (why) => changedUnder(where, why));
  return { protocol: protocolFor(fields, { isMapped: mapsColumns }), metadata };
}

/** The seed for the names of new columns in files. The commit and its files use the same seed. */
export const seedOf = ({ lineage, epoch }: Pick<FilesHead, 'lineage' | 'epoch'>): string => `${lineage} ${epoch}`;

/** What `MappedFormat` keeps with a part, if the table has column mapping. */
export interface NamesOfPart {
  readonly columns: readonly string[];
  readonly names: string;
}

/** Throws if the names of a part's columns in the file differ from the names in the table after the commit. @param metadata null: no column mapping. */
function mustBeWrittenSo(parts: readonly Part[], metadata: DeltaMetadata | null, refused: (why: string) => Error): void {
  for (const part of parts) {
    const style = stagedFile(part).style as unknown as Partial<NamesOfPart> | undefined;
    const names = style?.columns && metadata ? namesAsText(metadata.schema.fields, style.columns) : undefined;
    if (style?.names !== names || (metadata !== null && names === undefined))
      throw refused('The columns of the table have other names in files than before.');
  }
}

/** Throws if a column of the table has a name that only column mapping allows. */
function mustHaveNames(fields: readonly DeltaField[], refused: (why: string) => Error): void {
  const odd = fields.find(({ name }) => name.search(notInNames) >= 0);
  if (odd !== undefined) throw refused(`Its column ${JSON.stringify(odd.name)} would need column mapping, which the table does not have.`);
}

/** What a run will write into an existing table. */
export interface Intention {
  readonly columns: readonly Column[];
  readonly partitionBy: readonly string[];
  /** Whether no file of the table stays. */
  readonly isWhole: boolean;
  readonly removesRows: boolean;
  /** Whether rows that stay are written into other files. */
  readonly carriesRows: boolean;
  readonly isOwnTable: boolean;
  readonly where: string;
}

/** Throws StoreError HYG-3921 before a row is read, if the commit would be refused. */
export function mustTakePlan(table: Pick<DeltaSnapshot, 'protocol' | 'metadata'>, plan: Intention): void {
  const { columns, partitionBy, isWhole, where } = plan;
  mustTake(table, plan);
  const { metadata } = table;
  const refused = (why: string) => notForThisTable(where, why);
  const wanted = columns.map(deltaField);
  if (!isMapped(table)) mustHaveNames(wanted, refused);
  const isNew = isWhole || metadata.schema.fields.length === 0;
  if (!isNew) mustLieAlike(metadata, partitionBy, refused);
  raisedFor(isNew ? wanted : grown(columns, { metadata, parts: [], sameRows: false, refused }), { ...table, ...plan });
}

function mustLieAlike({ partitionColumns }: DeltaMetadata, partitionBy: readonly string[], refused: (why: string) => Error): void {
  if (JSON.stringify(partitionColumns) !== JSON.stringify(partitionBy))
    throw refused(`The table is partitioned by ${listed(partitionColumns)}, and the store by ${listed(partitionBy)}.`);
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));

/** The column of a table whose rows are replaced. A column that keeps its type also keeps its metadata. */
function replaced(column: Column, { schema }: DeltaMetadata): DeltaField {
  const field = deltaField(column);
  const before = schema.fields.find(({ name }) => name === column.name);
  return before !== undefined && sameType(before, field) ? { ...field, metadata: before.metadata } : field;
}

/** The column of a table with column mapping whose rows are replaced. A column that gets another type also gets another name in files. */
export function renewed(column: Column, { schema }: Pick<DeltaMetadata, 'schema'>): DeltaField {
  const field = deltaField(column);
  const before = schema.fields.find(({ name }) => name === column.name);
  if (before === undefined || !fitsInto(field.type, before.type)) return field;
  return { ...field, metadata: before.metadata, type: withNamesOf(field.type, before.type) };
}

const sameType = (a: DeltaField, b: DeltaField): boolean => JSON.stringify(a.type) === JSON.stringify(b.type);

/** The table’s columns, then the new columns. */
function grown(
  columns: readonly Column[],
  {
    metadata,
    parts,
    sameRows,
    refused,
  }: {
    readonly metadata: DeltaMetadata;
    readonly parts: readonly Part[];
    /** Whether the commit only moves rows that the table already has. */
    readonly sameRows: boolean;
    readonly refused: (why: string) => Error;
  },
): readonly DeltaField[] {
  const { fields } = metadata.schema;
  const wanted = columns.map(deltaField);
  const nulls = new Map(
    columns.map(({ name }, at) => [name, parts.some((part) => part.nulls.length !== columns.length || (part.nulls[at] ?? 0) > 0)]),
  );
  const kept = fields.map((field) => {
    const mine = wanted.find(({ name }) => name === field.name);
    if (mine === undefined && !field.nullable)
      throw refused(`Its column ${field.name} may not be null, but the rows do not have this column.`);
    if (mine === undefined) return field;
    if (!fitsInto(mine.type, field.type)) throw refused(`Its column ${field.name} has another type than the rows.`);
    const isFilled = nulls.get(field.name) === false;
    return { ...field, nullable: field.nullable || !isFilled, type: sameRows ? field.type : takingNulls(field.type, mine.type) };
  });
  const names = new Set(fields.map(({ name }) => name.toLowerCase()));
  const added = wanted.filter(({ name }) => !names.has(name.toLowerCase())).map((field) => ({ ...field, nullable: true }));
  return [...kept, ...added];
}

/** The table’s type, in which nested values may be null if they may be null in the new rows. Statistics do not count nested nulls, and a reader that expects no nulls would read them as zeros. */
function takingNulls(there: DeltaType, mine: DeltaType): DeltaType {
  if (typeof there === 'string' || typeof mine === 'string') return there;
  if (there.type === 'array' && mine.type === 'array')
    return {
      ...there,
      elementType: takingNulls(there.elementType, mine.elementType),
      containsNull: there.containsNull || mine.containsNull,
    };
  if (there.type !== 'struct' || mine.type !== 'struct') return there;
  const own = new Map(mine.fields.map((field) => [field.name, field]));
  const fields = there.fields.map((field): DeltaField => {
    const same = own.get(field.name);
    return same ? { ...field, nullable: field.nullable || same.nullable, type: takingNulls(field.type, same.type) } : field;
  });
  return { ...there, fields };
}

/** Whether values of a type fit into a column of another type. Nested fields may differ in nullability. */
export const fitsInto = (mine: unknown, there: unknown): boolean => shape(mine) === shape(there);

const shape = (type: unknown): string =>
  JSON.stringify(type, (key, value: unknown) => (/^(nullable|containsNull|valueContainsNull|metadata)$/.test(key) ? undefined : value));

/** The protocol with the features that the columns need. Null: the table’s protocol already has these features. Throws StoreError HYG-3921 if a table that hygge did not make would get another protocol. */
function raisedFor(
  fields: readonly DeltaField[],
  { protocol, isOwnTable, where }: { readonly protocol: DeltaProtocol } & Pick<Intention, 'isOwnTable' | 'where'>,
): DeltaProtocol | null {
  const wallClock = fields.find(({ type }) => hasWallClock(type));
  if (wallClock === undefined || hasFeature(protocol, 'timestampNtz')) return null;
  if (!isOwnTable) throw takesNoWallClock(where, wallClock.name);
  return withFeature(protocol, 'timestampNtz');
}

interface InFiles {
  readonly partitionColumns: readonly string[];
  /** The name of a column in files. */
  inFiles(name: string): string;
  readonly keys: KeyBounds;
}

/** Key bounds without CHAR columns. Keys of a CHAR column are read with blanks at the end, but the file may store them without blanks. So the smallest key that is read could be larger than the smallest value in the file. */
function withoutPadded(keys: KeyBounds, metadata: Pick<DeltaMetadata, 'schema'> | undefined): KeyBounds {
  const isPadded = ({ metadata: more }: DeltaField) => /^char\(/i.test(String(more.__CHAR_VARCHAR_TYPE_STRING ?? ''));
  const padded = new Set(metadata?.schema.fields.filter(isPadded).map(({ name }) => name));
  return Object.fromEntries(Object.entries(keys).filter(([name]) => !padded.has(name)));
}

/** The bounds of the watermark and of keys in a file's statistics. */
function boundsIn(
  {
    mark,
    min,
    max,
    keys,
  }: {
    /** The settled name of the watermark. */
    readonly mark: string | null;
    readonly min: string | undefined;
    readonly max: string | undefined;
    readonly keys: KeyBounds;
  },
  inFiles: (name: string) => string,
): readonly ColumnBounds[] {
  const ofMark = mark !== null && min !== undefined && max !== undefined ? { [mark]: { min, max } } : {};
  return Object.entries({ ...keys, ...ofMark }).map(([column, edges]) => ({ column: inFiles(column), ...edges }));
}

function statsOf(part: Part, { schema, watermark }: FilesHead, { partitionColumns, inFiles, keys }: InFiles): string {
  const { rows, nulls, min, max } = part;
  const mark = stagedFile(part).watermark ?? watermark?.column ?? null;
  const bounds = boundsIn({ mark, min, max, keys }, inFiles);
  const columns = (schema?.columns ?? []).map((column) => ({ ...column, name: inFiles(column.name) }));
  return statisticsOf({ rows, nulls, schema: { columns }, partitionColumns: partitionColumns.map(inFiles), bounds });
}
