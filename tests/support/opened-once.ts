import { afterAll, beforeAll } from 'vitest';

/** What the tests of a `describe` share: opened before the first of them, and disposed of after the last. */
export function openedOnce<T extends AsyncDisposable>(open: () => Promise<T>): T {
  let opened: T | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());
  const there = (): T => {
    if (opened === undefined) throw new Error('nothing is open before the tests');
    return opened;
  };
  return new Proxy({} as T, {
    get(_, name) {
      const value: unknown = Reflect.get(there(), name);
      return typeof value === 'function' ? value.bind(there()) : value;
    },
    // For whoever spreads it.
    ownKeys: () => Reflect.ownKeys(there()),
    getOwnPropertyDescriptor: (_, name) => ({ ...Reflect.getOwnPropertyDescriptor(there(), name), configurable: true }),
  });
}
