import { homeCodes } from '../errors/codes/home.ts';
import { HomeError } from '../errors/hygge-error.ts';
import { describeType } from './describe-type.ts';
import type { DataType, Fidelity } from './schema.ts';

/** How a type of hygge settles in a parquet file that Polars writes. The result is one cell of the type table. A second reader has proven each cell. */
export interface SettledType {
  readonly fidelity: Fidelity;
  /** The type in the file. */
  readonly type: DataType;
  /** For a lossy type: what values would lose. */
  readonly loss?: string;
}

/** The type in a parquet file that Polars writes. uuid and json are text, and times of day are in nanoseconds, also in lists and structs. */
export function asWritten(type: DataType): DataType {
  if (type.kind === 'list') return { kind: 'list', item: asWritten(type.item) };
  if (type.kind === 'struct') return { kind: 'struct', fields: type.fields.map((field) => ({ ...field, type: asWritten(field.type) })) };
  if (type.kind === 'time') return { kind: 'time', unit: 'ns' };
  return type.kind === 'uuid' || type.kind === 'json' ? { kind: 'string' } : type;
}

export function settledParquetType(type: DataType): SettledType {
  switch (type.kind) {
    case 'uuid':
    case 'json':
      return { fidelity: 'widened', type: { kind: 'string' } };
    case 'time':
      return { fidelity: type.unit === 'ns' ? 'exact' : 'widened', type: { kind: 'time', unit: 'ns' } };
    case 'duration':
      // Parquet has no duration. Readers of the file’s Arrow schema see a duration, and other readers see only the number of units.
      return { fidelity: 'widened', type: { kind: 'int64' } };
    case 'list':
      return nested(settledParquetType(type.item), (item) => ({ kind: 'list', item }));
    case 'struct':
      return structSettling(type.fields);
    default:
      return { fidelity: 'exact', type };
  }
}

function nested(item: SettledType, wrap: (type: DataType) => DataType): SettledType {
  return { ...item, type: wrap(item.type) };
}

function structSettling(fields: (DataType & { readonly kind: 'struct' })['fields']): SettledType {
  if (fields.length === 0) return { fidelity: 'lossy', type: { kind: 'null' }, loss: 'parquet has no struct without fields' };
  const cells = fields.map((field) => settledParquetType(field.type));
  const lossy = cells.find((cell) => cell.fidelity === 'lossy');
  const type: DataType = { kind: 'struct', fields: fields.map((field, index) => ({ ...field, type: cells[index]?.type ?? field.type })) };
  if (lossy) return { ...lossy, type };
  return { fidelity: cells.every((cell) => cell.fidelity === 'exact') ? 'exact' : 'widened', type };
}

/** Throws HYG-3106 for a column that parquet can’t hold without loss. */
export function refuseLossy(columns: readonly { readonly name: string; readonly type: DataType }[]): void {
  for (const { name, type } of columns) {
    const { fidelity, loss } = settledParquetType(type);
    if (fidelity !== 'lossy') continue;
    throw new HomeError({
      code: 'HYG-3106',
      what: `Column ${name} is ${describeType(type)}, which parquet can hold only with loss.`,
      why: loss === undefined ? [] : [loss],
      tryThis: homeCodes['HYG-3106'].tryThis,
    });
  }
}
