import type { Window } from '../../engine/contracts/home.ts';
import type { Expr, Polars } from '../../frames/native.ts';
import { comparable, exactLiteral } from '../../frames/values/exact-literal.ts';

/** The fields of a window that decide which rows belong to the window. */
export type RowWindow = Pick<Window, 'column' | 'lower' | 'upper' | 'nulls'>;

/** A Polars predicate for the rows of a window. Undefined: every row belongs to the window. The predicate is never null, because Polars would drop a row with the value null. */
export function windowFilter(pl: typeof Polars, window: RowWindow): Expr | undefined {
  if (window.column === null) return undefined;
  const { column, type } = window.column;
  const value = comparable(pl, column, type);
  const include = window.nulls === 'include';
  // Each expression of nodejs-polars is an object of some two hundred functions, so a short run saves time with fewer expressions.
  if (window.lower?.inclusive && window.upper?.inclusive && window.lower.text === window.upper.text) {
    return value.eq(exactLiteral(pl, type, window.lower.text)).fillNull(pl.lit(include));
  }
  const edges: Expr[] = [];
  if (window.lower) {
    const edge = exactLiteral(pl, type, window.lower.text);
    edges.push(window.lower.inclusive ? value.gtEq(edge) : value.gt(edge));
  }
  if (window.upper) {
    const edge = exactLiteral(pl, type, window.upper.text);
    edges.push(window.upper.inclusive ? value.ltEq(edge) : value.lt(edge));
  }
  if (edges.length === 0) return include ? undefined : pl.col(column).isNotNull();
  const inside = edges.reduce((all, edge) => all.and(edge));
  return inside.fillNull(pl.lit(include));
}
