/**
 * Goes through `items` with what was begun for each, the next of which is begun while the caller has the last. `drop` gets back whatever was
 * begun, also what nobody came to see.
 */
export async function* prefetchItems<T, B>(
  items: readonly T[],
  begin: (item: T) => Promise<B>,
  drop: (begun: B) => Promise<void>,
): AsyncGenerator<{ readonly item: T; readonly begun: B }> {
  const start = (item: T): Promise<B> => {
    const beginning = begin(item);
    // Its failure is met when its turn comes; until then it must not count as unhandled.
    beginning.catch(() => undefined);
    return beginning;
  };
  const [first] = items;
  let next = first === undefined ? undefined : start(first);
  try {
    for (const [i, item] of items.entries()) {
      const begun = await next;
      if (begun === undefined) return;
      const following = items[i + 1];
      next = following === undefined ? undefined : start(following);
      try {
        yield { item, begun };
      } finally {
        await drop(begun);
      }
    }
  } finally {
    await next?.then(drop, () => undefined);
  }
}
