import { expect, test } from 'vitest';
import { codeOf, isForJournal, isLasting, isOwn, isStrays, type Noted } from '../../src/ports/notes.ts';

const note = (code: string, more: object = {}) => ({ code, ...more }) as unknown as Noted;
const [ended, quota] = [{ ended: { short: 2 } }, { quota: { left: 3 } }];

test.each<readonly [Noted, readonly string[]]>([
  ['a sentence of an earlier version', []],
  [note('strays'), ['strays', 'lasting']],
  [note('quarantine_expires'), ['lasting']],
  [note('files_passed'), ['lasting']],
  [note('files_partly_passed'), ['lasting']],
  [note('rules_idle'), ['journal']],
  [note('rows_gone'), []],
  [note('asked'), []],
  [note('asked', ended), ['journal']],
  [note('asked', quota), []],
  // What met a quota is told, however its lists ended.
  [note('asked', { ...ended, ...quota }), []],
  [note('waits', ended), []],
  [note('api.not_seen', { text: 'not seen: x' }), ['own']],
  [note('api.not_seen'), []],
])('%j is told at the place for such notes: %j', (one, expected) => {
  const kinds = {
    own: typeof one === 'object' && isOwn(one),
    strays: isStrays(one),
    lasting: isLasting(one),
    journal: isForJournal(one),
  };
  expect(Object.entries(kinds).flatMap(([kind, is]) => (is ? [kind] : []))).toEqual(expected);
});

test('a sentence has the code of a text', () => {
  expect([codeOf('It was so.'), codeOf(note('asked'))]).toEqual(['text', 'asked']);
});
