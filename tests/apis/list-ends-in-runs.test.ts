/** Lists that end too early, as runs meet them: what settles, what is requested, and what the journal has. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { restFlow } from '../support/apis/rest-flow.ts';
import type { ScriptedAnswer, ScriptedApi } from '../support/apis/scripted-api.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { noteWithin } from '../support/raised-codes.ts';

const scene = scriptedScene();

async function go(home: string, script: ScriptedApi['script'], flow = '') {
  scene.api.script = script;
  restFlow(scene.workspace, scene.api.url, { home: `records: data\n${home}`, flow });
  const ran = await here(scene.workspace, 'go');
  noteWithin(ran.events);
  return ran;
}

const listed = (from: number, to: number, around: object = {}): ScriptedAnswer => ({
  body: JSON.stringify({ data: Array.from({ length: Math.max(0, to - from) }, (_, i) => ({ id: from + i })), ...around }),
});
/** The lines of `pagination` that an error prints. */
const advisedLines = ({ events }: Awaited<ReturnType<typeof go>>) =>
  events
    .flatMap((event) => (event.event === 'error' ? (event.tryThis as readonly string[]) : []))
    .flatMap((line) => /pagination: \{.*\}$/.exec(line)?.[0] ?? []);
const pageIn = ({ query }: { readonly query: Readonly<Record<string, string>> }) => Number(query.page ?? 1);

test('a server that refuses the page behind an empty one, and one that says where its list ends, are read', async () => {
  const strict: ScriptedApi['script'] = (request) => (pageIn(request) > 2 ? { status: 422 } : listed(0, pageIn(request) === 1 ? 10 : 0));
  expect((await go('pagination: { type: page }', strict)).code).toBe(0);
  expect(scene.api.seen.map(pageIn)).toEqual([1, 2, 2, 2, 3]);
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
  const ran = await here(scene.workspace, 'go', '-e', 'f.items');
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
    return from < 20 ? listed(from, from + 10) : { status: 404 };
  };
  const refused = await go('pagination: { type: page }', script);
  const [line = ''] = advisedLines(refused);
  expect([refused.error, line]).toEqual(['HYG-3601', 'pagination: { type: page, end: refused }']);
  expect((await go(line, script)).summary.rows).toBe(20);
  expect(scene.api.seen.slice(-2).map(pageIn)).toEqual([3, 3]);
});

test('an API that counts its pages from 0 and says which is the last one is read with the line that the error prints', async () => {
  const script: ScriptedApi['script'] = (request) => {
    const from = pageIn(request) * 10;
    return listed(from, Math.min(from + 10, 47), { has_more: from + 10 < 47, total_pages: 5 });
  };
  const refused = await go('pagination: { type: page }', script);
  const [line = ''] = advisedLines(refused);
  expect([refused.error, line]).toEqual(['HYG-3611', 'pagination: { type: page, start: 0 }']);
  expect((await go(line, script)).summary.rows).toBe(47);
});
