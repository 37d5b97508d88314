import type { Polars } from '../native.ts';
import type { DataType } from '../schema.ts';

/** The Polars type for a type of hygge. Undefined: nodejs-polars can’t cast to the type (it does not know Binary). */
export function polarsType(pl: typeof Polars, type: DataType): Polars.DataType | undefined {
  switch (type.kind) {
    case 'decimal':
      return pl.Decimal(type.precision, type.scale);
    case 'timestamp':
      return pl.Datetime(type.unit, type.zone ?? null);
    case 'duration':
      return pl.Duration(type.unit);
    case 'time':
      return pl.Time;
    case 'date':
      return pl.Date;
    case 'list':
      return nested(polarsType(pl, type.item), (item) => pl.List(item));
    case 'struct':
      return structType(pl, type.fields);
    default:
      return flatType(pl, type.kind);
  }
}

function structType(pl: typeof Polars, fields: readonly { readonly name: string; readonly type: DataType }[]): Polars.DataType | undefined {
  const cells = fields.map(({ name, type }) => nested(polarsType(pl, type), (cell) => new pl.Field(name, cell)));
  return cells.every((cell) => cell !== undefined) ? pl.Struct(cells) : undefined;
}

function nested<A, B>(type: A | undefined, wrap: (type: A) => B): B | undefined {
  return type === undefined ? undefined : wrap(type);
}

function flatType(pl: typeof Polars, kind: DataType['kind']): Polars.DataType | undefined {
  const types: Readonly<Partial<Record<DataType['kind'], Polars.DataType>>> = {
    bool: pl.Bool,
    int8: pl.Int8,
    int16: pl.Int16,
    int32: pl.Int32,
    int64: pl.Int64,
    uint8: pl.UInt8,
    uint16: pl.UInt16,
    uint32: pl.UInt32,
    uint64: pl.UInt64,
    float32: pl.Float32,
    float64: pl.Float64,
    string: pl.String,
    uuid: pl.String,
    json: pl.String,
    null: pl.Null,
  };
  return types[kind];
}
