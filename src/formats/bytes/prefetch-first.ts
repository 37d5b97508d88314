export interface Prefetched<T> extends AsyncIterable<T> {
  isEmpty(): Promise<boolean>;
}

/** Returns the same values, and requests the first value in advance. If that request fails, the error is thrown when the caller asks for the first value. A caller that never asks does not see the error. */
export function prefetched<T>(values: AsyncIterable<T>): Prefetched<T> {
  const rest = values[Symbol.asyncIterator]();
  const first = rest.next();
  first.catch(() => undefined);
  const all = (async function* () {
    try {
      for (let next = await first; !next.done; next = await rest.next()) yield next.value;
    } finally {
      await rest.return?.();
    }
  })();
  return { isEmpty: async () => (await first).done === true, [Symbol.asyncIterator]: () => all };
}
