/** `partition_by` of a store: rows settle in folders named by their values, in the layout of Hive and Spark. */
import type { Refusal } from '../../../engine/contracts/catalog.ts';
import type { Frame } from '../../../engine/contracts/frame.ts';
import { StoreError } from '../../../errors/hygge-error.ts';
import { describeType } from '../../../frames/describe-type.ts';
import type { Column, Schema } from '../../../frames/schema.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import { hiveFolder } from '../../paths/hive.ts';
import { canBePartition, type PartitionValue } from '../../paths/partition-values.ts';

/** The maximum number of partitions. More partitions would make too many files, and are usually a mistake. */
const mostPartitions = 10_000;
/** The maximum length of one name in file systems, in bytes. */
const longestName = 255;

/** Rows of one partition, without the columns that are in its folder names. */
export interface PartitionRows {
  readonly values: readonly PartitionValue[];
  readonly frame: Frame;
}

/** Accepts rows in any order, and returns the rows partition by partition. */
export interface PartitionSorter extends AsyncDisposable {
  /** The estimated bytes of the rows in the sorter. */
  readonly bytes: number;
  add(frame: Frame): Promise<void>;
  /** Every row since the last call; frames of a partition follow one another. The rows are read from files in scratch, which are kept until `taken` resolves. */
  drain(taken: () => Promise<unknown>): AsyncIterable<PartitionRows>;
}

export type MakePartitionSorter = (request: { readonly columns: readonly Column[]; readonly scratch: Scratch }) => PartitionSorter;

/** The partition columns, in the order of the folders. Throws HYG-4106 for a missing column, or for a column whose values have no exact text. */
export function partitionColumns(schema: Schema, names: readonly string[]): readonly Column[] {
  const columns = names.map((name) => schema.columns.find((column) => column.name === name) ?? name);
  for (const column of columns) {
    if (typeof column === 'string') throw cannotPartition(`There is no column ${column} to partition by.`, schema);
    if (!canBePartition(column.type))
      throw cannotPartition(`Rows can't be partitioned by ${column.name}: it is ${describeType(column.type)}.`, schema);
  }
  if (columns.length >= schema.columns.length)
    throw cannotPartition('Every column is in partition_by, so nothing is left for the files.', schema);
  return columns.filter((column) => typeof column !== 'string');
}

/** Why rows of the schema can't be partitioned by these columns. */
export function partitionRefusals(schema: Schema, names: readonly string[]): readonly Refusal[] {
  try {
    partitionColumns(schema, names);
    return [];
  } catch (error) {
    if (error instanceof StoreError) return [error.toDetails()];
    throw error;
  }
}

/** The folders of a partition, from the outside in. Throws HYG-4107 for a value that is too long for a name. */
export function partitionFolder(values: readonly PartitionValue[]): string {
  return values
    .map(({ name, text }) => {
      const folder = hiveFolder({ key: name, value: text });
      if (Buffer.byteLength(folder) > longestName) throw tooLong(name, Buffer.byteLength(folder));
      return folder;
    })
    .join('/');
}

/** Throws HYG-4108 if the number of partitions is too large. */
export function checkPartitionCount(partitions: number, columns: readonly string[]): void {
  if (partitions <= mostPartitions) return;
  throw new StoreError({
    code: 'HYG-4108',
    what: `Partitioned by ${columns.join(', ')}, one run would make more than ${mostPartitions.toLocaleString('en')} partitions.`,
    why: ['Each partition is a folder with at least one file, and so many small files are slow to read.'],
    tryThis: ['Partition by a column with fewer values, such as a date instead of an instant', 'Or leave partition_by out'],
  });
}

/** A schema or a frame without the columns that are in folder names. */
export function withoutColumns(schema: Schema, names: readonly string[]): Schema {
  return { columns: schema.columns.filter((column) => !names.includes(column.name)) };
}

function cannotPartition(what: string, { columns }: Schema): StoreError {
  const names = columns.map(({ name }) => name);
  return new StoreError({
    code: 'HYG-4106',
    what,
    why: [
      `The columns are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.`,
      'Folder names can be text, numbers, decimals, dates, timestamps, uuids, and true or false.',
    ],
    tryThis: ['Name other columns in partition_by, by their settled names'],
  });
}

function tooLong(column: string, bytes: number): StoreError {
  return new StoreError({
    code: 'HYG-4107',
    what: `A value of ${column} is too long for the name of a folder.`,
    why: [`As part of a path it has ${bytes} bytes; file systems allow ${longestName}.`],
    tryThis: ['Partition by another column'],
  });
}
