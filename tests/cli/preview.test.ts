import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { exampleWorkspace, hygge } from './workspace.ts';

/** The example with one more flow, `f`, whose home is a file that DuckDB wrote. */
async function withFile(query: string, home = '') {
  const workspace = await exampleWorkspace();
  await mkdir(join(workspace.root, 'flows/f'), { recursive: true });
  await writeFile(join(workspace.root, 'flows/f/flow.yml'), `home: { path: in/f.parquet${home} }\nstore: out\n`);
  const file = join(workspace.root, 'in/f.parquet');
  await mkdir(dirname(file), { recursive: true });
  await duck(`copy (${query}) to '${file}' (format parquet)`);
  return workspace;
}

async function rows(root: string, ...args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const { code, stdout, stderr } = await hygge(['preview', 'f.f', '--output', 'json', ...args], root);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the table', () => {
  it('has types under the names, numbers to the right, and says how many rows there are', async () => {
    await using workspace = await exampleWorkspace();
    const { stdout } = await hygge(['preview', 'shop.orders', '-n', '2'], workspace.root);
    expect(stdout).toBe(`shop.orders from data/inbox/orders.parquet

order_id  placed_at            customer_id  product        quantity  price_dkk
   int64  timestamp[ms]              int64  string            int32    float64
       1  2026-01-02T08:17:00           13  wool blanket          4        173
       2  2026-01-02T08:45:00           50  stoneware mug         4       46.5

2 of 1,000 rows. The preview only read rows: nothing was moved.
`);
  });

  it('tells NULL from the text NULL, the empty text and blanks, and shows what cannot be seen', async () => {
    await using workspace = await withFile(
      "select unnest(['plain', null, 'NULL', '', ' x ', 'a' || chr(10) || chr(27) || '[31mb', 'say \"hi\"', '\"q\"']) as v",
    );
    const { stdout } = await hygge(['preview', 'f.f'], workspace.root);
    expect(stdout.split('\n').slice(4, 12)).toEqual([
      'plain',
      'NULL',
      '"NULL"',
      '""',
      '" x "',
      '"a\\n\\x1b[31mb"',
      'say "hi"',
      '"\\"q\\""',
    ]);
  });
});

describe('a preview', () => {
  it('reads what a run would read: columns and exclude hold', async () => {
    await using workspace = await withFile('select 1 as a, 2 as b, 3 as c', ', exclude: [b]');
    expect(await rows(workspace.root)).toEqual([{ a: 1, c: 3 }]);
  });

  it('of a file that is gone ends with 1, and says so', async () => {
    await using workspace = await withFile('select 1 as a');
    await writeFile(join(workspace.root, 'flows/f/flow.yml'), 'home: in/nix.parquet\nstore: out\n');
    const { code, stderr } = await hygge(['preview', 'f.f'], workspace.root);
    expect(code).toBe(1);
    expect(stderr).toContain('There is nothing to read at in/nix.parquet');
  });
});
