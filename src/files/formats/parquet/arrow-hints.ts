import { type Arrow, arrow } from '../../../frames/native.ts';
import type { TimeUnit } from '../../../frames/schema.ts';
import { ThriftDamaged } from './thrift.ts';

/** What only the writer's Arrow schema says about a column: the zone's name, a duration, a dictionary. */
export interface ArrowHint {
  readonly zone?: string;
  readonly duration?: TimeUnit;
  readonly dictionary?: true;
  readonly children: readonly ArrowHint[];
}

export const noHint: ArrowHint = { children: [] };

/**
 * Hints by column name from the `ARROW:schema` entry of a footer (an IPC stream with a schema only, in base64). Throws `ThriftDamaged` when it
 * cannot be one: Polars would not refuse it but end the process.
 */
export async function arrowHints(encoded: string | undefined): Promise<ReadonlyMap<string, ArrowHint>> {
  if (encoded === undefined) return new Map();
  const A = await arrow();
  try {
    const reader = A.RecordBatchReader.from(Buffer.from(encoded, 'base64')).open();
    return new Map(reader.schema.fields.map((field) => [field.name, hintOf(A, field.type)]));
  } catch {
    throw new ThriftDamaged('its Arrow schema cannot be read');
  }
}

function hintOf(A: typeof Arrow, type: Arrow.DataType): ArrowHint {
  const children = (type.children ?? []).map((child) => hintOf(A, child.type));
  if (A.DataType.isTimestamp(type)) return { ...(type.timezone ? { zone: type.timezone } : {}), children };
  if (A.DataType.isDuration(type)) return { duration: unitOf(A, type.unit), children };
  if (A.DataType.isDictionary(type)) return { dictionary: true, children };
  return { children };
}

function unitOf(A: typeof Arrow, unit: Arrow.TimeUnit): TimeUnit {
  return unit === A.TimeUnit.NANOSECOND ? 'ns' : unit === A.TimeUnit.MICROSECOND ? 'us' : 'ms';
}
