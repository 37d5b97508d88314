import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { blocksOf } from './blocks.ts';
import { Reader } from './follow.ts';

test('docs/contracts.md can be followed from top to bottom', async () => {
  using reader = new Reader();
  for (const block of blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'contracts.md'), 'utf8')))
    await reader.follow(block);
});
