import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { count, duck } from '../support/duck.ts';
import { everyFile, exampleWorkspace, hold, hygge } from './workspace.ts';

const notSet = `\${NOT_SET_HERE}`;

describe('hygge go --limit N --to DIR', () => {
  it('settles exactly so many rows of each entity in the folder, and touches nothing else', async () => {
    await using workspace = await exampleWorkspace();
    const before = await everyFile(workspace.root);
    const run = await hygge(['go', '--limit', '60', '--to', 'try'], workspace.root);
    expect(run.code).toBe(0);
    const [orders, customers] = ['orders', 'customers'].map((name) => `read_parquet('${workspace.root}/try/shop/${name}/*.parquet')`);
    expect(await count(`select count(*) as n from ${orders}`)).toBe(60);
    expect(await count(`select count(*) as n from ${customers}`)).toBe(50);
    const source = `(select * from '${workspace.root}/data/inbox/orders.parquet' limit 60)`;
    expect(await duck(`(from ${orders}) except all (from ${source})`)).toEqual([]);
    const after = await everyFile(workspace.root);
    const elsewhere = Object.entries(after).filter(([path]) => !path.startsWith(join(workspace.root, 'try')));
    expect(Object.fromEntries(elsewhere)).toEqual(before);
  });

  it('says at the beginning and at the end that it was a try-out', async () => {
    await using workspace = await exampleWorkspace();
    const { stdout } = await hygge(['go', '--limit', '1', '--to', 'try', '-e', 'shop.orders'], workspace.root);
    expect(stdout).toMatch(/^! This is a try-out: at most one row of each entity, into try\. State and stores stay unchanged\./);
    expect(stdout).toContain('That was a try-out: 1 row is in try. State and stores are unchanged.');
    expect(stdout).toContain('next  hygge go        to move all rows to where they belong');
    expect(stdout).toContain('Done. PASS=1 WARN=0 ERROR=0 SKIP=0 TOTAL=1');
  });

  it('takes no lease: a real run may be at it', async () => {
    await using workspace = await exampleWorkspace();
    await hold(workspace.root, { flow: 'shop', entity: 'orders' });
    expect((await hygge(['go', '--limit', '5', '--to', 'try'], workspace.root)).code).toBe(0);
  });

  it('is not in the way of the real run that follows', async () => {
    await using workspace = await exampleWorkspace();
    await hygge(['go', '--limit', '5', '--to', 'try'], workspace.root);
    const real = await hygge(['go'], workspace.root);
    expect(real.stdout).toContain('1,050 rows settled');
    expect((await hygge(['journal'], workspace.root)).stdout.match(/shop\./g)).toHaveLength(2);
  });

  it('reads no more of many files than it needs', async () => {
    await using workspace = await exampleWorkspace();
    const folder = join(workspace.root, 'many');
    await mkdir(folder);
    for (const n of [1, 2, 3])
      await duck(`copy (select range as id, ${n} as file from range(40)) to '${folder}/${n}.parquet' (format parquet)`);
    await writeFile(join(folder, '4.parquet'), 'torn');
    await mkdir(join(workspace.root, 'flows/f'));
    await writeFile(join(workspace.root, 'flows/f/flow.yml'), 'home: many/[123].parquet\nstore: out\n');
    expect((await hygge(['go', '-f', 'f', '--limit', '50', '--to', 'try'], workspace.root)).code).toBe(0);
    const there = await duck(`select file, count(*)::int as n from '${workspace.root}/try/f/f/*.parquet' group by all order by all`);
    expect(there).toEqual([
      { file: 1, n: 40 },
      { file: 2, n: 10 },
    ]);
    expect(await readdir(workspace.root)).not.toContain('out');
  });

  it('still finds out that a watermark column is missing', async () => {
    await using workspace = await exampleWorkspace();
    await writeFile(
      join(workspace.root, 'flows/shop/entities/orders.yml'),
      'name: orders\nrun_type: incremental\nwatermark: { column: nix }\n',
    );
    const run = await hygge(['go', '-e', 'shop.orders', '--limit', '5', '--to', 'try'], workspace.root);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('HYG-2011');
    expect(run.stdout).toContain('This was a try-out: 0 rows are in try, and nothing else changed.');
  });
});

describe('a try-out that cannot be meant ends with 2, and says why', () => {
  it.each([
    [['--limit', '5'], '--limit needs --to', 'must not settle in the real store'],
    [['--to', 'x'], '--to needs --limit', 'how many rows'],
    [['--limit', '5', '--to', 'x', '--dry-run'], '--dry-run has no effect in a try-out', 'touches no state'],
    [['--limit', '5', '--to', 'hygge.yml'], 'hygge.yml is a file; a try-out settles in a folder.', ''],
  ])('%j', async (flags, what, why) => {
    await using workspace = await exampleWorkspace();
    const { code, stdout, stderr } = await hygge(['go', ...flags], workspace.root);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
    expect(stderr).toContain(why);
  });

  it('a folder that a try-out has filled', async () => {
    await using workspace = await exampleWorkspace();
    await hygge(['go', '--limit', '5', '--to', 'try'], workspace.root);
    const before = await everyFile(workspace.root);
    const again = await hygge(['go', '--limit', '5', '--to', 'try'], workspace.root);
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/try\/shop\/\w+ is not empty; a try-out never overwrites/);
    expect(await everyFile(workspace.root)).toEqual(before);
  });

  it.each([
    ['reads in', 'out/shop/orders/below/*.csv', 'away', 'out/shop/orders/below'],
    ['settles in', 'in', 'out', 'out'],
  ])('a folder in, around or below which another entity %s, from %s to %s', async (what, home, store, place) => {
    await using workspace = await exampleWorkspace();
    await mkdir(join(workspace.root, 'flows/f'));
    await writeFile(join(workspace.root, 'flows/f/flow.yml'), `home: ${home}\nstore: ${store}\n`);
    const before = await everyFile(workspace.root);
    const { code, stderr } = await hygge(['go', '-e', 'shop.orders', '--limit', '5', '--to', 'out'], workspace.root);
    expect(code).toBe(2);
    expect(stderr).toContain(`out is in use: f.f ${what} ${workspace.root}/${place}.`);
    expect(await everyFile(workspace.root)).toEqual(before);
  });

  it.each([
    ['settles in', notSet, 'out/shop/orders'],
    ['reads in', 'out/shop/orders', notSet],
  ])('a folder that an entity %s of a flow that this machine lacks a variable of', async (what, home, store) => {
    await using workspace = await exampleWorkspace();
    await mkdir(join(workspace.root, 'flows/f'));
    await writeFile(join(workspace.root, 'flows/f/flow.yml'), `home: ${home}\nstore: ${store}\n`);
    const before = await everyFile(workspace.root);
    const { code, stderr } = await hygge(['go', '-e', 'shop.orders', '--limit', '5', '--to', 'out'], workspace.root);
    expect(code).toBe(2);
    expect(stderr).toContain(`out is in use: f.f ${what} ${workspace.root}/out/shop/orders.`);
    expect(await everyFile(workspace.root)).toEqual(before);
  });
});

it('a try-out of some rows is not compared with the source, whatever the config asks for', async () => {
  await using workspace = await exampleWorkspace();
  await mkdir(join(workspace.root, 'flows/f'));
  const flow = 'home: data/inbox/orders.parquet\nstore: out\nverify: checksums\n';
  await writeFile(join(workspace.root, 'flows/f/flow.yml'), flow);
  const { code, stdout } = await hygge(['go', '-f', 'f', '--limit', '5', '--to', 'try'], workspace.root);
  expect(code).toBe(0);
  expect(stdout).toContain('5 rows');
  expect(stdout).not.toContain('verify');
});
