import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noOData, type ODataService, startOData } from '../support/apis/odata.ts';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const problem = noOData();
let service: ODataService;

const flowOf = (entity: string, { home = '', flow = '' } = {}) => ({
  'flows/f/flow.yml': `
home:
  type: odata
  base_url: ${service.url}
${home
  .trim()
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
store: lake
${flow}
entities: [${entity}]
`,
});

const rowsOf = async (workspace: TestWorkspace, entity: string, select: string) => {
  const found = await duck(
    `select ${select} as one from read_parquet('${workspace.path(`lake/${entity}/*.parquet`)}', union_by_name = true) order by 1`,
  );
  return found.map(({ one }) => String(one));
};

describe.skipIf(problem !== '')(`OData, by Microsoft's own server library ${problem}`, () => {
  beforeAll(async () => {
    service = await startOData();
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    service.proxy.rule(() => undefined);
    await service.reset();
  });

  test('every type settles exactly, nulls and all, page by page', async () => {
    using workspace = new TestWorkspace(flowOf('Samples', { home: 'page_size: 4\ntypes: { OtherTime: "timestamp[ns, UTC]" }' }));
    await service.samples(11);
    const { code, summary } = await here(workspace, 'go');
    expect([code, summary.rows]).toEqual([0, 11]);
    const files = `read_parquet('${workspace.path('lake/Samples/*.parquet')}')`;
    const [odd, even] = await duck(`select * from ${files} where ID in (3, 4) order by ID`);
    const shown = (row: Record<string, unknown> | undefined) =>
      JSON.parse(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
    const types = await duck(`describe select * from ${files}`);
    expect(types.map(({ column_name, column_type }) => `${column_name} ${column_type}`)).toMatchSnapshot();
    expect([shown(odd), shown(even)]).toMatchSnapshot();
    const pages = service.proxy.seen.filter(({ path }) => path.includes('/Samples'));
    expect(pages.length).toBe(3);
    expect(pages[0]?.headers.prefer).toBe('odata.maxpagesize=4');
  });

  test('an increment asks for its window, and one that finds nothing asks for metadata and one page', async () => {
    using workspace = new TestWorkspace(
      flowOf('Samples', {
        home: 'page_size: 4\ncolumns: [ID, Changed, Text]',
        flow: 'run_type: incremental\nwatermark: { column: Changed }',
      }),
    );
    const at = (date: string) => service.proxy.rule(() => ({ headers: { date } }));
    await service.samples(9);
    at('Sat, 31 Jan 2026 08:06:30 GMT');
    expect((await here(workspace, 'go')).summary.rows).toBe(5);
    at('Sat, 31 Jan 2026 09:00:00 GMT');
    expect((await here(workspace, 'go')).summary.rows).toBe(4);
    const before = service.proxy.seen.length;
    expect((await here(workspace, 'go')).summary.rows).toBe(0);
    service.proxy.rule(() => undefined);
    const asked = service.proxy.seen.slice(before).map(({ path }) => path);
    expect(asked).toEqual([
      '/odata/$metadata',
      '/odata/Samples?$select=ID,Changed,Text&$count=true&$filter=Changed ge 2026-01-31T08:58:59Z',
    ]);
    expect(await rowsOf(workspace, 'Samples', `ID || ' ' || coalesce("Text", '–')`)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `${i} ${i % 2 === 1 ? `ü "${i}" 😀` : '–'}`),
    );
  });

  test('a key of two columns is reported, and an entity set without records settles with its columns', async () => {
    using workspace = new TestWorkspace(flowOf('Lines'));
    expect((await here(workspace, 'go')).code).toBe(0);
    await service.lines(7);
    expect((await here(workspace, 'go')).summary.rows).toBe(7);
    expect(await rowsOf(workspace, 'Lines', `"Order" || ' ' || "Position"`)).toEqual([
      "O'0 0",
      "O'0 1",
      "O'0 2",
      "O'1 0",
      "O'1 1",
      "O'1 2",
      "O'2 0",
    ]);
    const { stdout } = await workspace.run(['debug']);
    expect(stdout).toContain('its key is Order, Position');
  });

  test.each([
    ['<html><body>Sign in</body></html>', 'HYG-3664'],
    ['<edmx:Edmx Version="4.0" xmlns:edmx="x"><edmx:DataServices/></edmx:Edmx>', 'HYG-3663'],
  ])('metadata that is none is refused: %s', async (body, code) => {
    using workspace = new TestWorkspace(flowOf('Lines'));
    service.proxy.rule(({ path }) => (path.endsWith('$metadata') ? { answer: { status: 200, body } } : undefined));
    expect((await here(workspace, 'go')).error).toBe(code);
  });

  test('generate entities makes a file of each entity set, with its key and what may be a watermark', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: { type: odata, base_url: "${service.url}" }\nstore: lake\n` });
    const { code } = await workspace.run(['generate', 'entities', '--flow', 'f', '--like', '*s']);
    expect(code).toBe(0);
    const text = (name: string) => readFileSync(workspace.path(`flows/f/entities/${name}.yml`), 'utf8');
    expect(text('Customers')).toContain('# watermark: { column: Changed, key: [ID]');
    expect(text('Lines')).not.toContain('run_type: incremental');
    await service.put({ id: 1, name: 'bun' });
    await service.lines(2);
    expect((await here(workspace, 'go')).summary.rows).toBe(3);
    const none = await workspace.run(['generate', 'entities', '--flow', 'f', '--like', 'X*']);
    expect([none.code, none.stderr + none.stdout]).toEqual([2, expect.stringContaining('HYG-1902')]);
  });

  test('a long history is read in slices of its window, several at once, and each record once', async () => {
    using workspace = new TestWorkspace(
      flowOf('Samples', {
        home: 'page_size: 2\ncolumns: [ID, Changed]\nwindow: { slice: 3m }',
        flow: 'run_type: incremental\nwatermark: { column: Changed, initial: "2026-01-31T08:00:00Z" }',
      }),
    );
    service.proxy.rule(() => ({ headers: { date: 'Sat, 31 Jan 2026 08:30:00 GMT' } }));
    await service.samples(11);
    const { code, summary } = await here(workspace, 'go');
    expect([code, summary.rows]).toEqual([0, 11]);
    const filters = new Set(
      service.proxy.seen.flatMap(({ path }) => /\$filter=(Changed ge [^&]* and Changed le [^&]*)/.exec(path)?.[1] ?? []),
    );
    expect(filters.size).toBe(10);
    expect([...filters]).toContain('Changed ge 2026-01-31T08:02:59Z and Changed le 2026-01-31T08:06:01Z');
    expect(await rowsOf(workspace, 'Samples', 'ID')).toEqual(Array.from({ length: 11 }, (_, i) => String(i + 1)));
  });

  test('a service that leads nowhere is read page by page in the order of the key', async () => {
    using workspace = new TestWorkspace(flowOf('Lines', { home: 'pages: client\npage_size: 3' }));
    await service.lines(7);
    const before = service.proxy.seen.length;
    const { code, summary } = await here(workspace, 'go');
    expect([code, summary.rows]).toEqual([0, 7]);
    const asked = service.proxy.seen.slice(before).filter(({ path }) => path.includes('/Lines'));
    expect(asked.map(({ path }) => /\$orderby=[^&]*/.exec(path)?.[0])).toEqual(asked.map(() => '$orderby=Order,Position'));
    expect(asked.map(({ path }) => /\$skip=(\d+)/.exec(path)?.[1])).toEqual([undefined, '2', '4', '6'].slice(0, asked.length));
    workspace.write(flowOf('Lines', { home: 'pages: client\ncolumns: [Order, Text]' }));
    expect((await here(workspace, 'go')).error).toBe('HYG-3665');
  });
});
