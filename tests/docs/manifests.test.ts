import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noWordpress, wordpressSite } from '../support/apis/wordpress.ts';
import { duck } from '../support/duck.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const blocks = blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'manifests.md'), 'utf8')).filter(
  ({ language, text }) => language === 'yaml' && /^# (apis\/wordpress|flows\/site)/.test(text),
);

test.skipIf(noWordpress() !== '')(
  `the manifest of docs/manifests.md reads a WordPress, and what is new there ${noWordpress()}`,
  async () => {
    await using site = await wordpressSite();
    using workspace = new TestWorkspace();
    for (const { text } of blocks) workspace.write({ [/^# (\S+\.yml)/.exec(text)?.[1] ?? '']: text });
    expect(workspace.tree('apis').size).toBe(1);
    const clock = (date: string) => site.proxy.rule(() => ({ headers: { date } }));
    clock('Sun, 01 Mar 2026 13:00:00 GMT');
    await site.posts.insert(120, { start: '2026-03-01T12:00:00' });
    const variables = { WORDPRESS_URL: site.url, WORDPRESS_USER: site.user, WORDPRESS_PASSWORD: site.password };
    const run = (...args: readonly string[]) => inProcess([...args, '--no-color'], workspace.root, variables);
    const debug = await run('debug');
    expect([debug.code, debug.stdout]).toEqual([
      0,
      expect.stringContaining('/posts lists 100 records on its first page; more pages follow'),
    ]);
    expect(debug.stdout).toMatch(/secret\s+WORDPRESS_PASSWORD \(password\)/);
    expect((await run('go', '--dry-run', '-v')).stdout).toContain('not seen: posts in the bin and deleted posts');
    expect(await run('go')).toMatchObject({ code: 0, stderr: '' });
    clock('Mon, 02 Mar 2026 01:00:00 GMT');
    await site.posts.put({ id: 3, title: 'changed', modified: '2026-03-02T00:00:07' }, { id: 200, modified: '2026-03-02T00:00:08' });
    expect(await run('go')).toMatchObject({ code: 0 });
    const files = `read_parquet('${workspace.path('lake/site/posts/*.parquet')}', union_by_name = true)`;
    const [found] = await duck(`select count(*) as n, count(distinct id) as ids, count_if(title_raw = 'changed') as changed from ${files}`);
    expect(found).toEqual({ n: '122', ids: '121', changed: '1' });
  },
);
