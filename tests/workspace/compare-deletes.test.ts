import { describe, expect, test } from 'vitest';
import { mistakes, onlyEntity, type Texts } from './shop.ts';

const crm = (defaults: string, flow: string, entity: string): Texts => ({
  'hygge.yml': `name: test\n${defaults === '' ? '' : `defaults: { deletes: ${defaults} }\n`}`,
  'flows/crm/flow.yml': `home: { path: in }\nstore: { path: out }\n${flow === '' ? '' : `deletes: ${flow}\n`}`,
  'flows/crm/entities/a.yml': `name: a\n${entity === '' ? '' : `deletes: ${entity}\n`}`,
});

const dayMs = 86_400_000;
const daily = { everyMs: dayMs, action: 'apply', mostPercent: 5, mostRows: 10, pauseMs: 10_000 } as const;

describe('the comparison of keys, as the config says it', () => {
  test.each([
    ['', '{ compare: 1d }', '', daily],
    ['', '{ compare: 1d, max: 5% }', '', { everyMs: dayMs, action: 'apply', mostPercent: 5, pauseMs: 10_000 }],
    ['', '{ compare: 1d, complete: true, pause: 10m }', '', { ...daily, isComplete: true, pauseMs: 600_000 }],
    // Layers.
    ['{ compare: 1d }', '', '{ max: 20% }', { everyMs: dayMs, action: 'apply', mostPercent: 20, pauseMs: 10_000 }],
    ['{ max: 2%, pause: 0s }', '{ compare: 7d }', '', { everyMs: 7 * dayMs, action: 'apply', mostPercent: 2, pauseMs: 0 }],
    ['{ compare: 1d, max: 2% }', '{ max: 3% }', '{ max: 0.5% }', { everyMs: dayMs, action: 'apply', mostPercent: 0.5, pauseMs: 10_000 }],
    ['{ compare: 1d, complete: true }', '', '{ complete: false }', daily],
    ['mark', '{ compare: 1d }', '', daily],
  ])('defaults %j, flow %j, entity %j', async (defaults, flow, entity, expected) => {
    const { compareDeletes, deletes } = await onlyEntity(crm(defaults, flow, entity));
    expect(compareDeletes).toEqual(expected);
    expect(deletes).toBe('unsaid');
  });

  test.each([
    ['{ max: 5% }', '`compare` is missing: `deletes` needs it'],
    ['{ compare: 1d, max: 5 }', 'a share such as `5%`'],
    ['{ compare: often }', 'a duration'],
  ])('%s is told with what to write', async (written, told) => {
    const found = await mistakes(crm('', written, ''));
    expect(found.map(({ what, tryThis }) => [what, ...tryThis].join(' ')).join(' ')).toContain(told);
  });
});
