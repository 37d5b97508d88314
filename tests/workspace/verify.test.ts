import { describe, expect, test } from 'vitest';
import { mistakes, onlyEntity, type Texts } from './shop.ts';

const crm = (defaults: string, flow: string, entity: string): Texts => ({
  'hygge.yml': `name: test\n${defaults === '' ? '' : `defaults: { verify: ${defaults} }\n`}`,
  'flows/crm/flow.yml': `home: { path: in }\nstore: { path: out }\n${flow === '' ? '' : `verify: ${flow}\n`}`,
  'flows/crm/entities/a.yml': `name: a\n${entity === '' ? '' : `verify: ${entity}\n`}`,
});

const whole = { by: 'checksums', everyMs: null, columns: null, onDifference: 'warn' } as const;
const weekMs = 7 * 86_400_000;

describe('the comparison after a commit, as the config says it', () => {
  test.each([
    ['', '', '', undefined],
    ['', 'checksums', '', whole],
    ['', 'counts', '', { ...whole, by: 'counts' }],
    ['', '{ checksums, every: 7d }', '', { ...whole, everyMs: weekMs }],
    ['', '{ counts: true, on_difference: fail }', '', { ...whole, by: 'counts', onDifference: 'fail' }],
    ['', '{ columns: [id, amount] }', '', { ...whole, columns: ['id', 'amount'] }],
    ['', '{ checksums, counts }', '', whole],
    ['', '{ checksums: false }', '', undefined],
    // Layers.
    ['checksums', '{ every: 7d }', '{ on_difference: fail }', { ...whole, everyMs: weekMs, onDifference: 'fail' }],
    ['{ checksums, every: 7d }', 'counts', '', { ...whole, by: 'counts', everyMs: weekMs }],
    ['counts', '', 'checksums', whole],
    ['checksums', 'null', '', undefined],
  ])('defaults %j, flow %j, entity %j', async (defaults, flow, entity, expected) => {
    expect((await onlyEntity(crm(defaults, flow, entity))).verify).toEqual(expected);
  });

  test.each([
    ['{ checksums, on_diference: warn }', '`on_difference`'],
    ['{ counts, columns: [id] }', '`verify.columns` has no meaning next to `verify.counts`'],
    ['sums', 'counts'],
    ['{ every: often }', 'a duration'],
  ])('%s is told with what to write', async (written, told) => {
    const found = await mistakes(crm('', written, ''));
    expect(found.map(({ what, tryThis }) => [what, ...tryThis].join(' ')).join(' ')).toContain(told);
  });
});
