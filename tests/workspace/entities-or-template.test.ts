import { expect, test } from 'vitest';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { entitiesOrTemplate } from '../../src/workspace/load/load.ts';

test('the entities of a flow are followed by their template, where no search was made', () => {
  const [known, any] = ['known', 'any'].map((entity) => ({ entity }) as EntitySpec) as [EntitySpec, EntitySpec];
  expect(entitiesOrTemplate({ entities: [known], any: null })).toEqual([known]);
  expect(entitiesOrTemplate({ entities: [], any })).toEqual([any]);
  expect(entitiesOrTemplate({ entities: [known], any })).toEqual([known, any]);
});
