/** How many requests of one operation run at once. A service accepts many requests, and answers each in tens of milliseconds. */
const usual = 16;

/**
 * Calls `act` for every item, `most` at once, and returns the answers in the order of the items. After the first failure, no further call is started, and
 * the failure is thrown when the running calls have ended.
 */
export async function mapConcurrent<T, R>(items: readonly T[], act: (item: T) => Promise<R>, most = usual): Promise<R[]> {
  const answers: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < items.length && failures.length === 0; at = next++) {
      try {
        answers[at] = await act(items[at] as T);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return answers;
}
