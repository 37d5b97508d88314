/** I11: rows read = rows staged, null counts per column equal on both sides; a difference is an error, never a log line. */
import type { Schema } from '../frames/schema.ts';
import type { EntityKey } from '../ports/values.ts';
import type { Part } from './contracts.ts';
import { nullsDiffer, rowsDiffer } from './stops.ts';

export function guardRows(key: EntityKey, read: number, parts: readonly Part[]): void {
  const staged = parts.reduce((sum, part) => sum + part.rows, 0);
  if (read !== staged) throw rowsDiffer(key, read, staged);
}

export function guardNulls(key: EntityKey, schema: Schema | null, read: readonly number[], parts: readonly Part[]): void {
  schema?.columns.forEach((column, i) => {
    const staged = parts.reduce((sum, part) => sum + (part.nulls[i] ?? 0), 0);
    if ((read[i] ?? 0) !== staged) throw nullsDiffer(key, column.name, read[i] ?? 0, staged);
  });
}
