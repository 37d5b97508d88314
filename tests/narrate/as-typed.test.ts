import { describe, expect, it } from 'vitest';
import { asTyped } from '../../src/narrate/text/as-typed.ts';

const there = { target: null, directory: 'my lake' };

describe('commands in messages', () => {
  it.each([
    ['hygge go        again any time', "hygge go -C 'my lake'        again any time"],
    ['Or adopt it: hygge reset shop.orders --adopt', "Or adopt it: hygge reset -C 'my lake' shop.orders --adopt"],
    ['the next `hygge go` finishes it', "the next `hygge go -C 'my lake'` finishes it"],
    ['hygge state show shop.orders; hygge list entities', "hygge state show -C 'my lake' shop.orders; hygge list entities -C 'my lake'"],
    ['try  hygge schema accept shop.orders', "try  hygge schema accept -C 'my lake' shop.orders"],
    ['hygge init my-lake', 'hygge init my-lake'],
  ])('are written as they would be typed here: %s', (line, typed) => {
    expect(asTyped(line, there)).toBe(typed);
  });

  it.each(['held by hygge go on vm, process 7', 'hygge never overwrites', 'hygge 0.1.0; the data engine loads'])(
    'and nothing else is touched: %s',
    (line) => expect(asTyped(line, there)).toBe(line),
  );

  it('stay as they are where hygge itself is at hand, in the current folder', () => {
    expect(asTyped('hygge go', { target: null, directory: null })).toBe('hygge go');
  });
});
