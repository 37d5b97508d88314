import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

/** `<subscription>/<resource group>/<region>/<storage account>`; CONTRIBUTING.md says what has to be there. */
const named = process.env.HYGGE_TEST_AZURE;

/** Where the templates go, and the lake beside them. */
interface Place {
  readonly subscription: string;
  readonly group: string;
  readonly region: string;
  readonly account: string;
  /** Names what is made; another one for each run. */
  readonly name: string;
}

const filesOf = ({ subscription, group, region, account, name }: Place): Readonly<Record<string, string>> => ({
  'hygge.yml': `name: ${name}\n`,
  'flows/once/flow.yml': `home: abfss://landing@${account}.dfs.core.windows.net/${name}/*.csv\nstore: abfss://settled@${account}.dfs.core.windows.net/${name}\n`,
  'infra/test.yml': `subscription: ${subscription}\nregion: ${region}\nresource_group: ${group}\naccounts: { ${account}: { resource_group: ${group} } }\n`,
  'rows.csv': 'id,v\n1,a\n2,b\n3,c\n',
});

const run = promisify(execFile);
const az = async (...args: readonly string[]) => (await run('az', [...args], { maxBuffer: 1 << 26 })).stdout;
const azOf = (line: string, ...more: readonly string[]) => az(...line.split(' '), ...more);

test.skipIf(named === undefined)(
  `a target of a real subscription is deployed, run and removed${named === undefined ? ' (skipped: HYGGE_TEST_AZURE names none)' : ''}`,
  async () => {
    const [subscription = '', group = '', region = '', account = ''] = (named ?? '').split('/');
    const name = `hyggetest${Date.now().toString(36)}`;
    using workspace = new TestWorkspace(filesOf({ subscription, group, region, account, name }));
    const hygge = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.runAlone(args, { timeoutMs: 1_800_000 });
      expect([args, code], `${stdout}${stderr}`).toEqual([args, 0]);
      return stdout;
    };
    const data = `--account-name ${account} --auth-mode login`;
    const at = `--subscription ${subscription} --resource-group ${group}`;
    await hygge('infra', 'render', 'azure', '--target', 'test', '--out', 'out/test');
    const template = workspace.path('out/test/data.bicep');
    await azOf(`deployment group what-if ${at}`, '--template-file', template, '--parameters', `${template}param`);
    const upload = `storage blob upload ${data} --container-name landing --name ${name}/1.csv --overwrite`;
    await azOf(upload, '--file', workspace.path('rows.csv'));
    try {
      const deployed = await hygge('deploy', '--target', 'test', '--yes');
      const [, site = ''] = /at https:\/\/([\w-]+)\.azurewebsites\.net/.exec(deployed) ?? [];
      const key = JSON.parse(await azOf(`functionapp keys list ${at} --name ${site} --query functionKeys.default --output json`)) as string;
      const runs = `https://${site}.azurewebsites.net/api/flows/once/runs`;
      const headers = { 'x-functions-key': key };
      const started = await fetch(runs, { method: 'POST', headers, body: '{}' });
      expect(started.status).toBe(202);
      const { run_id: id } = (await started.json()) as { readonly run_id: string };
      let told: { readonly status?: string } = { status: 'running' };
      while (told.status === 'running') {
        await wait(10_000);
        told = (await (await fetch(`${runs}/${id}`, { headers })).json()) as typeof told;
      }
      expect(told).toMatchObject({ status: 'pass', summary: { rows: 3 } });
    } finally {
      await hygge('infra', 'destroy', '--target', 'test', '--confirm', 'test');
    }
    const settled = await azOf(`storage blob list ${data} --container-name settled --prefix ${name}/ --query [].name --output json`);
    expect((JSON.parse(settled) as readonly string[]).filter((file) => file.endsWith('.parquet')).length).toBe(1);
  },
  3_600_000,
);
