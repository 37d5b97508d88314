/** Values of partition columns, which are in the names of folders, as text of their type. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { DataType } from '../../frames/schema.ts';
import { canBeWatermark, parseWatermark } from '../../frames/watermark-text.ts';

export interface PartitionColumn {
  readonly name: string;
  readonly type: DataType;
}

/** `text`: the canonical text, as for watermarks; `true` and `false`; null: the row has no value. */
export interface PartitionValue extends PartitionColumn {
  readonly text: string | null;
}

/** Types whose every value has one exact text. */
export function canBePartition(type: DataType): boolean {
  return canBeWatermark(type) || type.kind === 'bool';
}

/** The canonical text for the value in a folder's name; undefined if it can't be a value of the type. */
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
 * The narrowest type in whose plain form all the values are written, so that none of them would change: whole numbers without
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
