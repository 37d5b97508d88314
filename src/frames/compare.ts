import { describeType, sameType } from './describe-type.ts';
import type { Schema } from './schema.ts';

/** Says for messages how `now` differs from `before`, with one sentence for each difference. Empty: both have the same columns. The order of columns is ignored, because readers match columns by name. */
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
