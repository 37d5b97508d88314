import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MediawikiSite, mediawikiSite, noMediawiki } from '../support/apis/mediawiki.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

const problem = noMediawiki();
let site: MediawikiSite;

const asked = (list: string, more: string) => `
params: { action: query, format: json, formatversion: 2, list: ${list}, ${more} }
records: query.${list}
pagination: { type: cursor, at: continue }
error_at: error`;

describe.skipIf(problem !== '')(`lists of MediaWiki ${problem}`, () => {
  beforeAll(async () => {
    site = await mediawikiSite();
    site.pages.insert(1200, { start: '2026-03-01T12:00:00' });
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  const flow = (workspace: TestWorkspace, home: string, more = '') =>
    restFlow(workspace, site.url.replace('api.php', ''), { home, flow: more, endpoint: 'api.php' });
  const go = async (workspace: TestWorkspace) => inProcess(['go', '--output', 'json'], workspace.root, {});

  test('settle whole, over cursors of several parameters', async () => {
    using workspace = new TestWorkspace();
    flow(workspace, asked('allpages', 'aplimit: 500'));
    expect((await go(workspace)).code).toBe(0);
    expect(await settledRows(workspace, 'pageid', 'pageid')).toEqual(site.pages.all().map(({ id }) => String(id)));
  });

  test('settle what changed since, in plain files without a key', async () => {
    using workspace = new TestWorkspace();
    const home = `${asked('recentchanges', 'rclimit: 500, rcdir: newer, rcprop: "title|timestamp|ids"')}
window: { from: rcstart, to: rcend }
types: { timestamp: timestamptz }`;
    flow(workspace, home, 'run_type: incremental\nwatermark: { column: timestamp, lag: 1s }');
    expect((await go(workspace)).code).toBe(0);
    const before = (await settledRows(workspace, 'rcid', 'rcid')).length;
    await site.pages.edit('Page 00007', 'changed');
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await go(workspace)).code).toBe(0);
    const after = await settledRows(workspace, 'title', 'rcid');
    expect([before, after.slice(before)]).toEqual([1200, ['Page 00007']]);
  });

  test('that are refused inside of a 200 end the run with the words of the wiki', async () => {
    using workspace = new TestWorkspace();
    flow(workspace, asked('allpages', 'aplimit: many'));
    expect((await go(workspace)).stdout).toMatch(/HYG-3603.*many/);
  });
});
