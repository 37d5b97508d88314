import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MediawikiSite, mediawikiSite, noMediawiki } from '../support/apis/mediawiki.ts';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const problem = noMediawiki();
let site: MediawikiSite;
let workspace: TestWorkspace;

/** As an operator writes it from MediaWiki's documentation: an answer's `continue` is an object of parameters. */
const flow = (list: string, params: string, more = '') => `
home:
  type: rest_api
  base_url: ${site.url.replace(/\/api\.php$/, '')}
  endpoint: api.php
  params: { action: query, format: json, formatversion: 2, list: ${list}, ${params} }
  records: query.${list}
  pagination: { type: cursor, at: continue }
  error_at: error
${more}
`;
const pages = () => flow('allpages', 'aplimit: 25', 'store: lake\nentities: [pages]');
const changes = () =>
  flow(
    'recentchanges',
    'rcdir: newer, rclimit: 25, rcprop: "title|timestamp|ids"',
    `  window: { from: rcstart, to: rcend, format: iso }
  types: { timestamp: timestamptz }
store: lake
run_type: incremental
watermark: { column: timestamp }
entities: [changes]`,
  );

async function settled(entity: string, row: string): Promise<readonly string[]> {
  const rows = await duck(
    `select ${row} as one from read_parquet('${workspace.path(`lake/${entity}/*.parquet`)}', union_by_name = true) order by 1`,
  );
  return rows.map(({ one }) => String(one));
}

describe.skipIf(problem !== '')(`MediaWiki ${problem}`, () => {
  beforeEach(async () => {
    site = await mediawikiSite();
    workspace = new TestWorkspace();
    site.pages.insert(120, { start: '2026-03-01T12:00:00' });
  });
  afterEach(async () => {
    workspace[Symbol.dispose]();
    await site[Symbol.asyncDispose]();
  });

  test('all pages settle once, and one that is deleted or made meanwhile costs no other', async () => {
    workspace.write({ 'flows/f/flow.yml': pages() });
    let isDone = false;
    site.proxy.rule(({ path }) => {
      if (isDone || !path.includes('apcontinue=Page_00076')) return undefined;
      isDone = true;
      return { hold: site.pages.remove('Page 00002').then(() => site.pages.edit('Page 00099b', 'new')) };
    });
    expect((await here(workspace, 'go')).code).toBe(0);
    const titles = await settled('pages', 'title');
    expect([isDone, titles]).toEqual([true, [...site.pages.all().map(({ title }) => title), 'Page 00002'].sort()]);
  });

  test('recent changes settle from where the last run ended', async () => {
    workspace.write({ 'flows/f/flow.yml': changes() });
    site.proxy.rule(() => ({ headers: { date: 'Sun, 01 Mar 2026 13:00:00 GMT' } }));
    expect((await here(workspace, 'go')).summary.rows).toBe(120);
    site.pages.insert(30, { from: 201, start: '2026-03-02T00:00:00' });
    site.proxy.rule(() => undefined);
    expect((await here(workspace, 'go')).summary.rows).toBe(30);
    expect(await settled('changes', 'title')).toEqual(site.pages.all().map(({ title }) => title));
    const asked = site.proxy.seen.length;
    expect((await here(workspace, 'go')).summary.rows).toBe(0);
    expect(site.proxy.seen.length - asked).toBeLessThanOrEqual(2);
  });
});
