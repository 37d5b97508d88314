/** How many open requests each process may have, in a document that all processes change one after another. Pure. */
export interface Permits {
  /** The permits of each process, by the id of the process. */
  readonly held?: Readonly<Record<string, Held>>;
  /** The processes that got no permit, with the time until which they may still be waiting. */
  readonly wishes?: Readonly<Record<string, number>>;
}

export interface Held {
  readonly count: number;
  readonly sinceMs: number;
  /** The time at which the permits expire if the process is gone. */
  readonly untilMs: number;
}

/** The maximum duration of a request, from its first byte to the last byte of its answer. */
export const requestMs = 120_000;
/** A process extends its permits when they are valid for a shorter time than this. */
export const renewalMs = 30_000;
const heldForMs = requestMs + 2 * renewalMs;
const wishForMs = 60_000;
/** If more processes than permits exist, each process has a permit for this time. */
const turnMs = 30_000;

export interface PermitRequest {
  readonly most: number;
  readonly nowMs: number;
  readonly by: string;
  /** The number of open requests of the process. Each open request has a permit. */
  readonly underWay: number;
  /** Whether the process has further requests to send. */
  readonly wantsMore: boolean;
}

export interface Permitted {
  /** The document to write. If it is the same object as before, nothing must be written. */
  readonly permits: Permits;
  /** The permits of the process. Undefined: the process has no permits. */
  readonly held: Held | undefined;
  /** The maximum number of open requests. If the number is less than the permits of the process, other processes want permits. Open requests may end, but new requests must wait. */
  readonly usable: number;
}

/** Decides the permits of a process from now on. */
export function permits(before: Permits, request: PermitRequest): Permitted {
  const { most, nowMs, by, underWay, wantsMore } = request;
  const valid = Object.entries(before.held ?? {}).filter(([, { untilMs }]) => untilMs > nowMs);
  const others = valid.filter(([id]) => id !== by);
  const mine = valid.find(([id]) => id === by)?.[1];
  const wishes = Object.entries(before.wishes ?? {}).filter(([id, untilMs]) => untilMs > nowMs && id !== by);
  const free = most - others.reduce((sum, [, { count }]) => sum + count, 0);
  const parties = others.length + wishes.length + 1;
  const isTurnOver = parties > most && wishes.length > 0 && mine !== undefined && nowMs - mine.sinceMs > turnMs;
  const share = wishes.length === 0 ? most : isTurnOver ? 0 : Math.max(1, Math.floor(most / parties));
  const count = Math.max(underWay, wantsMore ? Math.min(free, share) : 0);
  const held = count > 0 ? { count, sinceMs: mine?.sinceMs ?? nowMs, untilMs: nowMs + heldForMs } : undefined;
  const isWaiting = wantsMore && held === undefined;
  const wished = before.wishes?.[by] ?? 0;
  if (isWaiting && mine === undefined && wished - nowMs > wishForMs / 2) return { held, usable: 0, permits: before };
  return {
    held,
    usable: wantsMore ? Math.min(count, Math.max(0, Math.min(free, share))) : count,
    permits: {
      held: Object.fromEntries([...others, ...(held ? [[by, held] as const] : [])]),
      wishes: Object.fromEntries([...wishes, ...(isWaiting ? [[by, nowMs + wishForMs] as const] : [])]),
    },
  };
}
