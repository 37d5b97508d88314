import type { Window } from '../../engine/contracts/home.ts';
import type { Expr, Polars } from '../../frames/native.ts';
import { comparable, exactLiteral } from '../../frames/values/exact-literal.ts';

/** The part of a window that concerns rows. */
export type RowWindow = Pick<Window, 'column' | 'lower' | 'upper' | 'nulls'>;

/** The rows of a window as a Polars predicate; undefined: every row. Its value is never null, so that no row is dropped by accident. */
export function windowFilter(pl: typeof Polars, window: RowWindow): Expr | undefined {
  if (window.column === null) return undefined;
  const { column, type } = window.column;
  const value = comparable(pl, column, type);
  const include = window.nulls === 'include';
  // Every expression of nodejs-polars is an object of some two hundred functions: short runs save time by making few.
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
