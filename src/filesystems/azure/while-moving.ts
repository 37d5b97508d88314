/** A request that is under way, as whoever sends it sees it. */
export interface Moving {
  /** Aborted when nothing has moved for too long. */
  readonly abortSignal: AbortSignal;
  /** To be called when bytes have gone or come. */
  moved(): void;
}

/**
 * Does what a request does, for as long as something moves: what is slow but moves is never cut. One timer, which ends with the request.
 * @param quietMs without a byte, the time to the answer included.
 */
export async function whileMoving<T>(quietMs: number, act: (moving: Moving) => Promise<T>): Promise<T> {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), quietMs);
  let isOver = false;
  try {
    return await act({
      abortSignal: cut.signal,
      moved() {
        if (!isOver) timer.refresh();
      },
    });
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
}
