import { expect, test } from 'vitest';
import { filesWithWords, placesIn } from '../../scripts/plain-words.mjs';

const shown = (sources: readonly { readonly path: string; readonly text: string }[], group: string) =>
  placesIn(sources)
    .filter((place) => place.group === group)
    .map(({ where, kind, text, instead }) => `${where} ${kind}: ${text} → ${instead}`);

test('texts on screens name their subject, in words of the field', () => {
  expect(shown(filesWithWords(['src', 'functions', 'infra']), 'screen')).toEqual([]);
});
