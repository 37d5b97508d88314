import { readFileSync, writeFileSync } from 'node:fs';
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

  it('in a folder beside files of others, too; the flow that it advises replaces its own rows each time', async () => {
    using folder = new CopyFolder({ 'lake/theirs.parquet': 'PAR1' });
    prepared(folder);
    const first = await folder.copy('shop.db#orders', 'lake', '--if-exists', 'append');
    expect(first.stdout).toContain("next  hygge copy 'shop.db#orders' lake --save flows/lake  ");
    expect((await folder.copy('shop.db#orders', 'lake', '--if-exists', 'append')).code).toBe(2);
    expect((await folder.copy('shop.db#orders', 'lake', '--if-exists', 'append', '--save', 'flows/lake')).code).toBe(0);
    expect(readFileSync(folder.path('flows/lake/flow.yml'), 'utf8')).not.toContain('if_exists');
    for (const _ of [1, 2]) expect((await folder.run(['go'])).stdout).toContain('2 rows settled');
    const current = JSON.parse((await folder.run(['status', '--output', 'json'])).stdout.split('\n')[0] ?? '') as { rows?: number };
    expect(current.rows).toBe(2);
  });

  it('saves no flow that would add everything in each run', async () => {
    using folder = new CopyFolder();
    prepared(folder);
    const saved = await folder.copy('shop.db#orders', 'other.db', '--if-exists', 'append', '--save', 'flows/orders');
    expect(saved).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1320') });
    expect(saved.stderr).toContain('--watermark');
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
