import { expect, test } from 'vitest';
import { noColumn } from '../../src/apis/odata/errors.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';

const scene = scriptedScene();

const edmx = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="S" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="Thing"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/><Property Name="T" Type="Edm.DateTimeOffset" Precision="7"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Things" EntityType="S.Thing"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;
const record = { ID: 1, T: '2026-01-26T11:22:33.1234567Z' };

/** A service whose times have seven digits, which a DuckDB file can not hold. @param select whether it pays regard to `$select`. */
function serve(select: boolean, { home = '', flow = '' } = {}): void {
  scene.api.script = ({ path, query }) => {
    const names = select ? (query.$select ?? 'ID,T').split(',') : ['ID', 'T'];
    const shown = Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
    return { body: path.endsWith('$metadata') ? edmx : JSON.stringify({ '@odata.count': 1, value: [shown] }) };
  };
  scene.workspace.write({
    'flows/f/flow.yml': `home: { type: odata, base_url: "${scene.api.url}"${home} }\nstore: { type: duckdb, path: out.duckdb, table: things }\n${flow}\nentities: [Things]\n`,
  });
}

const settled = () => duck(`attach '${scene.workspace.path('out.duckdb')}' as made (read_only)`, 'select * from made.things');

test('a property that a store has no type for settles as each line of advice says', async () => {
  serve(true);
  const { error, events } = await here(scene.workspace, 'go');
  const failed = events.find((event) => event.event === 'error');
  const advice = failed?.event === 'error' ? failed.tryThis.join('\n') : '';
  expect([error, advice]).toEqual([
    'HYG-2078',
    expect.stringMatching(/as text: schema_overrides: \{ T: string \}\n.*exclude in the home, or columns/),
  ]);
  serve(true, { flow: 'schema_overrides: { T: string }' });
  expect((await here(scene.workspace, 'go')).code).toBe(0);
  expect(await settled()).toEqual([{ ID: 1, T: record.T }]);
});

test.each([
  ['exclude, of a service that pays no regard to $select', ', exclude: [T]', false],
  ['columns, of a service that pays no regard to $select', ', columns: [ID]', false],
])('a property that is left out by %s does not settle', async (_what, home, select) => {
  serve(select, { home });
  expect([(await here(scene.workspace, 'go')).code, await settled()]).toEqual([0, [{ ID: 1 }]]);
  expect(scene.api.seen.at(-1)?.query.$select).toBe('ID');
});

test.each([
  [[], 'It has none.'],
  [['ID', 'T'], 'Known names: ID, T.'],
  [[...'abcdefgh'], 'Known names: a, b, c, d, e, f, g, h.'],
  [[...'abcdefghi'], 'There are 9 names, among them a, b, c, d, e, f, g, h.'],
])('a property that is not there is refused with those that are: %j', (known, why) => {
  expect(noColumn('Orders', 'Nope', known)).toMatchObject({ code: 'HYG-3663', why: [why] });
});

test('a property in exclude that is not there is named', async () => {
  serve(true, { home: ', exclude: [Nope]' });
  expect((await here(scene.workspace, 'go')).error).toBe('HYG-3663');
});
