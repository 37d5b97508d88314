import { describe, expect, test } from 'vitest';
import { filesWithWords, placesIn } from '../../scripts/plain-words.mjs';

const shown = (sources: readonly { readonly path: string; readonly text: string }[], group: string) =>
  placesIn(sources)
    .filter((place) => place.group === group)
    .map(({ where, kind, text, instead }) => `${where} ${kind}: ${text} → ${instead}`);

test('texts on screens name their subject, in words of the field', () => {
  expect(shown(filesWithWords(['src', 'functions', 'infra']), 'screen')).toEqual([]);
});

describe('this rule finds what it is for', () => {
  const filled = (text: string) => text.replaceAll('§', '$');
  const planted = (text: string, path = 'src/ports/a.ts') => [...shown([{ path, text }], 'screen'), ...shown([{ path, text }], 'docs')];

  test.each([
    ["const a = 'It is no table of the source.';"],
    ["const a = 'Where the source has a key, rows merge.';"],
    ["const a = 'Of a table that was dropped, nothing is left.';"],
    [filled('const a = `The run §{is} told of it §{`and nobody is asked`}.`;')],
    ["const quotes = /[\"']/;\nconst a = 'Nothing tells them apart.';"],
    [`const a = '${'A sentence of many words goes past its end '.repeat(4)}';`],
    ['const a = `# A comment\\n# Where this runs. Not a secret.\\n`;'],
  ])('%j', (text) => {
    expect(planted(text)).not.toEqual([]);
  });

  test.each([
    ['what does not exist', "const a = 'There is no table of that name.';"],
    ['a comment', '// It is no table of the source.'],
    ['SQL', `const a = 'select name, no, is_no from pg_catalog.pg_class where oid is no ${'and a or b '.repeat(20)}';`],
    ['a place', "const a = 'The folder where the files are.';"],
    ['a question', "const a = 'Where are watermarks stored?';"],
  ])('but not %s', (_, text) => {
    expect(planted(text)).toEqual([]);
  });

  test('and reads Markdown without its code and its addresses', () => {
    expect(
      planted('Rows that are gone stay.\n\n```\nIt is no table.\n```\n`is no more`, see [the page](is-no-page.md).', 'docs/a.md'),
    ).toHaveLength(1);
  });

  test('and reads no titles of tests, which links quote', () => {
    expect(planted('- [goes on where it is no more](../../tests/a.test.ts) in a soak', 'docs/a.md')).toEqual([]);
  });
});
