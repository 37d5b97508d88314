import type { Arrow } from '../native.ts';
import type { Column, DataType, Schema, TimeUnit } from '../schema.ts';

/** The Arrow type in which values of hygge’s type are built. Times are in nanoseconds, as in Polars. uuid and json are text. */
export function arrowType(A: typeof Arrow, type: DataType): Arrow.DataType {
  switch (type.kind) {
    case 'bool':
      return new A.Bool();
    case 'int8':
      return new A.Int8();
    case 'int16':
      return new A.Int16();
    case 'int32':
      return new A.Int32();
    case 'int64':
      return new A.Int64();
    case 'uint8':
      return new A.Uint8();
    case 'uint16':
      return new A.Uint16();
    case 'uint32':
      return new A.Uint32();
    case 'uint64':
      return new A.Uint64();
    case 'float32':
      return new A.Float32();
    case 'float64':
      return new A.Float64();
    case 'decimal':
      return new A.Decimal(type.scale, type.precision, 128);
    case 'string':
    case 'uuid':
    case 'json':
      return new A.Utf8();
    case 'binary':
      return new A.Binary();
    case 'date':
      return new A.DateDay();
    case 'time':
      return new A.TimeNanosecond();
    case 'timestamp':
      return new A.Timestamp(arrowUnit(A, type.unit), type.zone ?? null);
    case 'duration':
      return new A.Duration(arrowUnit(A, type.unit));
    case 'list':
      return new A.List(arrowField(A, { name: 'item', type: type.item }));
    case 'struct':
      return new A.Struct(type.fields.map((field) => arrowField(A, field)));
    case 'null':
      return new A.Null();
  }
}

/** An Arrow field for a column. All fields are nullable, as in Polars. hygge’s schema has the nullability of the source. */
function arrowField(A: typeof Arrow, column: Pick<Column, 'name' | 'type'>): Arrow.Field {
  return new A.Field(column.name, arrowType(A, column.type), true);
}

export function arrowSchema(A: typeof Arrow, schema: Schema): Arrow.Schema {
  return new A.Schema(schema.columns.map((column) => arrowField(A, column)));
}

function arrowUnit(A: typeof Arrow, unit: TimeUnit): Arrow.TimeUnit {
  return unit === 'ns' ? A.TimeUnit.NANOSECOND : unit === 'us' ? A.TimeUnit.MICROSECOND : A.TimeUnit.MILLISECOND;
}
