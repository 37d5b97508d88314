import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunksOf } from '../../src/engine/backfill/backfill.ts';
import { readStride, stepped } from '../../src/frames/stride.ts';
import { compareWatermarks } from '../../src/frames/watermark-text.ts';

const date = { kind: 'date' } as const;
const micros = { kind: 'timestamp', unit: 'us' } as const;
const nanos = { kind: 'timestamp', unit: 'ns', zone: 'UTC' } as const;
const long = { kind: 'int64' } as const;
const money = { kind: 'decimal', precision: 38, scale: 2 } as const;

const told = (...of: Parameters<typeof chunksOf>) => [...chunksOf(...of)].map(({ from, to }) => `${from} ${to}`);

describe('the chunks of a range', () => {
  it('is one, where none are asked for', () => {
    expect(told({ from: '2024-01-01', to: '2024-03-01', chunk: null }, date)).toEqual(['2024-01-01 2024-03-01']);
  });

  it('are days, weeks and months of dates, the last one as long as is left', () => {
    expect(told({ from: '2024-02-27', to: '2024-03-01', chunk: '1d' }, date)).toEqual([
      '2024-02-27 2024-02-28',
      '2024-02-28 2024-02-29',
      '2024-02-29 2024-03-01',
    ]);
    expect(told({ from: '2024-01-01', to: '2024-01-20', chunk: '2w' }, date)).toEqual(['2024-01-01 2024-01-15', '2024-01-15 2024-01-20']);
    expect(told({ from: '2023-11-15', to: '2024-02-01', chunk: '1mo' }, date)).toEqual([
      '2023-11-15 2023-12-15',
      '2023-12-15 2024-01-15',
      '2024-01-15 2024-02-01',
    ]);
  });

  it('of months keep the day wherever a month has it', () => {
    expect(told({ from: '2024-01-31', to: '2024-05-31', chunk: '1mo' }, date).map((chunk) => chunk.slice(0, 10))).toEqual([
      '2024-01-31',
      '2024-02-29',
      '2024-03-31',
      '2024-04-30',
    ]);
  });

  it('of timestamps keep every digit', () => {
    expect(told({ from: '2024-01-01T00:00:00.000001', to: '2024-01-01T13:00:00.000000', chunk: '6h' }, micros)).toEqual([
      '2024-01-01T00:00:00.000001 2024-01-01T06:00:00.000001',
      '2024-01-01T06:00:00.000001 2024-01-01T12:00:00.000001',
      '2024-01-01T12:00:00.000001 2024-01-01T13:00:00.000000',
    ]);
    expect(told({ from: '2024-12-31T23:59:59.999999999Z', to: '2025-02-01T00:00:00.000000000Z', chunk: '1mo' }, nanos)).toEqual([
      '2024-12-31T23:59:59.999999999Z 2025-01-31T23:59:59.999999999Z',
      '2025-01-31T23:59:59.999999999Z 2025-02-01T00:00:00.000000000Z',
    ]);
  });

  it('of numbers are exact beyond what a float holds', () => {
    expect(told({ from: '9007199254740991', to: '9007199254740996', chunk: '2' }, long)).toEqual([
      '9007199254740991 9007199254740993',
      '9007199254740993 9007199254740995',
      '9007199254740995 9007199254740996',
    ]);
    expect(told({ from: '-0.50', to: '1.00', chunk: '0.75' }, money)).toEqual(['-0.50 0.25', '0.25 1.00']);
  });

  it('follow one another without a gap from the beginning to the end, whatever the range', () => {
    const days = fc.tuple(
      fc.integer({ min: -800_000, max: 2_900_000 }),
      fc.integer({ min: 1, max: 400 }),
      fc.constantFrom('1d', '3d', '1w', '1mo', '5mo'),
    );
    fc.assert(
      fc.property(days, ([start, length, chunk]) => {
        const [from, to] = [
          stepped(date, '1970-01-01', { by: 1n }, BigInt(start)),
          stepped(date, '1970-01-01', { by: 1n }, BigInt(start + length)),
        ];
        const all = [...chunksOf({ from, to, chunk }, date)];
        expect([all[0]?.from, all.at(-1)?.to]).toEqual([from, to]);
        for (const [i, one] of all.entries()) {
          expect(compareWatermarks({ type: date, text: one.from }, { type: date, text: one.to })).toBeLessThan(0);
          if (i > 0) expect(one.from).toBe(all[i - 1]?.to);
        }
      }),
    );
  });
});

describe('a step', () => {
  it.each([
    ['1h', date],
    ['36h', date],
    ['1', date],
    ['0d', micros],
    ['1', micros],
    ['1d', long],
    ['0', long],
    ['-5', long],
    ['1.5', long],
    ['1d', { kind: 'string' } as const],
    ['day', date],
    ['', date],
  ])('%j is none along %o', (written, type) => {
    expect(readStride(written, type)).toBeUndefined();
  });

  it('of hours that make whole days goes along dates', () => {
    expect(readStride('48h', date)).toEqual({ by: 2n });
  });
});
