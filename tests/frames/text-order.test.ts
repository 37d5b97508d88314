import { describe, expect, it } from 'vitest';
import { isSortableTime, timesIn, unorderedAs } from '../../src/frames/times/text-order.ts';

describe('times that are text', () => {
  it.each([
    ['another separator', '2026-01-01 10:00', '2026-01-01T09:00'],
    ['offsets', '2026-01-01T10:00:00+01:00', '2026-01-01T10:30:00+02:00'],
    ['an offset and UTC', '2026-01-01T10:00:00+00:00', '2026-01-01T11:00:00+02:00'],
    ['offsets without a colon', '2026-01-01T10:00:00-0500', '2026-01-01T12:00:00Z'],
    ['a fraction before a Z', '2026-01-01T10:00:00.5Z', '2026-01-01T10:00:00Z'],
    ['halves of a day', '2026-01-01 01:00 PM', '2026-01-01 02:00 AM'],
    ['a year at the end', '1/2/2026 10:00', '2026-01-01T10:00'],
    ['a month without its zero', '2026-10-01', '2026-9-30'],
    ['a name of a month', '1 Feb 2026', '2026-01-31'],
    ['names of days', 'Fri, 02 Jan 2026 10:00:00 GMT', 'Thu, 01 Jan 2026 10:00:00 GMT'],
    ['no hyphens', '2026-12-31', '20260101'],
    ['a blank in front', ' 2026-01-02', '2026-01-01'],
  ])('are swapped where a later one comes before an earlier one: %s', (_, later, earlier) => {
    expect(timesIn([earlier, later]).swapped).toEqual({ later, earlier });
  });

  it.each([
    ['a separator', '2026-01-01 10:00', '2026-01-02T09:00'],
    ['offsets', '2026-03-28T10:00:00+01:00', '2026-04-01T10:00:00+02:00'],
    ['an offset that is not always there', '2026-03-28T10:00:00', '2026-04-01T10:00:00Z'],
    ['fractions before a Z', '2026-03-28T10:00:00.12Z', '2026-04-01T10:00:00.123Z'],
  ])('may be swapped later where forms are mixed: %s', (_, one, other) => {
    expect(timesIn([other, one])).toEqual({ mixed: [one, other] });
  });

  it.each([
    ['one form', ['2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z', '2026-01-02T00:00:00Z']],
    ['one offset', ['2026-01-01T10:00:00+02:00', '2026-01-01T11:00:00+02:00']],
    ['days among times', ['2026-01-01', '2026-01-01T10:00', '2026-01-02']],
    ['more digits', ['2026-01-01T10:00', '2026-01-01T10:00:00', '2026-01-01T10:00:00.5', '2026-01-01T10:00:00.25']],
    ['fractions before an offset', ['2026-01-01T10:00:00+00:00', '2026-01-01T10:00:00.5+00:00']],
    ['digits alone', ['20260101', '202601011000', '20260101100001']],
    ['codes', ['A0001', '2026-001', '0190a1b2', '20269999', '10.20.30.40']],
    ['codes next to one time', ['A0001', '2026-01-01']],
  ])('are in order: %s', (_, texts) => {
    expect(timesIn(texts)).toEqual({});
  });

  it.each(['2026-01-01', '20260101', '2026-01-01 10:00:00.123456789 +02:00', '2026-01-01T24:00'])('%s is a time', (text) => {
    expect(isSortableTime(text)).toBe(true);
  });

  it.each(['2026-13-01', '20269999', 'A0001', '2026-01-01-0001', '1234', '12345678901234567890', '1/2/2026'])(
    '%s is none that rises',
    (text) => {
      expect(isSortableTime(text)).toBe(false);
    },
  );
});

describe('texts and ids whose order says nothing of when they were made', () => {
  const uuid = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
  const risingUuid = '01890a5d-ac96-774b-bcce-b302099a8057';

  it.each([
    ['uuid', uuid, 'random'],
    ['string', uuid.toUpperCase(), 'random'],
    ['string', uuid.replaceAll('-', ''), 'random'],
    ['string', 'd41d8cd98f00b204e9800998ecf8427e', 'random'],
    ['string', '31/12/2026', 'days'],
    ['string', ' 1234 ', 'numbers'],
    ['string', '-12,5', 'numbers'],
  ] as const)('%s %s are %s', (kind, text, meant) => {
    expect(unorderedAs({ type: { kind }, text })).toBe(meant);
  });

  it.each([
    ['uuid', risingUuid],
    ['string', risingUuid],
    ['string', '00000000000000000000000000000abc'],
    ['string', '20261231'],
    ['string', '0012'],
    ['string', '2026-12-31'],
    ['int64', '1234'],
    ['date', '2026-12-31'],
  ] as const)('%s %s rise', (kind, text) => {
    expect(unorderedAs({ type: { kind }, text })).toBeUndefined();
  });
});
