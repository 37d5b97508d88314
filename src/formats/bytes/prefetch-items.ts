/** @param waiting the items that were begun, but not yet given to the caller. */
export type MayBegin<T> = (waiting: readonly T[], next: T) => boolean;

const oneAhead: MayBegin<unknown> = (waiting) => waiting.length === 0;

/**
 * Begins some work for each of `items`, and gives the caller one item after another. While the caller uses an item, the next items are
 * begun: as many as `mayBegin` allows, or a single one without `mayBegin`. `drop` gets back the work of every item that was begun, even if
 * the caller never requested the item.
 */
export async function* prefetchItems<T, B>(
  items: readonly T[],
  begin: (item: T) => Promise<B>,
  drop: (begun: B) => Promise<void>,
  mayBegin: MayBegin<T> = oneAhead,
): AsyncGenerator<{ readonly item: T; readonly begun: B }> {
  const waiting: { readonly item: T; readonly beginning: Promise<B> }[] = [];
  let at = 0;
  const start = (item: T): void => {
    const beginning = begin(item);
    // If the work of an item fails, the error is thrown when the caller reaches the item. Until then, the error must not count as unhandled.
    beginning.catch(() => undefined);
    waiting.push({ item, beginning });
    at++;
  };
  const [first] = items;
  if (first !== undefined) start(first);
  try {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { item } = next;
      const begun = await next.beginning;
      for (let more = items[at]; more !== undefined; more = items[at]) {
        if (
          !mayBegin(
            waiting.map((one) => one.item),
            more,
          )
        )
          break;
        start(more);
      }
      try {
        yield { item, begun };
      } finally {
        await drop(begun);
      }
    }
  } finally {
    await Promise.all(waiting.map(({ beginning }) => beginning.then(drop, () => undefined)));
  }
}
