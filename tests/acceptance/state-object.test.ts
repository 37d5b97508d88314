import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realHost } from '../../src/adapters/real-host.ts';
import { everyFile, exampleWorkspace, hygge } from '../cli/workspace.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { type ObjectPlace, objectPlace, objectStateAt, objectsIn, stateLine, urlOf } from '../support/object-state.ts';
import { placeOfItsOwn } from '../support/table-state.ts';

const azurite = sharedAzurite();
const orders = { flow: 'shop', entity: 'orders' };

/** The example, with its state there from now on. */
async function keptIn(root: string, state: string, connectionString: string): Promise<void> {
  await appendFile(join(root, 'hygge.yml'), `\n${state}`);
  await writeFile(join(root, '.env'), `STATE=${connectionString}\n`);
}

const inObjects = (root: string, place: ObjectPlace) => keptIn(root, stateLine(place), place.connectionString);

/** A table of its own, and the container beside it. */
function tableState(): string {
  const { table, container } = placeOfItsOwn();
  return `{ type: table_storage, connection_string: "\${STATE}", table: ${table}, container: ${container} }`;
}

describe('every command works on a state next to the data', () => {
  it('debug, go, status, journal, state show, schema show, reset, state mv', async () => {
    const place = await objectPlace(await azurite());
    await using workspace = await exampleWorkspace();
    await inObjects(workspace.root, place);
    const location = urlOf(place);
    const run = (...args: string[]) => hygge(args, workspace.root);

    const before = await run('debug');
    expect(before).toMatchObject({ code: 0, stdout: expect.stringContaining(`Readable in ${location}: 0 entities`) });
    expect(before.stdout).toContain('✓ Writable');
    expect(await objectsIn(place)).toEqual([]);
    expect((await run('go')).code).toBe(0);
    expect((await run('debug')).stdout).toContain(`Readable in ${location}: 2 entities`);
    expect((await run('status')).stdout).toMatch(/shop\.orders +pass/);
    expect((await run('journal')).stdout).toMatch(/shop\.orders/);
    expect((await run('journal', '--entity', 'shop.customers', '--output', 'json')).stdout).toContain('"entity":"customers"');
    expect((await run('journal', '--run', 'last')).code).toBe(0);
    expect((await run('state', 'show', 'shop.orders')).stdout).toContain(location);
    expect((await run('schema', 'show', 'shop.orders')).stdout).toContain('placed_at');
    expect((await run('reset', 'shop.customers', '--yes')).code).toBe(0);
    expect((await run('go', '-e', 'shop.customers')).stdout).toContain('PASS=1');
    expect(Object.keys(await everyFile(workspace.root)).filter((path) => /\/\.hygge\/(state|objects|journal)/.test(path))).toEqual([]);
    const there = await objectsIn(place);
    expect(there.filter((path) => !/^\.hygge\/(state|objects\/shop|journal\/rows|conditions\.json)/.test(path))).toEqual([]);
    expect(there).toContain('.hygge/state/shop/orders.state.yml');

    const folder = join(workspace.root, 'flows/shop/entities');
    const old = await readFile(join(folder, 'orders.yml'), 'utf8');
    await writeFile(join(folder, 'purchases.yml'), `${old.replace(/^name:.*\n/m, '')}\nname: purchases\nstore: { path: orders }\n`);
    await rm(join(folder, 'orders.yml'));
    expect(await run('state', 'mv', 'shop.orders', 'shop.purchases')).toMatchObject({ code: 0, stderr: '' });
    const state = await objectStateAt(place);
    expect((await state.read(orders))?.row.settled).toBeNull();
    expect((await state.read({ flow: 'shop', entity: 'purchases' }))?.row.settled?.rows).toBeGreaterThan(0);
  });

  it('no command prints the key of the account, and nothing that is kept holds it', async () => {
    const server = await azurite();
    const place = await objectPlace(server);
    await using workspace = await exampleWorkspace();
    await inObjects(workspace.root, place);
    const encoded = Buffer.from(server.key).toString('base64').slice(0, 40);
    for (const args of [
      ['go', '-v'],
      ['debug'],
      ['state', 'show', 'shop.orders'],
      ['go', '--output', 'json'],
      ['list', 'flows', '--output', 'json'],
    ]) {
      const { stdout, stderr } = await hygge(args, workspace.root);
      for (const text of [server.key, encoded]) expect(`${stdout}${stderr}`).not.toContain(text);
    }
    for await (const { name } of place.client.listBlobsFlat())
      expect((await place.client.getBlockBlobClient(name).downloadToBuffer()).toString(), name).not.toContain(server.key);
    expect(Object.entries(await everyFile(join(workspace.root, 'data'))).filter(([, held]) => held.includes(server.key))).toEqual([]);
  });
});

describe('who shares the state excludes each other', () => {
  it('the second exits 3 and says who holds it, on what machine; --take-over goes on', async () => {
    const place = await objectPlace(await azurite());
    await using workspace = await exampleWorkspace();
    await inObjects(workspace.root, place);
    await hygge(['go'], workspace.root);
    const state = await objectStateAt(place);
    const found = await state.read(orders);
    if (found === undefined) throw new Error('nothing settled');
    const until = new Date(Date.parse(state.now?.() ?? '') + 60_000).toISOString();
    const owner = {
      run: 'R9.1',
      until,
      holder: { ...realHost().self, host: 'northwind-app', boot: 'another', program: 'function app northwind' },
    };
    await state.write(orders, found.etag, { ...found.row, epoch: found.row.epoch + 1, owner, writeId: 'held' });

    const refused = await hygge(['go', '-e', 'shop.orders'], workspace.root);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toContain('function app northwind on northwind-app');
    expect((await hygge(['go', '-e', 'shop.orders', '--take-over'], workspace.root)).code).toBe(0);
  });
});

describe('one destination, two places of state', () => {
  it('state goes from files to objects to tables and back to objects elsewhere, and runs go on from there', async () => {
    const server = await azurite();
    const [place, later] = [await objectPlace(server), await objectPlace(server)];
    const inTable = tableState();
    await using workspace = await exampleWorkspace();
    const top = await readFile(join(workspace.root, 'hygge.yml'), 'utf8');
    const run = (...args: string[]) => hygge(args, workspace.root);
    const now = async (line: string) => {
      await writeFile(join(workspace.root, 'hygge.yml'), `${top}\n${line}`);
      await writeFile(join(workspace.root, '.env'), `STATE=${server.connectionString}\n`);
    };
    const nothingNew = async () => {
      const ended = await run('go', '-e', 'shop.orders', '--output', 'json');
      expect(JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ event: 'summary', error: 0, rows: 0 });
    };
    expect((await run('go')).code).toBe(0);
    const history = (await run('schema', 'show', 'shop.orders', '--history')).stdout;

    await now(stateLine(place));
    expect((await run('state', 'import')).stdout).toContain(`State and journal are in ${urlOf(place)} now`);
    await nothingNew();
    await now(`state: ${inTable}\n`);
    expect((await run('state', 'import', '--from', stateLine(place).slice('state: '.length))).stdout).toContain('✓ shop.orders');
    await nothingNew();
    await now(stateLine(later));
    expect((await run('state', 'import', '--from', inTable)).stdout).toContain('✓ shop.orders');
    await nothingNew();
    expect((await run('schema', 'show', 'shop.orders', '--history')).stdout).toBe(history);
    const journal = (await run('journal', '--entity', 'shop.orders', '--output', 'json')).stdout.trim().split('\n');
    expect(journal.map((line) => (JSON.parse(line) as { status: string }).status)).toEqual(['skip', 'skip', 'skip', 'pass']);
  });
});
