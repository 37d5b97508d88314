export interface Prefetched<T> extends AsyncIterable<T> {
  isEmpty(): Promise<boolean>;
}

/** The same values, with the first one requested in advance. Its failure is thrown when the caller asks for it; a caller that does not ask never sees it. */
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
