import { expect, it } from 'vitest';
import type { EntitySpec } from '../../../src/engine/contracts/spec.ts';
import { checkKey } from '../../../src/engine/plan/capabilities.ts';

const spec = {
  flow: 'f',
  entity: 'orders',
  watermark: { changes: 'change_feed', key: ['id'] },
  entityAt: undefined,
} as unknown as EntitySpec;

it('a feed of whole rows without keys of its own merges by the key that the flow names', () => {
  expect(() => checkKey(spec, {}, { deletedRows: 'whole' })).not.toThrow();
});

it('a feed that reports only keys of deleted rows merges by no other key', () => {
  expect(() => checkKey(spec, { keys: ['order_id'] }, { deletedRows: 'key' })).toThrow(/order_id/);
  expect(() => checkKey(spec, {}, { deletedRows: 'key' })).toThrow();
});
