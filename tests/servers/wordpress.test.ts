import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noWordpress, type WordpressSite, wordpressSite } from '../support/apis/wordpress.ts';

const problem = noWordpress();
let site: WordpressSite;

interface Listed {
  readonly id: number;
  readonly modified_gmt: string;
  readonly title: { readonly rendered: string };
}

async function asked(query: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${site.url}${query}`, { headers, redirect: 'manual' });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  const body = (isJson ? JSON.parse(text) : undefined) as readonly Listed[] & { readonly code?: string };
  return { status: answer.status, headers: answer.headers, text, body, ids: Array.isArray(body) ? body.map(({ id }) => id) : [] };
}

const oldestFirst = '/posts?orderby=modified&order=asc&_fields=id,modified_gmt,title';
const signIn = () => ({ authorization: `Basic ${btoa(`${site.user}:${site.password}`)}` });

describe.skipIf(problem !== '')(`WordPress ${problem}`, () => {
  beforeAll(async () => {
    site = await wordpressSite();
    await site.posts.insert(250, { from: 1001, start: '2026-03-01T12:00:00' });
  });
  afterAll(() => site?.[Symbol.asyncDispose]());
  beforeEach(() => site.proxy.rule(() => undefined));

  test('lists posts page by page, with totals and links', async () => {
    const first = await asked(`${oldestFirst}&per_page=100`);
    expect([first.headers.get('x-wp-total'), first.headers.get('x-wp-totalpages')]).toEqual(['250', '3']);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect(next.startsWith(`${site.url}/posts?`)).toBe(true);
    const second = await asked(next.slice(site.url.length));
    const last = await asked(`${oldestFirst}&per_page=100&page=3`);
    expect([...first.ids, ...second.ids, ...last.ids]).toEqual(Array.from({ length: 250 }, (_, index) => 1001 + index));
    expect(last.headers.get('link')).not.toContain('rel="next"');
    expect(first.body[0]).toEqual({ id: 1001, modified_gmt: '2026-03-01T12:00:00', title: { rendered: 'Post 1001' } });
  });

  test.each([
    ['&per_page=101', 'rest_invalid_param'],
    ['&per_page=100&page=4', 'rest_post_invalid_page_number'],
    ['&modified_after=yesterday', 'rest_invalid_param'],
  ])('refuses %s', async (query, code) => {
    expect(await asked(oldestFirst + query)).toMatchObject({ status: 400, body: { code } });
  });

  test('modified_after and modified_before leave out the time itself', async () => {
    const { ids } = await asked(`${oldestFirst}&modified_after=2026-03-01T12:00:10Z&modified_before=2026-03-01T12:00:13Z`);
    expect(ids).toEqual([1012, 1013]);
  });

  test('a request sees what a test has changed, and a page behind a deleted post loses one', async () => {
    await using other = await wordpressSite();
    await other.posts.insert(6, { start: '2026-03-01T12:00:00' });
    const page = async (number: number) => {
      const answer = await fetch(`${other.url}${oldestFirst}&per_page=3&page=${number}`);
      return ((await answer.json()) as readonly Listed[]).map(({ id }) => id);
    };
    expect(await page(1)).toEqual([1, 2, 3]);
    await other.posts.remove(1);
    expect(await page(2)).toEqual([5, 6]);
    await other.posts.put({ id: 2, title: 'changed', modified: '2026-03-02T00:00:00' }, { id: 90, modified: '2026-03-03T00:00:00' });
    await other.posts.trash(3);
    expect(await page(1)).toEqual([4, 5, 6]);
    expect(await page(2)).toEqual([2, 90]);
    expect((await other.posts.all()).map(({ id, title, modified }) => [id, title, modified])).toEqual([
      [2, 'changed', '2026-03-02T00:00:00'],
      ...[4, 5, 6].map((id) => [id, `Post ${id}`, `2026-03-01T12:00:0${id - 1}`]),
      [90, 'Post 90', '2026-03-03T00:00:00'],
    ]);
    // Sites know nothing of each other.
    expect((await asked(oldestFirst)).headers.get('x-wp-total')).toBe('250');
  });

  test('signs in by an application password', async () => {
    expect(await asked('/posts?context=edit')).toMatchObject({ status: 401, body: { code: 'rest_forbidden_context' } });
    expect((await asked('/posts?context=edit&per_page=1', signIn())).ids).toEqual([1250]);
    const wrong = { authorization: `Basic ${btoa(`${site.user}:wrong`)}` };
    expect(await asked('/users/me', wrong)).toMatchObject({ status: 401, body: { code: 'rest_not_logged_in' } });
    // What every reader may see comes with a wrong password, too.
    expect((await asked('/posts?per_page=1', wrong)).ids).toEqual([1250]);
  });

  test('a single post is read, and what is not there is 404', async () => {
    expect((await asked('/posts/1001?_fields=id')).body).toEqual({ id: 1001 });
    expect(await asked('/posts/5')).toMatchObject({ status: 404, body: { code: 'rest_post_invalid_id' } });
    expect(await asked('/prices')).toMatchObject({ status: 404, body: { code: 'rest_no_route' } });
  });

  test('the proxy counts requests, answers in place of the server, and spoils answers', async () => {
    const before = site.proxy.seen.length;
    const html = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Sign in</p>' };
    const faults = [
      { answer: { status: 429, headers: { 'retry-after': 'Sun, 01 Mar 2026 12:00:00 GMT' } } },
      { answer: html },
      { answer: { status: 302, headers: { location: 'http://elsewhere.example/posts' } } },
      'gzip',
      'cut',
    ] as const;
    site.proxy.rule(({ number }) => faults[number - before - 1]);
    expect((await asked('/posts')).headers.get('retry-after')).toContain('2026');
    expect((await asked('/posts')).text).toBe('<p>Sign in</p>');
    expect((await asked('/posts')).headers.get('location')).toBe('http://elsewhere.example/posts');
    const packed = await asked('/posts?per_page=2');
    expect([packed.headers.get('content-encoding'), packed.ids]).toEqual(['gzip', [1250, 1249]]);
    await expect(asked('/posts', signIn())).rejects.toThrow();
    const seen = site.proxy.seen.slice(before);
    expect(seen.map(({ path }) => path.slice('/wp-json/wp/v2'.length))).toEqual([
      '/posts',
      '/posts',
      '/posts',
      '/posts?per_page=2',
      '/posts',
    ]);
    expect(seen.at(-1)?.headers.authorization).toBe(signIn().authorization);
  });
});
