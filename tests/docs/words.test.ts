import { expect, test } from 'vitest';
import { pageOf } from '../../src/docs/sections.ts';
import { wordsOf } from '../../src/docs/words.ts';

test.each([
  ['the parts of a key next to the key', 'run_type', ['run_type', 'run', 'type']],
  ['no word that every page has', 'How do I use a lake?', ['lake']],
  ['a digit, and no single letter', 'Plan B of 2 é', ['plan', '2']],
])('the words of a text are %s', (_, text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test('a fold of a page is open in a terminal, below its title', () => {
  const { sections } = pageOf('lake', '# Lake\n\n<details>\n<summary>Rare cases</summary>\n\nA `<details>` stays.\n\n</details>\n');
  expect(sections[0]?.body).toBe('**Rare cases**\n\nA `<details>` stays.');
});
