import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blocksOf } from './blocks.ts';
import { Reader } from './follow.ts';

test('docs/erasure.md can be followed from top to bottom, and leaves no file with the deleted customers', async () => {
  using reader = new Reader();
  const blocks = blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'erasure.md'), 'utf8'));
  // The ten seconds between the two reads of the source add nothing here.
  for (const block of blocks)
    await reader.follow({ ...block, text: block.text.replace('complete: true }', 'complete: true, pause: 1s }') });
  const holding = (email: string) =>
    readdirSync(reader.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('.bin'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path).includes(email));
  expect(holding('ida@example.com').length).toBeGreaterThan(1);
  expect([...holding('bo@example.com'), ...holding('eva@example.com')]).toEqual([]);
});
