import { afterAll, beforeAll } from 'vitest';

/** What the tests of a `describe` share: opened before the first of them, and disposed of after the last. */
export function shared<T extends AsyncDisposable>(open: () => Promise<T>): T {
  let opened: T | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());
  return new Proxy({} as T, {
    get(_, name) {
      if (opened === undefined) throw new Error('nothing is open before the tests');
      const value: unknown = Reflect.get(opened, name);
      return typeof value === 'function' ? value.bind(opened) : value;
    },
  });
}
