import { expect, test } from 'vitest';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import { jsonFormat } from '../../../src/formats/json/json.ts';
import { sourceOf } from './over-text.ts';

/** Two of them are more than a frame of 32 MB holds. */
const longBytes = 17 * 1024 * 1024;

test.each([['in the first frame', 'ba']])('the highest value of a file lies %s', async (_, letters) => {
  const lines = [...letters].map((letter) => `{"at":"${letter.repeat(longBytes)}"}\n`);
  const source = sourceOf('in/data.ndjson', lines.join(''));
  const format = jsonFormat('ndjson', { types: { at: 'string' } });
  await using scratch = realScratch();
  const sampled = await format.sample?.({ sources: [source], pinned: null, scratch, look: 'whole' });
  const content = await format.inspect(source, sampled?.pinned ?? null);
  const found = await format.max({ source, content, column: 'at', cap: null, scratch });
  expect([found?.max.text[0], found?.max.text.length, found?.min?.[0]]).toEqual(['b', longBytes, 'a']);
});
