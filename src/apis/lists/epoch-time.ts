/** Watermarks of a window along time: times, and integers that count seconds or milliseconds since 1970. */
import { floorDivide } from '../../frames/calendar.ts';
import { isInteger, writtenIn } from '../../frames/future.ts';
import type { DataType } from '../../frames/schema.ts';
import { readStride, type Stride, stepped } from '../../frames/stride.ts';
import { watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { Instant } from '../../ports/values.ts';
import type { WindowParams } from './config.ts';

type Format = WindowParams['format'];

export interface Zoned {
  /** The zone of dates, and of times that name none. Undefined: it is not known. */
  readonly zone?: 'UTC' | undefined;
}

const inMs: DataType = { kind: 'timestamp', unit: 'ms', zone: 'UTC' };

/** The unit in which an integer of the column counts time, in milliseconds; undefined: it is a number, or the column is none of integers. */
export function countedMs(type: DataType, format: Format | undefined): bigint | undefined {
  if (!isInteger(type)) return undefined;
  return format === 'epoch_s' ? 1_000n : format === 'epoch_ms' ? 1n : undefined;
}

/** An instant as a value of the column; undefined: its values are no times. */
export function instantAs(type: DataType, instant: Instant, format: Format | undefined): string | undefined {
  const unit = countedMs(type, format);
  return unit === undefined ? writtenIn(type, instant) : String(floorDivide(BigInt(Date.parse(instant)), unit));
}

/** Steps along the column. @param every such as `30d`, or `10000` for ids. Undefined: the column has no such steps. */
export function strideOf(every: string, type: DataType, format: Format | undefined): Stride | undefined {
  return readStride(every, countedMs(type, format) === undefined ? type : inMs);
}

/** The value so many steps further on. */
export function stepFrom(
  { type, text, format }: { readonly type: DataType; readonly text: string; readonly format: Format | undefined },
  stride: Stride,
  steps: bigint,
): string {
  const unit = countedMs(type, format);
  if (unit === undefined) return stepped(type, text, stride, steps);
  const at = stepped(inMs, watermarkText(inMs, BigInt(text) * unit), stride, steps);
  return String(floorDivide(BigInt(watermarkKey(inMs, at)), unit));
}
