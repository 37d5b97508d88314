import { expect, test } from 'vitest';
import { roundWindows, type Windows } from '../../src/engine/plan/windows.ts';
import type { Watermark } from '../../src/frames/watermark.ts';

const type: Watermark['type'] = { kind: 'timestamp', unit: 'us', zone: 'UTC' };
const [text, whole] = ['2024-06-30T12:34:56.123456Z', '2024-06-30T12:34:56.000000Z'];
const lower: Watermark = { column: 'at', type, text };
const edge = { text, inclusive: true };
const read = { column: { column: 'at', type }, lower: edge, upper: null, nulls: 'exclude', seen: null, changedFiles: 'fail' } as const;
const nothing = { window: read, boundaryWindow: null, nothingToRead: false, replacedRange: null };
const ofGroup: Windows = { ...nothing, boundaryWindow: { ...read, upper: edge } };
const ofRange: Windows = {
  ...nothing,
  replacedRange: { column: 'at', type, from: edge, to: { text, inclusive: false }, nulls: false } as unknown as Windows['replacedRange'],
};

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
    replacedRange: { from: { text: whole }, to: { text: whole } },
  });
  expect(rounded(nothing)).toBe(nothing);
});

test('where the destination keeps whole seconds, a range with its end in it is read up to that end', () => {
  const replacedRange = { ...ofRange.replacedRange, to: edge } as Windows['replacedRange'];
  const rounded = roundWindows({ ...nothing, window: { ...read, upper: edge }, replacedRange }, { lower, precision: { digits: 0 } });
  expect(rounded.window).toMatchObject({ lower: { text: whole, inclusive: true }, upper: edge });
  expect(rounded.replacedRange).toMatchObject({ to: { text: whole, inclusive: true } });
});
