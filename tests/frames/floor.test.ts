import { describe, expect, it } from 'vitest';
import type { DataType } from '../../src/frames/schema.ts';
import { floored } from '../../src/frames/times/floor.ts';

const ns: DataType = { kind: 'timestamp', unit: 'ns' };

describe('a watermark as a coarser destination keeps it', () => {
  it.each<[DataType, string, Parameters<typeof floored>[2], string]>([
    [ns, '2024-05-06T07:08:09.123456789', 'exact', '2024-05-06T07:08:09.123456789'],
    [ns, '2024-05-06T07:08:09.123456789', { digits: 9 }, '2024-05-06T07:08:09.123456789'],
    [ns, '2024-05-06T07:08:09.123456789', { digits: 6 }, '2024-05-06T07:08:09.123456000'],
    [ns, '2024-05-06T07:08:09.999999999', { digits: 0 }, '2024-05-06T07:08:09.000000000'],
    [ns, '2024-05-06T07:08:09.123456789', 'days', '2024-05-06T00:00:00.000000000'],
    // Before 1970 as after it: never above the value itself.
    [ns, '1969-12-31T23:59:59.999999999', { digits: 3 }, '1969-12-31T23:59:59.999000000'],
    [{ kind: 'timestamp', unit: 'ms', zone: 'UTC' }, '1969-12-31T23:59:59.500Z', 'days', '1969-12-31T00:00:00.000Z'],
    [{ kind: 'date' }, '2024-05-06', 'days', '2024-05-06'],
    [{ kind: 'date' }, '2024-05-06', { digits: 0 }, '2024-05-06'],
    [{ kind: 'decimal', precision: 20, scale: 4 }, '-1.2345', { digits: 2 }, '-1.2400'],
    [{ kind: 'decimal', precision: 20, scale: 4 }, '1.2345', { digits: 4 }, '1.2345'],
    [{ kind: 'int64' }, '-9223372036854775808', { digits: 0 }, '-9223372036854775808'],
    [{ kind: 'int64' }, '19', { digits: -1 }, '10'],
    [{ kind: 'int64' }, '-1', { digits: -1 }, '-10'],
    [{ kind: 'string' }, 'b', { digits: 0 }, 'b'],
  ])('%j %s, kept %j: %s', (type, text, kept, expected) => {
    expect(floored(type, text, kept)).toBe(expected);
  });
});
