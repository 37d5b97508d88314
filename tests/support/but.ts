/** The same object with some of its members replaced. */
export function but<T extends object>(whole: T, changed: Partial<T>): T {
  return new Proxy(whole, {
    get(target, name) {
      if (Object.hasOwn(changed, name)) return changed[name as keyof T];
      const value: unknown = Reflect.get(target, name);
      // Not `bind`: `await using` of Node 24 takes no bound function for a dispose method.
      return typeof value === 'function' ? (...given: readonly unknown[]) => Reflect.apply(value, target, given) : value;
    },
  });
}
