import { HyggeError } from '../../errors/hygge-error.ts';
import { type LazyDataFrame, polars } from '../../frames/native.ts';
import { extremesOf } from '../../frames/values/extremes.ts';
import { readCounts } from '../../frames/values/from-polars.ts';
import {
  compareWatermarkKeys,
  describeWatermarkType,
  type WatermarkKey,
  watermarkKey,
  watermarkText,
} from '../../frames/watermark-text.ts';
import type { Format } from '../contract/format.ts';
import { type RowWindow, windowFilter } from '../contract/window-filter.ts';
import { damagedData } from './errors.ts';
import { FetchedGroups } from './fetch-groups.ts';
import type { RowGroup } from './footer.ts';
import type { FileColumn, HowToRead } from './footer-schema.ts';
import { columnNamed, type OpenedParquet, openedOf } from './opened-file.ts';
import { asTyped, finished, inMemory, scanPlain } from './scan.ts';
import { boundsIn, nullsIn } from './statistics.ts';

type MaxRequest = Parameters<Format['max']>[0];
type NullsRequest = Parameters<Format['nulls']>[0];

/** See `Format.max`. A row group is read only if its statistics are missing, are not exact, or cross the cap. */
export async function largest(request: MaxRequest, how: HowToRead): ReturnType<Format['max']> {
  const opened = await openedOf(request.source, request.content, how);
  const column = columnNamed(opened, request.column, request.source);
  describeWatermarkType(column.type, column.name);
  const cap = request.cap === null ? undefined : watermarkKey(column.type, request.cap);
  let best: WatermarkKey | undefined;
  for (const number of byPromise(opened.footer.groups, column)) {
    const group = opened.footer.groups[number];
    if (group === undefined || group.rows === 0 || nullsIn(group, column) === group.rows) continue;
    const bounds = boundsIn(group, column);
    const cannotBeat = bounds && best !== undefined && compareWatermarkKeys(bounds.max, best) <= 0;
    const above = bounds && cap !== undefined && compareWatermarkKeys(bounds.min, cap) > 0;
    if (cannotBeat || above) continue;
    const known = bounds?.maxExact && (cap === undefined || compareWatermarkKeys(bounds.max, cap) <= 0);
    const found = known ? bounds.max : await scanForLargest(request, { opened, column, number });
    if (found !== undefined && (best === undefined || compareWatermarkKeys(found, best) > 0)) best = found;
  }
  if (best === undefined) return undefined;
  const min = smallestBound(opened.footer.groups, column);
  return {
    max: { column: column.name, type: column.type, text: watermarkText(column.type, best) },
    min: min === undefined ? null : watermarkText(column.type, min),
  };
}

/** The smallest value, as the statistics show it. Undefined: the statistics of a row group do not show its smallest value. */
function smallestBound(groups: readonly RowGroup[], column: FileColumn): WatermarkKey | undefined {
  let smallest: WatermarkKey | undefined;
  for (const group of groups) {
    if (group.rows === 0 || nullsIn(group, column) === group.rows) continue;
    const bounds = boundsIn(group, column);
    if (bounds === undefined) return undefined;
    if (smallest === undefined || compareWatermarkKeys(bounds.min, smallest) < 0) smallest = bounds.min;
  }
  return smallest;
}

/** The order in which row groups are read: first the groups with an unknown bound, and then the groups with the largest bounds. In this order, most later groups can’t exceed the largest value found so far. */
function byPromise(groups: readonly RowGroup[], column: FileColumn): readonly number[] {
  const bounds = groups.map((group) => boundsIn(group, column)?.max);
  return groups
    .map((_, number) => number)
    .sort((a, b) => {
      const [left, right] = [bounds[a], bounds[b]];
      if (left === undefined || right === undefined) return (left === undefined ? 0 : 1) - (right === undefined ? 0 : 1);
      return compareWatermarkKeys(right, left);
    });
}

interface Spot {
  readonly opened: OpenedParquet;
  readonly column: FileColumn;
  readonly number: number;
}

async function scanForLargest(request: MaxRequest, spot: Spot): Promise<WatermarkKey | undefined> {
  const { column } = spot;
  const window: RowWindow = {
    column: { column: column.name, type: column.type },
    lower: null,
    upper: request.cap === null ? null : { text: request.cap, inclusive: true },
    nulls: 'exclude',
  };
  const extremes = await overGroup(request, spot, async (plan) => {
    const pl = await polars();
    const data = await finished(inMemory(await asTyped(plan, [column])), [column], request.source.name);
    const filter = windowFilter(pl, window);
    return extremesOf(filter ? data.lazy().filter(filter) : data.lazy(), { column: column.name, type: column.type });
  });
  return extremes && watermarkKey(column.type, extremes.max);
}

/** See `Format.nulls`. */
export async function countNulls(request: NullsRequest, how: HowToRead): Promise<number> {
  const opened = await openedOf(request.source, request.content, how);
  const column = columnNamed(opened, request.column, request.source);
  let nulls = 0;
  for (const [number, group] of opened.footer.groups.entries()) {
    nulls += nullsIn(group, column) ?? (await scanForNulls(request, { opened, column, number }));
  }
  return nulls;
}

function scanForNulls(request: NullsRequest, spot: Spot): Promise<number> {
  return overGroup(request, spot, async (plan) => {
    const [count = 0] = readCounts(inMemory(await asTyped(plan, [spot.column])).nullCount());
    return count;
  });
}

/** Runs `look` over the values of the column in one row group. */
async function overGroup<T>(
  { source, scratch }: Pick<MaxRequest, 'source' | 'scratch'>,
  { opened, column, number }: Spot,
  look: (plan: LazyDataFrame) => Promise<T>,
): Promise<T> {
  const columns = [column];
  const fetched = await FetchedGroups.from({ source, scratch, footer: opened.footer, from: number, to: number + 1, columns });
  try {
    const answer = await look(await scanPlain(await fetched.file(), { opened, columns, name: source.name }));
    fetched.recycle();
    return answer;
  } catch (cause) {
    const failure = cause instanceof HyggeError ? cause : damagedData(source.name, cause);
    throw (await source.orReplaced?.(failure)) ?? failure;
  } finally {
    await fetched.free();
  }
}
