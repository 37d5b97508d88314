/** Values of partition columns: they stand in the names of folders, as text of their type. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { DataType } from '../../frames/schema.ts';
import { canBeWatermark, parseWatermark } from '../../frames/watermark-text.ts';

export interface PartitionColumn {
  readonly name: string;
  readonly type: DataType;
}

/** `text`: canonical, as that of watermarks; `true` and `false`; null: the row has no value. */
export interface PartitionValue extends PartitionColumn {
  readonly text: string | null;
}

/** Types whose every value has one exact text. */
export function canBePartition(type: DataType): boolean {
  return canBeWatermark(type) || type.kind === 'bool';
}

/** The canonical text of what a folder's name says; undefined when it can't be a value of the type. */
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
 * The narrowest type that all the values have in its plain form, so that none of them would be written otherwise: whole numbers without
 * leading zeros, dates as `2026-11-20`. Anything else is text.
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
