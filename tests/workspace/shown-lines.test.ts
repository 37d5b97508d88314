// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, it, test } from 'vitest';
import { secretRanges } from '../../src/workspace/yaml/secret-lines.ts';
import { hideSecrets, lineStart, whereIs } from '../../src/workspace/yaml/source.ts';

/** The place by counting, one character after the other. */
function counted(text: string, offset: number) {
  const before = text.slice(0, offset).split('\n');
  const line = (text.split('\n')[before.length - 1] ?? '').replace(/\r$/, '');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, text: line };
}

test.each(['a: 1\nb:\n\nc: 2', '\n\na: 1\n', 'a: 1\r\nb: 2\r\n', 'a', ''])(
  'each place of %j is on its own line, also the end of a line',
  (text) => {
    for (let offset = 0; offset <= text.length + 1; offset++) {
      const at = counted(text, Math.min(offset, text.length));
      expect(whereIs({ source: { name: 'f', text }, offset })).toEqual({ file: 'f', ...at });
      expect(lineStart(text, Math.min(offset, text.length))).toBe(Math.min(offset, text.length) - at.column + 1);
    }
  },
);

describe('the line of an error', () => {
  it.each([
    ['a secret', 'password: hunter2', 'password: ***'],
    ['a secret in quotes', 'password: "hunter2" # mine', 'password: ***'],
    ['a variable', 'password: ${X}', 'password: ${X}'],
    ['a variable in quotes', 'password: "${X}"', 'password: "${X}"'],
    ['a variable and a comment', 'password: ${X} # of the shop', 'password: ${X} # of the shop'],
    ['a variable in a map', '{ password: ${X}, user: me }', '{ password: ${X}, user: me }'],
    ['a variable and a secret behind it', '{ password: ${X}, token: hunter2 }', '{ password: ${X}, token: ***'],
    ['a secret that begins with a variable', 'password: ${X}hunter2', 'password: ***'],
    ['a secret that begins with a variable and a blank', 'password: ${X} hunter2', 'password: ***'],
    ['a secret in quotes that begins with a variable', 'password: "${X}hunter2"', 'password: ***'],
    ['no value yet', 'password:', 'password:'],
  ])('shows what is not a secret, and nothing of a secret: %s', (_, line, shown) => {
    expect(hideSecrets(line)).toBe(shown);
  });

  it('shows nothing of a secret that begins with a variable where the file is no YAML', () => {
    const text = 'home:\n\tpassword: ${X}hunter2\n  type: s3\n';
    for (let offset = 0; offset < text.length; offset++)
      expect(whereIs({ source: { name: 'f', text }, offset }).text).not.toContain('hunter2');
  });
});

test.each([
  ['a value', 'password: one'],
  ['a map', 'home: { password: one }'],
  ['an item of a list', 'connections:\n  - { type: s3, password: one }'],
  ['the second item of a list', 'connections:\n  - a\n  - password: one'],
  ['a list in a list', 'a:\n  - - password: one'],
  ['a list below a secret', 'password: [one]'],
])('a secret is found in %s', (_, text) => {
  expect(secretRanges(text).map(({ start, end }) => text.slice(start, end).replace(/[[\]\n]/g, ''))).toEqual(['one']);
});
