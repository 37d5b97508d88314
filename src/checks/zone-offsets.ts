/** The clock times of a time zone, from the zones of the JavaScript engine. */

export function zoneFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const number = 'numeric' as const;
  const fields = { year: number, month: number, day: number, hour: number, minute: number, second: number };
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'iso8601', hourCycle: 'h23', ...fields });
  } catch {
    return undefined;
  }
}

/** How far the zone is ahead of UTC at a moment, in milliseconds. */
export type OffsetAt = (ms: number) => number;

export function offsetsOf(zone: string): OffsetAt {
  const format = zoneFormat(zone);
  return (ms) => {
    const parts = Object.fromEntries((format?.formatToParts(ms) ?? []).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
  };
}
