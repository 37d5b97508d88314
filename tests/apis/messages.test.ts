/** What errors about APIs say, and what they advise. */
import { expect, test } from 'vitest';
import { parentNotRead } from '../../src/apis/answers/errors.ts';
import type { Pagination } from '../../src/apis/lists/config.ts';
import { beginning, turn } from '../../src/apis/lists/pages.ts';
import { parentsNotRead } from '../../src/engine/contracts/errors.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { settledInTheFuture } from '../../src/engine/errors/watermark.ts';
import type { HyggeError } from '../../src/errors/hygge-error.ts';
import { badRow } from '../../src/formats/json/errors.ts';
import { readColumnType } from '../../src/frames/type-text.ts';
import { notAllowed, notReached } from '../../src/remote/refusals.ts';
import { pageOf } from '../support/apis/pages.ts';

const said = { url: 'https://api.example.com', doing: 'read', status: 429, code: '' } as const;
const missed = [{ id: '2', from: null, why: '404' }];
const orders = { flow: 'shop', entity: 'orders' } as EntitySpec;
const unread = (value: string, type: string) =>
  badRow({ row: 'Record', file: 'x', line: 3, reason: `column at: "${value}" is not ${type}` });

/** The error of a next page that is led to by so many characters. */
function ledOnBy(length: number): HyggeError {
  const pages: Pagination = { type: 'next_url', at: 'next' };
  try {
    turn(pages, beginning, pageOf(pages, JSON.stringify({ data: [{ id: 1 }], next: 'x'.repeat(length) })));
  } catch (error) {
    return error as HyggeError;
  }
  throw new Error('the address is kept');
}

test.each<[string, HyggeError, RegExp]>([
  ['a time with seven digits', unread('2026-03-01T12:00:00.1234567Z', 'timestamp[us, UTC]'), /types: \{at: "timestamp\[ns, UTC\]"\}/],
  ['a time with seven digits, without a zone', unread('2026-03-01T12:00:00.1234567', 'timestamp[us]'), /types: \{at: "timestamp\[ns\]"\}/],
  ['a long address', ledOnBy(2_000), /the address of the next page is too long.*2,0\d\d characters.*keyset/],
  [
    'a watermark in the future',
    settledInTheFuture(orders, { column: 'at', text: '2030-01-01', type: { kind: 'date' } }),
    /an API was fast.*header Date/,
  ],
  ['one parent, with missing: fail', parentNotRead('2', '404'), /missing: warn/],
  [
    'a right',
    notAllowed({ ...said, status: 403 }, 'the right to read orders'),
    /denies permission to read\..*Grant the identity of this run the right to read orders/,
  ],
  [
    'requests at a limit',
    notReached(said, { transient: true, retryAfterMs: 30_000 }),
    /refuses to read for now: too many requests.*a pause of 30 s/,
  ],
  ['a long pause', notReached(said, { transient: true, retryAfterMs: 86_400_000_000 }), /a pause of 1,000 days/],
])('%s', (_, { what, why, tryThis }, text) => {
  expect([what, ...why, ...tryThis].join(' ')).toMatch(text);
});

test.each<[string, HyggeError, string]>([
  ['a time with six digits', unread('2026-03-01T12:00:00.123456Z', 'timestamp[us, UTC]'), 'timestamp[ns'],
  ['parents in a comparison, where missing: warn is in force', parentsNotRead(missed), 'missing'],
  ['a long address', ledOnBy(2_000), 'Set `records`'],
])('%s gets no advice about %s', (_, { tryThis }, text) => {
  expect(tryThis.join(' ')).not.toContain(text);
});

test('the type of times with seven digits is one', () => {
  expect(readColumnType('timestamp[ns, UTC]')).toEqual({ type: { kind: 'timestamp', unit: 'ns', zone: 'UTC' } });
});
