import { expect, test } from 'vitest';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { keysMissing } from '../../src/engine/errors/writing.ts';

const spec = { flow: 'shop', entity: 'orders', where: undefined } as unknown as EntitySpec;

test('a row without a key in a feed stays there: a full load is named with the remedy', () => {
  const inFeed = keysMissing({ ...spec, watermark: { changes: 'delta' } } as unknown as EntitySpec, 'id', 1);
  expect(inFeed.tryThis[0]).toContain('hygge go -d -e shop.orders');
  expect(keysMissing(spec, 'id', 1).tryThis[0]).toBe('Give the rows a id in the source');
});
