// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { ContainerClient } from '@azure/storage-blob';
import { expect, test } from 'vitest';
import { type Azurite, sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const azurite = sharedAzurite();

const account = 'type: azure_blob, account_url: "${ACCOUNT_URL}", container: lake, storage_account_key: "${ACCOUNT_KEY}"';
const flows = {
  'flows/up/flow.yml': `
home: in
store: { ${account}, path: raw }
run_type: incremental
watermark: { column: id, initial: 0 }
`,
  'flows/down/flow.yml': `
home: { ${account}, path: raw }
store: { path: out, format: csv }
`,
};

const rows = (from: number, to: number) =>
  `select range as id, 'näme ' || range as name, range * 0.5 as amount, timestamp '2026-01-01' + interval (range) minute as seen from range(${from}, ${to})`;

/** Everything in the container, below a folder of this machine. */
async function downloadTo(workspace: TestWorkspace, folder: string, { connectionString }: Azurite): Promise<readonly string[]> {
  const container = new ContainerClient(connectionString, 'lake');
  const names = (await collect(container.listBlobsFlat())).map(({ name }) => name);
  for (const name of names) {
    workspace.write({ [`${folder}/${name}`]: '' });
    await container.getBlockBlobClient(name).downloadToFile(workspace.path(folder, name));
  }
  return names;
}

test('rows go up to a container, more of them the next time, and come down again', async () => {
  const server = await azurite();
  await new ContainerClient(server.connectionString, 'lake').create();
  const env = { ACCOUNT_URL: server.blobUrl, ACCOUNT_KEY: server.key };
  using workspace = new TestWorkspace(flows);
  const go = async (...args: string[]) => {
    const run = await workspace.run(['go', '--output', 'json', ...args], { env });
    expect(run.stdout + run.stderr).not.toContain(server.key);
    return run.events.at(-1);
  };

  await workspace.parquet('in/1.parquet', rows(0, 5_000));
  expect(await go('-f', 'up')).toMatchObject({ event: 'summary', pass: 1, rows: 5_000 });
  await workspace.parquet('in/2.parquet', rows(5_000, 6_000));
  expect(await go('-f', 'up')).toMatchObject({ pass: 1, rows: 1_000 });
  expect(await go('-f', 'up')).toMatchObject({ skip: 1, rows: 0 });

  const names = await downloadTo(workspace, 'copy', server);
  expect(names.filter((name) => name.includes('staging'))).toEqual([]);
  const query = (source: string) => duck(`select * from ${source} order by id`);
  const written = await query(`'${workspace.path('in')}/*.parquet'`);
  expect(await query(`'${workspace.path('copy/raw')}/*.parquet'`)).toEqual(written);

  expect(await go('-f', 'down')).toMatchObject({ pass: 1, rows: 6_000 });
  const back = `read_csv('${workspace.path('out')}/*.csv', types = {id: 'BIGINT', name: 'VARCHAR', amount: 'DECIMAL(20,1)', seen: 'TIMESTAMP'})`;
  const [same] = await duck(
    `select count(*) as n from (select id, name, amount, seen from ${back} intersect all select id, name, amount::decimal(20,1), seen from '${workspace.path('in')}/*.parquet')`,
  );
  expect(Number(same?.n)).toBe(6_000);
});
