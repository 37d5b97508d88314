import { expect, test } from 'vitest';
import { everySliceIsThere } from '../../src/engine/commit/gather.ts';
import type { Plan } from '../../src/engine/contracts/records.ts';
import type { Receipt } from '../../src/engine/records/receipts.ts';
import type { Json } from '../../src/ports/values.ts';

const planOf = (slices: number) => ({ slices: Array.from({ length: slices }, () => ({})) }) as unknown as Plan;
const step = (slice: number, from: Json | undefined, cursor: Json, rowsRead = 1) =>
  ({ slice, rowsRead, cursor, begun: from === undefined ? null : { at: from } }) as unknown as Receipt;
const [two, three] = [{ page: 2 }, { page: 3 }];

test.each<readonly [string, readonly Receipt[]]>([
  ['one step', [step(0, null, null)]],
  ['three steps, in any order', [step(0, three, null), step(0, null, two), step(0, two, three)]],
  ['a step that waited in the middle, without a row', [step(0, null, two), step(0, two, two, 0), step(0, two, null)]],
  ['steps of an earlier version, which say no start', [step(0, undefined, two), step(0, undefined, null)]],
])('a slice is covered by %s', (_, receipts) => {
  expect(everySliceIsThere(planOf(1), receipts)).toBe(true);
});

test.each<readonly [string, readonly Receipt[]]>([
  ['no step', []],
  ['no last step', [step(0, null, two)]],
  ['no first step', [step(0, two, null)]],
  ['no second page', [step(0, null, two), step(0, three, null)]],
  ['the second page twice', [step(0, null, two), step(0, two, three), step(0, two, three), step(0, three, null)]],
  ['the whole slice twice', [step(0, null, null), step(0, null, null)]],
  ['the last page twice', [step(0, null, two), step(0, two, null), step(0, two, null)]],
  ['a page that leads back', [step(0, null, two), step(0, two, three), step(0, three, two), step(0, null, null)]],
  ['the whole slice twice, by an earlier version', [step(0, undefined, null), step(0, undefined, null)]],
  ['a slice that the plan does not have', [step(0, null, null), step(1, null, null)]],
])('a commit is refused for %s', (_, receipts) => {
  expect(everySliceIsThere(planOf(1), receipts)).toBe(false);
});

test('each slice of a plan has its own steps', () => {
  const other = [step(1, null, two), step(1, two, null)];
  expect(everySliceIsThere(planOf(2), [step(0, null, null), ...other])).toBe(true);
  expect(everySliceIsThere(planOf(2), other)).toBe(false);
});
