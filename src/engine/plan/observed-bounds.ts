/** Bounds of the rows that a run reads: whether values ascend in the order of rows, and which rows are old enough. It also finds a bound if only reading, or a clock, shows the newest value. */
import type { DataType } from '../../frames/schema.ts';
import { isInteger, isTime, latestAt, latestWithLag } from '../../frames/times/future.ts';
import { isWordAbove, timesIn, unorderedAs } from '../../frames/times/text-order.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { Note } from '../../ports/notes.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { filled } from '../../ports/values.ts';
import type { Step } from '../contracts/frame.ts';
import type { BoundRequest, Home } from '../contracts/home.ts';
import type { PlanFacts } from '../contracts/records.ts';
import type { EntitySpec, WatermarkSpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { clockTakesNoFuture, clockWithoutTime, lagWithoutTime, newestOnlyByReadingWithoutLag, observedById } from '../errors/observed.ts';
import { nullWatermarks } from '../errors/run.ts';
import { cannotTellNewNulls, daysAsText, randomAsWatermark, textWatermarkIsWord, timesSwapped } from '../errors/watermark.ts';
import { isKnownByReading } from './capabilities.ts';
import { showsTypeOnlyWhenRead } from './windows.ts';

const dayMs = 86_400_000;

type Column = Pick<Watermark, 'column' | 'type'>;

/**
 * How far a run stays behind the clock, in milliseconds. A day gets rows until it is over. The next run finds later rows of the day only if it reads
 * the rows at the watermark again.
 */
export function lagBehindClockMs(
  { lagMs, boundary }: WatermarkSpec,
  type: DataType,
  /** Whether the upper bound is the time of the source’s clock, which is within a day. */
  byClock = false,
): number {
  return (lagMs > 0 || byClock) && boundary === 'open' && type.kind === 'date' ? lagMs + dayMs : lagMs;
}

/** The lag in the request for a home's bound. */
export function lagBehindClock(mark: WatermarkSpec, type: DataType, byClock: boolean): Omit<BoundRequest, 'column' | 'future'> {
  return {
    lagMs: lagBehindClockMs(mark, type, byClock),
    ...filled({ noLag: mark.noLag, isOpen: byClock && mark.boundary === 'open' }),
  };
}

/** When the run is planned. Only for a source whose newest value is known only after reading. Null: the source answers its newest value, or the entity has no watermark. */
export function observedOf({ watermark }: EntitySpec, home: Home, now: Instant): PlanFacts['observed'] {
  if (!watermark || !isKnownByReading(home)) return null;
  return home.reading.upper === 'appended' ? { at: now, ascending: true } : { at: now };
}

/** The latest value that this run may read. Null: any value, or the source has not shown its types yet. */
export function latestToTake({ watermark }: EntitySpec, observed: PlanFacts['observed'], column: Column | null): Watermark | null {
  if (!watermark || !observed || !column) return null;
  const { type } = column;
  const lag = lagBehindClockMs(watermark, type);
  if (lag === 0 && watermark.future === 'take') return null;
  const text = latestWithLag(type, { now: observed.at, lagMs: lag });
  return text === undefined ? null : { ...column, text };
}

/** The latest value that is not in the future. Rows with later values wait, and are reported. Null: `future: take`, or the column is not a time. */
export function latestNotInFuture({ watermark }: EntitySpec, observed: PlanFacts['observed'], column: Column | null): Watermark | null {
  const text = column && observed && watermark?.future !== 'take' ? latestAt(column.type, observed.at) : undefined;
  return column && text !== undefined ? { ...column, text } : null;
}

/**
 * The largest value that was seen is not a safe bound, because rows with a smaller value may arrive later. For a time, a lag says how much later, or
 * an overlap reads that range again. For an id or a token this is unknown, so rows need a key, and are read as often as they arrive. A source that
 * only adds rows in the order of the column needs neither (`ascending`). Throws HYG-2081 or HYG-2082. If the source shows its types only while it is
 * read, this is checked again then.
 */
export function checkObservedBound(
  spec: EntitySpec,
  store: Store,
  { column, type, ascending }: Column & { readonly ascending: boolean },
): void {
  const mark = spec.watermark;
  if (!mark) return;
  if (ascending) {
    if (mark.lagMs > 0 && !isTime(type) && !showsTypeOnlyWhenRead({ type })) throw lagWithoutTime(spec, { column, type });
    return;
  }
  const merges = store.writes.has('merge') && mark.key.length > 0;
  const bounded = mark.lagMs > 0 || mark.overlapMs > 0;
  if (isTime(type) || (showsTypeOnlyWhenRead({ type }) && !merges)) {
    if (!bounded) throw newestOnlyByReadingWithoutLag(spec, column);
  } else if (!showsTypeOnlyWhenRead({ type })) {
    if (!merges) throw observedById(spec, { column, type }, store);
    if (mark.lagMs > 0) throw lagWithoutTime(spec, { column, type });
  }
}

/** The note on an id or a token whose order hygge can’t check, so that a person has to know it. */
export function observedNotes(observed: PlanFacts['observed'], column: Column | null): readonly Note[] {
  if (!observed || !column) return [];
  if (!observed.ascending && (showsTypeOnlyWhenRead(column) || isTime(column.type))) return [];
  return [{ code: 'grows_only', column: column.column }];
}

/** If the bound is the source’s clock, no later value is read, so the column has to be a time, or an integer that counts time. Throws HYG-2083. */
export function checkClockBound(spec: EntitySpec, home: Home, column: Column): void {
  if (home.reading.upper !== 'clock' || showsTypeOnlyWhenRead(column)) return;
  const countsTime = home.reading.epochs !== 'none' && isInteger(column.type);
  if (!isTime(column.type) && !countsTime) throw clockWithoutTime(spec, column);
  if (spec.watermark?.future === 'take' && spec.watermark.lagMs === 0) throw clockTakesNoFuture(spec);
}

/** Throws if rows without a watermark are a problem: the config forbids them, or they can’t be told from settled rows. `no`: reading need not check for such rows. */
export async function checkNulls(
  { spec, home, row }: { readonly spec: EntitySpec; readonly home: Home; readonly row: StateRow | undefined },
  column: string,
  lower: Watermark | null,
  cursor: Json | undefined,
): Promise<Step<PlanFacts['stopsAtNull']>> {
  const nulls = spec.watermark?.nulls;
  const notApart = nulls === 'include' && lower !== null && !row?.settled?.boundary;
  if (nulls !== 'fail' && !notApart) return { done: 'no' };
  const step = await home.nulls(column, cursor);
  if ('again' in step) return step;
  const count = step.done;
  if (count === 'while reading') return { done: notApart ? 'not apart' : 'fail' };
  if (count > 0) throw notApart ? cannotTellNewNulls(spec, column, count) : nullWatermarks(spec, column, count);
  return { done: 'no' };
}

/** Throws if values visibly have another order than the rows’ arrival. @param newest the newest value of the source, if it is below the settled watermark. @returns `numbers` if texts are numbers whose order may still be that of their texts. */
export function checkWatermarkOrder(spec: EntitySpec, upper: Watermark, lower: Watermark | null, newest = upper): 'numbers' | undefined {
  const unordered = unorderedAs(upper);
  if (unordered === 'random') throw randomAsWatermark(spec, upper);
  if (unordered === 'days') throw daysAsText(spec, upper);
  if (lower && isWordAbove(upper, lower.text)) throw textWatermarkIsWord(spec, upper, lower.text);
  const swapped = lower && upper.type.kind === 'string' ? timesIn([lower.text, newest.text]).swapped : undefined;
  if (swapped) throw timesSwapped(spec, upper.column, swapped);
  return unordered;
}
