import type { DataFrame } from './native.ts';

/**
 * Rows of a frame. Not `data.height`: nodejs-polars answers a column where one has the name of a property, and `height` is a name that columns
 * have.
 */
export function heightOf(data: DataFrame): number {
  const isColumn = Reflect.has(data, 'height');
  return isColumn ? (data as unknown as { readonly _df: { readonly height: number } })._df.height : data.height;
}
