/** Events that leave members of their record out: the records of the list show what that means, or the config says it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

type Item = Readonly<Record<string, unknown>> & { readonly id: number };

let api: ScriptedApi;
let now = 0;
let listed: readonly Item[] = [];
let events: { readonly at: number; readonly kind: string; readonly item: Item }[] = [];

beforeEach(async () => {
  [now, listed, events] = [1_790_000_000, [], []];
  api = await scriptedApi(({ path, query }) => {
    const told = events.filter(({ at }) => at >= Number(query.from) && at <= Number(query.to ?? now));
    const data = path === '/events' ? told.reverse() : listed;
    return { headers: { date: new Date(now * 1000).toUTCString() }, body: JSON.stringify({ data, has_more: false }) };
  });
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

function happens(item: Item, kind = 'changed'): void {
  now += 60;
  events.push({ at: now, kind, item });
  now += 120;
}

const flowOf = ({ leftOut = '', store = '{ type: sqlite, path: out.db }', key = ', key: [id]', home = '', more = '' } = {}) => ({
  'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: "${api.url}"
  endpoint: items
  records: data
  pagination: { type: keyset, param: after, field: id, has_more_at: has_more, page_size: 100, size_param: limit }
  events: { endpoint: events, from: from, to: to, format: epoch_s, at: at, record: item, key: [id], kept: 30d, deleted: { at: kind, is: deleted }${leftOut} }
${home}
store: ${store}
run_type: incremental
watermark: { changes: events${key} }
${more}
entities: [items]
`,
});

/** Loads the list, and then what one event says. */
async function loadedWith(workspace: TestWorkspace, list: readonly Item[], event: Item) {
  listed = list;
  now += 120;
  expect((await here(workspace, 'go')).error).toBeUndefined();
  happens(event);
  return await here(workspace, 'go');
}

function settled(workspace: TestWorkspace, select = `id || ' ' || coalesce(tiers, '-') || ' ' || coalesce(name, '-')`): readonly string[] {
  const [rows = []] = asked(workspace.path('out.db'), `select ${select} as one from items order by 1`);
  return rows.map(({ one }) => String(one));
}

const gold = { id: 1, tiers: 'gold', name: 'a' };

describe('a member that an event leaves out', () => {
  test('keeps its value if records of the list have null there', async () => {
    using workspace = new TestWorkspace(flowOf());
    const ran = await loadedWith(workspace, [gold, { id: 2, tiers: null, name: 'x' }], { id: 1, name: 'b' });
    expect(ran.error).toBeUndefined();
    expect(settled(workspace)).toEqual(['1 gold b', '2 - x']);
  });

  test('becomes null if records of the list leave it out', async () => {
    using workspace = new TestWorkspace(flowOf());
    expect((await loadedWith(workspace, [gold, { id: 2, name: 'x' }], { id: 1, name: 'b' })).error).toBeUndefined();
    expect(settled(workspace)).toEqual(['1 - b', '2 - x']);
  });

  test.each([['has null there and leaves it out, too', [gold, { id: 2, name: 'x', tiers: null }, { id: 3, name: 'y' }]]])(
    'stops the run if the list %s, and either advice ends well',
    async (_, list) => {
      using workspace = new TestWorkspace(flowOf());
      const stopped = await loadedWith(workspace, list, { id: 1, name: 'b' });
      expect(stopped.error).toBe('HYG-3662');
      expect(settled(workspace)).toContain('1 gold a');
      const said = JSON.stringify(stopped.events.find(({ event }) => event === 'error'));
      for (const advice of ['left_out: unchanged', 'left_out: \\"null\\"']) expect(said.replaceAll('\\\\', '\\')).toContain(advice);
      workspace.write(flowOf({ leftOut: ', left_out: unchanged' }));
      expect((await here(workspace, 'go')).error).toBeUndefined();
      expect(settled(workspace)).toContain('1 gold b');
      workspace.write(flowOf({ leftOut: ', left_out: "null"' }));
      happens({ id: 1, name: 'c' });
      expect((await here(workspace, 'go')).error).toBeUndefined();
      expect(settled(workspace)).toContain('1 - c');
    },
  );

  test('is known from all pages of the list, and from each full load again', async () => {
    using workspace = new TestWorkspace(flowOf());
    listed = [gold];
    now += 120;
    await here(workspace, 'go');
    happens({ id: 1, name: 'b' });
    expect((await here(workspace, 'go')).error).toBe('HYG-3662');
    listed = [
      { ...gold, name: 'b' },
      { id: 2, tiers: null, name: 'x' },
    ];
    expect((await here(workspace, 'go', '-d')).error).toBeUndefined();
    happens({ id: 1, name: 'c' });
    expect((await here(workspace, 'go')).error).toBeUndefined();
    expect(settled(workspace)).toEqual(['1 gold c', '2 - x']);
  });

  test('keeps the columns of an object that the event does not show (flatten)', async () => {
    using workspace = new TestWorkspace(flowOf({ home: '  flatten: true' }));
    const list = [
      { id: 1, geo: { lat: 1, lon: 2 }, name: 'a' },
      { id: 2, geo: null, name: null },
    ];
    expect((await loadedWith(workspace, list, { id: 1, name: 'b' })).error).toBeUndefined();
    expect(settled(workspace, `id || ' ' || coalesce(geo_lat, '-') || ' ' || coalesce(name, '-')`)).toEqual(['1 1 b', '2 - -']);
    happens({ id: 1, geo: { lat: 9, lon: 9 } });
    await here(workspace, 'go');
    expect(settled(workspace, `id || ' ' || coalesce(geo_lat, '-') || ' ' || coalesce(name, '-')`)).toEqual(['1 9 b', '2 - -']);
  });
});

describe('a part of a row', () => {
  const withNull = [gold, { id: 2, tiers: null, name: 'x' }];

  test('is refused by files, which hold whole rows, before anything settles; a deleted row is added', async () => {
    using workspace = new TestWorkspace(flowOf({ store: 'lake', key: '' }));
    const stopped = await loadedWith(workspace, withNull, { id: 1, name: 'b' });
    expect(stopped.error).toBe('HYG-2106');
    expect(JSON.stringify(stopped.events)).toContain('The change lacks tiers');
    events = [];
    happens({ id: 2 }, 'deleted');
    expect((await here(workspace, 'go')).error).toBeUndefined();
    const rows = await duck(
      `select id || ' ' || coalesce(name, '-') || ' ' || _deleted as one from '${workspace.path('lake/items/*.parquet')}' order by 1`,
    );
    expect(rows.map(({ one }) => one)).toEqual(['1 a false', '2 - true', '2 x false']);
  });

  test('is judged by the rules of the columns that it shows, and stops the run where it breaks one', async () => {
    const contract = {
      'contracts/items.yml': 'columns: { id: int64, tiers: { type: string, nullable: false }, name: { type: string, length: [0, 3] } }\n',
    };
    const more = 'validation: { contract: contracts/items.yml, mode: quarantine }';
    using workspace = new TestWorkspace({ ...contract, ...flowOf({ more }) });
    const list = [gold, { id: 2, tiers: 't', name: null }];
    expect((await loadedWith(workspace, list, { id: 1, name: 'b' })).error).toBeUndefined();
    expect(settled(workspace)).toContain('1 gold b');
    happens({ id: 1, name: 'too long' });
    expect((await here(workspace, 'go')).error).toBe('HYG-2106');
    expect(settled(workspace)).toContain('1 gold b');
    listed = [
      { ...gold, name: 'too long' },
      { id: 2, tiers: 't', name: null },
    ];
    expect((await here(workspace, 'go', '-d')).error).toBeUndefined();
    expect(settled(workspace)).toEqual(['2 t -']);
  });

  test('leaves a hash of columns that it does not show, and stops where it shows only some of them', async () => {
    const more = 'polish: { hash_ids: [{ name: h, from_columns: [tiers] }, { name: k, from_columns: [id] }] }';
    using workspace = new TestWorkspace(flowOf({ more }));
    await loadedWith(workspace, withNull, { id: 1, name: 'b' });
    const [before] = settled(workspace, `name || ' ' || h || ' ' || k`);
    expect(before).toMatch(/^b [0-9a-f]{64} [0-9a-f]{64}$/);
    happens({ id: 1, tiers: 'lead' });
    expect((await here(workspace, 'go')).error).toBeUndefined();
    expect(settled(workspace, `name || ' ' || h || ' ' || k`)[0]).not.toBe(before);
    using both = new TestWorkspace(flowOf({ more: 'polish: { hash_ids: [{ name: h, from_columns: [tiers, name] }] }' }));
    events = [];
    expect((await loadedWith(both, withNull, { id: 1, name: 'b' })).error).toBe('HYG-2106');
  });
});
