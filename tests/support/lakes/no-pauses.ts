/** `node:timers/promises` as `vi.mock` takes it, where services are waited for: nobody waits. */
export async function withoutPauses(original: () => Promise<typeof import('node:timers/promises')>): Promise<object> {
  const own = await original();
  const pause = async <T>(_ms: number, value?: T, options?: { readonly signal?: AbortSignal }): Promise<T | undefined> => {
    options?.signal?.throwIfAborted();
    await own.setImmediate();
    return value;
  };
  return { ...own, setTimeout: pause };
}
