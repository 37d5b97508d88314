import { describe } from 'vitest';
import type { StoreUnderTest } from './bench.ts';
import { committing } from './committing.ts';
import { deleting } from './deleting.ts';
import { refusing } from './refusing.ts';
import { replacing } from './replacing.ts';

/**
 * What every store must do, whatever it is: the commit protocol as the engine relies on it (docs/building/protocol.md 2.7). A connector needs nothing
 * of its own but a `StoreUnderTest`.
 */
export function storeConformance(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    committing('committing', make);
    replacing('replacing', make);
    deleting('deleting', make);
    refusing('refusing', make);
  });
}
