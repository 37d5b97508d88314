/** How files that the store wrote are read back, value for value. */
import { describeType } from '../../../frames/describe-type.ts';
import type { Schema } from '../../../frames/schema.ts';
import { readColumnType } from '../../../frames/type-text.ts';
import type { CsvHomeOptions } from './options.ts';
import type { Pinned } from './pinned.ts';
import type { Writing } from './writing.ts';

/** The keys of a home that reads them. Types are those that settled: nothing is guessed. */
export function homeKeysFor({ delimiter, header, nullValue }: Writing, { columns }: Schema): CsvHomeOptions {
  const types = columns.map(({ name, type }) => [name, describeType(type)] as const);
  return {
    delimiter,
    header: header ? true : columns.map(({ name }) => name),
    encoding: 'utf-8',
    types: Object.fromEntries(types.filter(([, type]) => 'type' in readColumnType(type))),
    ...(nullValue === '' ? {} : { null_values: [nullValue] }),
  };
}

export function pinnedFor({ delimiter, header }: Writing, { columns }: Schema): Pinned {
  return { version: 1, delimiter, header, loneReturns: false, columns: columns.map(({ name, type }) => ({ name, type })) };
}
