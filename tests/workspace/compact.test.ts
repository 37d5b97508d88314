import { describe, expect, test } from 'vitest';
import { entityDefaults } from '../../src/engine/contracts/spec.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { mistakes, onlyEntity, type Texts } from './shop.ts';

const connectors = { types: connectorTypes, find: findConnector };

interface Layers {
  readonly defaults?: string;
  readonly flowDefaults?: string;
  readonly flow?: string;
  readonly entity?: string;
  readonly store?: string;
}

const crm = ({ defaults, flowDefaults, flow, entity, store = '{ path: out }' }: Layers): Texts => {
  const line = (compact: string | undefined) => (compact === undefined ? '' : `compact: ${compact}\n`);
  return {
    'hygge.yml': `name: test\n${defaults === undefined ? '' : `defaults: { compact: ${defaults} }\n`}`,
    'flows/crm/flow.yml': `home: { path: in }\nstore: ${store}\n${flowDefaults === undefined ? '' : `defaults: { compact: ${flowDefaults} }\n`}${line(flow)}`,
    'flows/crm/entities/a.yml': `name: a\n${line(entity)}`,
  };
};

const weekMs = 7 * 86_400_000;
const never = entityDefaults.compactEveryMs;
/** Stores without small files. */
const others = [
  ['sqlite', '{ type: sqlite, path: shop.db, table: a }'],
  ['local', '{ path: out/a.csv, layout: file }'],
  ['open_mirroring', '{ type: open_mirroring, workspace: Sales, mirror_name: mirror, schema: web }'],
] as const;

describe('compact, as the config says it', () => {
  test.each<[Layers, number]>([
    [{}, never],
    [{ flow: '{ every: 7d }' }, weekMs],
    [{ entity: '{ every: 7d }' }, weekMs],
    [{ defaults: '{ every: 7d }' }, weekMs],
    [{ flowDefaults: '{ every: 7d }' }, weekMs],
    [{ defaults: '{ every: 1d }', flow: '{ every: 7d }' }, weekMs],
    [{ flow: '{ every: 7d }', entity: 'null' }, never],
  ])('%j', async (layers, expected) => {
    expect((await onlyEntity(crm(layers), { connectors })).compactEveryMs).toBe(expected);
  });

  test.each(others)('is refused of a store of type %s that has no small files, and left out where defaults say it', async (type, store) => {
    for (const layers of [{ flow: '{ every: 7d }' }, { entity: '{ every: 7d }' }]) {
      const [found, ...more] = await mistakes(crm({ ...layers, store }), { connectors });
      expect(found).toMatchObject({ code: 'HYG-1062', what: expect.stringContaining(`a store of type \`${type}\``) });
      expect(found?.why.join(' ')).toContain('Only a folder of files');
      expect(found?.where?.text).toContain('compact');
      expect(more).toEqual([]);
    }
    for (const layers of [{ defaults: '{ every: 7d }' }, { flowDefaults: '{ every: 7d }' }])
      expect((await onlyEntity(crm({ ...layers, store }), { connectors })).compactEveryMs).toBe(never);
    expect((await onlyEntity(crm({ flow: 'null', store }), { connectors })).compactEveryMs).toBe(never);
  });

  test('is for all systems of files', async () => {
    const stores = await Promise.all(connectorTypes().map(async (type) => ({ type, store: (await findConnector(type))?.store })));
    const compacted = stores.filter(({ store }) => store?.compacts?.({ layout: 'plain' }));
    expect(compacted.map(({ type }) => type).sort()).toEqual(['adls', 'azure_blob', 'gcs', 'local', 'onelake', 'parquet', 's3']);
  });

  test.each([
    ['{ every: often }', 'a duration'],
    ['{ each: 7d }', '`each`'],
    ['{}', '`every`'],
    ['7d', 'map'],
    ['true', 'map'],
  ])('%s is told with what to write', async (written, told) => {
    const found = await mistakes(crm({ flow: written }), { connectors });
    expect(found.map(({ what, why, tryThis }) => [what, ...why, ...tryThis].join(' ')).join(' ')).toContain(told);
  });
});
