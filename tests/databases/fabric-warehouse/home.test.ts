import { afterAll, beforeAll, describe } from 'vitest';
import { homeConformance } from '../../support/connector-conformance/home.ts';
import { plainFrame, plainRows } from '../../support/connector-conformance/plain-rows.ts';
import { type ServedFabric, servedFabric } from './support.ts';

describe.each([
  ['warehouse', 'anywhere'],
  ['endpoint', 'here'],
] as const)('the home of a Fabric %s, on a server of the tests that speaks its protocol, whose slices are read %s:', (item, steps) => {
  let opened: ServedFabric;
  beforeAll(async () => {
    const rows = plainRows.map(({ id, mark }) => [String(id), mark === null ? null : String(mark)]);
    opened = await servedFabric({ item, tables: [{ name: 'dbo.t', columns: { id: 'bigint', mark: 'bigint' }, rows }] });
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  homeConformance('a table', async () => {
    const one = steps === 'here' ? opened.home({ table: 'dbo.t' }, steps) : undefined;
    return {
      open: () => one ?? opened.home({ table: 'dbo.t' }, steps),
      rows: plainRows,
      read: plainFrame,
      [Symbol.asyncDispose]: async () => undefined,
    };
  });
});
