import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { noWordpress, type WordpressSite, wordpressSite } from '../support/apis/wordpress.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

const problem = noWordpress();
let site: WordpressSite;
const start = '2026-03-01T12:00:00';

const pages = `
params: { orderby: modified, order: asc, _fields: "id,modified_gmt,title" }
pagination: { type: page, page_size: 100, size_param: per_page, end: total, total_header: X-WP-Total }
window: { from: modified_after, to: modified_before }
types: { modified_gmt: timestamp }
flatten: true`;
const incremental = 'run_type: incremental\nwatermark: { column: modified_gmt, lag: 1s }';

describe.skipIf(problem !== '')(`posts of WordPress ${problem}`, () => {
  beforeAll(async () => {
    site = await wordpressSite();
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  test('settle once each, and again where they change, in plain files without a key', async () => {
    await site.posts.insert(230, { from: 1001, start });
    using workspace = new TestWorkspace();
    const auth = `auth: { type: basic, user: ${site.user}, password: "${'$'}{WP_PASSWORD}" }`;
    restFlow(workspace, site.url, { home: `${pages}\n${auth}`, flow: incremental, endpoint: 'posts' });
    const go = () => inProcess(['go', '--output', 'json'], workspace.root, { WP_PASSWORD: site.password });
    const { code, stdout } = await go();
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('HYG-')]);
    const newest = async () => (await settledRows(workspace, `concat_ws(' ', id, modified_gmt, title_rendered)`)).length;
    expect(await newest()).toBe(230);
    const modified = new Date().toISOString().slice(0, 19);
    await site.posts.put({ id: 1003, title: 'changed', modified }, { id: 2001, title: 'new', modified });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await go()).code).toBe(0);
    const rows = await settledRows(workspace, `concat_ws(' ', id, title_rendered)`);
    expect(rows.filter((row) => /^(1003|2001) /.test(row))).toEqual(['1003 Post 1003', '1003 changed', '2001 new']);
    expect(rows).toHaveLength(232);
  });

  test('that are refused say why', async () => {
    using workspace = new TestWorkspace();
    restFlow(workspace, site.url, { home: pages.replace('page_size: 100', 'page_size: 101'), endpoint: 'posts' });
    const { code, stdout } = await inProcess(['go', '--output', 'json'], workspace.root, {});
    expect([code, stdout]).toEqual([1, expect.stringMatching(/HYG-3601.*rest_invalid_param/)]);
  });
});
