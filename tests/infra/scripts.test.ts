import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';
import { shore } from './shore.ts';

const hostile = "Bob's $(touch stolen) `x` Lake";
const files = {
  'hygge.yml': 'name: northwind\n',
  'flows/out/flow.yml': `home: "gs://clicks/raw"\nstore: { type: onelake, workspace: ${JSON.stringify(hostile)}, item: sales.Lakehouse, path: Files/out }\n`,
  'infra/prod.yml': 'subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: "north(wind)"\n',
};

/** Stands in for a program: notes its arguments, and says what `answers` says for the first pattern that they match. */
function recorder(name: string, answers: readonly (readonly [pattern: string, said: string, status?: number])[]): string {
  const cases = answers.map(([pattern, said, status = 0]) => `  *"${pattern}"*) printf '%s\\n' '${said}'; exit ${status} ;;`);
  return `#!/bin/sh\nprintf '%s\\0' ${name} "$@" >> "$RECORD"\nprintf '\\n' >> "$RECORD"\ncase "$*" in\n${cases.join('\n')}\nesac\n`;
}

/** Runs a rendered script with stand-ins on the PATH; the commands that it ran. */
function ran(
  workspace: TestWorkspace,
  script: string,
  { args = [], env = {} }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
) {
  const { status, stderr } = spawnSync('bash', [script, ...args], {
    cwd: workspace.root,
    encoding: 'utf8',
    env: { PATH: `${workspace.path('bin')}:/usr/bin:/bin`, RECORD: workspace.path('record'), ...env },
  });
  const record = existsSync(workspace.path('record')) ? readFileSync(workspace.path('record'), 'utf8') : '';
  const commands = record
    .split('\0\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\0'));
  return { status, stderr, commands };
}

async function rendered(
  cloud: string,
  given: Readonly<Record<string, string>>,
  programs: Readonly<Record<string, string>>,
): Promise<TestWorkspace> {
  const workspace = new TestWorkspace(given);
  const { code, stderr } = await workspace.run(['infra', 'render', cloud, '--target', 'prod', '--out', 'out']);
  expect([code, stderr]).toEqual([0, '']);
  for (const [name, text] of Object.entries(programs)) {
    workspace.write({ [`bin/${name}`]: text });
    chmodSync(workspace.path('bin', name), 0o755);
  }
  return workspace;
}

describe('the script for Fabric', () => {
  const answers = [
    ['displayName', 'the-workspace'],
    ['identity show', 'the-principal'],
  ] as const;

  test('gives the role in the workspace of exactly that name, whatever is in it, and takes it away again', async () => {
    using workspace = await rendered('azure', files, { az: recorder('az', answers) });
    const given = ran(workspace, 'out/by-hand/fabric.sh');
    expect([given.status, given.stderr]).toEqual([0, '']);
    const [find, identity, held, grant] = given.commands;
    expect(find).toContain(`value[?id=='${hostile.replace("'", "\\'")}' || displayName=='${hostile.replace("'", "\\'")}'].id | [0]`);
    expect(identity).toContain('north(wind)');
    expect(held).toContain("value[?principal.id=='the-principal'].role | [0]");
    expect(grant).toEqual(expect.arrayContaining(['post', 'https://api.fabric.microsoft.com/v1/workspaces/the-workspace/roleAssignments']));
    expect(JSON.parse(grant?.at(-1) ?? '')).toEqual({ principal: { id: 'the-principal', type: 'ServicePrincipal' }, role: 'Contributor' });
    expect(existsSync(workspace.path('stolen'))).toBe(false);
  });

  const role = 'https://api.fabric.microsoft.com/v1/workspaces/the-workspace/roleAssignments/the-principal';
  test.each([
    ['takes away a role that is held', 'Contributor', ['undo'], ['delete', role]],
    ['takes away nothing twice', '', ['undo'], null],
    ['returns nothing twice', 'Contributor', [], null],
    ['lets who reads write', 'Viewer', [], ['patch', role]],
  ])('%s', async (_what, held, args, asked) => {
    using workspace = await rendered('azure', files, { az: recorder('az', [['principal.id', held], ...answers]) });
    const { status, stderr, commands } = ran(workspace, 'out/by-hand/fabric.sh', { args });
    expect([status, stderr, commands.length]).toEqual([0, '', asked === null ? 3 : 4]);
    if (asked !== null) expect(commands.at(-1)).toEqual(expect.arrayContaining(asked));
  });

  test('gives one role in a workspace, by a name that Fabric has, and says what a Viewer lacks', async () => {
    const reading = 'home: onelake://One/sales.Lakehouse/Files/in\nstore: onelake://Two/sales.Lakehouse/Files/out\n';
    const both = 'home: onelake://Two/sales.Lakehouse/Files/in\nstore: onelake://Two/sales.Lakehouse/Files/both\n';
    using workspace = await rendered('azure', { ...files, 'flows/out/flow.yml': reading, 'flows/two/flow.yml': both }, {});
    const script = readFileSync(workspace.path('out/by-hand/fabric.sh'), 'utf8');
    const grants = [...script.matchAll(/^grant '(\w+)' 'id-northwind-(\w+)-\w+' (.*)$/gm)].map((found) => found.slice(1).join(' '));
    expect(grants).toEqual(['One out Viewer', 'Two out Contributor', 'Two two Contributor']);
    expect(readFileSync(workspace.path('out/README.md'), 'utf8')).toContain('A Viewer in Fabric sees no files');
  });

  test('gives the role that refreshes the SQL endpoint of a home', async () => {
    const home =
      'home: { type: fabric_warehouse, server: a.datawarehouse.fabric.microsoft.com, database: bronze, workspace: One, table: dbo.t }\n';
    using workspace = await rendered(
      'azure',
      { ...files, 'flows/out/flow.yml': `${home}store: onelake://Two/sales.Lakehouse/Files/out\n` },
      {},
    );
    const script = readFileSync(workspace.path('out/by-hand/fabric.sh'), 'utf8');
    expect(script).toMatch(/^grant 'One' 'id-northwind-out-\w+' Contributor$/m);
  });

  test('stops where there is no such workspace, and where it may not be seen', async () => {
    using without = await rendered('azure', files, { az: recorder('az', [['displayName', '']]) });
    const { status, stderr, commands } = ran(without, 'out/by-hand/fabric.sh');
    expect([status, stderr, commands.length]).toEqual([1, `There is no workspace ${hostile}, or no one who is signed in may see it.\n`, 1]);
    using refused = await rendered('azure', files, { az: recorder('az', [['displayName', '', 3]]) });
    const { status: code, commands: asked } = ran(refused, 'out/by-hand/fabric.sh');
    expect([code, asked.length]).toEqual([3, 1]);
  });
});

test('the script for Google binds what MEMBER says, and nothing without it', async () => {
  using workspace = await rendered('azure', files, { gcloud: recorder('gcloud', []) });
  const without = ran(workspace, 'out/by-hand/google.sh');
  expect([without.status !== 0, without.commands]).toEqual([true, []]);
  const { status, commands } = ran(workspace, 'out/by-hand/google.sh', { args: ['undo'], env: { MEMBER: 'principal://it' } });
  expect([status, commands]).toEqual([
    0,
    [
      [
        'gcloud',
        'storage',
        'buckets',
        'remove-iam-policy-binding',
        'gs://clicks',
        '--member=principal://it',
        '--role=roles/storage.objectViewer',
      ],
    ],
  ]);
});

test('the script for Google binds each app by its own identity, and lets it act as the account that it names', async () => {
  const pool = 'projects/1/locations/global/workloadIdentityPools/azure';
  const side = (bucket: string, more = '') =>
    `home: { path: "gs://${bucket}/raw", workload_identity_provider: "${pool}/providers/entra", entra_audience: "api://g"${more} }\nstore: onelake://Two/sales.Lakehouse/Files/${bucket}\n`;
  const flows = {
    'flows/out/flow.yml': side('clicks'),
    'flows/two/flow.yml': side('views'),
    'flows/sa/flow.yml': side('third', ', service_account_email: x@y.iam.gserviceaccount.com'),
  };
  const az = ['out', 'two', 'sa'].map((flow) => [`--name id-northwind-${flow}-`, `of-${flow}`] as const);
  using workspace = await rendered('azure', { ...files, ...flows }, { gcloud: recorder('gcloud', []), az: recorder('az', az) });
  const { status, stderr, commands } = ran(workspace, 'out/by-hand/google.sh');
  expect([status, stderr]).toEqual([0, '']);
  const bound = commands.filter(([program]) => program === 'gcloud').map(([, ...words]) => words.join(' '));
  const member = (of: string) => `--member=principal://iam.googleapis.com/${pool}/subject/of-${of}`;
  expect(bound).toEqual([
    `iam service-accounts add-iam-policy-binding x@y.iam.gserviceaccount.com ${member('sa')} --role=roles/iam.workloadIdentityUser`,
    `storage buckets add-iam-policy-binding gs://clicks ${member('out')} --role=roles/storage.objectViewer`,
    'storage buckets add-iam-policy-binding gs://third --member=serviceAccount:x@y.iam.gserviceaccount.com --role=roles/storage.objectViewer',
    `storage buckets add-iam-policy-binding gs://views ${member('two')} --role=roles/storage.objectViewer`,
  ]);
});

describe('the script for Entra ID', () => {
  test('registers what tokens for AWS are made for, once', async () => {
    using fresh = await rendered('aws', shore, { az: recorder('az', [['app create', 'the-app']]) });
    const made = ran(fresh, 'out/entra.sh');
    expect([made.status, made.stderr]).toEqual([0, '']);
    expect(made.commands.map((words) => words.slice(0, 4).join(' '))).toEqual(['az ad app list', 'az ad app create', 'az ad sp create']);
    expect(made.commands[1]).toEqual(expect.arrayContaining(['--identifier-uris', 'api://hygge-aws']));
    using there = await rendered('aws', shore, { az: recorder('az', [['app list', 'the-app']]) });
    expect(ran(there, 'out/entra.sh').commands.length).toBe(1);
    expect(ran(there, 'out/entra.sh', { args: ['undo'] }).commands.at(-1)).toEqual(['az', 'ad', 'app', 'delete', '--id', 'the-app']);
  });
});
