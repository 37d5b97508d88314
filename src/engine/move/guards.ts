/** I11: as many rows are staged as were read, and each column has the same number of nulls on both sides. A difference is always an error, never only a log line. */
import type { Schema } from '../../frames/schema.ts';
import type { EntityKey } from '../../ports/values.ts';
import { isData, type Part, type PartRole, rowsOf } from '../contracts/store.ts';
import { nullsDiffer, rowsDiffer } from '../errors/run.ts';

/** How many rows can be read, and how many of these have a role of their own. `quarantined` rows are counted in addition. Absent: 0. */
export interface CountedRows {
  readonly rows: number;
  readonly quarantined?: number;
  readonly broken?: number;
  readonly deleted?: number;
  readonly partial?: number;
}

export function checkRowCounts(
  key: EntityKey,
  { rows, quarantined = 0, broken = 0, deleted = 0, partial = 0 }: CountedRows,
  parts: readonly Part[],
): void {
  const inRole = (wanted: PartRole) => rowsOf(parts, ({ role }) => role === wanted);
  const pairs = [
    [rows - broken - deleted - partial, rowsOf(parts, isData)],
    [deleted, inRole('deleted')],
    [partial, inRole('partial')],
    [broken, inRole('broken')],
    [quarantined, inRole('quarantine')],
  ] as const;
  for (const [expected, staged] of pairs) if (expected !== staged) throw rowsDiffer(key, expected, staged);
}

export function addCounts(a: readonly number[], b: readonly number[]): readonly number[] {
  return b.map((count, i) => count + (a[i] ?? 0));
}

export function checkNullCounts(key: EntityKey, schema: Schema | null, read: readonly number[], parts: readonly Part[]): void {
  const data = parts.filter(isData);
  schema?.columns.forEach((column, i) => {
    const staged = data.reduce((sum, part) => sum + (part.nulls[i] ?? 0), 0);
    if ((read[i] ?? 0) !== staged) throw nullsDiffer(key, column.name, read[i] ?? 0, staged);
  });
}
