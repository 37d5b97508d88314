import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Fewer rows keep no sums. */
const most = 100_000;
const rows = (from: number, to: number) => `select range as id, 'a' || range as name from range(${from}, ${to})`;

const shop = () =>
  new TestWorkspace({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml':
      'home: { path: "in/{entity}" }\nstore: { path: "lake/{entity}", format: ndjson }\nentities: [orders]\nrun_type: incremental\nwatermark: { column: id }\n',
  });

async function go(workspace: TestWorkspace, ...flags: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await workspace.run(['go', ...flags]);
  if (code !== 0) throw new Error(stdout + stderr);
}

async function verify(workspace: TestWorkspace, ...flags: readonly string[]) {
  const { stdout, stderr } = await workspace.run(['verify', '--output', 'json', ...flags]);
  const found = stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Comparison & { readonly event?: string }] : []))
    .find((one) => one.verdict !== undefined);
  if (found === undefined) throw new Error(stdout + stderr);
  const { verdict, work, settled_read_at: at, differences, rows: counts } = found;
  return {
    verdict,
    read: work?.destination.rows_read,
    isKnown: at !== null,
    changed: differences?.only_in_source,
    rows: counts?.destination,
  };
}

const lakeFile = (workspace: TestWorkspace): string => {
  const [name = ''] = readdirSync(workspace.path('lake', 'orders')).filter((one) => one.endsWith('.ndjson'));
  return workspace.path('lake', 'orders', name);
};

describe('the sums of settled files', () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = shop();
    await workspace.parquet('in/orders/1.parquet', rows(0, most));
    await go(workspace);
    expect(await verify(workspace)).toMatchObject({ verdict: 'same', read: most, isKnown: false });
  });
  afterAll(() => workspace[Symbol.dispose]());

  test('stand for files that are as they were', async () => {
    expect(await verify(workspace)).toMatchObject({ verdict: 'same', read: 0, isKnown: true, rows: most });
    expect((await workspace.run(['verify'])).stdout).toMatch(
      /settled side: sums of \d{4}-\d\d-\d\d \d\d:\d\d UTC, whose files are unchanged\n/,
    );
  });

  test('stand for nothing with a sample, a proof, other columns or a range', async () => {
    // The range has all rows: with the sums of the comparison before it would be the same.
    for (const flags of [
      ['--range', `0..${most}`],
      ['--sample', '50%'],
      ['--proof', 'proof'],
      ['--columns', 'name'],
    ])
      expect((await verify(workspace, ...flags)).isKnown, flags[0]).toBe(false);
    // The sums of other columns took their place, and the lake is read once.
    expect(await verify(workspace)).toMatchObject({ verdict: 'same', read: most, isKnown: false });
    expect(await verify(workspace, '--columns', 'name')).toMatchObject({ verdict: 'same', read: most, isKnown: false });
  });

  test('stand for no row of a source that changed: what differs is read and named', async () => {
    await workspace.parquet('in/orders/1.parquet', `select id, if(id = 77, 'b', name) as name from (${rows(0, most)})`);
    expect(await verify(workspace)).toMatchObject({ verdict: 'differs', isKnown: false, changed: 1 });
    await workspace.parquet('in/orders/1.parquet', rows(0, most));
    expect(await verify(workspace)).toMatchObject({ verdict: 'same', read: 0 });
  });

  test('do not stand for a file that another program edited, though its size is the same', async () => {
    const file = lakeFile(workspace);
    const before = readFileSync(file);
    writeFileSync(file, before.toString().replace('"name":"a500"', '"name":"b500"'));
    expect(await verify(workspace)).toMatchObject({ verdict: 'differs', isKnown: false, changed: 1 });
    writeFileSync(file, before);
    expect(await verify(workspace)).toMatchObject({ verdict: 'same', isKnown: false, read: most });
  });

  test('of newer files only the rows are read, and a full load reads all of them again', async () => {
    await workspace.parquet('in/orders/2.parquet', rows(most, most + 50));
    await go(workspace);
    expect(await verify(workspace)).toMatchObject({ verdict: 'same', read: 50, isKnown: true, rows: most + 50 });
    expect(await verify(workspace)).toMatchObject({ verdict: 'same', read: 0, isKnown: true, rows: most + 50 });
    // Rows that are not yet due change nothing, and neither does a settled row whose newer version is one of them.
    await workspace.parquet('in/orders/3.parquet', rows(most + 50, most + 60));
    expect(await verify(workspace)).toMatchObject({ verdict: 'same', read: 0, isKnown: true });
    await go(workspace, '-d');
    expect(await verify(workspace)).toMatchObject({ verdict: 'same', isKnown: false, rows: most + 60 });
  });
});

test('a small entity keeps no sums', async () => {
  using workspace = shop();
  await workspace.parquet('in/orders/1.parquet', rows(0, 1000));
  await go(workspace);
  await verify(workspace);
  expect(await verify(workspace)).toMatchObject({ verdict: 'same', read: 1000, isKnown: false });
});
