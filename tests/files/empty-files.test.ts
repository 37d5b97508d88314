/** A file of 0 bytes beside others: most often its writer was interrupted, or has not begun. */
import { describe, expect, test } from 'vitest';
import { count } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const texts: Readonly<Record<string, (from: number, to: number) => string>> = {
  csv: (from, to) =>
    `id,a\n${ids(from, to)
      .map((id) => `${id},x\n`)
      .join('')}`,
  ndjson: (from, to) =>
    ids(from, to)
      .map((id) => `{"id":${id},"a":"x"}\n`)
      .join(''),
  json: (from, to) => JSON.stringify(ids(from, to).map((id) => ({ id, a: 'x' }))),
};

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

async function fill(workspace: TestWorkspace, name: string, { format, from, to }: { format: string; from: number; to: number }) {
  const path = `in/t/${name}.${format}`;
  if (format === 'parquet') await workspace.parquet(path, `select range as id, 'x' as a from range(${from}, ${to})`);
  else workspace.write({ [path]: texts[format]?.(from, to) ?? '' });
}

function open(format: string, { runType = 'incremental', more = '' } = {}): TestWorkspace {
  return new TestWorkspace({
    'hygge.yml': 'name: z\n',
    'flows/f/flow.yml': `home: { type: local, format: ${format}, path: "in/{entity}"${more} }\nstore: { type: parquet, path: lake }\nrun_type: ${runType}\nentities: [t]\n`,
  });
}

const settled = (workspace: TestWorkspace) => count(`select count(distinct id) as n from '${workspace.path('lake/t')}/*.parquet'`);

async function go(workspace: TestWorkspace) {
  const { code, error, events } = await here(workspace, 'go');
  const done = events.find(({ event }) => event === 'entity_done') as { status?: string } | undefined;
  return { code, error, status: done?.status, said: JSON.stringify(events) };
}

describe.each(['csv', 'parquet', 'ndjson'])('a file of %s without a byte', (format) => {
  const status = format === 'ndjson' ? 'pass' : 'warn';

  test.each(format === 'csv' ? ['incremental', 'full_drop'] : ['incremental'])(
    'stops no %s run, and is read when it has grown',
    async (runType) => {
      using workspace = open(format, { runType });
      await fill(workspace, 'a', { format, from: 0, to: 3 });
      workspace.write({ [`in/t/b.${format}`]: '' });
      expect(await go(workspace)).toMatchObject({ code: 0, status, said: expect.stringContaining(`b.${format} is empty (0 bytes)`) });
      expect(await settled(workspace)).toBe(3);
      await fill(workspace, 'b', { format, from: 3, to: 5 });
      expect(await go(workspace)).toMatchObject({ code: 0, status: 'pass' });
      expect(await settled(workspace)).toBe(5);
    },
  );
});

// Formats that say so, and one that has no beginning.
describe.each(['csv', 'ndjson'])('a file of %s that is empty by now', (format) => {
  test('takes nothing of what settled from it before', async () => {
    using workspace = open(format);
    for (const [name, from] of [
      ['a', 0],
      ['b', 3],
    ] as const)
      await fill(workspace, name, { format, from, to: from + 3 });
    expect(await go(workspace)).toMatchObject({ code: 0 });
    workspace.write({ [`in/t/b.${format}`]: '' });
    expect(await go(workspace)).toMatchObject({ code: 0 });
    expect(await settled(workspace)).toBe(6);
  });

  test('is named in each run until it has grown, also where nothing is new', async () => {
    using workspace = open(format);
    await fill(workspace, 'a', { format, from: 0, to: 3 });
    expect(await go(workspace)).toMatchObject({ status: 'pass' });
    workspace.write({ [`in/t/b.${format}`]: '' });
    const said = format === 'ndjson' ? expect.anything() : expect.stringContaining(`b.${format} is empty (0 bytes)`);
    const idle = { code: 0, status: format === 'ndjson' ? 'skip' : 'warn', said };
    expect(await go(workspace)).toMatchObject(idle);
    expect(await go(workspace)).toMatchObject(idle);
    await fill(workspace, 'b', { format, from: 3, to: 5 });
    expect(await go(workspace)).toMatchObject({ status: 'pass' });
    expect(await settled(workspace)).toBe(5);
  });
});

test.each([
  ['csv', '\n'],
  ['csv', '\uFEFF\r\n'],
  ['json', '\n'],
])('a file of %s with line breaks alone (%j) stops no run, and is read when it has grown', async (format, blank) => {
  using workspace = open(format);
  await fill(workspace, 'a', { format, from: 0, to: 3 });
  workspace.write({ [`in/t/b.${format}`]: blank });
  expect(await go(workspace)).toMatchObject({
    code: 0,
    status: 'warn',
    said: expect.stringContaining(`b.${format} is blank (only line breaks)`),
  });
  await fill(workspace, 'b', { format, from: 3, to: 5 });
  expect(await go(workspace)).toMatchObject({ code: 0, status: 'pass' });
  expect(await settled(workspace)).toBe(5);
});

test('a short file with a value is read, and a blank one without a header is a row', async () => {
  using workspace = open('csv', { more: ', header: false' });
  workspace.write({ 'in/t/a.csv': '1\n', 'in/t/b.csv': '\n', 'in/t/c.csv': '2' });
  const run = await workspace.run(['go']);
  expect(run.stdout + run.stderr).not.toContain('blank');
});

test.each(['csv', 'parquet'])('empty_files: fail stops at a file of %s without a byte', async (format) => {
  using workspace = open(format, { more: ', empty_files: fail' });
  await fill(workspace, 'a', { format, from: 0, to: 3 });
  workspace.write({ [`in/t/b.${format}`]: '' });
  expect(await go(workspace)).toMatchObject({ code: 1, error: expect.stringMatching(/^HYG-3/) });
});

test.each(['csv', 'json'])('files of %s that are all empty are no source', async (format) => {
  using workspace = open(format);
  workspace.write({ [`in/t/a.${format}`]: '', [`in/t/b.${format}`]: '' });
  expect(await go(workspace)).toMatchObject({ code: 1, error: expect.stringMatching(/^HYG-3/) });
});
