/**
 * The used part of the limits of a connection, as a document that all processes change one after another, and the part that a process gets. Pure.
 *
 * The shortest time, if it is a second or a minute, is paced: requests are spread evenly over it, so that no second has more than allowed. Longer periods are counted in
 * slots: all slots that a period touches have together at most the limit. So the limit also holds if the API counts from another moment than hygge.
 */
import { permitMs } from '../../../ports/state.ts';
import type { LimitsConfig, Rate } from './config.ts';

export interface Usage {
  /** By rate: when the next request may be sent, and the process that got the previous requests. */
  readonly paced?: Readonly<Record<string, { readonly nextMs: number; readonly by: string }>>;
  /** By rate: how many requests each slot has, as pairs of its number and the count. */
  readonly counted?: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  /** The limit that the API reports, how much of it hygge has used, and until when that counts. */
  readonly told?: ToldUsage;
}

export interface ToldUsage {
  /** Null: no answer has reported it yet. */
  readonly limit: number | null;
  /** Null: not known yet. */
  readonly untilMs: number | null;
  readonly used: number;
}

/** Requests that a process may send. */
export interface Grant {
  readonly count: number;
  /** When the first request may be sent, and the interval to the next. */
  readonly firstMs: number;
  readonly everyMs: number;
  /** The maximum delay of each request after its time. */
  readonly lateMs: number;
  /** After this time no request may be sent. */
  readonly untilMs: number;
}

export interface GrantRequest {
  readonly limits: LimitsConfig;
  readonly nowMs: number;
  /** The id of the process. */
  readonly by: string;
  readonly want: number;
  /** Maximum difference between the clocks of two processes. */
  readonly skewMs: number;
  /** The time until the process has the requests. */
  readonly leadMs: number;
}

export type Granted =
  | { readonly usage: Usage; readonly grant: Grant }
  /** The reason, and when to try again. */
  | { readonly laterMs: number; readonly because: string };

/** A request that must wait longer is not queued. */
export const longestWaitMs = 10_000;
/** A process gets at most the requests for this time at once, or other processes would wait too long. */
const stretchMs = 2_000;
/** If several processes request, each gets at least the requests for this time, since each change of process costs some time. */
const turnMs = 1_000;
const mostSpacedMs = 60_000;

/** The time between two requests. It is a little more than the rate says: a request may be sent late by half of that, and reach the API late by the other half. */
function spacing({ count, perMs }: Rate): { readonly everyMs: number; readonly lateMs: number } {
  const spareMs = Math.min(perMs / 10, 1_000);
  return { everyMs: (perMs + spareMs) / count, lateMs: spareMs / 2 };
}

function slotsOf({ perMs }: Rate): { readonly slotMs: number; readonly slots: number } {
  const slots = perMs > 3_600_000 ? 48 : perMs > 1_000 ? 60 : 10;
  return { slotMs: perMs / slots, slots };
}

/** Maximum number of requests that a process gets at once. */
export function mostAtOnce({ rates }: LimitsConfig): number {
  const [first] = rates;
  const { paced, counted } = divided(rates);
  const ofPace = paced === undefined ? 64 : Math.max(1, Math.floor(stretchMs / spacing(paced).everyMs));
  const ofCounts = counted.map(({ count }) => Math.max(1, Math.floor(count / 20)));
  return first === undefined ? 64 : Math.min(64, ofPace, ...ofCounts);
}

function divided(rates: readonly Rate[]): { readonly paced: Rate | undefined; readonly counted: readonly Rate[] } {
  const [first, ...rest] = rates;
  return first !== undefined && first.perMs <= mostSpacedMs ? { paced: first, counted: rest } : { paced: undefined, counted: rates };
}

export function grant(usage: Usage, request: GrantRequest): Granted {
  const { limits, nowMs, by, want, skewMs, leadMs } = request;
  const { paced, counted } = divided(limits.rates);
  const told = currentTold(usage.told, nowMs);
  const before = paced && usage.paced?.[paced.text];
  const space = paced === undefined ? { everyMs: 0, lateMs: permitMs } : spacing(paced);
  const soonMs = paced === undefined ? nowMs : nowMs + leadMs;
  let firstMs = before === undefined ? soonMs : Math.max(soonMs, before.nextMs + (before.by === by ? 0 : skewMs));
  if (paced !== undefined && firstMs - nowMs > longestWaitMs) return { laterMs: firstMs, because: paced.text };
  // The rest of a slot may be too short to send a request in it.
  for (const rate of counted) {
    const { slotMs } = slotsOf(rate);
    const endMs = (Math.floor(firstMs / slotMs) + 1) * slotMs;
    if (endMs - skewMs - firstMs < Math.min(1_000, slotMs / 10)) firstMs = endMs;
  }
  let count =
    paced === undefined
      ? Math.max(1, want)
      : countOfTurn(want, space.everyMs, before !== undefined && before.by !== by && before.nextMs > nowMs);
  let untilMs = nowMs + permitMs;
  for (const rate of counted) {
    const { slotMs } = slotsOf(rate);
    const slot = Math.floor(firstMs / slotMs);
    const left = leftIn(usage, rate, slot);
    if (left <= 0) return { laterMs: roomFrom(usage, rate, slot), because: rate.text };
    // For a clock that is a little ahead, the next slot has begun.
    const endMs = (slot + 1) * slotMs - skewMs;
    untilMs = Math.min(untilMs, endMs);
    const inSlot = space.everyMs === 0 ? count : Math.max(1, Math.floor((endMs - firstMs) / space.everyMs));
    count = Math.min(count, left, inSlot);
  }
  if (limits.percent !== undefined && told?.limit != null) {
    const left = Math.floor((told.limit * limits.percent) / 100) - told.used;
    if (left <= 0) return { laterMs: told.untilMs ?? nextDay(nowMs), because: `budget: ${limits.percent}%` };
    count = Math.min(count, left);
    untilMs = Math.min(untilMs, told.untilMs ?? untilMs);
  }
  const next: Usage = {
    ...(paced && { paced: { ...youngPaced(usage, nowMs), [paced.text]: { nextMs: firstMs + count * space.everyMs, by } } }),
    ...(counted.length > 0 && { counted: countedWith(usage, counted, { firstMs, count }) }),
    ...(limits.percent !== undefined && { told: { limit: null, untilMs: null, ...told, used: (told?.used ?? 0) + count } }),
  };
  return { usage: next, grant: { count, firstMs, ...space, untilMs } };
}

function countOfTurn(want: number, everyMs: number, isContended: boolean): number {
  const least = isContended ? Math.floor(turnMs / everyMs) : 1;
  return Math.max(1, Math.min(Math.max(want, least), Math.floor(stretchMs / everyMs)));
}

/** The entries of other rates, as long as they are relevant. */
function youngPaced({ paced = {} }: Usage, nowMs: number): NonNullable<Usage['paced']> {
  return Object.fromEntries(Object.entries(paced).filter(([, { nextMs }]) => nextMs > nowMs - 2 * mostSpacedMs));
}

function slotsBefore({ counted = {} }: Usage, rate: Rate, slot: number): readonly (readonly [number, number])[] {
  return (counted[rate.text] ?? []).filter(([number]) => number >= slot - slotsOf(rate).slots);
}

/** Future slots count too, since another clock may be a little ahead. */
function leftIn(usage: Usage, rate: Rate, slot: number): number {
  return rate.count - slotsBefore(usage, rate, slot).reduce((sum, [, count]) => sum + count, 0);
}

function roomFrom(usage: Usage, rate: Rate, slot: number): number {
  const { slotMs, slots } = slotsOf(rate);
  for (let later = slot + 1; later <= slot + slots; later++) if (leftIn(usage, rate, later) > 0) return later * slotMs;
  return (slot + slots + 1) * slotMs;
}

function countedWith(
  usage: Usage,
  rates: readonly Rate[],
  { firstMs, count }: { readonly firstMs: number; readonly count: number },
): NonNullable<Usage['counted']> {
  const now = rates.map((rate) => {
    const slot = Math.floor(firstMs / slotsOf(rate).slotMs);
    const before = slotsBefore(usage, rate, slot);
    const here = before.find(([number]) => number === slot)?.[1] ?? 0;
    return [rate.text, [...before.filter(([number]) => number !== slot), [slot, here + count]]] as const;
  });
  return { ...usage.counted, ...Object.fromEntries(now) };
}

const nextDay = (nowMs: number) => (Math.floor(nowMs / 86_400_000) + 1) * 86_400_000;

/** The usage that counts now: after a reset, nothing of the limit is used. */
function currentTold(told: ToldUsage | undefined, nowMs: number): ToldUsage | undefined {
  if (told === undefined || told.untilMs === null || nowMs < told.untilMs) return told;
  return { limit: told.limit, untilMs: null, used: 0 };
}

/** Stores the account's limit from an answer. @param toldUntilMs when the limit is reset; undefined: not reported, so a day of UTC counts. */
export function heard(
  usage: Usage,
  { limit, toldUntilMs, nowMs }: { readonly limit: number; readonly toldUntilMs: number | undefined; readonly nowMs: number },
): Usage | undefined {
  const told = currentTold(usage.told, nowMs);
  const ahead = toldUntilMs !== undefined && toldUntilMs > nowMs ? toldUntilMs : nextDay(nowMs);
  const untilMs = told?.untilMs ?? ahead;
  if (told !== undefined && told.limit === limit && told.untilMs === untilMs) return undefined;
  return { ...usage, told: { limit, untilMs, used: told?.used ?? 0 } };
}
