/** Times of the records of an API whose lists are filtered by a window. */
export const minute = 60_000;
export const hour = 60 * minute;
/** A run's now, in milliseconds since 1970, in the middle of a day. */
export const start = Date.UTC(2026, 2, 10, 15, 30, 20);
export const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
