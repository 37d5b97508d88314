import { expect, test } from 'vitest';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { evolveSchema } from '../../src/engine/schema/evolved-schema.ts';
import type { Column, DataType } from '../../src/frames/schema.ts';

const time = (unit: 'us' | 'ns'): DataType => ({ kind: 'time', unit });
const spec = {
  flow: 'f',
  entity: 'e',
  schema: { migrations: [], overrides: [], policies: {}, expected: undefined },
} as unknown as EntitySpec;
const settled = (unit: 'us' | 'ns') => ({ name: 'v', type: time(unit), nullable: true, from: 'v', seen: null });

function evolved(column: Column, load: 'full' | 'incremental' = 'incremental') {
  const before = { expected: [settled('ns')], accepted: false, load, order: ['v'] };
  const { schema, decisions } = evolveSchema(spec, { columns: [column] }, before as never);
  return { type: schema.columns[0]?.type, decided: decisions.map(({ drift, severity }) => [drift.kind, severity]) };
}

test('microseconds of a source continue as the nanoseconds that settled', () => {
  expect(evolved({ name: 'v', type: time('us'), nullable: true })).toEqual({ type: time('ns'), decided: [] });
});

test('microseconds that schema_overrides asks for are another type: an increment notes it, and a load of everything takes it', () => {
  const asked: Column = { name: 'v', type: time('us'), nullable: true, override: {} };
  expect(evolved(asked)).toEqual({ type: time('ns'), decided: [['type', 'note']] });
  expect(evolved(asked, 'full')).toMatchObject({ type: time('us'), decided: [['type', expect.any(String)]] });
});
