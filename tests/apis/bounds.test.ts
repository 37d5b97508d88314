import { describe, expect, test } from 'vitest';
import { windowParams } from '../../src/apis/lists/window-params.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import type { DataType } from '../../src/frames/schema.ts';

const zoned: DataType = { kind: 'timestamp', unit: 'us', zone: 'UTC' };
const zoneless: DataType = { kind: 'timestamp', unit: 'us' };

const at = (text: string) => ({ text, inclusive: true });

/** What is sent for a lower and an upper bound of the same time. */
function sent(window: object, time: string, { type = zoned, zone }: { readonly type?: DataType; readonly zone?: 'UTC' } = {}) {
  const { window: params } = restConfig.parse({
    base_url: 'https://a.example',
    endpoint: 'x',
    window: { from: 'since', to: 'until', ...window },
  });
  if (params === undefined) throw new Error('a window');
  const bounds = { ...params, zone, sentZone: params.zone };
  const { since, until } = windowParams({ column: { column: 'at', type }, lower: at(time), upper: at(time) }, bounds);
  return [since, until];
}

describe('a bound', () => {
  const noon = '2026-01-15T12:34:56.500000Z';

  test.each([
    ['of Jira, to the minute', { format: '%Y/%m/%d %H:%M', zone: 'America/New_York' }, ['2026/01/15 07:33', '2026/01/15 07:36']],
    ['without a zone, in that of the API', { format: 'iso_no_zone', zone: 'Asia/Kolkata' }, ['2026-01-15T18:04:55', '2026-01-15T18:04:58']],
    ['that is a day, in the zone of the API', { format: 'date', zone: 'Pacific/Auckland' }, ['2026-01-15', '2026-01-18']],
    [
      'without a zone and without one in the config, is one of UTC',
      { format: 'iso_no_zone' },
      ['2026-01-15T12:34:55', '2026-01-15T12:34:58'],
    ],
    ['with an offset', { format: '%Y-%m-%dT%H:%M:%S%z', zone: 'Europe/Oslo' }, ['2026-01-15T13:34:55+0100', '2026-01-15T13:34:58+0100']],
    ['with parts of a second', { format: '%d.%m.%y %H:%M:%S.%f' }, ['15.01.26 12:34:56.499000', '15.01.26 12:34:56.501000']],
    ['with hours of twelve and a month by its name', { format: '%d %b %Y %I:%M %p' }, ['15 Jan 2026 12:33 PM', '15 Jan 2026 12:36 PM']],
    ['with a percent sign', { format: '%Y%%%m%%%d' }, ['2026%01%14', '2026%01%17']],
  ])('%s', (_, window, expected) => {
    expect(sent(window, noon)).toEqual(expected);
  });

  test('of a column without a zone is sent as the column has it, unless the column is one of UTC', () => {
    const format = { format: 'iso_no_zone', zone: 'America/New_York' };
    const time = '2026-01-15T12:00:00.000000';
    expect(sent(format, time, { type: zoneless })).toEqual(['2026-01-15T11:59:59', '2026-01-15T12:00:01']);
    expect(sent(format, time, { type: zoneless, zone: 'UTC' })).toEqual(['2026-01-15T06:59:59', '2026-01-15T07:00:01']);
  });

  test('in the hour that comes twice is the earlier one from below, and the later one from above', () => {
    const format = { format: '%Y-%m-%d %H:%M:%S', zone: 'America/New_York' };
    // Clocks go from 02:00 back to 01:00 on 1 November 2026, at 06:00 UTC.
    expect(sent(format, '2026-11-01T05:30:00.000000Z')).toEqual(['2026-11-01 00:29:59', '2026-11-01 01:30:01']);
    expect(sent(format, '2026-11-01T06:30:00.000000Z')).toEqual(['2026-11-01 01:29:59', '2026-11-01 02:30:01']);
    expect(sent(format, '2026-11-01T12:00:00.000000Z')).toEqual(['2026-11-01 06:59:59', '2026-11-01 07:00:01']);
  });

  test.each([
    [{ format: 'iso', zone: 'Europe/Oslo' }, 'name no zone'],
    [{ format: 'date', zone: 'Mars/Olympus' }, 'A time zone'],
    [{ format: 'iso_nozone' }, 'One of iso'],
    [{ format: '%Y-%m' }, 'a day'],
    [{ format: '%Y-%m-%d %Q' }, '%Q means nothing'],
    [{ format: '%Y-%m-%d %I' }, 'belong together'],
    [{ param: 'q', from: 'u >= {from} and u <= {to}', to: undefined, open: { from: 'a' } }, 'to'],
  ])('as %j is refused', (window, why) => {
    const parsed = restConfig.safeParse({ base_url: 'https://a.example', endpoint: 'x', window: { from: 'since', ...window } });
    expect(JSON.stringify(parsed.error?.issues)).toContain(why);
  });
});
