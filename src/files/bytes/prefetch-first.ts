/** The same values, the first of which is on its way before anybody asks for it. Its failure is met where it is asked for; nobody has to. */
export function prefetched<T>(values: AsyncIterable<T>): AsyncIterable<T> {
  const rest = values[Symbol.asyncIterator]();
  const first = rest.next();
  first.catch(() => undefined);
  return (async function* () {
    try {
      for (let next = await first; !next.done; next = await rest.next()) yield next.value;
    } finally {
      await rest.return?.();
    }
  })();
}
