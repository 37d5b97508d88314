/** The lines of `pagination` that errors print, each followed to its end: what a person who types them gets to. */
import { describe, expect, test } from 'vitest';
import { advisedPages } from '../support/apis/advised.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import type { ScriptedApi } from '../support/apis/scripted-api.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const scene = scriptedScene();
type Query = Readonly<Record<string, string>>;
const all = 47;
const ofPage = 10;

/** The first record that an API gives; undefined: it answers 404. */
const starts: Readonly<Record<string, (query: Query) => number | undefined>> = {
  'pages from 1': ({ page = '1' }) => (Math.max(1, Number(page)) - 1) * ofPage,
  'pages from 1, and 404 for page 0': ({ page = '1' }) => (Number(page) < 1 ? undefined : (Number(page) - 1) * ofPage),
  'pages from 1, and 404 behind the last one': ({ page = '1' }) => {
    const start = (Math.max(1, Number(page)) - 1) * ofPage;
    return start >= all ? undefined : start;
  },
  'pages by another parameter': ({ page_number = '1' }) => (Number(page_number) - 1) * ofPage,
  offsets: ({ offset = '0' }) => Number(offset),
  'one page': () => 0,
  cursors: ({ cursor = '0' }) => Number(cursor),
};

/** What an answer says whose next page begins at a record; undefined: it is the last one. */
const signs: Readonly<
  Record<string, (next: number | undefined) => { readonly around?: object; readonly headers?: Readonly<Record<string, string>> }>
> = {
  'a total': () => ({ around: { total: all } }),
  'the number of pages': () => ({ around: { total_pages: 5 } }),
  'a word': (next) => ({ around: { has_more: next !== undefined } }),
  'a word and a total': (next) => ({ around: { has_more: next !== undefined, total: all } }),
  'a header Link': (next) => (next === undefined ? {} : { headers: { link: `</items?${placeOf(next)}>; rel="next"` } }),
  'a header Link without an address': (next) => (next === undefined ? {} : { headers: { link: `items?${placeOf(next)}; rel="next"` } }),
  'an address': (next) => ({ around: { next: next === undefined ? null : `/items?${placeOf(next)}` } }),
  'a cursor': (next) => ({ around: { next_cursor: next === undefined ? null : String(next) } }),
};
const placeOf = (next: number) => `cursor=${next}&offset=${next}&page=${next / ofPage + 1}&page_number=${next / ofPage + 1}`;

const configs = [
  { type: 'none' },
  { type: 'page' },
  { type: 'page', page_size: ofPage, size_param: 'n', end: 'short' },
  { type: 'offset' },
  { type: 'cursor', at: 'next_cursor', param: 'cursor' },
  { type: 'next_url', at: 'next' },
  { type: 'link_header' },
];

/** What is right only where a person knows it better than the answers. */
const isAsserted = (pages: object) => 'ignore' in pages || (pages as { readonly type?: string }).type === 'none';

async function go(
  pagination: object,
): Promise<{ readonly error: string | undefined; readonly rows: number; readonly advised: readonly object[] }> {
  scene.workspace[Symbol.dispose]();
  scene.workspace = new TestWorkspace();
  restFlow(scene.workspace, scene.api.url, { home: `records: data\npagination: ${JSON.stringify(pagination)}` });
  const { error, events } = await here(scene.workspace, 'go');
  const rows = error === undefined ? (await settledRows(scene.workspace)).length : 0;
  return {
    error,
    rows,
    advised: events.flatMap((event) =>
      event.event === 'error' ? advisedPages(event as unknown as { readonly tryThis: readonly string[] }) : [],
    ),
  };
}

describe.each(Object.keys(starts))('%s', (start) => {
  test.each(Object.keys(signs))('no line leads back to one that was typed, nor to a part of the list: %s', async (sign) => {
    scene.api.script = (({ query }: { readonly query: Query }) => {
      const from = starts[start]?.(query);
      if (from === undefined) return { status: 404 };
      const end = Math.min(all, from + ofPage);
      const { around, headers = {} } = signs[sign]?.(end < all ? end : undefined) ?? {};
      const data = Array.from({ length: Math.max(0, end - Math.max(0, from)) }, (_, at) => ({ id: Math.max(0, from) + at }));
      return { headers, body: JSON.stringify({ data, ...around }) };
    }) as ScriptedApi['script'];
    const known = new Map<string, Awaited<ReturnType<typeof go>>>();
    const follow = async (pagination: object, typed: readonly string[]): Promise<void> => {
      const text = JSON.stringify(pagination);
      expect(typed).not.toContain(text);
      const ran = known.get(text) ?? (await go(pagination));
      known.set(text, ran);
      if (ran.error === undefined && !isAsserted(pagination)) expect([...typed, text, ran.rows]).toEqual([...typed, text, all]);
      for (const one of ran.advised) await follow(one, [...typed, text]);
    };
    for (const config of configs) await follow(config, []);
    expect(scene.api.seen.length).toBeGreaterThan(configs.length);
  });
});
