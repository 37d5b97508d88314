/** Rows without a watermark stop a copy, and what it then advises is an option of the copy. */
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { CopyFolder } from './folder.ts';

/** One of three rows has no watermark. */
function prepared(): CopyFolder {
  const folder = new CopyFolder();
  const shop = new DatabaseSync(folder.path('shop.db'));
  shop.exec("create table orders (id int, at text); insert into orders values (1, '2026-01-01'), (2, null), (3, '2026-01-02')");
  shop.close();
  return folder;
}

const typed = ['shop.db#orders', 'out', '--watermark', 'at'];

it('the advice is followed as it stands, and settles what it says', async () => {
  using folder = prepared();
  const refused = await folder.copy(...typed);
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('HYG-2010')]);
  expect(refused.stdout).not.toContain('watermark.nulls');
  const advised = [...refused.stdout.matchAll(/(--watermark-nulls) (\w+)/g)].map(([, ...words]) => words);
  expect(advised.map(([, what]) => what)).toEqual(['include', 'exclude']);
  for (const [option = '', what = ''] of advised) {
    using one = prepared();
    const told = await one.copy(...typed, option, what);
    expect([what, told.code, told.stdout]).toEqual([what, 0, expect.stringContaining(`${what === 'include' ? 3 : 2} rows settled`)]);
    expect(told.stdout).toContain(`--watermark at --watermark-nulls ${what} --save`);
    const saved = await one.copy(...typed, option, what, '--save', 'flows/out');
    expect([saved.code, saved.stderr]).toEqual([0, '']);
    expect((await one.run(['go'])).stdout).not.toContain('HYG-');
  }
});

it('the option has no meaning without a watermark', async () => {
  using folder = prepared();
  expect(await folder.copy('shop.db#orders', 'out', '--watermark-nulls', 'include')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Add --watermark'),
  });
});
