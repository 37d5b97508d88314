import { describeType, sameType } from './describe-type.ts';
import type { Schema } from './schema.ts';

/** How `now` differs from `before`, one sentence per difference, for messages; empty if both have the same columns. Order does not count: readers match by name. */
export function schemaChanges(before: Schema, now: Schema): readonly string[] {
  const earlier = new Map(before.columns.map((column) => [column.name, column]));
  const current = new Set(now.columns.map((column) => column.name));
  const changes: string[] = [];
  for (const column of before.columns) if (!current.has(column.name)) changes.push(`column ${column.name} is gone`);
  for (const column of now.columns) {
    const old = earlier.get(column.name);
    if (old === undefined) changes.push(`column ${column.name} (${describeType(column.type)}) is new`);
    else if (!sameType(old.type, column.type))
      changes.push(`column ${column.name} was ${describeType(old.type)} and is ${describeType(column.type)} now`);
  }
  return changes;
}
