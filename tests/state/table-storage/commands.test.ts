import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everyFile, exampleWorkspace, hygge } from '../../cli/workspace.ts';
import { sharedAzurite } from '../../support/azurite.ts';
import { placeOfItsOwn } from '../../support/table-state.ts';

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

describe('every command works on a state in the cloud', () => {
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
