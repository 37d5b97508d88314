import type { DataType } from '../../../frames/schema.ts';

/** How values get from bytes into a column. The first four are what most data is, and go without a cell in between. */
export const road = { int64: 0, float64: 1, bool: 2, text: 3, raw: 4, cells: 5, skip: 6 } as const;
export type Road = (typeof road)[keyof typeof road];

export function roadOf(type: DataType): Road {
  switch (type.kind) {
    case 'int64':
      return road.int64;
    case 'float64':
      return road.float64;
    case 'bool':
      return road.bool;
    case 'string':
      return road.text;
    case 'json':
      return road.raw;
    default:
      return road.cells;
  }
}
