import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everyFile, exampleWorkspace, hygge } from './workspace.ts';

const generate = (root: string, ...args: readonly string[]) => hygge(['generate', 'entities', ...args], root);

async function putFiles(root: string, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await copyFile(join(root, 'data/inbox/customers.parquet'), join(root, path));
  }
}

async function flow(root: string, name: string, text: string): Promise<void> {
  await mkdir(join(root, 'flows', name), { recursive: true });
  await writeFile(join(root, 'flows', name, 'flow.yml'), text);
}

describe('hygge generate entities', () => {
  it('writes a file for each thing in the home, and what it writes runs', async () => {
    await using workspace = await exampleWorkspace();
    await putFiles(workspace.root, 'data/inbox/items.parquet', "data/inbox/o'brien ø.parquet", 'data/inbox/_hidden.parquet');
    const run = await generate(workspace.root, '--flow', 'shop');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('+ flows/shop/entities/items.yml');
    expect(run.stdout).toContain('= customers, orders are there already, and left unchanged');
    expect(run.stdout).not.toContain('hidden');
    const file = await readFile(join(workspace.root, 'flows/shop/entities/items.yml'), 'utf8');
    expect(file).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/\.\.\/\.hygge\/schema\/entity\.json\nname: items\n/);
    expect((await hygge(['go'], workspace.root)).stdout).toContain('PASS=4');
    expect((await hygge(['list', 'entities'], workspace.root)).stdout).toContain(`shop."o'brien ø"`);
  });

  it('never overwrites: a second time there is nothing new', async () => {
    await using workspace = await exampleWorkspace();
    await putFiles(workspace.root, 'data/inbox/items.parquet');
    await generate(workspace.root, '-f', 'shop');
    await writeFile(join(workspace.root, 'flows/shop/entities/items.yml'), 'name: items\nrun_type: full_drop\n');
    const before = await everyFile(workspace.root);
    expect((await generate(workspace.root, '-f', 'shop')).stdout).toContain('Nothing new to write.');
    expect(await everyFile(workspace.root)).toEqual(before);
  });

  it('--dry-run prints the files and writes none', async () => {
    await using workspace = await exampleWorkspace();
    const before = await everyFile(workspace.root);
    const run = await generate(workspace.root, '-f', 'shop', '--tables', 'a,b', '--tables', 'c', '--dry-run');
    for (const name of ['a', 'b', 'c']) expect(run.stdout).toContain(`# flows/shop/entities/${name}.yml`);
    expect(run.stdout).toContain('3 files would be written. Nothing was written.');
    const json = await generate(workspace.root, '-f', 'shop', '--tables', 'a', '--dry-run', '--output', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      path: 'flows/shop/entities/a.yml',
      written: false,
      text: expect.stringContaining('name: a'),
    });
    expect(await everyFile(workspace.root)).toEqual(before);
  });

  it('writes one file for names that differ in case alone, also for those that are there already', async () => {
    await using workspace = await exampleWorkspace();
    const run = await generate(workspace.root, '-f', 'shop', '--tables', 'items,ITEMS,Orders,stock,items');
    expect(run.stdout).toContain('+ flows/shop/entities/items.yml');
    expect(run.stdout).toContain('= ITEMS, Orders, items are there already, and left unchanged');
    expect((await readdir(join(workspace.root, 'flows/shop/entities'))).filter((name) => /^items/i.test(name))).toEqual(['items.yml']);
    expect((await hygge(['list', 'entities'], workspace.root)).code).toBe(0);
  });

  it('finds folders and files below a home that has no place for the name, and names the path of a file', async () => {
    await using workspace = await exampleWorkspace();
    await flow(workspace.root, 'raw', 'home: landing\nstore: data/raw\n');
    await putFiles(workspace.root, 'landing/orders/1.parquet', 'landing/items.parquet');
    await writeFile(join(workspace.root, 'landing/readme.txt'), '');
    await generate(workspace.root, '-f', 'raw');
    expect(await readFile(join(workspace.root, 'flows/raw/entities/items.yml'), 'utf8')).toContain('home: { path: "items.parquet" }');
    const list = await hygge(['list', 'entities', '-f', 'raw', '--output', 'json'], workspace.root);
    expect(list.stdout.match(/"entity":"\w+"/g)).toEqual(['"entity":"items"', '"entity":"orders"']);
    expect((await hygge(['go', '-f', 'raw'], workspace.root)).code).toBe(0);
  });

  it.each([
    [['-f', 'shp'], 'Did you mean shop?'],
    [['-f', 'shop', '--from', 'nowhere'], 'There is nothing at nowhere'],
    [['-f', 'inline'], 'is written in hygge.yml'],
    [[], '--flow'],
  ])('%j ends with 2 and writes nothing', async (args, what) => {
    await using workspace = await exampleWorkspace();
    await writeFile(join(workspace.root, 'hygge.yml'), 'name: x\nflows: { inline: { home: a, store: b } }\n');
    const before = await everyFile(workspace.root);
    const { code, stderr } = await generate(workspace.root, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(what);
    expect(await everyFile(workspace.root)).toEqual(before);
  });
});

describe('hygge generate schema', () => {
  it('writes what is missing and brings up to date what is old', async () => {
    await using workspace = await exampleWorkspace();
    const folder = join(workspace.root, '.hygge/schema');
    const good = await readFile(join(folder, 'flow.json'), 'utf8');
    await writeFile(join(folder, 'flow.json'), '{}');
    await rm(join(folder, 'entity.json'));
    const run = await hygge(['generate', 'schema', '--output', 'json'], workspace.root);
    const outcomes = run.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { outcome: string }).outcome);
    expect(outcomes).toEqual(['same', 'changed', 'new', 'same', 'same', 'same', 'same']);
    expect(await readFile(join(folder, 'flow.json'), 'utf8')).toBe(good);
    expect((await readdir(folder)).sort()).toEqual([
      'contract.json',
      'entity.json',
      'flow.json',
      'hygge.json',
      'manifest.json',
      'names.json',
      'target.json',
    ]);
  });

  it('works in a workspace whose config is wrong: that is when an editor is needed', async () => {
    await using workspace = await exampleWorkspace();
    await writeFile(join(workspace.root, 'flows/shop/flow.yml'), 'stroe: x\n');
    expect((await hygge(['generate', 'schema'], workspace.root)).code).toBe(0);
  });
});
