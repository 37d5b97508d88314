/** A last page of which the API first gives a part: nothing but its few records says that it is the last one. */
import { describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';

const scene = scriptedScene();
const all = 27;
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

const fromOf = ({ page = '1', offset, p }: Readonly<Record<string, string>>) =>
  offset === undefined ? (Number(p ?? page) - 1) * 10 : Number(offset);

/** @param part so many records of the pages that begin there come at first, the first few times. */
function serve({ at, part, times }: { readonly at: number; readonly part: number; readonly times: number }, around: object = {}): void {
  let left = times;
  scene.api.script = ({ query }) => {
    const from = fromOf(query);
    if (from < 0) return { status: 404 };
    const isPart = from >= at && from < all && left-- > 0;
    const end = Math.min(all, from + (isPart ? part : 10));
    return { body: JSON.stringify({ data: range(from, end).map((id) => ({ id })), ...around }) };
  };
}

async function settled(pages: string): Promise<number> {
  restFlow(scene.workspace, scene.api.url, { home: `records: data\npagination: ${pages}` });
  const ran = await here(scene.workspace, 'go');
  expect(ran.error).toBeUndefined();
  return (await settledRows(scene.workspace)).length;
}

describe('all rows come where the last page first has a part of its records', () => {
  test.each([
    ['{ type: page }'],
    ['{ type: page, end: short, page_size: 10, size_param: n }'],
    ['{ type: page, end: repeated }'],
    ['{ type: offset }'],
    ['{ type: offset, end: short, page_size: 10, size_param: n }'],
  ])('%s', async (pages) => {
    serve({ at: pages.includes('offset') ? 15 : 20, part: 3, times: 1 });
    if (pages.includes('repeated')) {
      const { script } = scene.api;
      scene.api.script = (request) => script({ ...request, query: { page: String(Math.min(3, Number(request.query.page ?? 1))) } });
    }
    expect(await settled(pages)).toBe(all);
  });

  test('a list of one page, by the size that the config names', async () => {
    let left = 1;
    scene.api.script = ({ query }) => ({
      body: JSON.stringify({ data: range(0, fromOf(query) === 0 ? (left-- > 0 ? 3 : 7) : 0).map((id) => ({ id })) }),
    });
    expect(await settled('{ type: page, start: 1, end: short, page_size: 10, size_param: n }')).toBe(7);
  });
});

// A look at the types has requested each page of one list before.
describe('the page is not requested again', () => {
  const pageOf = ({ query }: { readonly query: Readonly<Record<string, string>> }) => Number(query.page ?? 1);

  test('where a total agrees', async () => {
    serve({ at: all, part: 0, times: 0 }, { total: all });
    expect(await settled('{ type: page, start: 1 }')).toBe(all);
    expect(scene.api.seen.filter((request) => pageOf(request) === 3)).toHaveLength(2);
  });

  test('in more than one list of children, where it had no more records', async () => {
    scene.api.script = ({ path, query }) => {
      if (path === '/shops') return { body: JSON.stringify({ data: range(1, 6).map((id) => ({ id })) }) };
      const shop = Number(path.split('/')[2]);
      return {
        body: JSON.stringify({
          data: range(0, pageOf({ query }) === 1 ? 10 : pageOf({ query }) === 2 ? 3 : 0).map((id) => ({
            id: shop * 100 + pageOf({ query }) * 20 + id,
          })),
        }),
      };
    };
    scene.workspace.write({
      'flows/f/flow.yml': `home: { type: rest_api, base_url: "${scene.api.url}", records: data }\nstore: lake\n`,
      'flows/f/entities/shops.yml': 'home: { endpoint: shops }\n',
      'flows/f/entities/items.yml':
        'home: { endpoint: "shops/{id}/items", from: shops, pagination: { type: page, start: 1, end: short, page_size: 10, size_param: n } }\n',
    });
    const ran = await here(scene.workspace, 'go', '-e', 'f.items');
    expect([ran.code, ran.summary.rows]).toEqual([0, 65]);
    expect(scene.api.seen.filter((request) => request.path !== '/shops' && pageOf(request) === 2)).toHaveLength(7);
  });
});

describe('a page that says that it is cut', () => {
  const cutBy = (members: object, times: number, part = 1) => {
    let left = times;
    scene.api.script = ({ query }) => {
      const from = fromOf(query);
      if (from < 0) return { status: 404 };
      const isCut = from === 10 && left-- > 0;
      const data = range(from, Math.min(all, from + (isCut ? part : 10))).map((id) => ({ id }));
      return { body: JSON.stringify({ data, ...(isCut ? members : {}) }) };
    };
  };

  test('and has fewer records than another one is requested again', async () => {
    cutBy({ truncated: true }, 1);
    expect(await settled('{ type: page, start: 1 }')).toBe(all);
  });

  test.each(['exceededTransferLimit', 'partial'])(
    'stops the run where it stays so, and the line that the error prints reads on: %s',
    async (name) => {
      cutBy({ [name]: true }, 99);
      const pages = '{ type: page, start: 1 }';
      restFlow(scene.workspace, scene.api.url, { home: `records: data\npagination: ${pages}` });
      const ran = await here(scene.workspace, 'go');
      expect(ran.error).toBe('HYG-3624');
      const line = /ignore_members: \[[^\]]+\]/.exec(JSON.stringify(ran.events))?.[0];
      expect(line).toBe(`ignore_members: [${name}]`);
      restFlow(scene.workspace, scene.api.url, { home: `records: data\npagination: ${pages}\n${line}` });
      expect((await here(scene.workspace, 'go')).summary).toMatchObject({ error: 0, rows: 18 });
    },
  );

  test('without a record stops the run as well', async () => {
    cutBy({ truncated: true }, 99, 0);
    restFlow(scene.workspace, scene.api.url, { home: 'records: data\npagination: { type: page, start: 1 }' });
    expect((await here(scene.workspace, 'go')).error).toBe('HYG-3624');
  });

  test('says so of the list where the page is as large as others', async () => {
    scene.api.script = ({ query }) => {
      const from = fromOf(query);
      return { body: JSON.stringify({ data: range(from, Math.min(all, from + 10)).map((id) => ({ id })), truncated: from + 10 < all }) };
    };
    expect(await settled('{ type: page, start: 1 }')).toBe(all);
  });
});
