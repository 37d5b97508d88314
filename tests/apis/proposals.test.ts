/** What `debug` and `preview` suggest for an API, from its first answer. What they suggest is pasted here, and has to work. */
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { columns } from '../../src/narrate/text/width.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { fakeTerminal } from '../cli/terminal.ts';
import { restFlow, settledRows, suggestion } from '../support/apis/rest-flow.ts';
import type { ScriptedAnswer, ScriptedApi } from '../support/apis/scripted-api.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { noteWithin } from '../support/raised-codes.ts';

const scene = scriptedScene();

/** What `debug` suggests; undefined: nothing. */
async function suggested(home = '', flow = '') {
  restFlow(scene.workspace, scene.api.url, { home, flow });
  return await suggestion(scene.workspace);
}

async function go(home: string, flow = '') {
  restFlow(scene.workspace, scene.api.url, { home, flow });
  const ran = await here(scene.workspace, 'go');
  noteWithin(ran.events);
  return { code: ran.code, error: ran.events.find((event) => event.event === 'error') };
}

const record = (id: number) => ({ id, sku: `s${id % 2}`, updated_at: `2026-03-01T12:00:0${id}Z`, created_at: '2026-01-01T00:00:00Z' });
const all = [1, 2, 3, 4, 5].map(record);

/** Two records a page, in the shape that `shape` gives them. */
function paged(shape: (records: readonly object[], page: number, last: boolean) => ScriptedAnswer): ScriptedApi['script'] {
  return ({ query }) => {
    const page = Number(query.page ?? query.cursor ?? query.skip ?? 1);
    return shape(all.slice((page - 1) * 2, page * 2), page, page >= 3);
  };
}

const body = (of: object, headers = {}): ScriptedAnswer => ({ body: JSON.stringify(of), headers });

const shapes: readonly [string, ScriptedApi['script'], string][] = [
  ['{data, meta}', paged((data) => body({ data, included: [{ id: 1 }], meta: { total: 5 } })), 'records: data'],
  [
    'HAL',
    paged((orders, page, last) =>
      body({
        _links: { self: { href: '/items' }, ...(last ? {} : { next: { href: `/items?page=${page + 1}` } }) },
        _embedded: { orders },
        page: { totalPages: 3 },
      }),
    ),
    'records: _embedded.orders',
  ],
  [
    'a cursor',
    paged((list, page, last) => body({ response: { list }, metadata: { next_cursor: last ? '' : String(page + 1) } })),
    'param: cursor } # look up the name of the parameter',
  ],
];

describe('what is suggested for an answer, pasted', () => {
  test.each(shapes)('%s settles each record', async (_, script, proposed) => {
    scene.api.script = script;
    const found = await suggested();
    expect(found?.home).toContain(proposed);
    expect(found?.home).toContain('types: { updated_at: timestamptz }');
    expect(found?.beside).toContain('# watermark: { column: updated_at, key: [id] }');
    expect(await go(found?.home ?? '')).toEqual({ code: 0, error: undefined });
    expect(await settledRows(scene.workspace, `id || ' ' || typeof(updated_at)`)).toEqual(
      [1, 2, 3, 4, 5].map((id) => `${id} TIMESTAMP WITH TIME ZONE`),
    );
    // All that is left open is what no answer shows.
    expect((await suggested(found?.home))?.home).toBe('');
  });

  test('JSON:API is flattened, and an increment goes by a field in attributes', async () => {
    const resource = ({ id, ...attributes }: { readonly id?: number }) => ({
      type: 'orders',
      id: String(id),
      attributes,
      relationships: { shop: { data: null } },
    });
    scene.api.script = paged((records, page, last) =>
      body({ data: records.map(resource), links: { next: last ? null : `/items?page=${page + 1}` } }),
    );
    const found = await suggested();
    expect(found?.home.split('\n')).toEqual(expect.arrayContaining(['flatten: 1', 'types: { attributes_updated_at: timestamptz }']));
    expect(found?.beside).toContain('# watermark: { column: attributes_updated_at, key: [id] }');
    expect(await go(found?.home ?? '')).toEqual({ code: 0, error: undefined });
    expect(await settledRows(scene.workspace, `id || ' ' || attributes_sku || ' ' || typeof(attributes_updated_at)`)).toEqual(
      [1, 2, 3, 4, 5].map((id) => `${id} s${id % 2} TIMESTAMP WITH TIME ZONE`),
    );
    expect((await suggested(found?.home))?.home).toBe('');
  });

  test('next to a window, an increment settles what is new', async () => {
    let records = all;
    let date = 'Sun, 01 Mar 2026 12:05:00 GMT';
    scene.api.script = ({ query: { since = '' } }) => body({ data: records.filter((one) => one.updated_at >= since) }, { date });
    const home = 'records: data\nwindow: { from: since }';
    const found = await suggested(home);
    expect(found?.beside.filter((line) => !line.startsWith('#'))).toEqual([
      'run_type: incremental',
      'watermark: { column: updated_at, key: [id] }',
    ]);
    const flow = found?.beside.join('\n') ?? '';
    const pasted = `${home}\n${found?.home}`;
    expect((await go(pasted, flow)).error).toBeUndefined();
    records = [...all, { ...record(6), updated_at: '2026-03-01T12:30:00Z' }];
    date = 'Sun, 01 Mar 2026 13:05:00 GMT';
    expect((await go(pasted, flow)).error).toBeUndefined();
    expect(await settledRows(scene.workspace)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(await suggested(pasted, flow)).toBeUndefined();
  });
});

test.each([['epoch_s', 1]])(
  'integers are suggested as %s, with the time that they would be, and settle what is new',
  async (format, unit) => {
    const at = (time: string) => (Date.parse(`2026-03-01T${time}Z`) / 1000) * unit;
    let records = [1, 2].map((id) => ({ id, updated: at(`12:00:0${id}`) }));
    let date = 'Sun, 01 Mar 2026 12:05:00 GMT';
    scene.api.script = ({ query: { since = '0' } }) => body({ data: records.filter((one) => one.updated >= Number(since)) }, { date });
    const found = await suggested('records: data');
    expect(found?.beside).toContain(`# this needs, below home: window: { from: …, to: …, format: ${format} }`);
    expect(found?.why.join(' ')).toContain('would be 2026-03-01T12:00:01Z');
    // A window of another form stays open.
    expect((await suggested('records: data\nwindow: { from: since }'))?.beside).toContain('# run_type: incremental');
    const home = `records: data\nwindow: { from: since, format: ${format} }`;
    const flow = (await suggested(home))?.beside.join('\n') ?? '';
    expect((await go(home, flow)).error).toBeUndefined();
    records = [...records, { id: 3, updated: at('12:30:00') }];
    date = 'Sun, 01 Mar 2026 13:05:00 GMT';
    expect((await go(home, flow)).error).toBeUndefined();
    expect(await settledRows(scene.workspace)).toEqual(['1', '2', '3']);
  },
);

describe('a field is suggested', () => {
  const fields = async (...records: readonly object[]) => {
    scene.api.script = () => ({ body: JSON.stringify(records) });
    const found = await suggested();
    return { watermark: found?.beside.find((line) => line.includes('watermark')), home: found?.home, why: found?.why.join(' ') };
  };
  test('as key only where it is in each record, once; large numbers differ', async () => {
    const at = { updated_at: '2026-03-01T12:00:00Z' };
    const digits = await fields({ ...at, id: 1 }, { ...at, id: 1 });
    expect(digits.watermark).toBe('# watermark: { column: updated_at }');
    expect((await fields({ ...at, id: 1, uuid: 'a' }, { ...at, id: null, uuid: 'b' })).watermark).toContain('key: [uuid]');
    expect((await fields({ ...at, item_id: 'x', a_id: 1 }, { ...at, item_id: 'y', a_id: 2 })).watermark).toContain('key: [item_id]');
    scene.api.script = () => ({
      body: '[{"id":9007199254740992,"modified":"2026-03-01"},{"id":9007199254740993,"modified":"2026-03-02"}]',
    });
    expect((await suggested())?.beside).toContain('# watermark: { column: modified, key: [id] }');
  });

  test('as cursor only where each record has such a time', async () => {
    expect((await fields({ updated_at: '2026-03-01T12:00:00Z' }, { updated_at: null })).watermark).toBeUndefined();
    expect((await fields({ updated_at: 'yesterday' })).watermark).toBeUndefined();
    expect((await fields({ modified: '2026-03-01T13:00:00', modified_gmt: '2026-03-01T12:00:00' })).home).toContain(
      '{ modified_gmt: timestamp }\nzone: UTC',
    );
    const created = await fields({ createdAt: '2026-03-01T12:00:00+01:00' });
    expect([created.home, created.why]).toEqual([
      expect.stringContaining('{ createdAt: timestamptz }'),
      expect.stringContaining('time of creation'),
    ]);
    // .NET writes seven digits of a second.
    const fine = await fields({ id: 1, updated_at: '2026-03-01T12:00:00.1234567Z' }, { id: 2, updated_at: '2026-03-01T12:00:01Z' });
    expect(fine.home).toContain('types: { updated_at: "timestamp[ns, UTC]" }');
    expect((await go(fine.home ?? '')).error).toBeUndefined();
    // DuckDB reads times with a zone in microseconds.
    const plain = await fields({ id: 1, updated_utc: '2026-03-01T12:00:00.1234567' }, { id: 2, updated_utc: '2026-03-01T12:00:01' });
    expect(plain.home).toContain('types: { updated_utc: "timestamp[ns]" }');
    expect((await go(plain.home ?? '')).error).toBeUndefined();
    expect(await settledRows(scene.workspace, 'epoch_ns(updated_utc) % 1000000000')).toContain('123456700');
    // No time of this century.
    expect((await fields({ id: 1, updated: 17 })).watermark).toBeUndefined();
  });
});

describe('an object with a list in it, without records', () => {
  test.each(['{"data":[{"id":1}],"meta":{}}', '{"data":[],"meta":{}}', '{"a":{"b":{"c":[{"id":1}]}}}'])('%s is not a row', async (text) => {
    scene.api.script = () => ({ body: text });
    const { code, error } = await go('');
    expect([code, error?.event === 'error' ? error.code : '']).toEqual([1, 'HYG-3650']);
    expect([...scene.workspace.tree().keys()].filter((path) => path.endsWith('.parquet'))).toEqual([]);
  });

  test('is one row where the config says so', async () => {
    scene.api.script = () => ({ body: '{"id":1,"lines":[{"n":1}]}' });
    expect(await go('records: "."')).toEqual({ code: 0, error: undefined });
    expect(await settledRows(scene.workspace, `id || ' ' || len(lines)`)).toEqual(['1 1']);
  });

  test('names its lists where records names none of them', async () => {
    scene.api.script = () => ({ body: '{"items":[{"id":1}]}' });
    const { error } = await go('records: data');
    expect(error).toMatchObject({ code: 'HYG-3602', why: [expect.anything(), 'The answer has lists at items (1 record).'] });
  });
});

test('both screens fit a terminal of 80 columns, and preview shows the same below the rows', async () => {
  scene.api.script = paged((data) => body({ data, meta: { pagination: { total_count_of_everything: 5, total: 5 } } }));
  restFlow(scene.workspace, scene.api.url, { home: 'records: data\npagination: { type: none, ignore_next: true }' });
  const out = fakeTerminal(80, 24);
  await run(['debug', '--no-color'], fakeSurroundings(scene.workspace.root, { out }));
  await run(['preview', 'f.items', '--no-color'], fakeSurroundings(scene.workspace.root, { out }));
  const lines = out.lines();
  const temporary = (line: string) => line.includes(scene.workspace.root);
  expect(lines.filter((line) => columns(line) > 80 && !temporary(line))).toEqual([]);
  expect(lines.filter((line) => line === '# watermark: { column: updated_at, key: [id] }')).toHaveLength(2);
  expect(lines).toContain('The first answer suggests keys that are not set:');
  if (process.env.LOOK) process.stdout.write(lines.join('\n'));
});

test('an answer of OData is told as one, with the service that it belongs to', async () => {
  const context = `${scene.api.url}/service/$metadata#Customers`;
  scene.api.script = () => body({ '@odata.context': context, value: [{ ID: 1, Name: 'a' }] });
  const found = await suggested();
  expect(found?.home).toContain('records: value');
  expect(found?.why.join(' ')).toContain(`type: odata with base_url: ${scene.api.url}/service/ `);
});
