import { describe, expect, test } from 'vitest';
import { knownDirectives, loadTimeText, unknownDirective } from '../../../src/frames/polish/load-time.ts';

const at = '2024-02-29T00:05:09.070Z';

describe('when a run began, as text', () => {
  test.each([
    ['%Y-%m-%d %H:%M:%S', '2024-02-29 00:05:09'],
    ['%FT%T.%fZ', '2024-02-29T00:05:09.070000Z'],
    ['%d/%m/%y %I:%M %p', '29/02/24 12:05 AM'],
    ['%j', '060'],
    ['%s', '1709165109'],
    ['%z %Z', '+0000 UTC'],
    ['100%% %Y%%', '100% 2024%'],
    ['no directive', 'no directive'],
  ])('%s', (format, text) => {
    expect(loadTimeText(at, format)).toBe(text);
  });

  test('in the afternoon', () => {
    expect(loadTimeText('2024-12-31T13:00:00.000Z', '%I %p %j')).toBe('01 PM 366');
  });
});

test.each([
  ['%Y %Q', '%Q'],
  ['%b', '%b'],
  ['%Y %', '%'],
  ['%\n', '%\n'],
  ['%-d', '%-'],
])('%j holds a directive that is not known', (format, directive) => {
  expect(unknownDirective(format)).toBe(directive);
});

test('every directive there is, is known', () => {
  expect(unknownDirective(knownDirectives.join(''))).toBeUndefined();
});
