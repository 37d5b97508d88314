/**
 * The used requests of a connection’s limits, in a document that all processes change one after another, and the requests that a process gets. Pure.
 *
 * If the shortest period is a second or a minute, requests are spread evenly over the period, so that no second has more requests than allowed. Longer periods are divided
 * into slots. All slots that overlap with a period have together at most the allowed requests. So the limit is also kept if the API counts from another moment than hygge.
 */
import { permitMs } from '../../../ports/state.ts';
import type { LimitsConfig, Rate } from './config.ts';

export interface Usage {
  /** For each rate, the time at which the next request may be sent, and the process that got the previous requests. */
  readonly paced?: Readonly<Record<string, { readonly nextMs: number; readonly by: string }>>;
  /** For each rate, the number of requests in each slot, as pairs of the slot’s number and the number of requests. */
  readonly counted?: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  /** The limit that the API reports, the number of requests that hygge has sent, and the time until which both count. */
  readonly told?: ToldUsage;
}

export interface ToldUsage {
  /** The number of requests that the API allows. Null: no answer has reported the limit yet. */
  readonly limit: number | null;
  /** The time at which the limit is reset. Null: the time is not known yet. */
  readonly untilMs: number | null;
  readonly used: number;
}

/** The requests that a process may send. */
export interface Grant {
  readonly count: number;
  /** `firstMs`: the time at which the first request may be sent. `everyMs`: the time between two requests. */
  readonly firstMs: number;
  readonly everyMs: number;
  /** The maximum delay by which each request may be sent after its time. */
  readonly lateMs: number;
  /** The time after which the process must not send the requests any more. */
  readonly untilMs: number;
}

export interface GrantRequest {
  readonly limits: LimitsConfig;
  readonly nowMs: number;
  /** The id of the process. */
  readonly by: string;
  readonly want: number;
  /** The maximum difference between the clocks of two processes. */
  readonly skewMs: number;
  /** The time that the ledger needs before the process has the requests. */
  readonly leadMs: number;
}

export type Granted =
  | { readonly usage: Usage; readonly grant: Grant }
  /** `laterMs`: the time at which to try again. `because`: the limit that is used up. */
  | { readonly laterMs: number; readonly because: string };

/** The maximum time for which a request waits in this process. For a longer time, the step ends. */
export const longestWaitMs = 10_000;
/** The maximum time for which a process gets requests at once. With more requests, other processes would wait too long. */
const stretchMs = 2_000;
/** If several processes send requests, each process gets at least the requests for this time, since each change of process costs time. */
const turnMs = 1_000;
const mostSpacedMs = 60_000;

/** The time between two requests, which is a little longer than the rate requires. A request may be sent late by half of the spare time. It may also reach the API late by the other half. */
function spacing({ count, perMs }: Rate): { readonly everyMs: number; readonly lateMs: number } {
  const spareMs = Math.min(perMs / 10, 1_000);
  return { everyMs: (perMs + spareMs) / count, lateMs: spareMs / 2 };
}

function slotsOf({ perMs }: Rate): { readonly slotMs: number; readonly slots: number } {
  const slots = perMs > 3_600_000 ? 48 : perMs > 1_000 ? 60 : 10;
  return { slotMs: perMs / slots, slots };
}

/** The maximum number of requests that a process gets at once. */
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
  // The rest of a slot may be too short to send a request in it, so the request waits for the next slot.
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
    // For a process whose clock is a little ahead, the next slot has begun earlier.
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

/** The entries of `paced` that still matter. */
function youngPaced({ paced = {} }: Usage, nowMs: number): NonNullable<Usage['paced']> {
  return Object.fromEntries(Object.entries(paced).filter(([, { nextMs }]) => nextMs > nowMs - 2 * mostSpacedMs));
}

function slotsBefore({ counted = {} }: Usage, rate: Rate, slot: number): readonly (readonly [number, number])[] {
  return (counted[rate.text] ?? []).filter(([number]) => number >= slot - slotsOf(rate).slots);
}

/** The number of requests that are left in a period that ends with a slot. Future slots count too, since another clock may be a little ahead. */
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

/** The usage that counts now. After the limit was reset, no request of the new period is counted yet. */
function currentTold(told: ToldUsage | undefined, nowMs: number): ToldUsage | undefined {
  if (told === undefined || told.untilMs === null || nowMs < told.untilMs) return told;
  return { limit: told.limit, untilMs: null, used: 0 };
}

/** The usage with the limit that an answer reports. Undefined: nothing changed. @param toldUntilMs the time at which the limit is reset. Undefined: the answer does not report the time, so the limit counts until the end of the day in UTC. */
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
