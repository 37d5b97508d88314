import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { CopyFolder } from './folder.ts';

/** A database with two tables, and a folder that somebody has filled. */
function prepared(): CopyFolder {
  const folder = new CopyFolder({ 'z.csv': 'id\n1\n', 'theirs/x.parquet': 'PAR1' });
  const shop = new DatabaseSync(folder.path('shop.db'));
  shop.exec('create table orders (id int); insert into orders values (1); create table "x.y" (id int)');
  shop.close();
  return folder;
}

/** What only somebody with a workspace has: files, keys, commands, and the names that state gives a copy. */
const ofWorkspaces = /flow\.yml|hygge\.yml|if_exists|watermark\.|hygge (debug|go)\b|_[0-9a-f]{7}\b/;

it.each([
  [['z.csv', 'z.z.parquet'], 'z.csv → z.z.parquet', 0],
  [['z.csv', 'z.z.parquet', '--dry-run'], 'z.csv → z.z.parquet', 0],
  [['shop.db#*', 'lake'], 'shop.db#orders → lake', 0],
  [['z.csv', 'theirs'], 'z.csv → theirs  HYG-2002', 1],
  [['shop.db#order', 'out'], 'shop.db#order → out  HYG-3501', 1],
  [['shop.db#orders', 'out', '--watermark', 'at'], 'by --watermark', 1],
])('%j is told as FROM and TO, without what a workspace has', async (args, says, code) => {
  using folder = prepared();
  const told = await folder.copy(...args);
  expect([told.code, told.stdout]).toEqual([code, expect.stringContaining(says)]);
  expect(told.stdout.replace(/^next .*$/gm, '')).not.toMatch(ofWorkspaces);
});

it('keeps the names that machines know it by in JSON', async () => {
  using folder = prepared();
  const { stdout } = await folder.copy('z.csv', 'out', '--output', 'json');
  expect(stdout).toContain('"flow":"out","entity":"out"');
});
