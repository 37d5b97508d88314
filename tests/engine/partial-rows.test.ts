import { expect, test } from 'vitest';
import { isAbout } from '../../src/engine/move/partial-rows.ts';
import type { Rule } from '../../src/frames/rules/rule.ts';

const columns = ['id', 'paid', 'paid_net', 'Full Name'].map((name) => ({ name, type: { kind: 'int64' } as const, nullable: true }));
const holds = (check: string, when?: string) => ({ what: 'holds', column: 'id', check, ...(when === undefined ? {} : { when }) }) as Rule;

test.each([
  ['paid_net > 0', undefined, ['id', 'paid_net'], true],
  ['paid_net > 0', undefined, ['id', 'paid'], false],
  ['paid > 0', 'paid_net is null', ['paid'], false],
  ['paid > 0', 'paid_net is null', ['paid', 'paid_net'], true],
  ['"Full Name" = 1', undefined, ['id'], false],
] as const)(
  'a rule is about the columns that its condition names, and not about parts of their names: %s when %s',
  (check, when, shown, is) => {
    expect(isAbout(holds(check, when), shown, columns)).toBe(is);
  },
);
