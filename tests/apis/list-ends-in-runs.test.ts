/** Lists that end too early, as runs meet them: what settles, what is requested, and what the journal has. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { restFlow } from '../support/apis/rest-flow.ts';
import { type RestRun, restRuns } from '../support/apis/rest-runs.ts';
import type { ScriptedAnswer, ScriptedApi } from '../support/apis/scripted-api.ts';

const scene = restRuns();

async function go(home: string, script: ScriptedApi['script'], flow = '') {
  scene.api.script = script;
  restFlow(scene.workspace, scene.api.url, { home: `records: data\n${home}`, flow });
  return await scene.go();
}

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
const listed = (from: number, to: number, around: object = {}): ScriptedAnswer => ({
  body: JSON.stringify({ data: range(from, to).map((id) => ({ id })), ...around }),
});
/** The lines of `pagination` that an error prints. */
const advisedLines = ({ tryThis }: RestRun) => tryThis.flatMap((line) => /pagination: \{.*\}$/.exec(line)?.[0] ?? []);
const pageIn = ({ query }: { readonly query: Readonly<Record<string, string>> }) => Number(query.page ?? 1);

test('a server that refuses the page behind an empty one, and one that says where its list ends, are read', async () => {
  const strict: ScriptedApi['script'] = (request) => (pageIn(request) > 2 ? { status: 422 } : listed(0, pageIn(request) === 1 ? 10 : 0));
  expect((await go('pagination: { type: page }', strict)).code).toBe(0);
  expect(scene.api.seen.map(pageIn)).toEqual([1, 0, 0, 2, 2, 2, 3]);
  const before = scene.api.seen.length;
  const told: ScriptedApi['script'] = (request) =>
    pageIn(request) > 2 ? { status: 400 } : listed(0, 10, { has_more: pageIn(request) < 2, next: '/x' });
  const two: ScriptedApi['script'] = (request) => (pageIn(request) === 2 ? listed(10, 13, { has_more: false, next: '/x' }) : told(request));
  expect((await go('pagination: { type: page }', two)).code).toBe(0);
  expect(scene.api.seen.slice(before).map(pageIn).at(-1)).toBe(2);
});

test('of the lists of children one is asked again at its end, and the journal has by what each ended', async () => {
  scene.api.script = (request) => {
    if (request.path === '/shops') return { body: JSON.stringify({ data: [1, 2, 3].map((id) => ({ id })) }) };
    const shop = Number(request.path.split('/')[2]);
    return pageIn(request) > 1 ? listed(0, 0) : listed(shop * 10, shop * 10 + 2);
  };
  const base = `base_url: "${scene.api.url}", records: data`;
  scene.workspace.write({
    'flows/f/flow.yml': `home: { type: rest_api, ${base} }\nstore: lake\n`,
    'flows/f/entities/shops.yml': 'home: { endpoint: shops }\n',
    'flows/f/entities/items.yml': 'home: { endpoint: "shops/{id}/items", from: shops, pagination: { type: page } }\n',
  });
  const ran = await scene.go('-e', 'f.items');
  expect([ran.code, ran.summary.rows]).toEqual([0, 6]);
  const asked = scene.api.seen.filter(({ path }) => path !== '/shops').map((request) => `${request.path.split('/')[2]}.${pageIn(request)}`);
  // A look at the types reads one page of each, and the run all pages: one list has two requests more.
  expect(asked.filter((one) => one.endsWith('.3'))).toHaveLength(1);
  expect(asked.filter((one) => one.endsWith('.2')).length).toBeLessThanOrEqual(7);
  const folder = scene.workspace.path('.hygge', 'journal');
  const rows = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  expect(rows.join('')).toContain('"ended":{"empty":3}');
});

test('an API that answers 404 behind its last page is read with the line that the error prints', async () => {
  const script: ScriptedApi['script'] = (request) => {
    const from = (pageIn(request) - 1) * 10;
    return from >= 0 && from < 20 ? listed(from, from + 10) : { status: 404 };
  };
  const refused = await go('pagination: { type: page }', script);
  const [line = ''] = advisedLines(refused);
  expect([refused.error, line]).toEqual(['HYG-3601', 'pagination: { type: page, end: refused }']);
  expect((await go(line, script)).summary.rows).toBe(20);
  expect(scene.api.seen.slice(-2).map(pageIn)).toEqual([3, 3]);
});

describe('page 0', () => {
  const from0 =
    (all: number): ScriptedApi['script'] =>
    (request) =>
      listed(pageIn(request) * 10, Math.min(pageIn(request) * 10 + 10, all));

  test.each<[string, string, ScriptedApi['script'], number]>([
    ['nothing counts the records', '', from0(47), 47],
    ['page 1 is refused', ', end: refused', (request) => (pageIn(request) === 0 ? listed(0, 7) : { status: 404 }), 7],
    [
      'each page begins with the same record',
      ', end: short, page_size: 10, size_param: n',
      (request) => {
        const ids = [999, ...range(pageIn(request) * 9, Math.min(pageIn(request) * 9 + 9, 47))];
        return { body: JSON.stringify({ data: ids.length > 1 ? ids.map((id) => ({ id })) : [] }) };
      },
      48,
    ],
  ])('of an API that begins there is read with the line that the error prints: %s', async (_, more, script, all) => {
    const refused = await go(`pagination: { type: page${more} }`, script);
    expect(refused.error).toBe('HYG-3611');
    const [line = '', other = ''] = advisedLines(refused);
    // Who types the other line has the last word.
    expect((await go(other, script)).error).not.toBe('HYG-3611');
    expect((await go(line, script)).summary.rows).toBe(all);
  });

  test.each<[string, ScriptedApi['script']]>([
    [
      'is page 1 with other times',
      (request) => {
        const data = range(0, pageIn(request) < 2 ? 10 : 0).map((id) => ({ id, at: scene.api.seen.length }));
        return { body: JSON.stringify({ data }) };
      },
    ],
    ['has no record', (request) => listed(0, pageIn(request) === 1 ? 10 : 0)],
    ...[404].map((status): [string, ScriptedApi['script']] => [
      `is refused by ${status}`,
      (request) => (pageIn(request) === 0 ? { status } : listed(0, pageIn(request) === 1 ? 10 : 0)),
    ]),
    [
      'is an error in the body',
      (request) => (pageIn(request) === 0 ? { body: '{"error": "page"}' } : listed(0, pageIn(request) === 1 ? 10 : 0)),
    ],
  ])('is requested by the first run alone where it %s', async (_, script) => {
    const zeros = () => scene.api.seen.filter((request) => pageIn(request) === 0).length;
    const before = zeros();
    expect((await go('pagination: { type: page }', script)).summary.rows).toBe(10);
    expect((await scene.go()).code).toBe(0);
    // What is not a page is requested twice.
    expect(zeros() - before).toBeLessThanOrEqual(2);
  });

  test.each<[string, ScriptedAnswer]>([
    ['an error', { status: 500 }],
    ['no record', listed(0, 0)],
  ])('that is %s once is requested again', async (_, answer) => {
    let zeros = 0;
    const script: ScriptedApi['script'] = (request) => (pageIn(request) === 0 && ++zeros === 1 ? answer : from0(47)(request));
    expect((await go('pagination: { type: page }', script)).error).toBe('HYG-3611');
  });

  test('is requested again until a record was seen', async () => {
    const none = await go('pagination: { type: page }\ntypes: { id: int64 }', () => listed(0, 0));
    expect(none.code).toBe(0);
    scene.api.script = from0(7);
    const ran = await scene.go();
    expect(ran.error).toBe('HYG-3611');
  });

  test.each<[string, object]>([['has no page before it', { prev: null }]])(
    'is not requested where page 1 says that it %s',
    async (_, around) => {
      await go('pagination: { type: page }', (request) => listed(0, pageIn(request) < 2 ? 10 : 0, pageIn(request) < 2 ? around : {}));
      expect(scene.api.seen.map(pageIn)).not.toContain(0);
    },
  );

  test('of lists of children is requested of more than those that show the types', async () => {
    scene.api.script = (request) => {
      if (request.path === '/shops') return { body: JSON.stringify({ data: range(1, 13).map((id) => ({ id })) }) };
      const shop = Number(request.path.split('/')[2]);
      return pageIn(request) === 0 && shop > 10 ? listed(shop * 10, shop * 10 + 3) : listed(0, 0);
    };
    scene.workspace.write({
      'flows/f/flow.yml': `home: { type: rest_api, base_url: "${scene.api.url}", records: data }\nstore: lake\n`,
      'flows/f/entities/shops.yml': 'home: { endpoint: shops }\n',
      'flows/f/entities/items.yml':
        'home: { endpoint: "shops/{id}/items", from: shops, pagination: { type: page }, types: { id: int64 } }\n',
    });
    expect((await scene.go('-e', 'f.items')).error).toBe('HYG-3611');
  });

  test('of the lists of children is requested until one has a record', async () => {
    const script =
      (first: number): ScriptedApi['script'] =>
      (request) => {
        if (request.path === '/shops') return { body: JSON.stringify({ data: [1, 2, 3].map((id) => ({ id })) }) };
        const shop = Number(request.path.split('/')[2]);
        return pageIn(request) === first && shop > 1 ? listed(shop * 10, shop * 10 + 2) : listed(0, 0);
      };
    scene.workspace.write({
      'flows/f/flow.yml': `home: { type: rest_api, base_url: "${scene.api.url}", records: data }\nstore: lake\n`,
      'flows/f/entities/shops.yml': 'home: { endpoint: shops }\n',
      'flows/f/entities/items.yml': 'home: { endpoint: "shops/{id}/items", from: shops, pagination: { type: page } }\n',
    });
    scene.api.script = script(0);
    expect((await scene.go('-e', 'f.items')).error).toBe('HYG-3611');
    scene.api.script = script(1);
    const before = scene.api.seen.length;
    expect((await scene.go('-e', 'f.items')).summary.rows).toBe(4);
    const zeros = scene.api.seen.slice(before).filter((request) => pageIn(request) === 0 && request.query.page === '0');
    expect(zeros.map(({ path }) => path)).toEqual(['/shops/1/items', '/shops/1/items', '/shops/2/items', '/shops/2/items']);
  });
});

describe('a total that a full page reaches', () => {
  const home = 'pagination: { type: page, end: total, total_at: total }';
  const behind = (answer: ScriptedAnswer) => (request: Parameters<typeof pageIn>[0]) =>
    pageIn(request) > 2
      ? answer
      : pageIn(request) < 1
        ? { status: 404 }
        : listed((pageIn(request) - 1) * 10, pageIn(request) * 10, { total: 20 });

  test.each([403])('is believed where the API answers %i behind it, which is requested once', async (status) => {
    const ran = await go(home, behind({ status }));
    expect([ran.code, ran.summary.rows]).toEqual([0, 20]);
    expect(scene.api.seen.filter((request) => pageIn(request) === 3)).toHaveLength(1);
  });

  test('is not believed where the page behind it is an error, and both lines that the error prints read it', async () => {
    const script = behind({ body: '{"message": "There is no page 3"}' });
    const ran = await go(home, script);
    expect(ran.error).toBe('HYG-3602');
    const lines = ran.tryThis.flatMap((line) => /(absent_records: .*|ignore_members: .*)$/.exec(line)?.[0] ?? []);
    expect(lines).toHaveLength(2);
    const again = await go([home, ...lines].join('\n'), script);
    expect([again.code, again.summary.rows]).toEqual([0, 20]);
  });

  test('of one page that counts more: the lines that the errors print are typed one after another, and read it', async () => {
    const script = (request: Parameters<typeof pageIn>[0]) => (pageIn(request) > 1 ? { status: 404 } : listed(0, 7, { total: 9 }));
    let line = 'pagination: { type: page }';
    const codes: (string | undefined)[] = [];
    for (let typed = 0; typed < 4; typed++) {
      const ran = await go(line, script);
      codes.push(ran.error);
      if (ran.code === 0) {
        expect([ran.summary.rows, line]).toEqual([7, expect.stringContaining('ignore: [total]')]);
        break;
      }
      line = advisedLines(ran)[0] ?? line;
    }
    expect(codes.at(-1)).toBeUndefined();
  });
});
