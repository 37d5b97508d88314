import { describe, expect, test } from 'vitest';
import { isRoundedWhole } from '../../../src/formats/bytes/json-texts.ts';

describe('a whole number is rounded', () => {
  // 2^24 + 1 and 2^53 + 1 are the first that a float of 32 and of 64 bits has not.
  test.each([
    ['float32', '16777217', true],
    ['float32', '-16777217', true],
    ['float32', '+16777217', true],
    ['float32', '16777216', false],
    ['float32', '16777218', false],
    ['float32', '9999999', false],
    ['float64', '9007199254740993', true],
    ['float64', '-9007199254740993', true],
    ['float64', '9007199254740992', false],
    ['float64', '999999999999999', false],
    ['float64', '123456789012345680000', false],
  ] as const)('by a %s: %s %s', (kind, text, isRounded) => {
    expect(isRoundedWhole(kind, text)).toBe(isRounded);
  });
});
