import type { DataType } from '../../../frames/schema.ts';

/** True for types that a field of a CSV file can hold. */
export function isFlatText(type: DataType): boolean {
  return !['list', 'struct', 'null'].includes(type.kind);
}
