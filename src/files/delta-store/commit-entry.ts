/** Makes the entry of the log for a commit on a version of the table. */
import type { DeltaField, DeltaFile, DeltaMetadata, DeltaProtocol, DeltaSnapshot } from '../../delta/table.ts';
import { entryText, protocolFor, tableId } from '../../delta/write/entry.ts';
import { writeLimits } from '../../delta/write/protocol.ts';
import { statisticsOf } from '../../delta/write/statistics.ts';
import { deltaField, hasWallClock, partitionTextOf } from '../../delta/write/types.ts';
import { isData, type Part } from '../../engine/contracts/store.ts';
import type { Column } from '../../frames/schema.ts';
import type { FilesHead, MovedFiles } from '../store/head/head-log.ts';
import { stagedFile } from '../store/staging/staged-parts.ts';
import { changedUnder, notForThisTable, notWritable, takesNewRowsAlone } from './errors.ts';

export interface EntryRequest {
  /** Null: the commit makes the table. */
  readonly snapshot: DeltaSnapshot | null;
  readonly active: ReadonlyMap<string, DeltaFile>;
  readonly to: FilesHead;
  readonly previous: string | null;
  readonly files: MovedFiles;
  readonly partitionBy: readonly string[];
  /** Milliseconds since 1970, by the storage's clock. */
  readonly at: number;
  readonly transaction: { readonly appId: string; readonly version: number };
  /** For people. */
  readonly where: string;
}

/** Throws StoreError HYG-3921 and HYG-3922. */
export function entryFor(request: EntryRequest): string {
  const { snapshot, to, previous, files, at, transaction, where } = request;
  const parts = files.parts.filter(isData);
  const removes = removedFiles(request);
  if (snapshot !== null) mustTake(snapshot, { removesRows: removes.length > 0 && !files.sameRows, where });
  const made = tableAfter(request, parts, isReplaced(request, removes.length));
  const metadata = made.metadata ?? snapshot?.metadata;
  const partitionColumns = metadata?.partitionColumns ?? [];
  const typeOf = new Map(metadata?.schema.fields.map(({ name, type }) => [name, type]));
  return entryText({
    version: snapshot === null ? 0 : snapshot.version + 1,
    head: to.id,
    previous,
    at,
    transaction,
    ...made,
    adds: parts.map((part) => ({
      name: stagedFile(part).final,
      bytes: part.bytes,
      partitionValues: Object.fromEntries(
        partitionColumns.map((column) => [column, partitionTextOf(typeOf.get(column), part.partition?.[column] ?? null)]),
      ),
      stats: statsOf(part, to, partitionColumns),
    })),
    removes,
    dataChange: !files.sameRows,
    inCommit: snapshot?.metadata.configuration['delta.enableInCommitTimestamps'] === 'true' ? { previous: snapshot.timestamp } : null,
  });
}

/** Whether no row of the table stays, so that its columns may become others. A table without rows keeps those that its maker gave it. */
function isReplaced({ snapshot, active }: EntryRequest, removed: number): boolean {
  return active.size > 0 ? removed === active.size : snapshot?.metadata.schema.fields.length === 0;
}

/** The files of the table that the commit removes. Throws StoreError HYG-3922 if the table does not have one of them any more. */
function removedFiles({ active, files: { removes }, where }: EntryRequest): readonly DeltaFile[] {
  // What settled apart is in no log.
  return removes
    .filter((name) => !name.startsWith('_hygge/'))
    .map((name) => {
      const file = active.get(name);
      if (file === undefined) throw changedUnder(where, `${name} is not a file of the table any more.`);
      return file;
    });
}

/** Throws StoreError HYG-3921 where the table can't be written, or takes new rows alone. */
export function mustTake(
  table: Pick<DeltaSnapshot, 'protocol' | 'metadata'>,
  { removesRows, where }: { removesRows: boolean; where: string },
): void {
  const { never, appendsOnly } = writeLimits(table);
  if (never !== null) throw notWritable(where, never);
  if (appendsOnly !== null && removesRows) throw takesNewRowsAlone(where, appendsOnly);
}

interface TableAfter {
  /** Null: it stays. */
  readonly protocol: DeltaProtocol | null;
  readonly metadata: DeltaMetadata | null;
}

/** @param isWhole no file of the table stays, so its columns may become others. */
function tableAfter({ snapshot, to, partitionBy, where }: EntryRequest, parts: readonly Part[], isWhole: boolean): TableAfter {
  const columns = to.schema?.columns ?? [];
  if (snapshot === null) {
    const fields = columns.map(deltaField);
    return {
      protocol: protocolFor(fields),
      metadata: {
        id: tableId(to.id),
        name: null,
        description: null,
        schema: { type: 'struct', fields },
        // A fence may make the table, and knows no columns.
        partitionColumns: fields.length === 0 ? [] : partitionBy,
        configuration: {},
      },
    };
  }
  const { protocol, metadata } = snapshot;
  if (parts.length === 0) return { protocol: null, metadata: null };
  const refused = (why: string) => changedUnder(where, why);
  if (!isWhole) mustLieAlike(metadata, partitionBy, refused);
  const fields = isWhole ? columns.map((column) => replaced(column, metadata)) : grown(columns, { metadata, parts, refused });
  const partitionColumns = isWhole ? partitionBy : metadata.partitionColumns;
  const isSame = JSON.stringify([fields, partitionColumns]) === JSON.stringify([metadata.schema.fields, metadata.partitionColumns]);
  const needed = withWallClock(protocol, fields);
  if (isSame) return { protocol: null, metadata: null };
  return { protocol: needed, metadata: { ...metadata, schema: { type: 'struct', fields }, partitionColumns } };
}

/** What a run intends to write into a table that is there. */
export interface Intention {
  readonly columns: readonly Column[];
  readonly partitionBy: readonly string[];
  /** No file of the table stays. */
  readonly isWhole: boolean;
  readonly removesRows: boolean;
  readonly where: string;
}

/** Throws StoreError HYG-3921 for what a commit would refuse, before a row is read. */
export function mustTakePlan(table: Pick<DeltaSnapshot, 'protocol' | 'metadata'>, plan: Intention): void {
  const { columns, partitionBy, isWhole, removesRows, where } = plan;
  mustTake(table, { removesRows, where });
  const { metadata } = table;
  if (isWhole || metadata.schema.fields.length === 0) return;
  const refused = (why: string) => notForThisTable(where, why);
  mustLieAlike(metadata, partitionBy, refused);
  grown(columns, { metadata, parts: [], refused });
}

function mustLieAlike({ partitionColumns }: DeltaMetadata, partitionBy: readonly string[], refused: (why: string) => Error): void {
  if (JSON.stringify(partitionColumns) !== JSON.stringify(partitionBy))
    throw refused(`The table is partitioned by ${listed(partitionColumns)}, and the store by ${listed(partitionBy)}.`);
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));

/** A column that keeps its type keeps its metadata. */
function replaced(column: Column, { schema }: DeltaMetadata): DeltaField {
  const field = deltaField(column);
  const before = schema.fields.find(({ name }) => name === column.name);
  return before !== undefined && sameType(before, field) ? { ...field, metadata: before.metadata } : field;
}

const sameType = (a: DeltaField, b: DeltaField): boolean => JSON.stringify(a.type) === JSON.stringify(b.type);

/** The table's columns, then the new ones. */
function grown(
  columns: readonly Column[],
  {
    metadata,
    parts,
    refused,
  }: { readonly metadata: DeltaMetadata; readonly parts: readonly Part[]; readonly refused: (why: string) => Error },
): readonly DeltaField[] {
  const { fields } = metadata.schema;
  const wanted = columns.map(deltaField);
  const nulls = new Map(
    columns.map(({ name }, at) => [name, parts.some((part) => part.nulls.length !== columns.length || (part.nulls[at] ?? 0) > 0)]),
  );
  const kept = fields.map((field) => {
    const mine = wanted.find(({ name }) => name === field.name);
    if (mine === undefined && !field.nullable) throw refused(`Its column ${field.name} may not be null, and the rows do not have it.`);
    if (mine === undefined) return field;
    if (!fitsInto(mine.type, field.type)) throw refused(`Its column ${field.name} has another type than the rows.`);
    const isFilled = nulls.get(field.name) === false;
    return field.nullable || isFilled ? field : { ...field, nullable: true };
  });
  const names = new Set(fields.map(({ name }) => name.toLowerCase()));
  const added = wanted.filter(({ name }) => !names.has(name.toLowerCase())).map((field) => ({ ...field, nullable: true }));
  return [...kept, ...added];
}

/** Nested fields may differ in what may be null. */
const fitsInto = (mine: unknown, there: unknown): boolean => shape(mine) === shape(there);

const shape = (type: unknown): string =>
  JSON.stringify(type, (key, value: unknown) => (/^(nullable|containsNull|valueContainsNull|metadata)$/.test(key) ? undefined : value));

/** Wall-clock times ask for a feature that an older table lacks. Null: nothing changes. */
function withWallClock(protocol: DeltaProtocol, fields: readonly DeltaField[]): DeltaProtocol | null {
  const hasFeature = protocol.minReaderVersion >= 3 && protocol.readerFeatures?.includes('timestampNtz') === true;
  if (hasFeature || !fields.some(({ type }) => hasWallClock(type))) return null;
  const add = (features: readonly string[] | null, more: readonly string[]) => [...new Set([...(features ?? []), ...more])];
  return {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: add(protocol.readerFeatures, ['timestampNtz']),
    writerFeatures: add(protocol.writerFeatures, ['appendOnly', 'invariants', 'timestampNtz']),
  };
}

function statsOf(part: Part, { schema, watermark }: FilesHead, partitionColumns: readonly string[]): string {
  const { rows, nulls, min, max } = part;
  const bounds = watermark !== null && min !== undefined && max !== undefined ? { column: watermark.column, min, max } : null;
  return statisticsOf({ rows, nulls, schema: schema ?? { columns: [] }, partitionColumns, bounds });
}
