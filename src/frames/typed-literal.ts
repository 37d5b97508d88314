import { exactLiteral } from './exact-literal.ts';
import type { Expr, Polars } from './native.ts';
import { polarsType } from './polars-type.ts';
import type { DataType } from './schema.ts';

/** One value of a type, exactly. `text` is canonical: digits, `true`, `2024-01-31`, ISO times. */
export function typedLiteral(pl: typeof Polars, type: DataType, text: string): Expr {
  const into = polarsType(pl, type) ?? pl.String;
  if (type.kind === 'string') return pl.lit(text);
  if (type.kind === 'bool') return pl.lit(text === 'true');
  if (type.kind === 'float64' || type.kind === 'float32') return pl.lit(text).cast(into, true);
  return exactLiteral(pl, type, text).cast(into, true);
}
