/** Replacements for types that few databases have. */
import type { DataType } from '../../frames/schema.ts';

/** Types for a database without one-byte and unsigned numbers, each of which can store all values of the type that it replaces. Columns with only nulls become texts. */
export const signedTypes: Readonly<Partial<Record<DataType['kind'], DataType>>> = {
  ...{ int8: { kind: 'int16' }, uint8: { kind: 'int16' }, uint16: { kind: 'int32' }, uint32: { kind: 'int64' } },
  ...{ uint64: { kind: 'decimal', precision: 20, scale: 0 }, null: { kind: 'string' } },
};
