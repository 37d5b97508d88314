/** What a commit says of the files that it adds and removes, and of the rows in them. */
import { type Change, type LogicalFile, liveRows } from './history.ts';
import type { Add, Remove } from './log.ts';
import { type Column, physicalValue, type Row } from './schema.ts';

export const inserted = (row: Row): Change => ({ kind: 'insert', row });
export const deleted = (row: Row): Change => ({ kind: 'delete', row });

/** A file that comes back with another vector has the rows alone that the vectors differ in, as Spark and the kernel have it. */
export function changesOf(adds: readonly LogicalFile[], removes: readonly LogicalFile[]): readonly Change[] {
  const missingFrom = (others: readonly LogicalFile[]) => {
    const seen = new Map(others.map((file) => [file.data.path, new Set(liveRows(file))]));
    return (file: LogicalFile): readonly Row[] => liveRows(file).filter((row) => seen.get(file.data.path)?.has(row) !== true);
  };
  return [...removes.flatMap(missingFrom(adds)).map(deleted), ...adds.flatMap(missingFrom(removes)).map(inserted)];
}

export function split<T>(items: readonly T[], matches: (item: T) => boolean): readonly [T[], T[]] {
  const [yes, no]: [T[], T[]] = [[], []];
  for (const item of items) (matches(item) ? yes : no).push(item);
  return [yes, no];
}

export const physicalRow = (columns: readonly Column[], row: Row): object =>
  Object.fromEntries(columns.map((column) => [column.physicalName, physicalValue(column.type, row[column.id])]));

export const filesOf = ({ data, vector }: LogicalFile): readonly string[] =>
  vector?.path === undefined ? [data.path] : [data.path, vector.path];

export const logicalKey = ({ data, vector }: LogicalFile): string => `${data.path}\n${vector ? JSON.stringify(vector.descriptor) : ''}`;

export function addOf({ data, stats, vector }: LogicalFile, dataChange: boolean): Add {
  return {
    ...{ path: data.uri, partitionValues: data.partitionValues, size: data.size, modificationTime: data.time, dataChange },
    ...(stats === undefined ? {} : { stats }),
    ...(vector ? { deletionVector: vector.descriptor } : {}),
  };
}

export function removeOf({ data, vector }: LogicalFile, time: number, dataChange: boolean): Remove {
  return {
    ...{
      path: data.uri,
      deletionTimestamp: time,
      dataChange,
      extendedFileMetadata: true,
      partitionValues: data.partitionValues,
      size: data.size,
    },
    ...(vector ? { stats: JSON.stringify({ numRecords: data.rows.length }), deletionVector: vector.descriptor } : {}),
  };
}
