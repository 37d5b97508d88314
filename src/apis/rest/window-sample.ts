/**
 * Chooses the records with which a window is tested: the records that show most about how the API reads a bound. An unchanged record would not show that a filter uses
 * the time of creation. A record at noon or in winter might not show that a bound is read in another zone.
 */

import type { DataType } from '../../frames/schema.ts';
import { isTime } from '../../frames/times/future.ts';
import { compareWatermarkKeys, parsedKey, type WatermarkKey } from '../../frames/watermark-text.ts';
import { parsedJson } from '../../ports/values.ts';
import { fieldOf, type Span } from '../answers/envelope.ts';
import { orIfBad } from '../answers/readable.ts';
import type { Page } from '../lists/pages.ts';
import { ownId } from '../lists/record-ids.ts';

/** A record with its watermark. */
export interface ShownRecord {
  readonly key: WatermarkKey;
  /** The id of the record. Other records may have the same watermark. */
  readonly id: string | undefined;
  /** The number of other times in the record that differ from the watermark. Only times that follow changes differ after a change. */
  readonly apart: number;
  /** Whether the record has other times. */
  readonly hasTimes: boolean;
  /** The time of creation, recognized by the name of a member. */
  readonly created: WatermarkKey | undefined;
  /** Whether the record changed after its creation. */
  readonly hasChanged: boolean;
}

/** Facts about how a window is requested. */
export interface Asked {
  readonly type: DataType;
  /** The number of units of the type in a millisecond. Undefined: the column is not a time. */
  readonly unitsPerMs: number | undefined;
  /** Whether both bounds are sent. If only the lower bound is sent, an answer has all later records. */
  readonly isBetween: boolean;
  /** Whether bounds are days, or have no zone. */
  readonly isOfPlace: boolean;
}

const dayMs = 86_400_000;
const yearMs = 365.25 * dayMs;
/** The maximum number of records that are inspected per page: more records would not show more. */
const mostLooked = 1_000;
const deepest = 3;
const [mostAsked, mostAskedOfPlace] = [4, 7];

/** The text of a field. Undefined: the record lacks the field, or its value is null. */
export function textAt({ body }: Page, record: Span, at: string): string | undefined {
  const found = orIfBad(
    () => fieldOf(body, record, at),
    () => undefined,
  );
  return found === undefined || found.kind === 'null' ? undefined : found.text;
}

/** @param keyOf returns the watermark of a record. @param apart the smallest difference that the API distinguishes, in units of the type. */
export function shownRecords(
  page: Page,
  { type, apart, keyOf }: { readonly type: DataType; readonly apart: bigint; keyOf(record: Span): WatermarkKey | undefined },
): readonly ShownRecord[] {
  const { body, records } = page;
  return records.slice(0, mostLooked).flatMap((record) => {
    const key = keyOf(record);
    if (key === undefined) return [];
    const differs = (other: WatermarkKey) =>
      typeof other === 'bigint' && typeof key === 'bigint' && (other > key + apart || other < key - apart);
    // The watermark itself is also among the times.
    const times = timesIn(parsedJson(body.bytes.toString('utf8', record.start, record.end)), type);
    const created = times.find(({ name }) => creationNames.test(name))?.key;
    return [
      {
        key,
        id: ownId(page, record),
        apart: times.filter((one) => differs(one.key)).length,
        hasTimes: times.length > 1,
        created,
        hasChanged: created !== undefined && differs(created),
      },
    ];
  });
}

const creationNames = /creat|insert|added|regist|^(opened|posted|placed|received)/i;
/** Names of members whose numbers are times. A number alone does not show that it is a time. */
const timeNames = /creat|insert|added|regist|updat|modif|chang|edit|time|date|(_at|At|_on|On|_ts)$/;

interface NamedTime {
  readonly name: string;
  readonly key: WatermarkKey;
}

function timesIn(value: unknown, type: DataType, { name = '', depth = 0 } = {}): readonly NamedTime[] {
  const isTimeOf = isTime(type) ? typeof value === 'string' : Number.isSafeInteger(value) && timeNames.test(name);
  if (isTimeOf) return [parsedKey(type, String(value)) ?? []].flat().map((key) => ({ name, key }));
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth >= deepest) return [];
  return Object.entries(value).flatMap(([member, inside]) => timesIn(inside, type, { name: member, depth: depth + 1 }));
}

/**
 * The watermarks of the records to request, each once.
 * @param recent records of the list that the run reads.
 * @param listed records of the list without a filter, in the order of that list.
 */
export function recordsToAsk(recent: readonly ShownRecord[], listed: readonly ShownRecord[], asked: Asked): readonly WatermarkKey[] {
  const all = [...listed, ...recent].toSorted((a, b) => compareWatermarkKeys(a.key, b.key));
  const timed = all.filter(({ key }) => typeof key !== 'bigint' || !isMidnight(key, asked));
  const from = timed.length === 0 ? all : timed;
  const keys = from.map(({ key }) => key);
  const newest = recent
    .map(({ key }) => key)
    .toSorted(compareWatermarkKeys)
    .at(-1);
  const some = asked.isBetween ? [keys[0], keys[Math.floor(keys.length / 2)], keys.at(-1)] : [keys.at(-1), keys.at(-2), keys.at(-3)];
  const picked = [...changed(from, listed), newest, ...ofPlace(keys, asked), ...some].filter((key) => key !== undefined);
  return [...new Set(picked)].slice(0, asked.isOfPlace ? mostAskedOfPlace : mostAsked);
}

/** Whether a time is midnight. A bound at midnight stays the same if the API cuts it to its day, so it shows nothing. */
function isMidnight(key: bigint, { unitsPerMs }: Asked): boolean {
  return unitsPerMs !== undefined && key % BigInt(Math.max(1, Math.ceil(dayMs * unitsPerMs))) === 0n;
}

/**
 * Whether no record shows a change, so that a filter by the time of creation would return all records too.
 * @param recent and `listed`: as in `recordsToAsk`.
 */
export function isUnchanged(recent: readonly ShownRecord[], listed: readonly ShownRecord[]): boolean {
  return changed([...listed, ...recent], listed).length === 0;
}

/** The records that have changed most since their creation: by their other times, and by the order of the list. */
function changed(all: readonly ShownRecord[], listed: readonly ShownRecord[]): readonly WatermarkKey[] {
  const most = all.reduce<ShownRecord | undefined>((so, one) => (so === undefined || one.apart >= so.apart ? one : so), undefined);
  const isChange = most !== undefined && (most.hasChanged || all.some(({ apart }) => apart < most.apart));
  const byTimes = isChange ? [most.key] : [];
  const rises = listed.filter(({ key }, i) => i > 0 && compareWatermarkKeys(key, listed[i - 1]?.key ?? key) > 0).length;
  const isRising = rises * 2 >= listed.length - 1;
  const moved = listed.findLast(({ key }, i) => {
    const next = listed[isRising ? i + 1 : i - 1];
    return next !== undefined && compareWatermarkKeys(key, next.key) > 0;
  });
  return [...byTimes, ...(moved === undefined ? [] : [moved.key])].slice(0, 2);
}

/** Records from both ends of the day, and from winter and summer. The zone may have daylight saving time. */
function ofPlace(keys: readonly WatermarkKey[], { isOfPlace, unitsPerMs }: Asked): readonly WatermarkKey[] {
  if (!isOfPlace || unitsPerMs === undefined) return [];
  const times = keys.flatMap((key) => (typeof key === 'bigint' ? [{ key, ms: Number(key) / unitsPerMs }] : []));
  const least = (by: (ms: number) => number) =>
    times.reduce<(typeof times)[number] | undefined>((so, one) => (so === undefined || by(one.ms) <= by(so.ms) ? one : so), undefined)?.key;
  const fromWinter = (ms: number) => {
    const share = (((ms % yearMs) + yearMs) % yearMs) / yearMs;
    return Math.min(share, 1 - share);
  };
  const all = times.map(({ ms }) => ms);
  const hasSeasons = (all.at(-1) ?? 0) - (all[0] ?? 0) > 60 * dayMs;
  const ofYear = hasSeasons ? [least(fromWinter), least((ms) => -fromWinter(ms))] : [];
  return [least((ms) => ms % dayMs), least((ms) => -(ms % dayMs)), ...ofYear].filter((key) => key !== undefined);
}
