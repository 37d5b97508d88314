// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { configOf, connector, connectors, load, mistakes, onlyEntity, type Texts } from './shop.ts';

const laxConnector = connector('lax', { home: z.object({ url: z.string() }) }, { family: 'others' });

const crm = (defaults: string, flow: string, entity = 'name: a\n'): Texts => ({
  'hygge.yml': `defaults: ${defaults}\n`,
  'flows/crm/flow.yml': `home: { path: in }\nstore: { path: out }\n${flow}`,
  'flows/crm/entities/a.yml': entity,
});

describe('what is said closer to an entity wins', () => {
  const layers = crm('{ compression: gzip }', 'defaults: { compression: lz4 }\n', 'name: a\nstore: { compression: brotli }\n');
  const compression = async (texts: Texts, vars: readonly string[] = []) => configOf((await onlyEntity(texts, { vars })).store).compression;

  test('the command line over all', async () => {
    expect(await compression(layers, ['flow.crm.store.compression=zstd'])).toBe('zstd');
  });

  test('the entity over its flow', async () => {
    expect(await compression(layers)).toBe('brotli');
  });

  test('the flow over its own defaults, and these over those of the workspace', async () => {
    expect(await compression({ ...layers, 'flows/crm/entities/a.yml': 'name: a\n' })).toBe('lz4');
    const explicit = crm('{ compression: gzip }', 'defaults: { compression: lz4 }\n').valueOf() as Texts;
    const flow = 'home: { path: in }\nstore: { path: out, compression: snappy }\ndefaults: { compression: lz4 }\n';
    expect(await compression({ ...explicit, 'flows/crm/flow.yml': flow })).toBe('snappy');
  });

  test('the workspace over what the connector does by itself', async () => {
    expect(await compression(crm('{ compression: gzip }', ''))).toBe('gzip');
    expect(await compression(crm('{}', ''))).toBe('snappy');
  });

  test('in one place, a key of the side over its shorthand', async () => {
    expect(await compression(crm('{}', '', 'name: a\ncompression: gzip\nstore: { compression: zstd }\n'))).toBe('zstd');
  });

  test('a shorthand of the entity over a key of the flow', async () => {
    const flow = 'home: { path: in }\nstore: { path: out, compression: snappy }\n';
    expect(await compression({ ...crm('{}', '', 'name: a\ncompression: gzip\n'), 'flows/crm/flow.yml': flow })).toBe('gzip');
  });
});

describe('merging', () => {
  test('goes deep: each layer may write a part of the watermark', async () => {
    const { watermark } = await onlyEntity(
      crm('{ watermark: { nulls: exclude, lag: 5m } }', 'watermark: { column: at, lag: 1h30m }\n', 'name: a\nwatermark: { key: id }\n'),
    );
    expect(watermark).toEqual({
      column: 'at',
      initial: null,
      key: ['id'],
      lagMs: 5_400_000,
      overlapMs: 0,
      nulls: 'exclude',
      boundary: 'closed',
      future: 'wait',
    });
  });

  test('replaces lists, and null takes away', async () => {
    const texts = crm('{}', 'watermark: { column: at, key: [a, b] }\n', 'name: a\nwatermark: { key: [c] }\n');
    expect((await onlyEntity(texts)).watermark?.key).toEqual(['c']);
    expect((await onlyEntity({ ...texts, 'flows/crm/entities/a.yml': 'name: a\nwatermark: null\n' })).watermark).toBeNull();
  });

  test('spreads batch_size over home and store', async () => {
    const entity = await onlyEntity(crm('{ batch_size: 10 }', '', 'name: a\nstore: { batch_size: 20 }\n'));
    expect([configOf(entity.home).batch_size, configOf(entity.store).batch_size]).toEqual([10, 20]);
  });

  test('leaves out a default that a connector has no use for, but not a key that was written for it', async () => {
    const texts = {
      'hygge.yml': 'defaults: { batch_size: 10, parallel_workers: 4, store: { layout: plain } }\n',
      'flows/crm/flow.yml': 'home: { type: warehouse, server: s }\nstore: { path: out }\nentities: [a]\n',
    };
    const entity = await onlyEntity(texts);
    expect(configOf(entity.home)).toEqual({ server: 's', table: 'a' });
    expect(configOf(entity.store)).toMatchObject({ batch_size: 10, layout: 'plain' });
    const [error] = await mistakes({
      ...texts,
      'flows/crm/flow.yml': 'home: { type: warehouse, server: s, batch_size: 1 }\nstore: { path: out }\nentities: [a]\n',
    });
    expect(error?.what).toBe('There is no key `batch_size` in the home (type `warehouse`).');
  });

  test('a shorthand may mean something to one side only', async () => {
    const entity = await onlyEntity({
      'hygge.yml': 'name: shop\n',
      'flows/crm/flow.yml': 'home: { type: warehouse, server: s }\nstore: { path: out }\nentities: [{ name: a, batch_size: 5 }]\n',
    });
    expect(configOf(entity.store).batch_size).toBe(5);
  });

  test('a connector that takes anything still gets no unknown keys', async () => {
    const lax = { ...connectors, find: async (type: string) => (type === 'lax' ? laxConnector : connectors.find(type)) };
    const texts = { 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': 'home: { type: lax, url: x, ulr: y }\nstore: out\n' };
    expect((await mistakes(texts, { connectors: lax })).map(({ what }) => what)).toEqual([
      'There is no key `ulr` in the home (type `lax`). Did you mean `url`?',
    ]);
  });

  test('a wrong default is told where it is written', async () => {
    const [error, ...others] = await mistakes(crm('{ compression: zip }', '', 'name: a\n'));
    expect(`${error?.where?.file}:${error?.where?.line}:${error?.where?.column}`).toBe('hygge.yml:1:26');
    expect(others).toEqual([]);
  });
});

describe('--var', () => {
  const texts = crm('{}', 'run_type: incremental\nschedule: "0 0 2 * * *"\n');

  test('takes YAML values for settings of the flow and of its entities', async () => {
    const workspace = await load(texts, {
      vars: [
        'flow.crm.watermark={column: at, initial: 007}',
        'flow.crm.schedule=0 0 3 * * *',
        'flow.crm.concurrency=2',
        'flow.crm.on_empty=keep',
      ],
    });
    expect(workspace.flows[0]).toMatchObject({
      schedule: '0 0 3 * * *',
      concurrency: 2,
      entities: [{ onEmpty: 'keep', schedule: '0 0 3 * * *', watermark: { column: 'at', initial: '007' } }],
    });
  });

  test('a value may hold an equals sign, and nothing takes a setting away', async () => {
    expect(configOf((await onlyEntity(texts, { vars: ['flow.crm.store.path=a=b'] })).store).path).toBe('/projects/shop/a=b/a');
    expect((await onlyEntity(texts, { vars: ['flow.crm.watermark='] })).watermark).toBeNull();
  });

  test('a path is in for that of the flow, so that its entities stay apart', async () => {
    const two = {
      ...texts,
      'flows/crm/entities/b.yml': 'store: { path: /elsewhere/b }\n',
      'flows/crm/entities/c.yml': 'store: { path: deep/c }\n',
    };
    const workspace = await load(two, { vars: ['flow.crm.store=/tmp/try'] });
    expect(workspace.flows[0]?.entities.map(({ store }) => configOf(store).path)).toEqual(['/tmp/try/a', '/tmp/try/b', '/tmp/try/deep/c']);
  });

  test('never reads the environment', async () => {
    const entity = await onlyEntity(texts, { vars: ['flow.crm.store.path=${SECRET}'], env: { SECRET: 'x' } });
    expect(configOf(entity.store).path).toContain('${SECRET}');
  });
});
