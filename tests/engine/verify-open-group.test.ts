import { describe, expect, test } from 'vitest';
import { isReadAgain, scopesAt, together } from '../../src/engine/verify/open-group.ts';
import { type ComparedContent, noDifference, noRows } from '../../src/engine/verify/rows/comparison.ts';
import { type FoundRows, lacksSettled } from '../../src/engine/verify/rows/group-rows.ts';
import { scopeOf, settledWindow } from '../../src/engine/verify/scope.ts';
import { splitAtEnd } from '../../src/frames/row-sum/some-rows.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { addFingerprints, emptyFingerprint, type Fingerprint, type Watermark } from '../../src/frames/watermark.ts';
import type { ComparedRows, DifferenceCounts } from '../../src/ports/answers/comparison.ts';

/** A row, by a number of its own. */
const row = (n: number): Fingerprint => ({ rows: 1, hash: (2n ** 100n + BigInt(n) ** 5n).toString(16).padStart(32, '0') });
const rows = (...all: readonly number[]) => all.map(row).reduce(addFingerprints, emptyFingerprint);

describe('the open group', () => {
  test('is read again where the source has other rows there than the settled ones', () => {
    expect(isReadAgain(rows(1, 2), { now: rows(1, 2, 3), there: 2 }, true)).toBe(true);
    expect(isReadAgain(rows(1, 2), { now: rows(1, 3), there: 2 }, false)).toBe(true);
    expect(isReadAgain(rows(1, 2), { now: rows(2, 1), there: 1 }, true), 'the source has not changed').toBe(false);
    expect(isReadAgain(rows(1, 2), { now: emptyFingerprint, there: 2 }, true), 'the source has lost all of them').toBe(false);
  });

  test('is not replaced where the destination has another number of rows than settled', () => {
    expect(isReadAgain(rows(1, 2), { now: rows(1, 2, 3), there: 1 }, true)).toBe(false);
    expect(isReadAgain({ ...rows(1, 2), apart: 1 }, { now: rows(1, 2, 3), there: 1 }, true)).toBe(true);
    // A merge counts no rows.
    expect(isReadAgain(rows(1, 2), { now: rows(1, 2, 3), there: 1 }, false)).toBe(true);
  });

  const found = (same: readonly number[], others: readonly number[], more: Partial<FoundRows> = {}): FoundRows => ({
    ...{ same: rows(...same), others: rows(...others), changed: emptyFingerprint, single: others.map(row), apart: [], ...more },
  });

  test('lacks a settled row where the source has it as it was', () => {
    expect(lacksSettled(rows(1, 2), found([1, 2], [3, 4])), 'rows came').toBe(false);
    expect(lacksSettled(rows(1, 2), found([1], [2, 3, 4])), 'a row is lost').toBe(true);
    expect(lacksSettled(rows(1, 2, 3), found([1], [2, 3, 4])), 'two rows are lost').toBe(true);
    expect(lacksSettled(rows(1, 2), found([1], [5, 3])), 'the source changed row 2').toBe(false);
    expect(lacksSettled(rows(1, 2), found([2], [3])), 'row 1 continued in the source').toBe(false);
  });

  test('lacks no settled row where a row that does not settle belonged to it', () => {
    expect(lacksSettled(rows(1, 2, 9), found([1, 2], [3], { apart: [row(8), row(9)] }))).toBe(false);
    expect(lacksSettled(rows(1, 2, 9), found([1], [2, 3], { apart: [row(8), row(9)] }))).toBe(true);
  });

  test('is looked at row by row where many rows differ, and not at all where too many do', () => {
    const many = Array.from({ length: 20 }, (_, n) => n + 10);
    expect(lacksSettled(rows(1, 15), found([1], many)), 'one of them').toBe(true);
    expect(lacksSettled(rows(1, ...many.slice(1)), found([1], many)), 'all but one').toBe(true);
    expect(lacksSettled(rows(1, ...many), found([1], many, { single: [] })), 'all').toBe(true);
    expect(lacksSettled(rows(1, 15, 16), found([1], many, { single: [], changed: rows(15, 16) })), 'those that changed').toBe(true);
    expect(lacksSettled(rows(1, 15), found([1], many, { single: [] }))).toBe(false);
  });
});

const type = { kind: 'timestamp', unit: 'us' } as const;
const mark: Watermark = { column: 'at', type, text: '2026-03-01T10:00:00.700000' };
const second = '2026-03-01T10:00:00.000000';

describe('the rows below the open group', () => {
  const sides = (nulls: 'include' | 'fail', initial: string | null = null) =>
    ({
      spec: { flow: 'f', entity: 'f', runType: 'incremental', watermark: { column: 'at', initial, nulls } },
      settled: { watermark: mark },
      home: { reading: { filter: 'range' } },
      destination: { reading: { filter: 'range' } },
      settledColumn: { name: 'changed_at', type },
    }) as unknown as Parameters<typeof scopeOf>[1];
  const scopes = (nulls: 'include' | 'exclude', initial: string | null = null, from = second) => {
    const own = sides(nulls === 'include' ? 'include' : 'fail', initial);
    return scopesAt({ scope: scopeOf({ range: null }, own), mark, from, nulls, settledEnds: (ends) => settledWindow(own, ends, type) });
  };

  test('end before the value under which a coarser destination keeps the watermark', () => {
    const { window, group, below, above } = scopes('exclude');
    expect(window).toMatchObject({ lower: { text: second, inclusive: true }, upper: { text: mark.text, inclusive: true } });
    expect(group).toMatchObject({ source: { lower: { text: second }, upper: null }, end: { at: mark, inclusive: true } });
    expect(group.destination).toMatchObject({ lower: { text: second, inclusive: true }, upper: { text: second, inclusive: true } });
    expect(below).toMatchObject({ source: { lower: null, upper: null }, end: { at: { text: second }, inclusive: false, nulls: 'within' } });
    expect(below?.destination).toMatchObject({ lower: null, upper: { text: second, inclusive: false }, nulls: 'include' });
    expect(above.destination).toMatchObject({ lower: { text: second, inclusive: false }, upper: null });
  });

  test('have no row without a watermark where these belong to the group', () => {
    const { group, below } = scopes('include');
    expect(group).toMatchObject({ source: { nulls: 'include' }, destination: { nulls: 'include' }, end: { nulls: 'within' } });
    // The source is read with them, since the settled row of such a key is not yet due.
    expect(below).toMatchObject({ source: { nulls: 'include' }, destination: { nulls: 'exclude' }, end: { nulls: 'beyond' } });
  });

  test('are none where the comparison begins at the watermark', () => {
    expect(scopes('exclude', second).below).toBe(null);
    expect(scopes('exclude', '2026-03-01T09:59:59').below).not.toBe(null);
  });

  const content = (some: Partial<ComparedRows>, differences: Partial<DifferenceCounts> = {}): ComparedContent => ({
    rows: { ...noRows, ...some },
    differences: { ...noDifference, ...differences },
    ...{ differing: [], sums: { source: '7', destination: '7' }, allVersionsLookedAt: true, apart: 0, settledReadAt: null },
  });

  test('count with those of the group that are the same, and without those that come or go', () => {
    const below = content({ source: 100, destination: 100, not_yet_due: 15, updated_since: 2 });
    const group = content({ source: 10, destination: 9, not_yet_due: 5 }, { only_in_source: 2, changed: 3, only_in_destination: 1 });
    expect(together(below, group, null).rows).toEqual({
      ...noRows,
      ...{ source: 105, destination: 105, not_yet_due: 5, at_watermark: 5, updated_since: 6 },
    });
    expect(together(below, group, null).differences).toEqual(noDifference);
  });

  test('have the earlier versions of rows of the group', () => {
    const below = content({ source: 100, destination: 100, updated_since: 6 });
    const group = content({ source: 10, destination: 8 }, { only_in_source: 2 });
    const whole = content({ earlier_versions: 4 });
    expect(together(below, group, whole).rows).toMatchObject({ earlier_versions: 4, updated_since: 2 });
  });
});

test('rows without a value lie within an upper end, or beyond it', async () => {
  const builder = await frameBuilder({ columns: [{ name: 'at', type, nullable: true }] });
  for (const value of [0n, null, 1_772_359_200_700_000n, null]) builder.append([value]);
  const frame = await builder.take();
  const rowsAt = async (nulls: 'within' | 'beyond') => {
    const { within, beyond } = await splitAtEnd(frame, { at: { ...mark, text: second }, inclusive: false, nulls });
    return [within.rows, beyond.rows];
  };
  expect(await rowsAt('within')).toEqual([3, 1]);
  expect(await rowsAt('beyond')).toEqual([1, 3]);
});
