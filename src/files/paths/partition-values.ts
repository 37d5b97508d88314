/** Converts the values of partition columns in the names of folders to canonical texts of their type. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { DataType } from '../../frames/schema.ts';
import { canBeWatermark, parseWatermark } from '../../frames/watermark-text.ts';

export interface PartitionColumn {
  readonly name: string;
  readonly type: DataType;
}

/** A value of a partition column. `text` is the canonical text as for watermarks, or `true` or `false`. Null: the rows have no value. */
export interface PartitionValue extends PartitionColumn {
  readonly text: string | null;
}

/** Whether every value of a type has exactly one text. */
export function canBePartition(type: DataType): boolean {
  return canBeWatermark(type) || type.kind === 'bool';
}

/** The canonical text for the value in a folder’s name; undefined: the text is not a value of the type. */
export function partitionText(type: DataType, written: string): string | undefined {
  if (type.kind === 'bool') return /^(true|false)$/i.test(written) ? written.toLowerCase() : undefined;
  try {
    return parseWatermark(written, { column: '', type }).text;
  } catch (error) {
    if (error instanceof HyggeError) return undefined;
    throw error;
  }
}

/**
 * The type of a partition column, from its values. Whole numbers without leading zeros become numbers, and dates such as
 * `2026-11-20` become dates, so that no value changes. All other values are texts.
 */
export function inferPartitionType(values: Iterable<string | null>): DataType {
  const candidates = new Map<string, DataType>([
    ['int64', { kind: 'int64' }],
    ['date', { kind: 'date' }],
  ]);
  let seen = false;
  for (const value of values) {
    if (value === null) continue;
    seen = true;
    for (const [kind, type] of candidates) if (partitionText(type, value) !== value) candidates.delete(kind);
    if (candidates.size === 0) break;
  }
  const [type] = candidates.values();
  return (seen ? type : undefined) ?? { kind: 'string' };
}
