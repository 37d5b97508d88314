import { describe, expect, it } from 'vitest';
import { type FileSlice, groupIntoSlices } from '../../src/files/home/slices.ts';

const megabyte = 1024 * 1024;
const cut = (shares: readonly number[]): FileSlice[] =>
  shares.map((share, i) => ({ path: `${i}.parquet`, bytes: share, etag: 'e', from: 0, to: 1, rows: 1, share }));
const how = { sliceBytes: 128 * megabyte, perFile: false, whole: false };
const sizes = (shares: readonly number[], more: Partial<typeof how> = {}) =>
  groupIntoSlices(cut(shares), { ...how, ...more }).map(({ ref }) => (ref as unknown[]).length);
const same = (n: number, share: number) => Array.from({ length: n }, () => share);

describe('small files', () => {
  it('are put together, but into two slices at least, so that two can be read at once', () => {
    expect(sizes(same(10, 100))).toEqual([5, 5]);
    expect(sizes(same(3, 100))).toEqual([2, 1]);
    expect(sizes([100])).toEqual([1]);
  });

  it('make four slices when there are more than 64 of them, and never more than 512 in one', () => {
    expect(sizes(same(80, 100))).toEqual([20, 20, 20, 20]);
    expect(sizes(same(10_000, 100))).toEqual(same(20, 500));
    expect(Math.max(...sizes(same(10_000, 0)))).toBeLessThanOrEqual(512);
  });

  it('never make a slice larger than asked for', () => {
    const slices = groupIntoSlices(cut(same(100, 10 * megabyte)), how);
    expect(Math.max(...slices.map(({ bytes }) => bytes ?? 0))).toBeLessThanOrEqual(128 * megabyte);
    expect(slices.length).toBeLessThan(12);
  });

  it('stay one slice when they are compared as a whole, and apart when each must keep its rows', () => {
    expect(sizes(same(10, 100), { whole: true })).toEqual([10]);
    expect(sizes(same(3, 100), { perFile: true })).toEqual([1, 1, 1]);
    expect(groupIntoSlices(cut(same(3, 100)), { ...how, perFile: true }).map(({ source }) => source)).toEqual([
      '0.parquet',
      '1.parquet',
      '2.parquet',
    ]);
  });
});
