import { expect, test } from 'vitest';
import { changeText, driftSentence } from '../../src/checks/drift-text.ts';

const struct = (members: readonly string[]) => `struct<${members.join(', ')}>`;
const many = Array.from({ length: 6_000 }, (_, at) => `k${at}: int64`);

test('a short type is shown whole', () => {
  expect(changeText({ kind: 'type', column: 'm', before: 'int64', now: 'struct<a: string>' })).toBe(
    'column m was int64 and is struct<a: string> now',
  );
});

test('of a struct with many members only those that differ are shown', () => {
  const now = [...many.slice(0, 100), 'k100: string', ...many.slice(101), 'last: list<struct<a: int64, b: string>>'];
  expect(changeText({ kind: 'type', column: 'm', before: struct(many), now: struct(now) })).toBe(
    'column m was struct<k100: int64, … 5999 more> and is struct<k100: string, last: list<struct<a: int64, b: string>>, … 5999 more> now',
  );
  const sentence = driftSentence({
    ...{ kind: 'type', column: 'm', before: struct(many), now: struct(many.toReversed()), policy: null },
    outcome: { code: 'no_common_type', settled: struct(many), now: `list<${struct(many)}>` },
  });
  expect(sentence.length).toBeLessThan(700);
});

test('a member of another type that is long itself is cut', () => {
  const text = changeText({
    kind: 'type',
    column: 'm',
    before: struct(['a: int64', `b: ${struct(many)}`]),
    now: struct(['a: int64', 'b: string', 'c: string', `d: ${struct(many)}`]),
  });
  expect(text.length).toBeLessThan(900);
  expect(text).toContain('b: string, c: string, d: struct<k0: int64');
});
