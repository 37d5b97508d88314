import { expect, test } from 'vitest';
import type { Ends } from '../../src/engine/contracts/replacing.ts';
import { roundWindows, type Windows } from '../../src/engine/plan/windows.ts';
import type { Watermark } from '../../src/frames/watermark.ts';

const type: Watermark['type'] = { kind: 'timestamp', unit: 'us', zone: 'UTC' };
const [text, whole] = ['2024-06-30T12:34:56.123456Z', '2024-06-30T12:34:56.000000Z'];
const lower: Watermark = { column: 'at', type, text };
const edge = { text, inclusive: true };
const read = { column: { column: 'at', type }, lower: edge, upper: null, nulls: 'exclude', seen: null, changedFiles: 'fail' } as const;
const nothing = { window: read, boundaryWindow: null, nothingToRead: false, windows: [], replaced: null };
const ofGroup: Windows = { ...nothing, boundaryWindow: { ...read, upper: edge } };
const replaced = (...ranges: readonly Ends[]): Windows['replaced'] => ({ type, ranges, group: 'rows' });
const ofRange: Windows = { ...nothing, replaced: replaced({ from: edge, to: { text, inclusive: false } }) };

test.each<[string, Windows]>([
  ['the boundary group', ofGroup],
  ['a range', ofRange],
  ['nothing', nothing],
])('where the destination keeps values as they are, %s is replaced as it was planned', (_, windows) => {
  expect(roundWindows(windows, { lower, precision: 'exact' })).toBe(windows);
});

test('where the destination keeps whole seconds, what is replaced there is read again from the second on', () => {
  const rounded = (windows: Windows) => roundWindows(windows, { lower, precision: { digits: 0 } });
  expect(rounded(ofGroup).boundaryWindow).toMatchObject({ lower: { text: whole }, upper: edge });
  expect(rounded(ofRange)).toMatchObject({
    window: { lower: { text: whole, inclusive: true }, upper: { text: whole, inclusive: false } },
    replaced: { ranges: [{ from: { text: whole }, to: { text: whole } }] },
  });
  expect(rounded(nothing)).toBe(nothing);
});

test('where the destination keeps whole seconds, a range with its end in it is read up to that end', () => {
  const windows = { ...nothing, window: { ...read, upper: edge }, replaced: replaced({ from: edge, to: edge }) };
  const rounded = roundWindows(windows, { lower, precision: { digits: 0 } });
  expect(rounded.window).toMatchObject({ lower: { text: whole, inclusive: true }, upper: edge });
  expect(rounded.replaced?.ranges).toMatchObject([{ to: { text: whole, inclusive: true } }]);
});

test('where the destination keeps whole seconds, ranges of one second are read as one, and others apart', () => {
  const at = (second: string, inclusive: boolean) => ({ text: `2024-06-30T12:34:${second}Z`, inclusive });
  const ranges = [
    { from: at('01.200000', true), to: at('03.500000', false) },
    { from: at('03.700000', true), to: at('03.900000', true) },
    { from: at('02.900000', true), to: at('04.000000', false) },
    { from: at('09.000000', true), to: at('11.000000', false) },
  ].toSorted((a, b) => a.from.text.localeCompare(b.from.text));
  const windows = ranges.map(({ from, to }) => ({ lower: from, upper: to }));
  const rounded = roundWindows({ ...nothing, windows, replaced: replaced(...ranges) }, { lower, precision: { digits: 0 } });
  const [one, other] = [
    { from: at('01.000000', true), to: at('03.000000', true) },
    { from: at('09.000000', true), to: at('11.000000', false) },
  ];
  expect(rounded.replaced?.ranges).toEqual([one, other]);
  expect(rounded.windows).toEqual([
    { lower: one.from, upper: at('03.900000', true) },
    { lower: other.from, upper: other.to },
  ]);
  expect(rounded.window).toMatchObject({ lower: one.from, upper: other.to });
});
