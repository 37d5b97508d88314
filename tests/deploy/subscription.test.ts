import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';
import { inOrder, key, Scene, subscription } from './scene.ts';

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

interface Ways {
  readonly root: string;
  az(...args: readonly string[]): Promise<string>;
  hygge(...args: readonly string[]): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  ask(
    address: string,
    how: { readonly method: 'GET' | 'POST'; readonly key: string },
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  pause(): Promise<unknown>;
}

const filesOf = ({ subscription, group, region, account, name }: Place): Readonly<Record<string, string>> => ({
  'hygge.yml': `name: ${name}\n`,
  'flows/once/flow.yml': `home: abfss://landing@${account}.dfs.core.windows.net/${name}/*.csv\nstore: abfss://settled@${account}.dfs.core.windows.net/${name}\n`,
  'infra/test.yml': `subscription: ${subscription}\nregion: ${region}\nresource_group: ${group}\naccounts: { ${account}: { resource_group: ${group} } }\n`,
  'rows.csv': 'id,v\n1,a\n2,b\n3,c\n',
});

/** Everything that a person does with a target, from nothing to nothing. */
async function onceThrough({ subscription, group, account, name }: Place, { root, az, hygge, ask, pause }: Ways): Promise<void> {
  const well = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await hygge(...args);
    expect([args, code], `${stdout}${stderr}`).toEqual([args, 0]);
    return stdout;
  };
  const data = ['--account-name', account, '--auth-mode', 'login'];
  await well('infra', 'render', 'azure', '--target', 'test', '--out', 'out/test');
  const at = ['--subscription', subscription, '--resource-group', group];
  const template = join(root, 'out/test/data.bicep');
  await az('deployment', 'group', 'what-if', ...at, '--template-file', template, '--parameters', `${template}param`);
  await az(
    'storage',
    'blob',
    'upload',
    ...data,
    '--container-name',
    'landing',
    '--name',
    `${name}/1.csv`,
    '--file',
    join(root, 'rows.csv'),
    '--overwrite',
  );
  try {
    const deployed = await well('deploy', '--target', 'test', '--yes');
    const [, site = ''] = /at https:\/\/([\w-]+)\.azurewebsites\.net/.exec(deployed) ?? [];
    const told = await az('functionapp', 'keys', 'list', ...at, '--name', site, '--query', 'functionKeys.default', '--output', 'json');
    const shown = { key: JSON.parse(told) as string };
    const runs = `https://${site}.azurewebsites.net/api/flows/once/runs`;
    const started = await ask(runs, { ...shown, method: 'POST' });
    expect(started.status, JSON.stringify(started.body)).toBe(202);
    const { run_id: id } = started.body as { readonly run_id: string };
    let status = 'running';
    let body: unknown;
    while (status === 'running') {
      await pause();
      ({ body } = await ask(`${runs}/${id}`, { ...shown, method: 'GET' }));
      ({ status } = body as { readonly status: string });
    }
    expect(body).toMatchObject({ status: 'pass', summary: { rows: 3 } });
  } finally {
    await well('infra', 'destroy', '--target', 'test', '--confirm', 'test');
  }
  const settled = await az(
    'storage',
    'blob',
    'list',
    ...data,
    '--container-name',
    'settled',
    '--prefix',
    `${name}/`,
    '--query',
    '[].name',
    '--output',
    'json',
  );
  expect((JSON.parse(settled) as readonly string[]).filter((file) => file.endsWith('.parquet')).length).toBe(1);
}

const run = promisify(execFile);

test.skipIf(named === undefined)(
  `a target of a real subscription is deployed, run and removed${named === undefined ? ' (skipped: HYGGE_TEST_AZURE names none)' : ''}`,
  async () => {
    const [subscription = '', group = '', region = '', account = ''] = (named ?? '').split('/');
    const place = { subscription, group, region, account, name: `hyggetest${Date.now().toString(36)}` };
    using workspace = new TestWorkspace(filesOf(place));
    await onceThrough(place, {
      root: workspace.root,
      az: async (...args) => (await run('az', [...args], { maxBuffer: 1 << 26 })).stdout,
      hygge: (...args) => workspace.runAlone(args, { timeoutMs: 1_800_000 }),
      async ask(address, { method, key }) {
        const answer = await fetch(address, { method, headers: { 'x-functions-key': key }, ...(method === 'POST' ? { body: '{}' } : {}) });
        return { status: answer.status, body: await answer.json() };
      },
      pause: () => wait(10_000),
    });
  },
  3_600_000,
);

test('what it does is rehearsed, with programs that record it', async () => {
  const place = { subscription, group: 'northwind-test', region: 'westeurope', account: 'northwind', name: 'rehearsal' };
  using scene = new Scene(filesOf(place), { alone: true });
  scene.recorder.answer(
    { begins: 'az resource list', stdout: '[]' },
    { begins: 'az role assignment list', stdout: '[]' },
    { begins: 'az storage blob list', stdout: '["rehearsal/part-1.parquet", "rehearsal/_hygge/current.json"]' },
  );
  scene.apps = async () => inOrder(await scene.config('test'));
  const asked: string[] = [];
  let looks = 0;
  await onceThrough(place, {
    root: scene.path(),
    az: async (...args) => (await run('az', [...args], { env: { PATH: scene.recorder.path } })).stdout,
    hygge: (...args) => (args[0] === 'deploy' ? scene.deploy({ target: 'test' }) : scene.run(args)),
    async ask(address, how) {
      asked.push(`${how.method} ${new URL(address).pathname}`);
      expect(how.key).toBe(key);
      if (how.method === 'POST') return { status: 202, body: { run_id: 'r1' } };
      return { status: 200, body: ++looks < 2 ? { status: 'running' } : { status: 'pass', summary: { rows: 3 } } };
    },
    pause: async () => undefined,
  });
  expect(asked).toEqual(['POST /api/flows/once/runs', 'GET /api/flows/once/runs/r1', 'GET /api/flows/once/runs/r1']);
  expect(scene.recorder.commands.filter((one) => /what-if|blob/.test(one))).toEqual([
    'az deployment group what-if',
    'az storage blob upload',
    'az storage blob list',
  ]);
});
