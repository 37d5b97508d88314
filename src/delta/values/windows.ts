/** Decides whether a value that all rows of a file have is in a window. */
import type { Edge, Window } from '../../engine/contracts/home.ts';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';

/** Whether a value is in a window. `text`: the canonical text of the value; null: the rows have no value. */
export function isInside(
  { lower, upper, nulls }: Window,
  { type, text }: { readonly type: DataType; readonly text: string | null },
): boolean {
  if (text === null) return nulls === 'include';
  return isAbove(lower, type, text) && isBelow(upper, type, text);
}

/** Whether a value is not below the lower bound. */
export function isAbove(edge: Edge | null, type: DataType, text: string): boolean {
  if (edge === null) return true;
  const order = compareWatermarks({ type, text }, { type, text: edge.text });
  return order > 0 || (order === 0 && edge.inclusive);
}

/** Whether a value is not above the upper bound. */
export function isBelow(edge: Edge | null, type: DataType, text: string): boolean {
  if (edge === null) return true;
  const order = compareWatermarks({ type, text }, { type, text: edge.text });
  return order < 0 || (order === 0 && edge.inclusive);
}

/** Whether the window contains every row. */
export function takesAll({ column, lower, upper, nulls }: Window): boolean {
  return column === null || (lower === null && upper === null && nulls === 'include');
}
