import type { Window } from '../../../engine/contracts/contracts.ts';
import { extremesOf } from '../../../frames/extremes.ts';
import { asPolars } from '../../../frames/polars-frame.ts';
import type { Watermark } from '../../../frames/watermark.ts';
import { compareWatermarks } from '../../../frames/watermark-text.ts';
import type { Format } from '../../format.ts';
import type { Looking } from './looking.ts';
import { readRecords } from './read.ts';

type MaxRequest = Parameters<Format['max']>[0];
type NullsRequest = Parameters<Format['nulls']>[0];

/** See `Format.max`. Only reading tells. */
export async function largest(how: Looking, request: MaxRequest): Promise<Watermark | undefined> {
  const { column, cap, content } = request;
  const type = content.schema.columns.find(({ name }) => name === column)?.type;
  if (!type) return undefined;
  let found: Watermark | undefined;
  const upper = cap === null ? null : { text: cap, inclusive: true };
  for await (const frame of values(how, request, { column: { column, type }, lower: null, upper, nulls: 'exclude' })) {
    const extremes = await extremesOf(await frame.lazy(), { column, type });
    const value = extremes && { column, type, text: extremes.max };
    if (value && (!found || compareWatermarks(found, value) < 0)) found = value;
  }
  return found;
}

/** See `Format.nulls`. */
export async function countNulls(how: Looking, request: NullsRequest): Promise<number> {
  let nulls = 0;
  for await (const frame of values(how, request, { column: null, lower: null, upper: null, nulls: 'include' })) {
    nulls += (await frame.nullCounts())[0] ?? 0;
  }
  return nulls;
}

/** One column of a whole file; what can't be read is for reading to tell. */
async function* values(how: Looking, request: NullsRequest, window: Pick<Window, 'column' | 'lower' | 'upper' | 'nulls'>) {
  const { source, content, column, scratch } = request;
  const never = new AbortController().signal;
  const whole = { source, content, from: 0, to: source.bytes, columns: [column], scratch, signal: never };
  const size = { frameBytes: 32 * 1024 * 1024, frameRows: Number.MAX_SAFE_INTEGER };
  for await (const read of readRecords(how, { ...whole, ...size, window: { ...window, seen: null, changedFiles: 'fail' } })) {
    if (!('rejected' in read)) yield asPolars(read);
  }
}
