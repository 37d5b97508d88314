/** Days and microseconds as PostgreSQL counts them, from 2000. hygge counts from 1970, and has only the years 1 to 9999. */
import { firstDay, lastDay } from '../../frames/calendar.ts';

export const daysTo2000 = 10_957;
export const usTo2000 = 946_684_800_000_000n;
export const dayUs = 86_400_000_000;

/** The low word of `usTo2000`, which is added to an instant word by word. */
export const shiftLow = Number(usTo2000 & 0xffffffffn);
export const shiftHigh = Number(usTo2000 >> 32n);

const firstUs = BigInt(firstDay) * BigInt(dayUs) - usTo2000;
const endUs = BigInt(lastDay + 1) * BigInt(dayUs) - usTo2000;
const firstHigh = Number(firstUs >> 32n) + 1;
const lastHigh = Number(endUs >> 32n) - 1;

/** Whether an instant is certainly in the years 1 to 9999, by its high word. False: only the whole instant decides. */
export const surelyWithinYears = (high: number): boolean => high >= firstHigh && high <= lastHigh;

/** @param us microseconds since 2000. */
export const isWithinYears = (us: bigint): boolean => us >= firstUs && us < endUs;
