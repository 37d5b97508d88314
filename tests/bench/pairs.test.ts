import { expect, test } from 'vitest';
import type { Measurement } from '../../bench/measure.ts';
import { alternate, quantile } from '../../bench/pairs.ts';

function side(name: string, times: readonly number[], log: string[]) {
  let next = 0;
  const measurement = (wallMs: number): Measurement => ({
    wallMs,
    peakBytes: wallMs * 1e6,
    cpuMs: wallMs,
    readBytes: null,
    fsyncs: 0,
    fsyncMs: 0,
    stdout: '',
  });
  return {
    name,
    run: async () => {
      log.push(name);
      const time = times[next] ?? 0;
      next += 1;
      return measurement(time);
    },
  };
}

test('sides run in turn, warm-ups first and not counted', async () => {
  const log: string[] = [];
  const result = await alternate([side('a', [999, 10, 20], log), side('b', [999, 20, 80], log)], 2, 1);
  expect(log).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(result.sides.map(({ runsMs }) => runsMs)).toEqual([
    [10, 20],
    [20, 80],
  ]);
});

test('ratios are taken pair by pair', async () => {
  const result = await alternate([side('a', [10, 30, 50], []), side('b', [20, 120, 50], [])], 3, 0);
  expect(result.ratios.b).toEqual({ median: 0.5, lowerQuartile: 0.375, all: [0.5, 0.25, 1] });
});

test('medians, the fastest run and peaks belong to each side', async () => {
  const result = await alternate([side('a', [10, 30, 50], [])], 3, 0);
  expect(result.sides[0]).toMatchObject({ medianMs: 30, fastestMs: 10, peakBytes: 50e6, quartilePeakBytes: 20e6 });
});

test('quantiles lie between the two nearest values', () => {
  expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
  expect(quantile([7], 0.25)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
});
