import { expect } from 'vitest';

type Opens = (...given: never[]) => Promise<AsyncDisposable>;

/** What a suite opens a home or store with. */
interface UnderTest extends AsyncDisposable {
  readonly open: Opens;
  readonly at?: Opens;
  /** What of it is still open in the system: sessions, connections. Absent: it opens nothing there. */
  readonly left?: () => number | Promise<number>;
}

/**
 * The leak guard: everything that a test opens is disposed of when it ends, twice, and then nothing is left open in the system. A home or store
 * that throws when it is disposed of, or the second time, fails the test.
 */
export function disposing<U extends UnderTest>(under: U): U {
  const opened: AsyncDisposable[] = [];
  const noting =
    (open: Opens): Opens =>
    async (...given) => {
      const side = await open(...given);
      opened.push(side);
      return side;
    };
  return {
    ...under,
    open: noting(under.open.bind(under)),
    ...(under.at && { at: noting(under.at.bind(under)) }),
    async [Symbol.asyncDispose]() {
      try {
        for (const side of [...opened, ...opened]) await side[Symbol.asyncDispose]();
        expect(await under.left?.()).toBe(under.left && 0);
      } finally {
        await under[Symbol.asyncDispose]();
      }
    },
  };
}
