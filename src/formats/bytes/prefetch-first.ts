export interface Prefetched<T> extends AsyncIterable<T> {
  isEmpty(): Promise<boolean>;
}

/** The same values, the first of which is on its way before anybody asks for it. Its failure is met where it is asked for; nobody has to. */
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
