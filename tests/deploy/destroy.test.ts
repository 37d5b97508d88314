import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shore } from '../infra/shore.ts';
import { files, Scene, subscription } from './scene.ts';

const group = `/subscriptions/${subscription}/resourceGroups/northwind-prod/providers`;
const destroy = ['infra', 'destroy', '--target', 'prod'];
const sure = [...destroy, '--confirm', 'prod'];

/** All that a deployment made, as the platform lists it: some of it in another case. */
function madeBy(scene: Scene) {
  const dry = scene.run([...destroy, '--dry-run']);
  return dry.then(({ stdout }) => {
    const ids = [...stdout.matchAll(/\/subscriptions\/\S+/g)].map(([id]) => id);
    const site = (app: string) =>
      ids
        .find((id) => id.includes(`/sites/northwind-${app}-`))
        ?.split('/')
        .at(-1) ?? '';
    const stays = [
      `${group}/Microsoft.Storage/storageAccounts/hgcrm`,
      `${group}/Microsoft.KeyVault/vaults/kv-northwind`,
      `${group}/Microsoft.OperationalInsights/workspaces/logs-northwind`,
      `${group}/Microsoft.Insights/components/insights-${site('crm')}`,
      `${group}/Microsoft.Network/publicIPAddresses/ip-net-northwind`,
      `${group}/Microsoft.Web/sites/somebody-elses`,
      `${group}/Microsoft.Insights/scheduledQueryRules/somebody-elses-failed`,
    ];
    const alerts = [
      `${group}/microsoft.insights/scheduledqueryrules/${site('crm')}-failed`,
      `${group}/Microsoft.Insights/scheduledQueryRules/${site('erp')}-refused`,
    ];
    return { ids: ids.map((id) => id.replace('resourceGroups', 'resourcegroups')), alerts, stays, site };
  });
}

async function deployed(given: Readonly<Record<string, string>> = {}) {
  const scene = new Scene(given);
  const made = await madeBy(scene);
  scene.recorder.answer(
    { begins: 'az resource list', stdout: JSON.stringify([...made.stays, ...made.ids, ...made.alerts]) },
    { begins: 'az identity show', stdout: '"the-principal"' },
    {
      begins: 'az role assignment list',
      stdout: JSON.stringify([
        `/subscriptions/${subscription}/resourceGroups/lake/providers/Microsoft.Storage/storageAccounts/northwind/blobServices/default/containers/crm/providers/Microsoft.Authorization/roleAssignments/1`,
      ]),
    },
  );
  return { scene, made };
}

/** Ids that were removed, in order. */
const gone = (scene: Scene) =>
  scene.recorder.recorded.flatMap(({ words }) => (words.includes('delete') ? words.slice(words.indexOf('--ids') + 1) : []));

describe('hygge infra destroy', () => {
  test('removes an app that is named where no flow is left, and where what is left does not load', async () => {
    const ids = (stdout: string) => [...stdout.matchAll(/\/subscriptions\/\S+/g)].map(([id]) => id);
    using whole = new Scene();
    const wanted = ids((await whole.run([...destroy, '--app', 'crm', '--dry-run'])).stdout);
    expect(wanted.length).toBeGreaterThan(2);
    const settings = { 'hygge.yml': files['hygge.yml'], 'infra/prod.yml': files['infra/prod.yml'] };
    using empty = new Scene(settings, { alone: true });
    const { code, stdout } = await empty.run([...destroy, '--app', 'crm', '--dry-run']);
    // With the last app goes whom alerts told.
    expect([code, ids(stdout).filter((id) => !id.includes('actionGroups'))]).toEqual([0, wanted]);
    expect(ids(stdout).length).toBe(wanted.length + 1);
    using broken = new Scene({ ...settings, 'flows/erp/flow.yml': 'home: 1\n' }, { alone: true });
    const { code: ended, stdout: said } = await broken.run([...destroy, '--app', 'crm', '--dry-run']);
    expect([ended, ids(said)]).toEqual([0, wanted]);
    expect((await broken.run([...destroy, '--dry-run'])).code).toBe(2);
  });

  test('without a flow, or where it does not load, says that an app is removed by its name: the command does it', async () => {
    using scene = new Scene();
    expect((await scene.deploy()).code).toBe(0);
    scene.recorder.answer({ begins: 'az resource list', stdout: '[]' });
    rmSync(scene.path('flows'), { recursive: true });
    for (const more of [{}, { 'flows/erp/flow.yml': 'home: 1\n' }]) {
      scene.workspace.write(more);
      const { code, stderr } = await scene.run(destroy);
      const [, advised = ''] = /nevertheless, name it: hygge (.*)/.exec(stderr) ?? [];
      expect([code, advised]).toEqual([2, 'infra destroy --target prod --app crm,erp']);
      expect(await scene.run([...advised.split(' '), '--confirm', 'prod'])).toMatchObject({ code: 0, stderr: '' });
    }
    expect((await scene.run(['infra', 'destroy', '--target', 'test'])).stderr).not.toContain('--app');
    rmSync(scene.path('out'), { recursive: true });
    expect((await scene.run(destroy)).stderr).toContain('hygge infra destroy --target prod --app NAME\n');
  });

  test('an app that nothing tells of is named as such, with those that there are', async () => {
    using scene = new Scene();
    const told = await scene.run([...destroy, '--app', 'crn', '--dry-run']);
    expect(told).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^# Neither .* have an app crn: they have crm, erp\. Did you mean crm\?\n/),
    });
    expect((await scene.run([...destroy, '--app', 'erp', '--dry-run'])).stdout).not.toContain('Neither');
    // One whose flows are gone is known by what was rendered.
    expect((await scene.deploy()).code).toBe(0);
    rmSync(scene.path('flows/erp'), { recursive: true });
    expect((await scene.run([...destroy, '--app', 'erp', '--dry-run'])).stdout).not.toContain('Neither');
  });

  test('says which apps of the same name are left: of flows that are gone, as no deployment removes them', async () => {
    const { scene } = await deployed();
    using _ = scene;
    rmSync(scene.path('flows/erp'), { recursive: true });
    const { code, stdout } = await scene.run(sure);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/! erp exists too, but no flow belongs to it: hygge infra destroy --target prod --app erp\n/),
    ]);
    expect(stdout).not.toContain('somebody-elses');
    expect((await scene.run([...sure, '--app', 'erp'])).stdout).not.toContain('is there as well');
  });

  test('says by which command the roles in AWS go', async () => {
    using scene = new Scene(shore, { alone: true });
    scene.recorder.answer(
      { begins: 'az account show', stdout: '"44444444-4444-4444-4444-444444444444"' },
      { begins: 'az resource list', stdout: '[]' },
    );
    const { code, stdout } = await scene.run(sure);
    const [, command = ''] =
      /roles in AWS, [^\n]*\((aws cloudformation delete-stack [^)]*) removes them, and keeps the buckets/.exec(stdout) ?? [];
    const [, stack = ''] =
      /(--region \S+ --stack-name \S+)/.exec((await scene.run(['deploy', '--target', 'prod', '--dry-run'])).stdout) ?? [];
    expect([code, stack, command]).toEqual([0, expect.stringContaining('shore-aws-'), `aws cloudformation delete-stack ${stack}`]);
    expect(spawnSync('bash', ['-e', '-c', command], { env: { PATH: scene.recorder.path } }).status).toBe(0);
    expect((await scene.run([...sure, '--app', 'nightly'])).stdout).toMatch(
      /until a deployment without their flows removes them from the stack shore-aws-/,
    );
  });

  test('removes apps, plans, identities, rights and alerts, in this order, and nothing else', async () => {
    const { scene, made } = await deployed();
    using _ = scene;
    const { code, stdout, stderr } = await scene.run(sure);
    expect([code, stderr]).toEqual([0, '']);
    const kinds = gone(scene).map((id) => /providers\/([^/]+\/[^/]+)\/[^/]+$/.exec(id)?.[1]?.toLowerCase());
    expect(kinds).toEqual([
      'microsoft.authorization/roleassignments',
      'microsoft.authorization/roleassignments',
      'microsoft.insights/scheduledqueryrules',
      'microsoft.insights/scheduledqueryrules',
      'microsoft.web/sites',
      'microsoft.web/sites',
      'microsoft.web/serverfarms',
      'microsoft.web/serverfarms',
      'microsoft.managedidentity/userassignedidentities',
      'microsoft.managedidentity/userassignedidentities',
      'microsoft.insights/actiongroups',
    ]);
    for (const id of made.stays) expect(gone(scene)).not.toContain(id);
    expect(stdout).toMatch(/Removed crm, erp from prod: 11 things\.\n\nWhat stays:\n {2}hgcrm\w+: state and runs of crm\n/);
    for (const said of [/hgnorthwin\w+: the config/, /kv-northwind-\w+: the secrets/, /logs-northwind-\w+: the logs/])
      expect(stdout).toMatch(said);
  });

  test('asks for the name of the target, and takes no other', async () => {
    const { scene } = await deployed();
    using _ = scene;
    const asked: string[] = [];
    const ask = (answer: string) => async (question: string) => {
      asked.push(question);
      return answer;
    };
    for (const [args, more] of [
      [destroy, {}],
      [destroy, { ask: ask('yes') }],
      [[...destroy, '--confirm', 'test'], {}],
      [destroy, { ask: ask('') }],
    ] as const) {
      const { code, stderr } = await scene.run(args, more);
      expect([code, stderr]).toEqual([2, expect.stringContaining('HYG-1131')]);
    }
    expect([asked[0], scene.recorder.recorded]).toEqual([
      'Remove crm, erp? Their data stays. Type the name of the target, prod, to continue: ',
      [],
    ]);
    expect((await scene.run(destroy, { ask: ask('prod\n') })).code).toBe(0);
  });

  test('what is gone already is not a mistake, however and whenever it went', async () => {
    const { scene } = await deployed();
    using _ = scene;
    scene.recorder.answer({ begins: 'az resource delete', status: 3, stderr: 'ERROR: (ResourceNotFound) The Resource was not found.' });
    expect((await scene.run(sure)).code).toBe(0);
    scene.recorder.answer({ begins: 'az identity show', status: 3, stderr: 'ERROR: (ResourceNotFound) The Resource was not found.' });
    expect((await scene.run(sure)).code).toBe(0);
    scene.recorder.answer({ begins: 'az resource list', stdout: '[]' });
    expect(await scene.run(sure)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing of crm, erp exists in prod any more.'),
    });
    scene.recorder.answer({ begins: 'az resource list', status: 3, stderr: 'ERROR: (ResourceGroupNotFound) no' });
    expect((await scene.run(sure)).code).toBe(0);
  });

  test('a refusal says what is done, and what was before it stays removed', async () => {
    const { scene } = await deployed();
    using _ = scene;
    scene.recorder.answer({ begins: 'az resource delete', has: '/serverfarms/', status: 1, stderr: 'ERROR: (AuthorizationFailed) no' });
    const { code, stdout, stderr } = await scene.run(sure);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/HYG-1126[\s\S]*AuthorizationFailed/)]);
    expect(stdout).toMatch(/done {6}rights of crm, rights of erp, alerts, apps\n/);
  });

  test('rights on what is locked are left: they belong to no principal then', async () => {
    const { scene, made } = await deployed();
    using _ = scene;
    const of = (on: string) => `${group}/${on}/providers/Microsoft.Authorization/roleAssignments/1`;
    const { stdout } = await scene.run([...destroy, '--dry-run']);
    const [, vault = ''] = /(kv-northwind-\w+): the secrets/.exec(stdout) ?? [];
    const [, storage = ''] = /(hgcrm\w+): state/.exec(stdout) ?? [];
    const locked = [of(`Microsoft.KeyVault/vaults/${vault}/secrets/HOOK`), of(`Microsoft.Storage/storageAccounts/${storage}`)];
    const open = of(`Microsoft.Insights/components/insights-${made.site('crm')}`);
    scene.recorder.answer({ begins: 'az role assignment list', stdout: JSON.stringify([...locked, open]) });
    await scene.run(sure);
    expect(gone(scene)).toContain(open);
    for (const right of locked) expect(gone(scene)).not.toContain(right);
  });

  test('rights in other subscriptions are looked for there', async () => {
    const other = '22222222-2222-2222-2222-222222222222';
    const { scene } = await deployed({
      'infra/prod.yml': files['infra/prod.yml'].replace('resource_group: lake', `resource_group: lake, subscription: ${other}`),
    });
    using _ = scene;
    expect((await scene.run(sure)).code).toBe(0);
    const asked = scene.recorder.recorded
      .filter(({ words }) => words.includes('assignment') && words.includes('list'))
      .map(({ words }) => words[words.indexOf('--subscription') + 1]);
    expect(asked).toEqual([subscription, other, subscription, other]);
  });

  test('one app goes alone, even if its flow is gone; the action group stays', async () => {
    const { scene, made } = await deployed();
    using _ = scene;
    rmSync(scene.path('flows/erp'), { recursive: true });
    expect((await scene.run([...sure, '--app', 'erp'])).code).toBe(0);
    expect(gone(scene)).toContain(made.ids.find((id) => id.includes('/sites/northwind-erp-')));
    expect(gone(scene).filter((id) => /northwind-crm-|actionGroups/.test(id))).toEqual([]);
    expect(await scene.run([...sure, '--app', 'a b'])).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1901') });
  });

  test('--dry-run prints what a shell runs, and reaches nothing', async () => {
    using scene = new Scene();
    const { code, stdout, stderr } = await scene.run([...destroy, '--dry-run']);
    expect([code, stderr, scene.recorder.recorded]).toEqual([0, '', []]);
    const shell = spawnSync('bash', ['-e', '-c', stdout], {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      env: { PATH: scene.recorder.path },
    });
    expect([shell.status, shell.stderr]).toEqual([0, '']);
    expect(new Set(scene.recorder.commands)).toEqual(
      new Set(['az account show', 'az resource list', 'az identity show', 'az role assignment list', 'az resource delete']),
    );
    expect(gone(scene).filter((id) => /storageAccounts|vaults|workspaces|publicIPAddresses/.test(id))).toEqual([]);
    const told = await scene.run([...destroy, '--dry-run', '--output', 'json']);
    expect(JSON.parse(told.stdout)).toMatchObject({
      event: 'dry_run',
      stays: expect.arrayContaining([expect.stringContaining('the config')]),
    });
  });

  test('signed in elsewhere, or where an answer is not understood, nothing goes', async () => {
    for (const [answer, code, error] of [
      [{ begins: 'az account show', stdout: '"22222222-2222-2222-2222-222222222222"' }, 2, 'HYG-1125'],
      [{ begins: 'az resource list', stdout: '{}' }, 1, 'HYG-1127'],
      [{ begins: 'az role assignment list', stdout: '{}' }, 1, 'HYG-1127'],
    ] as const) {
      const { scene } = await deployed();
      using _ = scene;
      scene.recorder.answer(answer);
      expect(await scene.run(sure)).toMatchObject({ code, stderr: expect.stringContaining(error) });
      expect(gone(scene)).toEqual([]);
    }
  });
});
