/** `npm run soak` makes everything of which `npm test` makes a fixed part: its config says so. */
export const whole = process.env.HYGGE_WHOLE !== undefined;

/** Seed of everything random in `npm test`: the same on each day. `npm run soak` draws other seeds and prints them; `SEED=…` repeats one. */
export const SEED = Number(process.env.SEED?.split('.')[0] ?? 20_261_127);

/** One in so many, always the same ones; all of them in a soak. */
export function sampled<T>(all: Iterable<T>, of: number, first = SEED): readonly T[] {
  return [...all].filter((_, i) => whole || (i + first) % of === 0);
}

/** Of steps that follow each other one in so many, at least one, from the first to the last: of each of so many lists another one. All of them in a soak. */
export function spread<T>(all: readonly T[], of: number, { nth = 0, lists = 1 } = {}): readonly T[] {
  if (whole || all.length === 0) return all;
  const parts = Math.max(1, Math.round(all.length / of));
  return Array.from({ length: parts }, (_, part) => all[Math.floor(((part + (nth + 0.5) / lists) / parts) * all.length)] as T);
}

/** How often a property is tried, and with what seed: a tenth as often as in a soak. A failure prints both. */
export function cases(inSoak: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: whole ? inSoak : Math.ceil(inSoak / 10), seed: SEED };
}
