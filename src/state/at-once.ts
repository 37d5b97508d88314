/** Requests of one question that are on their way at once: a service takes many, and answers each in tens of milliseconds. */
const usual = 16;

/** What `act` answers for each, in order, a few at once. After the first failure nothing more is begun; it is thrown. */
export async function aFewAtOnce<T, R>(items: readonly T[], act: (item: T) => Promise<R>, most = usual): Promise<R[]> {
  const answers: R[] = [];
  let next = 0;
  let failed = false;
  const work = async (): Promise<void> => {
    for (let at = next++; at < items.length && !failed; at = next++) {
      try {
        answers[at] = await act(items[at] as T);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return answers;
}
