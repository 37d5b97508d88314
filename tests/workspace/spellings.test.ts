import { describe, expect, test } from 'vitest';
import { load, mistakes, onlyEntity, type Texts } from './shop.ts';

const crm = (text: string): Texts => ({
  'hygge.yml': 'name: shop\n',
  'flows/crm/flow.yml': `store: out\n${text.includes('home:') ? '' : 'home: in\n'}${text}`,
});

describe('an older spelling means what it always meant', () => {
  test.each<[string, string, object]>([
    ['full_drop: true', 'full_drop: true\n', { runType: 'full_drop' }],
    ['full_drop: false', 'full_drop: false\n', { runType: 'incremental' }],
    ['load_type: incremental', 'load_type: incremental\n', { runType: 'incremental' }],
    ['load_type: full', 'load_type: full\n', { runType: 'full_drop' }],
    [
      'watermark_column and watermark_initial',
      'watermark_column: EventDate\nwatermark_initial: 2024-01-01\n',
      { runType: 'full_drop', watermark: { column: 'EventDate', initial: '2024-01-01' } },
    ],
    [
      'watermark.watermark_column and .primary_key',
      'watermark: { watermark_column: at, primary_key: id }\n',
      { watermark: { column: 'at', key: ['id'] } },
    ],
    [
      'home.incremental with append',
      'home: { path: in, incremental: { column: updated_at, strategy: append } }\n',
      { runType: 'incremental', writeStrategy: null, watermark: { column: 'updated_at' } },
    ],
    [
      'home.incremental with merge',
      'home: { path: in, incremental: { column: at, strategy: merge } }\nwatermark: { key: [id] }\n',
      { runType: 'incremental', writeStrategy: 'merge', watermark: { column: 'at', key: ['id'] } },
    ],
    ['the same thing said twice', 'full_drop: false\nrun_type: incremental\n', { runType: 'incremental' }],
  ])('%s', async (_, text, meant) => {
    expect(await onlyEntity(crm(text))).toMatchObject(meant);
  });

  test('if_exists and write_strategy may be written in the store', async () => {
    const texts = {
      'hygge.yml': 'name: shop\n',
      'flows/crm/flow.yml': 'home: in\nstore: { path: out, if_exists: append, write_strategy: direct_insert }\n',
    };
    expect(await onlyEntity(texts)).toMatchObject({ ifExists: 'append', writeStrategy: 'direct_insert' });
  });

  test('works in an entity, inline or in a file, and in defaults', async () => {
    const workspace = await load({
      'hygge.yml': 'defaults: { full_drop: false }\n',
      'flows/crm/flow.yml':
        'home: in\nstore: out\nentities: [{ name: a, watermark_column: at }, c]\ndefaults: { watermark: { watermark_column: later } }\n',
      'flows/crm/entities/b.yml': 'load_type: full\nwatermark_column: seen\n',
    });
    expect(workspace.flows[0]?.entities.map(({ entity, runType, watermark }) => [entity, runType, watermark?.column])).toEqual([
      ['a', 'incremental', 'at'],
      ['c', 'incremental', 'later'],
      ['b', 'full_drop', 'seen'],
    ]);
  });

  test('that contradicts the present one is refused', async () => {
    const errors = await mistakes(crm('load_type: incremental\nrun_type: full_drop\nwatermark: { column: a, watermark_column: b }\n'));
    expect(errors.map(({ what }) => what)).toEqual([
      '`load_type` and `run_type` contradict each other.',
      '`watermark.watermark_column` and `watermark.column` contradict each other.',
    ]);
  });

  test('with an unknown value is refused where it stands', async () => {
    const errors = await mistakes(crm('home: { path: in, incremental: { column: at, strategy: upsert } }\nload_type: sometimes\n'));
    expect(errors.map(({ code, where }) => `${where?.line}:${where?.column} ${code}`)).toEqual(['2:19 HYG-1010', '3:12 HYG-1013']);
  });
});
