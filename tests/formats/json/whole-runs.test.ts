import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { duck } from '../../support/duck.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const data = join(import.meta.dirname, '../../../node_modules/vega-datasets/data');
const flow = (text: string) => ({ 'flows/f/flow.yml': text });
const go = (workspace: TestWorkspace, ...more: readonly string[]) => workspace.run(['go', '--output', 'json', ...more]);

describe('hygge go', () => {
  test('settles movies.json as parquet when its titles are said to be texts', async () => {
    using workspace = new TestWorkspace(flow('home: { path: movies.json, types: { Title: string } }\nstore: lake\n'));
    cpSync(join(data, 'movies.json'), workspace.path('movies.json'));
    expect((await go(workspace)).code).toBe(0);
    const parsed = JSON.parse(readFileSync(workspace.path('movies.json'), 'utf8')) as { Title: unknown; 'IMDB Rating': number | null }[];
    const rows = await workspace.settled('lake', 'f', 'f');
    const titles = (some: readonly unknown[]) => some.map(String).sort();
    expect(titles(rows.map(({ Title }) => Title))).toEqual(titles(parsed.map(({ Title }) => Title)));
    const [types] = await duck(
      `select typeof("Title") t, typeof("US Gross") g, typeof("IMDB Rating") r from '${workspace.path('lake')}/*.parquet' limit 1`,
    );
    expect(types).toEqual({ t: 'VARCHAR', g: 'BIGINT', r: 'DOUBLE' });
  });

  test('keeps bad records apart, counted, and says so', async () => {
    using workspace = new TestWorkspace(flow('home: { path: in.ndjson, bad_rows: quarantine }\nstore: lake\n'));
    workspace.write({ 'in.ndjson': '{"id":1}\n{"id":\n{"id":3}\n' });
    const run = await go(workspace);
    expect(run.code).toBe(0);
    expect(run.events.at(-1)).toMatchObject({ event: 'summary', warn: 1, rows: 2 });
    const apart = [...workspace.tree('lake').keys()].filter((path) => path.includes('/quarantine/'));
    expect(apart).toHaveLength(1);
    const [row] = await duck(`select source, line, text from '${workspace.path(apart[0] ?? '')}'`);
    expect(row).toMatchObject({ source: 'in.ndjson', line: '2', text: '{"id":' });
  });

  test('keeps to the types of the first run, until reset', async () => {
    using workspace = new TestWorkspace(flow('home: in.ndjson\nstore: lake\n'));
    workspace.write({ 'in.ndjson': '{"n":1}\n' });
    expect((await go(workspace)).code).toBe(0);
    workspace.write({ 'in.ndjson': '{"n":1.5}\n' });
    const refused = await go(workspace);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('HYG-3305');
    expect(await workspace.settled('lake', 'f', 'f')).toEqual([{ n: '1' }]);
    expect((await workspace.run(['reset', 'f.f', '--yes'])).code).toBe(0);
    expect((await go(workspace)).code).toBe(0);
    expect(await workspace.settled('lake', 'f', 'f')).toEqual([{ n: 1.5 }]);
  });

  test('a late name in one of many files is a column', async () => {
    using workspace = new TestWorkspace(flow('home: { path: in, format: ndjson }\nstore: lake\n'));
    for (let i = 0; i < 30; i++)
      workspace.write({ [`in/${String(i).padStart(2, '0')}.ndjson`]: i === 17 ? `{"id":${i},"late":true}\n` : `{"id":${i}}\n` });
    expect((await go(workspace)).code).toBe(0);
    const rows = await workspace.settled('lake', 'f', 'f');
    expect(rows).toHaveLength(30);
    expect(rows.filter(({ late }) => late === true)).toEqual([{ id: '17', late: true }]);
  });

  test('json to json and back again is the same, value by value', async () => {
    using workspace = new TestWorkspace({
      'flows/out/flow.yml': 'home: cars.json\nstore: { path: out, format: json }\n',
      'flows/back/flow.yml': 'home: { path: out, format: json }\nstore: { path: back, format: ndjson, compression: zstd }\n',
    });
    cpSync(join(data, 'cars.json'), workspace.path('cars.json'));
    for (const name of ['out', 'back']) {
      const run = await go(workspace, '-f', name);
      expect(run.code, run.stdout).toBe(0);
    }
    const [differ] = await duck(
      `select count(*)::int n from ((select * from read_json('${workspace.path('cars.json')}')) except all (select * from read_json('${workspace.path('back')}/*.ndjson.zst')))`,
    );
    expect(differ).toEqual({ n: 0 });
  });

  test('a dry run says what it will be, and touches nothing', async () => {
    using workspace = new TestWorkspace(flow('home: in.ndjson\nstore: lake\n'));
    workspace.write({ 'in.ndjson': '{"id":1,"at":"2024-01-01"}\n' });
    const before = workspace.tree();
    const run = await go(workspace, '--dry-run');
    expect(run.code).toBe(0);
    expect(JSON.stringify(run.events.find(({ event }) => event === 'plan'))).toContain('"type":"int64"');
    expect(workspace.tree()).toEqual(before);
  });
});
