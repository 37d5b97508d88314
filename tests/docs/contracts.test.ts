import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { blocksOf } from './blocks.ts';
import { Reader } from './follow.ts';

/** Each continues the workspace of the pages before it. */
const pages = ['contracts', 'checks', 'quarantine', 'odcs'];

test('the pages about contracts can be followed from top to bottom, one after the other', async () => {
  using reader = new Reader();
  for (const name of pages)
    for (const block of blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', `${name}.md`), 'utf8')))
      await reader.follow(block);
});
