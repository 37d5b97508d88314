/** Null or an empty object in the place of the list: an empty list of some APIs, and a failure of others. */
import { describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { restRuns } from '../support/apis/rest-runs.ts';

const scene = restRuns();
const all = 25;
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** How each kind of pages asks for the record that a page begins with. */
const kinds: Readonly<Record<string, { readonly pages: string; from(query: Readonly<Record<string, string>>): number }>> = {
  page: { pages: '{ type: page }', from: ({ page = '1' }) => (Number(page) - 1) * 10 },
  offset: { pages: '{ type: offset, page_size: 10, size_param: n }', from: ({ offset = '0' }) => Number(offset) },
  cursor: { pages: '{ type: cursor, at: next, param: c }', from: ({ c = '0' }) => Number(c) },
  link_header: { pages: '{ type: link_header }', from: ({ c = '0' }) => Number(c) },
};

/** @param odd what a page that begins in the range has in place of its list, so many times. */
function serve(kind: string, odd?: { readonly value: unknown; readonly at: readonly [number, number]; readonly times: number }): void {
  let left = odd?.times ?? 0;
  scene.api.script = ({ query }) => {
    const from = kinds[kind]?.from(query) ?? 0;
    if (from < 0) return { status: 404 };
    const end = Math.min(all, from + 10);
    const isOdd = odd !== undefined && from >= odd.at[0] && from < odd.at[1] && left-- > 0;
    const leads = end < all && !isOdd;
    const next = kind === 'cursor' ? String(end) : `/items?c=${end}`;
    const data = isOdd ? odd.value : range(from, end).map((id) => ({ id }));
    return {
      headers: leads && kind === 'link_header' ? { link: `<${next}>; rel="next"` } : {},
      body: JSON.stringify({ data, ...(leads && kind !== 'link_header' ? { next } : {}) }),
    };
  };
}

const flow = (kind: string, more = '') =>
  restFlow(scene.workspace, scene.api.url, { home: `records: data\npagination: ${kinds[kind]?.pages}\n${more}` });

async function go() {
  const ran = await scene.go();
  return { ...ran, line: /ignore_members: \[[^\]]+\]/.exec(ran.tryThis.join('\n'))?.[0] };
}

describe('a page without a list', () => {
  // Each kind, each value and each place, and null at the end of a list by number.
  test.each<[string, object | null, number]>([
    ['page', {}, 0],
    ['page', null, 10],
    ['page', null, 20],
    ['cursor', null, 10],
    ['link_header', [{}], 20],
  ])('of %s, %j in place of the records from %i on: stops, or is read whole', async (kind, value, from) => {
    const isCounted = kind === 'page' || kind === 'offset';
    serve(kind);
    flow(kind);
    expect((await go()).code).toBe(0);
    // A page by position begins with the last record of the page before.
    const at = kind === 'offset' && from > 0 ? ([from - 3, from + 7] as const) : ([from, from + 1] as const);
    serve(kind, { value, at, times: 1 });
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toHaveLength(all);
    serve(kind, { value, at, times: 99 });
    const ran = await go();
    // Null behind records is the end of many lists by number.
    const isEnd = isCounted && value === null && from === 20;
    if (isEnd && kind === 'page') expect(await settledRows(scene.workspace)).toHaveLength(20);
    else {
      expect(['HYG-3625', 'HYG-3605']).toContain(ran.error);
      expect(await settledRows(scene.workspace)).toHaveLength(all);
    }
    if (ran.error !== 'HYG-3625') return;
    expect(ran.line).toBe('ignore_members: [data]');
    flow(kind, ran.line);
    expect((await go()).error).not.toBe('HYG-3625');
  });

  test.each([
    ['null', ''],
    ['[{}]', ''],
  ])('%s is the only answer of a full load: what settled stays', async (body, records) => {
    const at = records.slice('records: '.length) || '.';
    const good = at.split('.').reduceRight<unknown>((inside, name) => (name === '' ? inside : { [name]: inside }), [{ id: 1 }]);
    scene.api.script = () => ({ body: JSON.stringify(good) });
    restFlow(scene.workspace, scene.api.url, { home: records });
    expect((await go()).code).toBe(0);
    scene.api.script = () => ({ body });
    const ran = await go();
    expect([ran.error, await settledRows(scene.workspace)]).toEqual(['HYG-3625', ['1']]);
    restFlow(scene.workspace, scene.api.url, { home: `${records}\n${ran.line}` });
    expect((await go()).summary).toMatchObject({ warn: 1, error: 0 });
  });

  test.each([['{}'], ['null'], ['[[]]']])('%s where an increment has nothing new passes', async (value) => {
    const days = (day: number, data: string) => {
      scene.api.script = () => ({ headers: { date: new Date(Date.UTC(2026, 0, day)).toUTCString() }, body: `{"data": ${data}}` });
    };
    restFlow(scene.workspace, scene.api.url, {
      home: 'records: data\nwindow: { from: since }\ntypes: { at: timestamptz }',
      flow: 'run_type: incremental\nwatermark: { column: at, boundary: open }',
    });
    days(10, '[{"id": 1, "at": "2026-01-01T00:00:00Z"}]');
    expect((await go()).code).toBe(0);
    days(20, value);
    expect((await go()).code).toBe(0);
    days(30, '[{"id": 2, "at": "2026-01-15T00:00:00Z"}]');
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(['1', '2']);
  });

  test('before any other page stops where a page behind it has records', async () => {
    serve('page', { value: null, at: [0, 1], times: 99 });
    flow('page', 'types: { id: int64 }');
    expect((await go()).error).toBe('HYG-3625');
  });

  test.each([['{}'], ['null']])('of one parent, %s: an empty object stops, and null is an empty list', async (value) => {
    scene.api.script = ({ path }) => {
      if (path === '/shops') return { body: '{"data": [{"id": 1}, {"id": 2}, {"id": 3}]}' };
      return { body: path === '/shops/2/items' ? `{"data": ${value}}` : `{"data": [{"id": ${path.split('/')[2]}}]}` };
    };
    scene.workspace.write({
      'flows/f/flow.yml': `home: { type: rest_api, base_url: "${scene.api.url}", records: data }\nstore: lake\n`,
      'flows/f/entities/shops.yml': 'home: { endpoint: shops }\n',
      'flows/f/entities/items.yml': 'home: { endpoint: "shops/{id}/items", from: shops }\n',
    });
    const ran = await scene.go('-e', 'f.items');
    expect([ran.error, ran.summary.rows]).toEqual(value === '{}' ? ['HYG-3625', 0] : [undefined, 2]);
  });
});
