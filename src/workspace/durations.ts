const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const part = /(\d+)(ms|min|s|m|h|d|w)/g;

/** The longest duration: a hundred years, because a date further away can’t be written. */
const longestMs = 36_525 * 86_400_000;

/** `90s`, `5m`, `1h30m`, `2d` in milliseconds; undefined: the text is not a duration, or is more than a hundred years. */
export function durationMs(text: string): number | undefined {
  const bare = text.replace(/\s+/g, '').toLowerCase();
  if (!/^(\d+(ms|min|s|m|h|d|w))+$/.test(bare)) return undefined;
  let total = 0;
  for (const [, count, unit] of bare.matchAll(part)) total += Number(count) * (units[unit ?? ''] ?? 0);
  return total <= longestMs ? total : undefined;
}
