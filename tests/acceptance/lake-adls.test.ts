// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Azure,
  account,
  accountKey,
  client,
  workspace as fabric,
  filesystem,
  startAzure,
  tenant,
} from '../support/azure-hosts/azure.ts';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

let azure: Azure;
let here: Disposable;
beforeAll(async () => {
  azure = await startAzure();
  here = azure.inProcess();
});
afterAll(async () => {
  here[Symbol.dispose]();
  await azure[Symbol.asyncDispose]();
});

const key = 'storage_account_key: "${ACCOUNT_KEY}"';
const principal = 'tenant_id: "${TENANT}", client_id: "${CLIENT}", client_secret: "${CLIENT_SECRET}"';
const lake = `type: adls, account_url: "https://${account}.dfs.core.windows.net", filesystem: ${filesystem}`;
const bronze = `type: onelake, workspace: ${fabric.name}, item: bronze`;

const rows = (from: number, to: number) =>
  `select range as id, 'näme ' || range as name, range * 0.5 as amount, timestamp '2026-01-01' + interval (range) minute as moment from range(${from}, ${to})`;

interface Lake {
  /** Of the store and of the home. */
  readonly side: string;
  readonly up: string;
  readonly down: string;
  /** As the server calls them. */
  readonly account: string;
  readonly filesystem: string;
  /** How often rows come. */
  readonly times: number;
}

const lakes: Readonly<Record<string, Lake>> = {
  'ADLS, by the key of the account': {
    side: `${lake}, ${key}`,
    up: 'path: crm, ',
    down: 'path: crm/orders',
    account,
    filesystem,
    times: 2,
  },
  'OneLake, as a service principal': {
    side: `${bronze}, ${principal}`,
    up: 'schema: dbo, ',
    down: 'path: Files/dbo.schema/orders',
    account: 'onelake',
    filesystem: fabric.name,
    times: 1,
  },
};

const env = () => ({ ...azure.hosts.env, ACCOUNT_KEY: accountKey, TENANT: tenant, CLIENT: client.id, CLIENT_SECRET: client.secret ?? '' });

describe.each(Object.entries(lakes))('%s', (_, place) => {
  test('rows go up, more of them another time, and come down again', async () => {
    using workspace = new TestWorkspace({
      'flows/up/flow.yml': `home: in\nstore: { ${place.up}${place.side} }\nrun_type: incremental\nwatermark: { column: id, initial: 0 }\nentities: [orders]\n`,
      'flows/down/flow.yml': `home: { ${place.down}, ${place.side} }\nstore: { path: out, format: csv }\n`,
    });
    const go = async (...args: string[]) => {
      const run = await workspace.run(['go', '--output', 'json', ...args], { env: env() });
      for (const secret of [accountKey, client.secret ?? '']) expect(run.stdout + run.stderr).not.toContain(secret);
      return run.events.at(-1);
    };

    for (let time = 0; time < place.times; time++) {
      await workspace.parquet(`in/orders/${time}.parquet`, rows(time * 3_000, (time + 1) * 3_000));
      expect(await go('-f', 'up')).toMatchObject({ event: 'summary', pass: 1, rows: 3_000 });
    }

    const there = [...azure.dfs.files(place.account, place.filesystem)].filter(([path]) => path.includes('/orders/'));
    expect(there.filter(([path]) => path.includes('/staging/'))).toEqual([]);
    const settled = there.filter(([path]) => path.endsWith('.parquet') && !path.includes('_hygge'));
    expect(settled.length).toBeGreaterThan(0);
    workspace.write({ 'copy/.keep': '' });
    for (const [at, [, { content }]] of settled.entries()) writeFileSync(workspace.path('copy', `${at}.parquet`), content);
    const query = (folder: string) => duck(`select * from '${workspace.path(folder)}/*.parquet' order by id`);
    expect(await query('copy')).toEqual(await query('in/orders'));

    expect(await go('-f', 'down')).toMatchObject({ pass: 1, rows: place.times * 3_000 });
    const back = `read_csv('${workspace.path('out')}/**/*.csv', types = {id: 'BIGINT', name: 'VARCHAR', amount: 'DECIMAL(20,1)', moment: 'TIMESTAMP'})`;
    const [same] = await duck(
      `select count(*) as n from (select id, name, amount, moment from ${back} intersect all select id, name, amount::decimal(20,1), moment from '${workspace.path('in/orders')}/*.parquet')`,
    );
    expect(Number(same?.n)).toBe(place.times * 3_000);
    expect(azure.hosts.refused).toEqual([]);
  });
});
