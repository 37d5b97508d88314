import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noWordpress, type WordpressSite, wordpressSite } from '../support/apis/wordpress.ts';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

const problem = noWordpress();
let site: WordpressSite;
let workspace: TestWorkspace;

/** As an operator writes it from WordPress's documentation. Increments of posts are read in tests/docs/manifests.test.ts. */
const flow = (pages: string, more = '') => `
home:
  type: rest_api
  base_url: ${site.url}
  auth: { type: basic, user: ${site.user}, password: "\${WP_PASSWORD}" }
  endpoint: "{entity}"
  params: { context: edit, orderby: modified, order: asc, _fields: "id,modified_gmt,title.raw" }
  pagination: ${pages}
  window: { from: modified_after, to: modified_before, format: iso }
  types: { modified_gmt: timestamp }
  zone: UTC
  flatten: true
store: lake
${more}
entities: [posts]
`;
const counted = '{ type: page, page_size: 20, size_param: per_page, end: total, total_header: X-WP-Total }';
const incremental = 'run_type: incremental\nwatermark: { column: modified_gmt }';

describe.skipIf(problem !== '')(`WordPress ${problem}`, () => {
  beforeEach(async () => {
    site = await wordpressSite();
    workspace = new TestWorkspace({ '.env': `WP_PASSWORD=${site.password}\n` });
  });
  afterEach(async () => {
    workspace[Symbol.dispose]();
    await site[Symbol.asyncDispose]();
  });

  test('a deleted post goes by a comparison of keys, which asks for keys alone', async () => {
    const path = workspace.path('out.db');
    await site.posts.insert(70, { start: '2026-03-01T12:00:00' });
    const home = flow(counted, `${incremental.replace(' }', ', key: [id] }')}\ndeletes: { compare: 1d, pause: 0s }`);
    workspace.write({
      'flows/f/flow.yml': home
        .replace('_fields: "id,modified_gmt,title.raw" }', '_fields: "id,modified_gmt" }\n  fields: { param: _fields }')
        .replace('  flatten: true\n', '')
        .replace('store: lake', `store: { type: sqlite, path: ${path}, table: posts }`),
    });
    expect((await here(workspace, 'go')).summary.rows).toBe(70);
    await site.posts.remove(7, 8);
    const seen = site.proxy.seen.length;
    const { code, summary } = await here(workspace, 'go', '--compare-deletes');
    expect([code, summary.warn]).toEqual([0, 0]);
    const [left] = asked(path, 'select count(*) as n, min(id) as first from posts');
    expect(left).toEqual([{ n: 68n, first: 1n }]);
    const requests = site.proxy.seen.slice(seen).map(({ path: of }) => new URL(of, site.url).searchParams.get('_fields'));
    expect(requests.filter((fields) => fields === 'id').length).toBeGreaterThanOrEqual(4);
  });

  test('the comments of each post settle, those of new posts from their beginning, and continue where a post was away', async () => {
    await site.posts.insert(25, { start: '2026-03-01T12:00:00' });
    const comments = `
  - name: comments
    home:
      from: posts
      endpoint: comments
      parent: { post_title: title.raw }
      params: { post: "{id}", context: view, orderby: date_gmt, _fields: "id,post,date_gmt" }
      window: { from: after, to: before, format: iso_no_zone }
      types: { date_gmt: timestamp }
      zone: UTC
    run_type: incremental
    watermark: { column: date_gmt }
`;
    const written = flow(counted)
      .replace('  types: { modified_gmt: timestamp }\n', '')
      .replace('  window: { from: modified_after, to: modified_before, format: iso }\n', '');
    workspace.write({ 'flows/f/flow.yml': written.replace('entities: [posts]', `entities:\n  - posts${comments}`) });
    const at = (date: string) => site.proxy.rule(() => ({ headers: { date } }));
    const go = () => here(workspace, 'go', '-e', 'f.comments');
    const comment = (id: number, post: number, date: string) => site.comment({ id: id + 1000, post, date });
    for (let i = 0; i < 45; i++) await comment(i, i % 2 === 0 ? 3 : 7, `2026-03-01T12:${String(10 + i)}:00`);
    at('Sun, 01 Mar 2026 13:00:00 GMT');
    expect((await go()).summary.rows).toBe(45);
    // A reader does not see a post in the bin, nor its comments.
    await site.posts.trash(7);
    await site.posts.insert(1, { from: 200, start: '2026-03-02T00:00:00' });
    await comment(60, 7, '2026-03-02T00:00:01');
    await comment(61, 3, '2026-03-02T00:00:02');
    await comment(62, 200, '2026-02-01T00:00:00');
    at('Mon, 02 Mar 2026 01:00:00 GMT');
    expect((await go()).summary.rows).toBe(2);
    await site.posts.put({ id: 7, modified: '2026-03-03T00:00:00' });
    at('Tue, 03 Mar 2026 01:00:00 GMT');
    expect((await go()).summary.rows).toBe(1);
    expect((await go()).summary.rows).toBe(0);
    const files = `read_parquet('${workspace.path('lake/comments/*.parquet')}', union_by_name = true)`;
    const found = await duck(`select id::int as id, post::int as post, post_title from ${files} order by id`);
    expect(found.map(({ id }) => Number(id))).toEqual([...Array.from({ length: 45 }, (_, i) => 1000 + i), 1060, 1061, 1062]);
    expect(found.at(-1)).toEqual({ id: 1062, post: 200, post_title: 'Post 200' });
  });
});
