import { describe, expect, test } from 'vitest';
import { describeType } from '../../src/frames/describe-type.ts';
import { readColumnType, typesKey } from '../../src/frames/type-text.ts';

describe('a type as a person writes it', () => {
  test.each([
    ['string', 'string'],
    ['Text', 'string'],
    ['int', 'int64'],
    ['double', 'float64'],
    ['decimal(18,2)', 'decimal(18,2)'],
    ['numeric( 10 )', 'decimal(10,0)'],
    ['timestamp', 'timestamp[us]'],
    ['timestamp[ns]', 'timestamp[ns]'],
    ['timestamp[us, UTC]', 'timestamp[us, UTC]'],
    ['timestamp[Europe/Copenhagen]', 'timestamp[us, Europe/Copenhagen]'],
    ['time', 'time[us]'],
    ['duration[ms]', 'duration[ms]'],
    ['list<struct<a: int32, b: decimal(4,1)>>', 'list<struct<a: int32, b: decimal(4,1)>>'],
  ])('%s is %s', (written, meant) => {
    const read = readColumnType(written);
    expect('type' in read && describeType(read.type)).toBe(meant);
  });

  test.each([
    ['strnig', '"strnig" is not a type.'],
    ['decimal', 'A decimal needs its digits'],
    ['decimal(40,2)', 'it has 1 to 38 digits'],
    ['decimal(4,5)', 'it has 1 to 38 digits'],
    ['timestamp[us, Mars/Olympus]', '"Mars/Olympus" is not a time zone'],
    ['time[UTC]', 'is not a time'],
    ['struct<a>', 'is not a struct'],
    ['list<nothing>', '"nothing" is not a type.'],
  ])('%s is none, and why is said', (written, why) => {
    const read = readColumnType(written);
    expect('problem' in read && read.problem).toContain(why);
  });

  test('is checked with the rest of the config', () => {
    expect(typesKey.safeParse({ id: 'int64', zip: 'string' }).success).toBe(true);
    expect(typesKey.safeParse({ id: 'integer-ish' }).error?.issues[0]?.path).toEqual(['id']);
  });
});
