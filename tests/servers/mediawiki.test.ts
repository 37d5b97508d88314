import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MediawikiSite, mediawikiSite, noMediawiki } from '../support/apis/mediawiki.ts';

const problem = noMediawiki();
let site: MediawikiSite;

interface Answer {
  readonly continue?: Readonly<Record<string, string>>;
  readonly error?: { readonly code: string };
  readonly warnings?: object;
  readonly query: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

async function asked(query: string, of = site) {
  const answer = await fetch(`${of.url}?action=query&format=json&formatversion=2&${query}`);
  return { status: answer.status, problem: answer.headers.get('mediawiki-api-error'), ...((await answer.json()) as Answer) };
}

/** Follows the `continue` of each answer. */
async function walked(query: string, key: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  let more = '';
  for (;;) {
    const { query: found, continue: next } = await asked(`${query}${more}`);
    rows.push(...(found[key] ?? []));
    if (next === undefined) return rows;
    more = `&${new URLSearchParams(next)}`;
  }
}

describe.skipIf(problem !== '')(`MediaWiki ${problem}`, () => {
  beforeAll(async () => {
    site = await mediawikiSite();
    site.pages.insert(1200, { start: '2026-03-01T12:00:00' });
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  test('lists pages by cursors, at most 500 at once', async () => {
    const rows = await walked('list=allpages&aplimit=max', 'allpages');
    expect(rows.map(({ title }) => title)).toEqual(site.pages.all().map(({ title }) => title));
    expect([rows.length, rows[1199]]).toEqual([1200, { pageid: 1_001_200, ns: 0, title: 'Page 01200' }]);
    expect(site.proxy.seen).toHaveLength(3);
    const { continue: next, warnings, query } = await asked('list=allpages&aplimit=501');
    expect(next).toEqual({ apcontinue: 'Page_00501', continue: '-||' });
    expect([query.allpages?.length, JSON.stringify(warnings)]).toEqual([500, expect.stringContaining('must be between 1 and 500')]);
  });

  test('lists recent changes from a time on, with the time itself', async () => {
    const query = 'list=recentchanges&rcdir=newer&rcstart=2026-03-01T12:19:57Z&rclimit=2&rcprop=title|timestamp|ids';
    const { continue: next } = await asked(query);
    expect(next?.rccontinue).toBe('20260301121959|1201');
    expect((await walked(query, 'recentchanges')).map(({ timestamp, title }) => [timestamp, title])).toEqual([
      ['2026-03-01T12:19:57Z', 'Page 01198'],
      ['2026-03-01T12:19:58Z', 'Page 01199'],
      ['2026-03-01T12:19:59Z', 'Page 01200'],
    ]);
  });

  test.each([
    ['list=recentchanges&rccontinue=yesterday', 'badcontinue'],
    ['list=allpages&aplimit=some', 'badinteger'],
    ['list=allpages&apminsize=tiny', 'badinteger'],
  ])('has an error inside a 200: %s', async (query, code) => {
    expect(await asked(query)).toMatchObject({ status: 200, problem: code, error: { code } });
  });

  test('takes a list that it does not know for a warning', async () => {
    expect(await asked('list=prices')).toMatchObject({ status: 200, warnings: { query: {} } });
  });

  test('a walk meets what changes in front of it, and what was deleted is a log entry alone', async () => {
    await using other = await mediawikiSite();
    other.pages.insert(6, { start: '2026-03-01T12:00:00' });
    const first = await asked('list=allpages&aplimit=3', other);
    await other.pages.remove('Page 00001');
    await other.pages.remove('Page 00004');
    await other.pages.edit('Page 00004b', 'new');
    await other.pages.edit('Page 00006', 'changed');
    const rest = await asked(`list=allpages&aplimit=9&${new URLSearchParams(first.continue)}`, other);
    expect(rest.query.allpages?.map(({ title }) => title)).toEqual(['Page 00004b', 'Page 00005', 'Page 00006']);
    const changes = await asked('list=recentchanges&rclimit=4&rcprop=title|loginfo', other);
    expect(changes.query.recentchanges?.map(({ type, title, logaction }) => [type, title, logaction])).toEqual([
      ['edit', 'Page 00006', undefined],
      ['new', 'Page 00004b', undefined],
      ['log', 'Page 00004', 'delete'],
      ['log', 'Page 00001', 'delete'],
    ]);
    const { query } = await asked('titles=Page 00005|Page 00006&prop=revisions&rvprop=content&rvslots=main', other);
    expect(query.pages?.map((page) => JSON.stringify(page).match(/"content":"([^"]*)"/)?.[1])).toEqual(['Text of 5', 'changed']);
    // Wikis know nothing of each other.
    expect(site.pages.all()).toHaveLength(1200);
  });
});
