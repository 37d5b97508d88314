/**
 * What `npm test` samples is another sample each day. The date is the seed, and a test that uses it has it in its name: `SEED=20261122` makes the
 * sample of that day again.
 */
export const day = Number(process.env.SEED?.split('.')[0] ?? process.env.HYGGE_DAY ?? today());

/** `npm run soak` samples nothing: its config says so, and names the files that sample. */
export const whole = process.env.HYGGE_WHOLE !== undefined;

/** Today, as a number: `20261122`. */
export function today(now = new Date()): number {
  return Number(now.toISOString().slice(0, 10).replaceAll('-', ''));
}

/** One in so many, others each day; all of them in a soak. */
export function sampled<T>(all: Iterable<T>, of: number, on = day): readonly T[] {
  return [...all].filter((_, i) => whole || (i + on) % of === 0);
}

/**
 * Whose turn it is of `of`, for tests that take turns (turns.ts). The golden ratio lets no turn wait long, and keeps step with no other sample: where a test
 * runs on every other day, and its engine as well, the two meet.
 */
export function turnOfDay(of: number, on = day): number {
  return Math.floor(of * ((on * 0.618_033_988_749_895) % 1));
}

/** How often a property is tried, and with what: a tenth of it with the day as its seed; as often as that in a soak. What fails is printed with both. */
export function cases(inSoak: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: whole ? inSoak : Math.ceil(inSoak / 10), seed: day };
}
