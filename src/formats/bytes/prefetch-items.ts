/** @param waiting begun, but not yet given to the caller. */
export type MayBegin<T> = (waiting: readonly T[], next: T) => boolean;

const oneAhead: MayBegin<unknown> = (waiting) => waiting.length === 0;

/**
 * Goes through `items` with the work that was begun for each. While the caller uses one item, the next are begun: as many as `mayBegin`
 * allows, or one without it. `drop` gets back every item that was begun, also those that the caller never requested.
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
    // A failure is thrown when its turn comes. Until then it must not count as unhandled.
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
