// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, test } from 'vitest';
import { schemaDefaults } from '../../src/engine/contracts/spec.ts';
import { durationMs } from '../../src/workspace/durations.ts';
import { modeOf, strategyConflict } from '../../src/workspace/entity/strategy.ts';
import { onlyEntity, type Texts } from './shop.ts';

const crm = (text: string): Texts => ({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': `home: in\nstore: out\n${text}` });

describe('an entity that says nothing', () => {
  test('is loaded fully, stops before foreign data, and keeps its records for 90 days', async () => {
    expect(await onlyEntity(crm(''))).toMatchObject({
      workspace: 'shop',
      root: '/projects/shop',
      flow: 'crm',
      entity: 'crm',
      runType: 'full_drop',
      ifExists: 'fail',
      writeStrategy: null,
      watermark: null,
      onEmpty: 'replace',
      onShrink: 'warn',
      changedFiles: 'fail',
      schema: schemaDefaults,
      keepMs: 90 * 24 * 3_600_000,
      schedule: null,
      where: { file: 'flows/crm/flow.yml', line: 1, column: 1 },
    });
  });
});

describe('the initial watermark is taken as it is written', () => {
  test.each([
    ['2024-01-01', '2024-01-01'],
    ['007', '007'],
    ['1.50', '1.50'],
    ['9007199254740993', '9007199254740993'],
    ["'2024-01-01 00:00:00'", '2024-01-01 00:00:00'],
    ['"a\\tb"', 'a\tb'],
    ['2024-01-01T00:00:00.0000001Z', '2024-01-01T00:00:00.0000001Z'],
  ])('%s', async (written, text) => {
    expect((await onlyEntity(crm(`watermark: { column: at, initial: ${written} }\n`))).watermark?.initial).toBe(text);
  });

  test('from a variable as well', async () => {
    expect(
      (await onlyEntity(crm('watermark: { column: at, initial: "${FROM:-0010}" }\n'), { env: { FROM: '007' } })).watermark?.initial,
    ).toBe('007');
  });

  test('nothing is nothing', async () => {
    expect((await onlyEntity(crm('watermark:\n  column: at\n  initial:\n'))).watermark?.initial).toBeNull();
  });
});

describe('a duration', () => {
  test.each([
    ['5m', 300_000],
    ['1h5min', 3_900_000],
    ['1h30m', 5_400_000],
    ['1w', 604_800_000],
    ['250ms', 250],
    ['1m 5s', 65_000],
  ])('%s is %d ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  test.each(['', '5', '-5m', '1.5h', '5 minutes', 'm', '1y', '5m!', '99999999999999999w', '36526d'])('%j is none', (text) => {
    expect(durationMs(text)).toBeUndefined();
  });
});

/** What a run does to a destination that is ours, by run_type, if_exists and key: the table of the design, cell by cell. */
const modes = [
  ['full_drop', 'fail', false, 'swap'],
  ['full_drop', 'fail', true, 'swap'],
  ['full_drop', 'replace', false, 'swap'],
  ['full_drop', 'replace', true, 'swap'],
  ['full_drop', 'append', false, 'append'],
  ['full_drop', 'append', true, 'merge'],
  ['incremental', 'fail', false, 'append'],
  ['incremental', 'fail', true, 'merge'],
  ['incremental', 'replace', false, 'append'],
  ['incremental', 'replace', true, 'merge'],
  ['incremental', 'append', false, 'append'],
  ['incremental', 'append', true, 'merge'],
] as const;

describe('write_strategy only says how', () => {
  test.each(modes)('%s with if_exists %s and key %s does %s', (runType, ifExists, hasKey, mode) => {
    expect(modeOf({ runType, ifExists, hasKey })).toBe(mode);
  });

  const ways: Readonly<Record<string, readonly string[]>> = {
    swap: ['temp_swap', 'direct_insert'],
    append: ['direct_insert'],
    merge: ['merge'],
  };
  const cells = modes.flatMap((cell) => (['temp_swap', 'direct_insert', 'merge'] as const).map((strategy) => [...cell, strategy] as const));
  test.each(cells)('%s, %s, key %s (%s) with %s', (runType, ifExists, hasKey, mode, writeStrategy) => {
    const conflict = strategyConflict({ runType, ifExists, hasKey, writeStrategy });
    // A full load with a key may be merged.
    const isMerged = mode === 'swap' && hasKey && writeStrategy === 'merge';
    expect(conflict === undefined).toBe(ways[mode]?.includes(writeStrategy) || isMerged);
    if (conflict !== undefined) expect(conflict.tryThis).toContain('Remove `write_strategy`');
  });

  test('a run without write_strategy has no conflict: hygge chooses it', () => {
    expect(strategyConflict({ runType: 'incremental', ifExists: 'fail', hasKey: true, writeStrategy: null })).toBeUndefined();
  });
});
