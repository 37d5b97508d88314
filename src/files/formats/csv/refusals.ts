/** What can't be written as CSV without losing it. */
import { StoreError } from '../../../errors/hygge-error.ts';
import { textStoreCodes } from '../../../errors/text-codes.ts';
import { describeType } from '../../../frames/describe-type.ts';
import type { Column } from '../../../frames/schema.ts';

/** Throws HYG-4301 for lists and structs. */
export function refuseColumns(columns: readonly Column[]): void {
  const nested = columns.find(({ type }) => type.kind === 'list' || type.kind === 'struct');
  if (nested === undefined) return;
  throw new StoreError({
    code: 'HYG-4301',
    what: `Column ${nested.name} is ${describeType(nested.type)}, which a field of a CSV file can't hold.`,
    tryThis: [`Leave it out: exclude: [${nested.name}] in home`, 'Or settle as parquet or ndjson: format: parquet'],
  });
}

export function unwritable(column: Column, why: string, tryThis: readonly string[]): StoreError {
  return new StoreError({
    code: 'HYG-4302',
    what: `Column ${column.name} (${describeType(column.type)}) holds a value that can't be written as CSV.`,
    why: [why],
    tryThis: [...tryThis, ...textStoreCodes['HYG-4302'].tryThis],
  });
}
