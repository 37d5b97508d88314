import type { DataType } from '../../frames/schema.ts';

/** How values are decoded into a column. The first four ways are the most common, and need no intermediate cell. */
export const valuePath = { int64: 0, float64: 1, bool: 2, text: 3, raw: 4, cells: 5, skip: 6 } as const;
export type ValuePath = (typeof valuePath)[keyof typeof valuePath];

export function valuePathOf(type: DataType): ValuePath {
  switch (type.kind) {
    case 'int64':
      return valuePath.int64;
    case 'float64':
      return valuePath.float64;
    case 'bool':
      return valuePath.bool;
    case 'string':
      return valuePath.text;
    case 'json':
      return valuePath.raw;
    default:
      return valuePath.cells;
  }
}
