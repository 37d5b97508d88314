import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, cutToFit } from '../../functions/answer.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import { SEED } from '../support/samples.ts';

const text = fc.string({ unit: 'binary', maxLength: 3_000 });
const errors: fc.Arbitrary<ErrorDetails> = fc.record({
  code: fc.constant('HYG-2001'),
  what: text,
  why: fc.array(text, { maxLength: 8 }),
  tryThis: fc.array(text, { maxLength: 8 }),
  where: fc.option(fc.record({ file: fc.string({ maxLength: 300 }), line: fc.nat(), column: fc.nat(), text }), { nil: undefined }),
});

test('an error fits into an answer, whatever it says, and keeps its code and how it begins', () => {
  fc.assert(
    fc.property(errors, (error) => {
      const cut = cutToFit(error);
      expect(bytesOf(cut)).toBeLessThanOrEqual(3_000);
      expect(cut.code).toBe(error.code);
      expect(
        error.what.startsWith(
          cut.what
            .replace(/…$/, '')
            .slice(0, 20)
            .replace(/\ufffd$/, ''),
        ),
      ).toBe(true);
    }),
    { seed: SEED },
  );
});

test('an error that fits stays unchanged', () => {
  const error = {
    code: 'HYG-2001',
    what: 'Held.',
    why: ['It is.'],
    tryThis: ['Wait'],
    where: { file: 'a.yml', line: 1, column: 2, text: 'a: b' },
  };
  expect(cutToFit(error)).toEqual(error);
});
