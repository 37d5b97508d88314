/** I11: rows read = rows staged, null counts per column equal on both sides; a difference is an error, never a log line. */
import type { Schema } from '../../frames/schema.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { Part } from '../contracts/contracts.ts';
import { nullsDiffer, rowsDiffer } from '../errors/run.ts';

export function guardRows(key: EntityKey, read: { readonly rows: number; readonly quarantined: number }, parts: readonly Part[]): void {
  const [data, quarantine] = [rowsIn(parts.filter(isData)), rowsIn(parts.filter((part) => !isData(part)))];
  if (read.rows !== data) throw rowsDiffer(key, read.rows, data);
  if (read.quarantined !== quarantine) throw rowsDiffer(key, read.quarantined, quarantine);
}

/** Quarantined rows settle apart: they are not among the entity's rows. */
export function isData(part: Part): boolean {
  return part.role !== 'quarantine';
}

export function addCounts(a: readonly number[], b: readonly number[]): readonly number[] {
  return b.map((count, i) => count + (a[i] ?? 0));
}

function rowsIn(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.rows, 0);
}

export function guardNulls(key: EntityKey, schema: Schema | null, read: readonly number[], parts: readonly Part[]): void {
  const data = parts.filter(isData);
  schema?.columns.forEach((column, i) => {
    const staged = data.reduce((sum, part) => sum + (part.nulls[i] ?? 0), 0);
    if ((read[i] ?? 0) !== staged) throw nullsDiffer(key, column.name, read[i] ?? 0, staged);
  });
}
