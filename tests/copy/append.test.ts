import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { CopyFolder } from './folder.ts';

/** A shop with two orders, and a database with an order of others, by the name of its table. */
function prepared(folder: CopyFolder): void {
  for (const [file, ids] of [
    ['shop.db', '(1), (2)'],
    ['other.db', '(9)'],
  ] as const) {
    const database = new DatabaseSync(folder.path(file));
    database.exec(`create table orders (id integer); insert into orders values ${ids}`);
    database.close();
  }
}

function idsIn(folder: CopyFolder, file: string): readonly unknown[] {
  const database = new DatabaseSync(folder.path(file));
  const rows = database.prepare('select id from orders order by id').all();
  database.close();
  return rows.map(({ id }) => id);
}

describe('--if-exists append is for rows of others, and doubles none of this copy', () => {
  it('refuses to add everything a second time, and changes nothing', async () => {
    using folder = new CopyFolder();
    prepared(folder);
    expect((await folder.copy('shop.db#orders', 'out.db')).code).toBe(0);
    for (const more of [[], ['--dry-run']]) {
      const again = await folder.copy('shop.db#orders', 'out.db', '--if-exists', 'append', ...more);
      expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1318') });
      expect(again.stderr).toContain("hygge copy 'shop.db#orders' out.db\n");
    }
    expect(idsIn(folder, 'out.db')).toEqual([1, 2]);
    expect((await folder.copy('shop.db#orders', 'out.db')).code).toBe(0);
    expect(idsIn(folder, 'out.db')).toEqual([1, 2]);
  });

  it('keeps what others put into a table, advises no flow that would fail there, and is refused the second time', async () => {
    using folder = new CopyFolder();
    prepared(folder);
    const first = await folder.copy('shop.db#orders', 'other.db', '--if-exists', 'append');
    expect(first.code, first.stdout).toBe(0);
    expect(first.stdout).not.toContain('--save');
    expect((await folder.copy('shop.db#orders', 'other.db', '--if-exists', 'append')).code).toBe(2);
    expect(idsIn(folder, 'other.db')).toEqual([1, 2, 9]);
  });

  it('adds what is new by a watermark, and new files', async () => {
    using folder = new CopyFolder({ 'in/a.csv': 'id\n1\n', 'lake/theirs.parquet': 'PAR1' });
    prepared(folder);
    for (const _ of [1, 2])
      expect((await folder.copy('shop.db#orders', 'other.db', '--if-exists', 'append', '--watermark', 'id')).code).toBe(0);
    expect(idsIn(folder, 'other.db')).toEqual([1, 2, 9]);
    expect((await folder.copy('in', 'lake', '--if-exists', 'append')).stdout).toContain('1 row settled');
    writeFileSync(folder.path('in/b.csv'), 'id\n2\n');
    expect((await folder.copy('in', 'lake', '--if-exists', 'append')).stdout).toContain('1 row settled');
  });
});
