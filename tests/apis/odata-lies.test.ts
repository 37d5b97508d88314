import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { keyIn } from '../../src/apis/odata/changes.ts';
import { entityAt, readEdm, typeOfProperty } from '../../src/apis/odata/edm.ts';
import { describeType } from '../../src/frames/describe-type.ts';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { asked } from '../support/sqlite-file.ts';

const scene = scriptedScene();

const property = (name: string, type: string, more = '') => `<Property Name="${name}" Type="${type}" ${more}/>`;

/** The metadata of one entity set, `Things`. */
function metadata(properties: string, { keys = ['ID'], types = '' } = {}): string {
  return `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="S" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="Thing">${keys.length === 0 ? '' : `<Key>${keys.map((key) => `<PropertyRef Name="${key}"/>`).join('')}</Key>`}${properties}</EntityType>${types}
<EntityContainer Name="C"><EntitySet Name="Things" EntityType="S.Thing"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;
}

const plain = `${property('ID', 'Edm.Int32', 'Nullable="false"')}${property('Name', 'Edm.String')}`;

interface Served {
  readonly edmx?: string;
  /** Answers each request for records. Members in place of `HERE` get the address of the service. */
  readonly page: (query: Readonly<Record<string, string>>, number: number) => object | string;
  readonly home?: string;
  readonly flow?: string;
  readonly store?: string;
  /** The service is asked for the number of records. */
  readonly counts?: true;
}

/** `Preference-Applied` of each page. */
let preferred: string | undefined;
beforeEach(() => {
  preferred = undefined;
});

function serve({ edmx = metadata(plain), page, home = '', flow = '', store = 'lake', counts }: Served): void {
  let number = 0;
  scene.api.script = ({ path, query }) => {
    if (path.endsWith('$metadata')) return { body: edmx };
    const answer = page(query, ++number);
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return {
      headers: { date: 'Sun, 01 Mar 2026 13:00:00 GMT', ...(preferred === undefined ? {} : { 'preference-applied': preferred }) },
      body: body.replaceAll('HERE', scene.api.url),
    };
  };
  scene.workspace.write({
    'flows/f/flow.yml': `home: { type: odata, base_url: "${scene.api.url}", count: ${counts === true}, auth: { type: bearer, token: t0k3n }${home} }\nstore: ${store}\n${flow}\nentities: [Things]\n`,
  });
}

const go = (...more: readonly string[]) => here(scene.workspace, 'go', ...more);
async function refused() {
  const { error, events } = await go();
  const failed = events.find((event) => event.event === 'error');
  return { error, told: failed?.event === 'error' ? [failed.what, ...failed.why, ...failed.tryThis].join('\n') : '' };
}
async function rows(select: string): Promise<readonly string[]> {
  const found = await duck(
    `select ${select} as one from read_parquet('${scene.workspace.path('lake/Things/*.parquet')}', union_by_name = true) order by 1`,
  );
  return found.map(({ one }) => String(one));
}

describe('pages that lie', () => {
  test.each([['has no key', { edmx: metadata(plain, { keys: [] }) }, '']])(
    'pages by $skip and $top are refused where the entity %s',
    async (_, { edmx }, columns) => {
      serve({ edmx, page: () => ({ value: [{ Name: 'a' }] }), home: `, pages: client${columns}` });
      expect(await refused()).toEqual({ error: 'HYG-3665', told: expect.stringContaining('pages: client') });
      expect(scene.api.seen.filter(({ path }) => path.endsWith('/Things'))).toEqual([]);
    },
  );

  test('a next page at another origin is refused, and gets no token', async () => {
    await using other = await scriptedApi(() => ({ body: '{"value":[]}' }));
    serve({ page: () => ({ value: [{ ID: 1, Name: 'a' }], '@odata.nextLink': `${other.url}/Things?$skip=1` }) });
    expect((await go()).error).toBe('HYG-3607');
    expect(other.seen).toEqual([]);
  });

  test.each([true])('a key that comes twice in a full load stops it, with the right count: %s', async (isCounted) => {
    const pages = [[1, 2], [3, 4], [5, 3], [6]].map((ids, i) => ({
      '@odata.count': 7,
      value: ids.map((ID) => ({ ID, Name: `n${ID} of page ${i}` })),
      ...(i === 3 ? {} : { '@odata.nextLink': `Things?$skip=${i + 1}` }),
    }));
    serve({ page: ({ $skip = '0' }) => pages[Number($skip)] ?? {} });
    const flow = readFileSync(scene.workspace.path('flows/f/flow.yml'), 'utf8');
    scene.workspace.write({ 'flows/f/flow.yml': flow.replace('count: false', `count: ${isCounted}`) });
    expect((await go()).error).toBe('HYG-3605');
    serve({ page: ({ $skip = '0' }) => pages[Number($skip)] ?? {}, home: ', columns: [Name]' });
    expect((await go()).summary.rows).toBe(7);
  });

  test('a number of records on the first page alone is compared with all records', async () => {
    const pages = (count: number) => [
      { value: [{ ID: 1, Name: 'a' }], '@odata.count': count, '@odata.nextLink': 'HERE/Things?$skip=1' },
      { value: [{ ID: 2, Name: 'b' }] },
    ];
    serve({ counts: true, page: ({ $skip }) => pages(2)[Number($skip ?? 0)] ?? {} });
    expect((await go()).summary.rows).toBe(2);
    serve({ counts: true, page: ({ $skip }) => pages(3)[Number($skip ?? 0)] ?? {} });
    expect((await refused()).error).toBe('HYG-3605');
  });

  test('a refusal is told with keys that a home of OData has, and one of $count with count: false', async () => {
    const error = { error: { code: '', message: "The query option '$count' is not allowed." } };
    const listed = scene.api.script;
    serve({ counts: true, page: () => ({ value: [] }) });
    const served = scene.api.script;
    scene.api.script = (request) => ('$count' in request.query ? { status: 400, body: JSON.stringify(error) } : served(request));
    const { error: code, told } = await refused();
    expect([code, told]).toEqual(['HYG-3601', expect.stringContaining('count: false')]);
    expect(told).toContain('Compare endpoint, columns, expand, params');
    expect(told).not.toMatch(/pagination|`window`/);
    scene.api.script = listed;
  });

  test.each([
    ['as OData 4.01 writes it', '@nextLink'],
    ['a page without a number of records', '@odata.count'],
  ])('a list that goes on %s is told without keys of REST APIs', async (_what, member) => {
    serve({
      counts: true,
      page: () => ({
        value: [{ ID: 1, Name: 'a' }],
        ...(member === '@nextLink' ? { '@odata.count': 1, '@nextLink': 'HERE/Things?$skip=1' } : {}),
      }),
    });
    const { error, told } = await refused();
    expect([error, told]).toEqual([
      member === '@nextLink' ? 'HYG-3609' : 'HYG-3602',
      expect.stringContaining(member === '@nextLink' ? 'pages: client' : 'count: false'),
    ]);
    expect(told).not.toMatch(/pagination:|total_at|total_header/);
  });

  test('an error behind the records of a page is one', async () => {
    serve({ page: () => '{"value":[{"ID":1,"Name":"a"}],"error":{"code":"500","message":"The rest could not be read."}}' });
    expect((await go()).error).toBe('HYG-3603');
  });

  test('records inside a record that continue at an address of their own stop the run', async () => {
    const lines = '<NavigationProperty Name="Lines" Type="Collection(S.Thing)"/>';
    serve({
      edmx: metadata(`${plain}${lines}`),
      page: () => ({
        value: [{ ID: 1, Name: 'a', Lines: [{ ID: 2, Name: 'b' }], 'Lines@odata.nextLink': 'HERE/Things(1)/Lines?$skip=1' }],
      }),
      home: ', expand: [Lines]',
    });
    expect((await go()).error).toBe('HYG-3602');
    serve({
      edmx: metadata(`${plain}${lines}`),
      page: () => ({ value: [{ ID: 1, Name: 'a', 'Lines@odata.context': 'x', Lines: [{ ID: 2, Name: 'b' }] }] }),
      home: ', expand: [Lines]',
    });
    expect((await go()).summary.rows).toBe(1);
    expect(await rows(`Lines->'$[0].Name'`)).toEqual(['"b"']);
  });
});

describe('values that lie', () => {
  test('annotations are not columns, wherever they stand, and an at sign in a text is none', async () => {
    serve({
      page: () => ({
        '@odata.context': '$metadata#Things',
        value: [
          { '@odata.etag': 'W/"1"', '@odata.type': '#S.Thing', 'ID@odata.type': '#Int32', ID: 1, Name: 'a@b.c": "x@y' },
          { ID: 2, 'Name@OData.Community.Display.V1.FormattedValue': 'B', Name: 'b', '@odata.editLink': 'Things(2)' },
        ],
      }),
    });
    expect((await go()).summary.rows).toBe(2);
    expect(await rows(`Name`)).toEqual(['a@b.c": "x@y', 'b']);
    const columns = await duck(`describe select * from read_parquet('${scene.workspace.path('lake/Things/*.parquet')}')`);
    expect(columns.map(({ column_name }) => column_name)).toEqual(['ID', 'Name']);
  });

  test('digits stay, as numbers and as texts, at the top, in complex values and in collections', async () => {
    const types = `<ComplexType Name="Box">${property('Big', 'Edm.Int64')}${property('Price', 'Edm.Decimal', 'Precision="38" Scale="10"')}</ComplexType>`;
    const properties = [
      property('ID', 'Edm.Int64', 'Nullable="false"'),
      property('Price', 'Edm.Decimal', 'Precision="38" Scale="10"'),
      property('Any', 'Edm.Decimal', 'Scale="variable"'),
      property('Box', 'S.Box'),
      property('All', 'Collection(Edm.Int64)'),
      property('Boxes', 'Collection(S.Box)'),
    ];
    const digits = '1234567890123456789012345678.0123456789';
    const inside = (quote: string) => {
      const big = `${quote}9007199254740993${quote}`;
      const price = `${quote}${digits}${quote}`;
      const box = `{"Big":${big},"Price":${price}}`;
      return `{"ID":${big},"Price":${price},"Any":${quote}0.12345678901234567890123456789012345678901${quote},"Box":${box},"All":[${big},null],"Boxes":[${box}]}`;
    };
    serve({ edmx: metadata(properties.join(''), { types }), page: () => `{"value":[${inside('"')},${inside('')}]}` });
    expect((await go()).summary.rows).toBe(2);
    const each = `9007199254740993 ${digits} 0.12345678901234567890123456789012345678901 9007199254740993 ${digits} 9007199254740993 ${digits}`;
    expect(await rows(`concat_ws(' ', ID, Price, "Any", Box.Big, Box.Price, "All"[1], Boxes[1].Price)`)).toEqual([each, each]);
  });

  test('members of enumerations are texts, several of them and unknown ones as well', async () => {
    const types = '<EnumType Name="Color" IsFlags="true"><Member Name="Red" Value="1"/><Member Name="Green" Value="2"/></EnumType>';
    serve({
      edmx: metadata(`${property('ID', 'Edm.Int32', 'Nullable="false"')}${property('Color', 'S.Color')}`, { types }),
      page: () => ({ value: ['Red', 'Red,Green', '7', null].map((Color, i) => ({ ID: i, Color })) }),
    });
    expect((await go()).summary.rows).toBe(4);
    expect(await rows(`ID || ' ' || coalesce(Color, '–')`)).toEqual(['0 Red', '1 Red,Green', '2 7', '3 –']);
  });
});

test('a complex value with a member that the metadata does not name is a bad row, and a column of JSON takes it', async () => {
  const types = `<ComplexType Name="Address">${property('Zip', 'Edm.String')}</ComplexType>`;
  const edmx = metadata(`${plain}${property('Addr', 'S.Address')}`, { types });
  const page = () => ({ value: [{ ID: 1, Name: 'a', Addr: { Zip: '1', Extra: 2 } }] });
  serve({ edmx, page });
  const { error, told } = await refused();
  expect([error, told]).toEqual(['HYG-3305', expect.stringContaining('types: {Addr: string}, or json to keep any value')]);
  expect(told).not.toContain('hygge reset');
  serve({ edmx, page, home: ', types: { Addr: json }' });
  expect((await go()).error).toBeUndefined();
  expect(await rows("json_extract(Addr, '$.Extra')")).toEqual(['2']);
});

describe('addresses that are relative', () => {
  const nested = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="S" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="Company"><Key><PropertyRef Name="ID"/></Key>${plain}<NavigationProperty Name="items" Type="Collection(S.Company)"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="companies" EntityType="S.Company"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;

  test.each([
    ['from the root of the service', undefined, 'companies(1)/items?$skiptoken=1'],
    ['from the request', undefined, 'items?$skiptoken=1'],
  ])('lead to the next page %s', async (_what, context, next) => {
    serve({
      edmx: nested,
      home: ', endpoint: "companies(1)/items"',
      page: ({ $skiptoken }) => ({
        ...(context === undefined ? {} : { '@odata.context': context }),
        value: [{ ID: $skiptoken === undefined ? 1 : 2, Name: 'a' }],
        ...($skiptoken === undefined ? { '@odata.nextLink': next } : {}),
      }),
    });
    expect((await go()).error).toBeUndefined();
    expect(scene.api.seen.filter(({ query }) => query.$skiptoken !== undefined).map(({ path }) => path)).toEqual(['/companies(1)/items']);
    expect(await rows('ID')).toEqual(['1', '2']);
  });
});

describe('properties that a record leaves out', () => {
  const dated = `${property('ID', 'Edm.Int32', 'Nullable="false"')}${property('Name', 'Edm.String')}${property('On', 'Edm.Boolean', 'Nullable="false"')}${property('Changed', 'Edm.DateTimeOffset')}`;
  const whole = { ID: 1, Name: 'a', On: true, Changed: '2026-03-01T01:00:00Z' };
  const { Name: _name, ...withoutName } = { ...whole, ID: 2 };
  const { On: _on, ...withoutOn } = { ...whole, ID: 2 };
  const edmx = metadata(dated);

  test.each([['a full load', 'run_type: full_drop']])('stop %s, with the property and the record', async (_, flow) => {
    const link = { '@odata.deltaLink': 'HERE/Things?$deltatoken=1' };
    serve({ edmx, flow, page: () => ({ value: [whole, withoutName], ...link }) });
    const stopped = await scene.workspace.run(['go']);
    expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining('HYG-3662')]);
    expect(stopped.stdout).toMatch(/page 1: record 2 \(ID 2\) does not have all properties/);
    expect(stopped.stdout).toContain('The record leaves out Name.');
    serve({ edmx, flow, page: () => ({ value: [whole, { ...withoutName, Name: null }], ...link }) });
    expect((await go()).summary.rows).toBe(2);
  });

  test('are null where the flow says so, and one that is never null stops the run all the same', async () => {
    const home = ', left_out: "null"';
    serve({ edmx, home, page: () => ({ value: [whole, withoutName] }) });
    expect((await go()).summary.rows).toBe(2);
    expect(await rows(`ID || ' ' || coalesce(Name, '–')`)).toEqual(['1 a', '2 –']);
    serve({ edmx, home, page: () => ({ value: [whole, withoutOn] }) });
    const stopped = await scene.workspace.run(['go']);
    expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining('The record leaves out On.')]);
    expect(stopped.stdout).not.toContain('left_out');
    serve({ edmx, home: `${home}, columns: [ID, Name, Changed]`, page: () => ({ value: [whole, withoutOn] }) });
    expect((await go()).code).toBe(0);
  });

  test('are null where the service says that it leaves nulls out', async () => {
    serve({ edmx, home: ', headers: { prefer: omit-values=nulls }', page: () => ({ value: [whole, withoutName] }) });
    expect((await go()).error).toBe('HYG-3662');
    preferred = 'odata.maxpagesize=5,omit-values=nulls';
    expect((await go()).summary.rows).toBe(2);
  });
});

describe('the properties of an entity set with many', () => {
  const names = Array.from({ length: 60 }, (_, i) => `Property${String(i).padStart(2, '0')}`);
  const edmx = metadata(`${plain}${names.map((name) => property(name, 'Edm.String')).join('')}`);
  /** A service that shows `ID` and `Name` alone, unless others are asked for. Its next address repeats the question, as servers write it. */
  const page = ({ $select = 'ID,Name', $skiptoken = '0' }: Readonly<Record<string, string>>) => {
    const at = Number($skiptoken.split('.')[0]);
    const record = (ID: number) => Object.fromEntries($select.split(',').map((name) => [name, name === 'ID' ? ID : `${name} ${ID}`]));
    const next = { '@odata.nextLink': `HERE/Things?$select=${encodeURIComponent($select)}&$skiptoken=${at + 2}.${'t'.repeat(900)}` };
    return { value: [record(at + 1), record(at + 2)], ...(at < 4 ? next : {}) };
  };

  test('are asked for by their names, and an address that repeats them leads on', async () => {
    serve({ edmx, page });
    expect((await go()).summary.rows).toBe(6);
    expect(await rows('Name || Property59')).toEqual([1, 2, 3, 4, 5, 6].map((n) => `Name ${n}Property59 ${n}`));
    const asked = scene.api.seen.filter(({ path }) => path === '/Things').map(({ query }) => query.$select);
    expect(new Set(asked)).toEqual(new Set([['ID', 'Name', ...names].join(',')]));
  });

  test('that would make a query too long are not, and a service that leaves some out then stops the run', async () => {
    const many = Array.from({ length: 300 }, (_, i) => property(`Property${i}`, 'Edm.String')).join('');
    serve({ edmx: metadata(`${plain}${many}`), page });
    expect((await go()).error).toBe('HYG-3662');
    expect(scene.api.seen.filter(({ path }) => path === '/Things').every(({ query }) => query.$select === undefined)).toBe(true);
    serve({ edmx: metadata(`${plain}${many}`), page, home: ', columns: [ID, Name]' });
    expect((await go()).summary.rows).toBe(6);
  });
});

describe('changes that lie', () => {
  const tracked = {
    store: '{ type: sqlite, path: out.db }',
    flow: 'run_type: incremental\nwatermark: { changes: delta_links, key: [ID] }',
  };
  const settled = async (select = `ID || ' ' || Name`) => {
    const [found = []] = asked(scene.workspace.path('out.db'), `select ${select} as one from "Things" order by 1`);
    return found.map(({ one }) => String(one));
  };
  const link = (n: number) => ({ '@odata.deltaLink': `HERE/Things?$deltatoken=${n}` });
  const first = { value: [1, 2, 3].map((ID) => ({ ID, Name: `n${ID}` })), ...link(1) };

  test('of a record that is changed, removed and made again in one answer the last word counts', async () => {
    const gone = (ID: number) => ({ '@removed': { reason: 'deleted' }, '@id': `Things(${ID})` });
    const changes = [{ ID: 1, Name: 'x' }, gone(1), { ID: 2, Name: 'y' }, gone(2), { ID: 2, Name: 'again' }, gone(3), gone(3), gone(9)];
    serve({ ...tracked, page: ({ $deltatoken }) => ($deltatoken === undefined ? first : { value: changes, ...link(2) }) });
    await go();
    expect((await go()).code).toBe(0);
    expect(await settled()).toEqual(['2 again']);
  });

  test('removed records in a first answer are none', async () => {
    serve({ ...tracked, page: () => ({ value: [...first.value, { '@removed': { reason: 'deleted' }, ID: 2 }], ...link(1) }) });
    expect((await go()).code).toBe(0);
    expect(await settled()).toEqual(['1 n1', '3 n3']);
  });

  test('an answer without changes and without a link continues from the old link', async () => {
    let isThere = false;
    serve({
      ...tracked,
      page: ({ $deltatoken }) =>
        $deltatoken === undefined ? first : isThere ? { value: [{ ID: 1, Name: 'x' }], ...link(2) } : { value: [] },
    });
    await go();
    expect((await go()).code).toBe(0);
    isThere = true;
    expect((await go()).code).toBe(0);
    expect(await settled()).toContain('1 x');
    expect(scene.api.seen.at(-1)?.query.$deltatoken).toBe('1');
  });

  test('a property that a change leaves out next to omit-values=nulls stops the run, and either advice ends well', async () => {
    const asking = (leftOut: string) => ({ ...tracked, home: `, headers: { prefer: omit-values=nulls }${leftOut}` });
    const page = ({ $deltatoken: token }: Readonly<Record<string, string>>) =>
      token === undefined ? first : { value: [token === '1' ? { ID: 1 } : { ID: 2 }], ...link(Number(token) + 1) };
    preferred = 'omit-values=nulls';
    serve({ ...asking(''), page });
    await go();
    const stopped = await scene.workspace.run(['go']);
    expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining('HYG-3662')]);
    for (const advice of ['left_out: unchanged', 'left_out: "null"']) expect(stopped.stdout).toContain(advice);
    serve({ ...asking(', left_out: unchanged'), page });
    expect((await go()).error).toBeUndefined();
    serve({ ...asking(', left_out: "null"'), page });
    expect((await go()).error).toBeUndefined();
    expect(await settled(`ID || ' ' || coalesce(Name, '-')`)).toEqual(['1 n1', '2 -', '3 n3']);
  });

  test('changes without a link settle nothing', async () => {
    serve({ ...tracked, page: ({ $deltatoken }) => ($deltatoken === undefined ? first : { value: [{ ID: 1, Name: 'x' }] }) });
    await go();
    expect((await go()).error).toBe('HYG-3661');
    expect(await settled()).toContain('1 n1');
  });

  test.each([
    ['whose $select is told', '&$select=ID'],
    ['that shows nothing', ''],
  ])(
    'a property that is new is not among those of an old link %s: the message says so, and its command continues from there',
    async (_, selected) => {
      const old = { ...tracked, edmx: metadata(property('ID', 'Edm.Int32', 'Nullable="false"')) };
      serve({ ...old, page: () => ({ value: [{ ID: 1 }], '@odata.deltaLink': `HERE/Things?$deltatoken=1${selected}` }) });
      await go();
      serve({ ...tracked, page: ({ $deltatoken }) => ($deltatoken === undefined ? first : { value: [{ ID: 1 }], ...link(2) }) });
      const stopped = await scene.workspace.run(['go']);
      expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining('HYG-3662')]);
      expect(stopped.stdout).toMatch(
        selected === '' ? /newer than the delta link/ : /the \$select of the delta link is older than this property/,
      );
      const advice = /hygge (go -d -e \S+)/.exec(stopped.stdout)?.[1] ?? '';
      expect((await go(...advice.split(' ').slice(1))).code).toBe(0);
      expect(await settled()).toEqual(['1 n1', '2 n2', '3 n3']);
    },
  );

  test.each([
    ['a record, by its context', { '@odata.context': 'HERE/$metadata#Orders/$entity', ID: 1, Name: 'an order' }],
    ['a removed record of OData 4.01', { '@removed': { reason: 'deleted' }, '@id': 'Orders(2)' }],
  ])('%s of another entity set is none of this one, and stops the run', async (_, entry) => {
    serve({ ...tracked, page: ({ $deltatoken }) => ($deltatoken === undefined ? first : { value: [entry], ...link(2) }) });
    await go();
    const stopped = await scene.workspace.run(['go']);
    expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining('HYG-3661')]);
    expect(stopped.stdout).toContain('Orders');
    expect(await settled()).toEqual(['1 n1', '2 n2', '3 n3']);
  });

  test('records that tell their own set in other ways are those of this one', async () => {
    const value = [
      { '@odata.context': 'HERE/$metadata#Things(ID,Name)/$entity', '@odata.id': 'HERE/Things(1)', ID: 1, Name: 'x' },
      { '@odata.context': '$metadata#Things/S.Thing/$entity', '@odata.id': '1', ID: 2, Name: 'y' },
      { '@odata.context': '$metadata#Things/$deletedEntity', id: 'Things(3)', reason: 'deleted' },
      { '@odata.context': 'HERE/$metadata#Renamed/$entity', ID: 4, Name: 'z' },
    ];
    const context = { '@odata.context': 'HERE/$metadata#Renamed(ID,Name)/$delta' };
    serve({ ...tracked, page: ({ $deltatoken }) => ($deltatoken === undefined ? first : { ...context, value, ...link(2) }) });
    await go();
    expect((await go()).code).toBe(0);
    expect(await settled()).toEqual(['1 x', '2 y', '4 z']);
  });

  test('410 at a later page is no expired link: the next run continues from it', async () => {
    let isGone = true;
    const changes = { value: [{ ID: 1, Name: 'x' }], '@odata.nextLink': 'HERE/Things?$deltatoken=1&$skiptoken=5' };
    serve({ ...tracked, page: ({ $deltatoken }) => ($deltatoken === undefined ? first : changes) });
    const script = scene.api.script;
    scene.api.script = (request) => {
      if (request.query.$skiptoken === undefined) return script(request);
      if (isGone) return { status: 410, body: '{"error":{"message":"skiptoken expired"}}' };
      return { body: JSON.stringify({ value: [{ ID: 2, Name: 'y' }], '@odata.deltaLink': `${scene.api.url}/Things?$deltatoken=2` }) };
    };
    await go();
    expect((await go()).error).toBe('HYG-3601');
    isGone = false;
    expect((await go()).code).toBe(0);
    expect(await settled()).toEqual(['1 x', '2 y', '3 n3']);
  });

  test('a link to another origin stops the first run, and not each later one', async () => {
    serve({ ...tracked, page: () => ({ ...first, '@odata.deltaLink': 'http://localhost:9/Things?$deltatoken=1' }) });
    expect((await go()).error).toBe('HYG-3661');
  });
});

test('metadata of two schemas: aliases, bases of bases, a container of its own, singletons, keys of a base', () => {
  const edm = readEdm(`<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Model.Base" Alias="b" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="Root" Abstract="true"><Key><PropertyRef Name="Id"/></Key>${property('Id', 'Edm.Guid')}</EntityType>
<ComplexType Name="Money">${property('Amount', 'b.Amount')}</ComplexType><TypeDefinition Name="Amount" UnderlyingType="Edm.Decimal" Precision="19" Scale="4"/></Schema>
<Schema Namespace="Model" Alias="m" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="Doc" BaseType="b.Root" OpenType="true">${property('At', 'Edm.DateTimeOffset', 'Precision="7"')}</EntityType>
<EntityType Name="Order" BaseType="m.Doc">${property('Total', 'b.Money')}${property('Rest', 'Collection(Model.Base.Money)')}<NavigationProperty Name="Docs" Type="Collection(m.Doc)"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Orders" EntityType="m.Order"/><Singleton Name="Latest" Type="Model.Order"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`);
  const shown = (path: string) =>
    entityAt(edm, path)?.properties.map((one) => {
      const type = typeOfProperty(edm, one);
      return `${one.name} ${type === null ? '–' : describeType(type)}`;
    });
  const money = 'struct<Amount: decimal(19,4)>';
  expect(shown('Orders')).toEqual(['Id uuid', 'At timestamp[ns, UTC]', `Total ${money}`, `Rest list<${money}>`]);
  expect([entityAt(edm, 'Orders')?.keys, entityAt(edm, 'Orders')?.isOpen]).toEqual([['Id'], true]);
  expect(shown('Latest/Docs')).toEqual(['Id uuid', 'At timestamp[ns, UTC]']);
  expect(shown('Orders(1)/Docs/Model.Order')).toHaveLength(4);
});

test('keys that are written with a type', () => {
  expect(keyIn("Things(Color=S.Color'Red',For=duration'PT1S')", ['Color', 'For'])).toEqual({ Color: 'Red', For: 'PT1S' });
  expect(keyIn("Things('it''s')", ['ID'])).toEqual({ ID: "it's" });
});
