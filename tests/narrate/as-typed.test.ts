import { describe, expect, it, test } from 'vitest';
import { commandTree, leaves } from '../../scripts/reference/cli-page.ts';
import { asTyped, commandText } from '../../src/narrate/text/as-typed.ts';
import { wrap } from '../../src/narrate/text/width.ts';

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

  it.each(leaves(commandTree()).map(({ name }) => (name === 'hygge list' ? `${name} entities` : name)))('%s is known as one', (name) => {
    expect(asTyped(`Then: ${name} x`, there)).toMatch(
      /^Then: (hygge (init|list connectors|docs|explain|completion|version) x|hygge .* -C 'my lake' x)$/,
    );
    expect(`Then: ${name} --all`.match(commandText)).toEqual([`${name} --all`]);
  });

  it('stay as they are where hygge itself is at hand, in the current folder', () => {
    expect(asTyped('hygge go', { target: null, directory: null })).toBe('hygge go');
  });
});

const copy = "hygge copy 'postgres://me@db.example/shop#sales.*' lake --watermark updated_at --save flows/lake";

describe('a command in a narrow terminal', () => {
  test.each([
    [
      '    try  Check host, port, and whether a firewall lets this machine through: hygge debug -C lake',
      ['    try  Check host, port, and whether a firewall lets this machine through:', '         hygge debug -C lake'],
    ],
    [
      'This run waits for another one, which has not ended yet: `hygge go --take-over shop.orders` ends it.',
      ['This run waits for another one, which has not ended yet:', '  `hygge go --take-over shop.orders` ends it.'],
    ],
    [
      'Check whether this machine may reach any of the servers of the workspace: hygge debug lists the hosts.',
      ['Check whether this machine may reach any of the servers of the workspace:', '  hygge debug lists the hosts.'],
    ],
    [
      `next  ${copy}    to make it a flow`,
      [
        "next  hygge copy 'postgres://me@db.example/shop#sales.*' lake \\",
        '      --watermark updated_at --save flows/lake    to make it a flow',
      ],
    ],
    ['✓ shop.orders  12,000 rows settled in 2 files, 170 kB; with retries it took 12.3 s', null],
  ])('is not cut: %s', (line, expected) => {
    const lines = wrap(line, 80, commandText);
    expect(lines).toEqual(
      expected ?? ['✓ shop.orders  12,000 rows settled in 2 files, 170 kB; with retries it took', '               12.3 s'],
    );
    expect(lines.every((one) => one.length <= 81)).toBe(true);
  });
});
