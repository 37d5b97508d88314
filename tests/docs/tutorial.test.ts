import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Block, blocksOf } from './blocks.ts';
import { Reader } from './follow.ts';

const root = join(import.meta.dirname, '..', '..');
const blocksIn = (page: string) => blocksOf(readFileSync(join(root, page), 'utf8'));
const title = (block: Block) => `line ${block.line}: ${block.text.split('\n')[0]}`;

/** A line for another program. */
const isForCron = ({ text }: Block) => text.startsWith('0 2 * * *');
/** Done for the reader. */
const isForShell = ({ text }: Block) => text.startsWith('export PATH=');

/** What a page shows from its first mention of my-lake on, as long as one block follows from the other. */
function firstSteps(page: string): readonly Block[] {
  const blocks = blocksIn(page);
  const start = blocks.findIndex(({ text }) => text.includes('init my-lake'));
  return blocks.slice(start, start + 2);
}

interface Followed {
  readonly page: string;
  readonly blocks: readonly Block[];
  /** So many blocks at least. */
  readonly least: number;
}

const followed: readonly Followed[] = [
  { page: 'docs/tutorial.md', blocks: blocksIn('docs/tutorial.md').filter((block) => !isForShell(block)), least: 25 },
  { page: 'README.md', blocks: firstSteps('README.md'), least: 2 },
];

/** From its first block to its last, in one folder and in order, as somebody would type it. */
describe.each(followed)('$page, as it is written', ({ blocks, least }) => {
  let reader: Reader;
  beforeAll(() => {
    reader = new Reader();
  });
  afterAll(() => reader[Symbol.dispose]());

  test.each(blocks.map((block) => [title(block), block] as const))('%s', async (_title, block) => {
    if (isForCron(block)) reader.cron(block.text);
    else await reader.follow(block);
  });

  test('has enough to be worth following', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(least);
  });
});
