import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realHost } from '../../../src/adapters/real-host.ts';
import { everyFile, exampleWorkspace, hygge } from '../../cli/workspace.ts';
import { sharedAzurite } from '../../support/azurite.ts';
import { placeOfItsOwn, tableStateAt } from '../../support/table-state.ts';

const azurite = sharedAzurite();

interface Cloud {
  readonly connectionString: string;
  readonly table: string;
  readonly container: string;
}

async function cloud(): Promise<Cloud> {
  const { connectionString } = await azurite();
  return { connectionString, ...placeOfItsOwn() };
}

/** The example, with its state in the cloud from now on. */
async function inCloud(root: string, { connectionString, table, container }: Cloud): Promise<void> {
  await appendFile(
    join(root, 'hygge.yml'),
    `\nstate: { type: table_storage, connection_string: "\${STATE}", table: ${table}, container: ${container} }\n`,
  );
  await writeFile(join(root, '.env'), `STATE=${connectionString}\n`);
}

const orders = { flow: 'shop', entity: 'orders' };

describe('one destination, two places of state', () => {
  it('filled from the cloud, a laptop with state in files is told where its state lives, and stopped', async () => {
    const place = await cloud();
    await using workspace = await exampleWorkspace();
    const onLaptop = await readFile(join(workspace.root, 'hygge.yml'), 'utf8');
    await inCloud(workspace.root, place);
    expect((await hygge(['go'], workspace.root)).code).toBe(0);
    const settled = await everyFile(join(workspace.root, 'data/lake'));
    await writeFile(join(workspace.root, 'hygge.yml'), onLaptop);

    const refused = await hygge(['go', '-e', 'shop.orders'], workspace.root);

    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('HYG-2016');
    expect(refused.stdout).toContain(`keeps its state in table ${place.table} of http://127.0.0.1:`);
    expect(await everyFile(join(workspace.root, 'data/lake'))).toEqual(settled);
  });

  it('and the other way round', async () => {
    const place = await cloud();
    await using workspace = await exampleWorkspace();
    expect((await hygge(['go'], workspace.root)).code).toBe(0);
    const settled = await everyFile(join(workspace.root, 'data/lake'));
    await inCloud(workspace.root, place);

    const refused = await hygge(['go', '-e', 'shop.orders'], workspace.root);

    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('HYG-2016');
    expect(refused.stdout).toContain(`keeps its state in files ${workspace.root}/.hygge/state on ${realHost().self.host}`);
    expect(await everyFile(join(workspace.root, 'data/lake'))).toEqual(settled);
  });

  it('goes over from files to the cloud by an adopt of each entity, and on from there without loading anything twice', async () => {
    const place = await cloud();
    await using workspace = await exampleWorkspace();
    await hygge(['go'], workspace.root);
    await inCloud(workspace.root, place);
    for (const entity of ['shop.orders', 'shop.customers'])
      expect(await hygge(['reset', entity, '--adopt', '--yes'], workspace.root)).toMatchObject({ code: 0, stderr: '' });
    const run = await hygge(['go', '-e', 'shop.orders', '--output', 'json'], workspace.root);
    expect(JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ event: 'summary', error: 0, rows: 0 });
  });
});

describe('who shares the state excludes each other', () => {
  it('the second exits 3 and says who holds it, on what machine; --take-over goes on', async () => {
    const place = await cloud();
    await using workspace = await exampleWorkspace();
    await inCloud(workspace.root, place);
    await hygge(['go'], workspace.root);
    const app = await tableStateAt(place);
    const found = await app.read(orders);
    if (found === undefined) throw new Error('nothing settled');
    const holder = { ...realHost().self, host: 'northwind-app', boot: 'another', program: 'function app northwind' };
    const until = new Date(Date.parse(app.now?.() ?? '') + 60_000).toISOString();
    await app.write(orders, found.etag, {
      ...found.row,
      epoch: found.row.epoch + 1,
      owner: { run: 'R9.1', until, holder },
      writeId: 'held',
    });

    const refused = await hygge(['go', '-e', 'shop.orders'], workspace.root);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toContain('HYG-2001');
    expect(refused.stdout).toContain('function app northwind on northwind-app');
    expect((await hygge(['status'], workspace.root)).stdout).toContain('held by function app northwind on northwind-app');

    expect((await hygge(['go', '-e', 'shop.orders', '--take-over'], workspace.root)).code).toBe(0);
  });
});

describe('every command works on a state in the cloud', () => {
  it('debug, go, status, journal, state show, schema show, reset, state mv', async () => {
    const place = await cloud();
    await using workspace = await exampleWorkspace();
    await inCloud(workspace.root, place);
    const location = `table ${place.table} of ${(await azurite()).tableUrl}`;
    const run = (...args: string[]) => hygge(args, workspace.root);

    const before = await run('debug');
    expect(before).toMatchObject({ code: 0, stdout: expect.stringContaining(`Readable in ${location}: 0 entities`) });
    expect(before.stdout).toContain('✓ Writable');
    expect((await run('go')).code).toBe(0);
    expect((await run('debug')).stdout).toContain(`Readable in ${location}: 2 entities`);
    expect((await run('status')).stdout).toMatch(/shop\.orders +pass/);
    expect((await run('journal')).stdout).toMatch(/shop\.orders/);
    expect((await run('journal', '--entity', 'shop.customers', '--output', 'json')).stdout).toContain('"entity":"customers"');
    expect((await run('journal', '--run', 'last')).code).toBe(0);
    const shown = await run('state', 'show', 'shop.orders');
    expect(shown.stdout).toContain(location);
    expect((await run('schema', 'show', 'shop.orders')).stdout).toContain('placed_at');
    expect((await run('reset', 'shop.customers', '--yes')).code).toBe(0);
    expect((await run('go', '-e', 'shop.customers')).stdout).toContain('PASS=1');
    expect(Object.keys(await everyFile(workspace.root)).filter((path) => /\/\.hygge\/(state|objects|journal)/.test(path))).toEqual([]);

    const folder = join(workspace.root, 'flows/shop/entities');
    const old = await readFile(join(folder, 'orders.yml'), 'utf8');
    await writeFile(join(folder, 'purchases.yml'), `${old.replace(/^name:.*\n/m, '')}\nname: purchases\nstore: { path: orders }\n`);
    await rm(join(folder, 'orders.yml'));
    const moved = await run('state', 'mv', 'shop.orders', 'shop.purchases');
    expect(moved).toMatchObject({ code: 0, stderr: '' });
    const state = await tableStateAt(place);
    expect((await state.read(orders))?.row.settled).toBeNull();
    expect((await state.read({ flow: 'shop', entity: 'purchases' }))?.row.settled?.rows).toBeGreaterThan(0);
  });

  it('no command prints the key of the account', async () => {
    const place = await cloud();
    await using workspace = await exampleWorkspace();
    await inCloud(workspace.root, place);
    const { key } = await azurite();
    for (const args of [
      ['go', '-v'],
      ['debug'],
      ['state', 'show', 'shop.orders'],
      ['go', '--output', 'json'],
      ['list', 'flows', '--output', 'json'],
    ]) {
      const { stdout, stderr } = await hygge(args, workspace.root);
      expect(`${stdout}${stderr}`).not.toContain(key);
      expect(`${stdout}${stderr}`).not.toContain(Buffer.from(key).toString('base64').slice(0, 40));
    }
    expect(Object.entries(await everyFile(join(workspace.root, 'data'))).filter(([, held]) => held.includes(key))).toEqual([]);
  });

  it('a key that is written out in hygge.yml is warned of, and not shown', async () => {
    const { connectionString, table, container } = await cloud();
    await using workspace = await exampleWorkspace();
    const state = `{ type: table_storage, connection_string: "${connectionString}", table: ${table}, container: ${container} }`;
    await appendFile(join(workspace.root, 'hygge.yml'), `\nstate: ${state}\n`);
    const { code, stdout, stderr } = await hygge(['debug'], workspace.root);
    expect(code).toBe(0);
    expect(stdout).toContain('`connection_string` is written out in the file');
    expect(stdout + stderr).not.toContain((await azurite()).key);
  });
});
