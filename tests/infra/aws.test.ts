// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IStackSynthesizer } from 'aws-cdk-lib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logicalId, roleName } from '../../infra/aws/names.ts';
import { policyOf, policyText, type RequestedAction } from '../../infra/aws/policy.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { shore } from './shore.ts';

const golden = join(import.meta.dirname, 'golden', 'aws');
const render = (workspace: TestWorkspace, ...more: readonly string[]) =>
  workspace.run(['infra', 'render', 'aws', '--target', 'prod', '--out', 'out', ...more]);

test('flows are rendered as they were, file by file, and the same again elsewhere', async () => {
  using workspace = new TestWorkspace(shore);
  using other = new TestWorkspace({ ...shore, '.env': 'PARTNER_KEY=canary-8d2\n' });
  expect([(await render(workspace)).code, (await render(other)).code]).toEqual([0, 0]);
  for (const file of ['README.md', 'entra.sh', 'template.json']) {
    const text = readFileSync(workspace.path('out', file), 'utf8');
    await expect(text).toMatchFileSnapshot(join(golden, file));
    expect(readFileSync(other.path('out', file), 'utf8')).toBe(text);
    expect(text).not.toContain('canary');
  }
});

/** The template as a CDK app has it that takes it in, as the rendered README says. */
async function inCdk(file: string) {
  const { App, BootstraplessSynthesizer, Stack } = await import('aws-cdk-lib');
  const { Template } = await import('aws-cdk-lib/assertions');
  const { CfnInclude } = await import('aws-cdk-lib/cloudformation-include');
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true }, analyticsReporting: false });
  const stack = new Stack(app, 'Shore', { synthesizer: new BootstraplessSynthesizer({}) as IStackSynthesizer });
  new CfnInclude(stack, 'Hygge', { templateFile: file });
  return Template.fromStack(stack);
}

describe('the template', () => {
  const file = join(golden, 'template.json');

  /** Of the template that CDK and cfn-lint have read last. The same template has the same faults: they read one that has changed, and each in a soak. */
  const linted = join(import.meta.dirname, 'golden', 'linted.txt');
  const digest = `${createHash('sha256').update(readFileSync(file)).digest('hex')}\n`;
  const isAsked = whole || readFileSync(linted, 'utf8') !== digest;

  test('is one that CDK takes in and finds nothing wrong with', async () => {
    if (!isAsked) return;
    const { Match } = await import('aws-cdk-lib/assertions');
    const template = await inCdk(file);
    template.resourceCountIs('AWS::IAM::Role', 3);
    template.resourceCountIs('AWS::IAM::OIDCProvider', 1);
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    template.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'hygge-shore-crm-i78zo9o1',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringEquals: {
                'sts.windows.net/55555555-5555-5555-5555-555555555555/:aud': 'api://hygge-aws',
                'sts.windows.net/55555555-5555-5555-5555-555555555555/:sub': { Ref: Match.stringLikeRegexp('^IdentityNightly') },
              },
            },
          },
        ],
      },
    });
  });

  const missing = isAsked && spawnSync('cfn-lint', ['--version']).status !== 0 ? ' (skipped: there is no cfn-lint on the PATH)' : '';
  test.skipIf(missing !== '')(`has nothing that cfn-lint objects to${missing}`, async () => {
    if (isAsked) {
      const { status, stdout } = spawnSync('cfn-lint', [file], { encoding: 'utf8' });
      expect([status, stdout]).toEqual([0, '']);
    }
    await expect(digest).toMatchFileSnapshot(linted);
  });
});

async function refused(changes: Readonly<Record<string, (text: string) => string>>): Promise<string> {
  const changed = Object.entries(changes).map(([file, change]) => [file, change(shore[file] ?? '')]);
  using workspace = new TestWorkspace({ ...shore, ...Object.fromEntries(changed) });
  const { code, stdout, stderr } = await render(workspace);
  expect([code, stdout]).toEqual([2, '']);
  return stderr;
}

describe('what is wrong is told with its line', () => {
  test('a role that is not the flow’s own, with the one to write; that one is taken', async () => {
    const told = await refused({ 'flows/crm/flow.yml': (text) => text.replace('hygge-shore-crm-i78zo9o1', 'hygge') });
    expect(told).toContain('flows/crm/flow.yml:2:16  HYG-1119');
    expect(told).toContain('role_arn: arn:aws:iam::123456789012:role/hygge-shore-crm-i78zo9o1');
  });

  test('two audiences of one role', async () => {
    const told = await refused({ 'flows/web/flow.yml': (text) => text.replace('api://hygge-aws', 'api://other') });
    expect(told).toMatch(/flows\/web\/flow\.yml:\d:\d+ {2}HYG-1119[\s\S]*`api:\/\/other` and `api:\/\/hygge-aws`/);
  });

  test('a bucket that no flow names, and one that would be made elsewhere', async () => {
    const named = (from: string, to: string) => ({ 'infra/prod.yml': (text: string) => text.replace(from, to) });
    expect(await refused(named('shore-landing:', 'shore-laning:'))).toMatch(/infra\/prod\.yml:12:\d+ {2}HYG-1120/);
    expect(await refused(named('region: eu-central-1', 'region: eu-west-1'))).toContain('flow says that it is in eu-central-1');
  });

  test('rules of a bucket that is not made, which nothing would follow', async () => {
    const told = await refused({ 'infra/prod.yml': (text) => text.replace('made: true, abort_uploads', 'abort_uploads') });
    expect(told).toMatch(
      /infra\/prod\.yml:12:\d+ {2}HYG-1120[\s\S]*`shore-landing` has rules, but hygge does not make it[\s\S]*Add `made: true`/,
    );
  });

  test.each([
    ['archive: { old/: 90 }', 'archive: { crm/old/: 90 }', /infra\/prod\.yml:11:\d+ {2}HYG-1121/],
    ['archive: { old/: 90 }', 'object_lock: true', /infra\/prod\.yml:11:\d+ {2}HYG-1121/],
    ['abort_uploads: 14', 'abort_uploads: 7', /infra\/prod\.yml:12:\d+ {2}HYG-1013/],
  ])('a rule that would take from a store what it needs: %s → %s', async (from, to, place) => {
    expect(await refused({ 'infra/prod.yml': (text) => text.replace(from, to) })).toMatch(place);
  });

  test('no account of AWS, and nothing that would be made there', async () => {
    expect(await refused({ 'infra/prod.yml': (text) => text.replace(/aws:\n( .*\n)+/, '') })).toContain('HYG-1122');
    const elsewhere = () => 'home: gs://incoming/a\nstore: gs://settled/a\n';
    const without = { 'flows/web/flow.yml': elsewhere, 'flows/crm/flow.yml': () => elsewhere().replaceAll('/a', '/b') };
    const told = await refused({
      ...without,
      'hygge.yml': () => 'name: Shore\n',
      'infra/prod.yml': (text) => text.replace(/ {2}buckets:\n( {4}.*\n)+/, ''),
    });
    expect(told).toContain('HYG-1122');
    expect(told).toContain('The home of keyed.keyed signs in to AWS as another identity than the app');
  });
});

test('a provider that is there already is trusted, and not made again', async () => {
  using workspace = new TestWorkspace({
    ...shore,
    'infra/prod.yml': `${shore['infra/prod.yml']}`.replace('  buckets:', '  provider: existing\n  buckets:'),
  });
  expect((await render(workspace)).code).toBe(0);
  const template = readFileSync(workspace.path('out/template.json'), 'utf8');
  expect(template).not.toContain('AWS::IAM::OIDCProvider');
  expect(template).toContain('arn:aws:iam::123456789012:oidc-provider/sts.windows.net/55555555-5555-5555-5555-555555555555/');
});

describe('names', () => {
  test('of roles are legal and each its own, whatever flows are called', () => {
    const name = fc.oneof(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/), fc.stringMatching(/^[aA][bB][-_]{0,3}[cC]$/));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 200, maxLength: 200 }), (flows) => {
        const scope = { account: '123456789012', subscription: '1', resourceGroup: 'g', workspace: 'Ünïcødé & Söhne '.repeat(9) };
        const names = flows.map((flow) => roleName(scope, flow));
        expect(names.filter((one) => !/^[\w+=,.@-]{1,64}$/.test(one))).toEqual([]);
        expect(new Set(names.map((one) => one.toLowerCase())).size).toBe(flows.length);
        const ids = flows.map((flow) => logicalId('Role', flow));
        expect(ids.filter((one) => !/^[A-Za-z0-9]{1,255}$/.test(one))).toEqual([]);
        expect(new Set(ids).size).toBe(flows.length);
      }),
      { numRuns: 5, seed: 2_611 },
    );
  });
});

describe('what AWS would refuse when it is deployed is told when it is rendered', () => {
  const scope = { account: '123456789012', subscription: '44444444-4444-4444-4444-444444444444', resourceGroup: 'big', workspace: 'Big' };
  const role = (of: string) =>
    `region: eu-central-1, role_arn: "arn:aws:iam::123456789012:role/${roleName(scope, of)}", entra_audience: "api://a"`;
  const target = (more: string) =>
    [
      `subscription: ${scope.subscription}`,
      'region: westeurope',
      'resource_group: big',
      `aws: { account: "${scope.account}", region: eu-central-1, tenant: 55555555-5555-5555-5555-555555555555${more} }`,
      '',
    ].join('\n');
  const flowsOf = (count: number, journal = '') => ({
    'hygge.yml': `name: Big\n${journal}`,
    ...Object.fromEntries(
      Array.from({ length: count }, (_, at) => {
        const place = (bucket: string) => `{ path: "s3://${bucket}/flow-${at}/{entity}", ${role(`flow-${at}`)} }`;
        return [`flows/flow-${at}/flow.yml`, `home: ${place('landing')}\nstore: ${place('lake')}\nentities: [a, b, c]\n`];
      }),
    ),
  });

  test('a template of sixty flows: over 51,200 bytes it is in a bucket, with a line for each role', async () => {
    const journal = `journal: { mirror: { path: "s3://ops/journal", ${role('the journal')} } }\n`;
    using workspace = new TestWorkspace({ ...flowsOf(60, journal), 'infra/prod.yml': target('') });
    const refused = await render(workspace);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/infra\/prod\.yml:4:1 {2}HYG-1133[\s\S]*at most 51,200[\s\S]*template_bucket/),
    ]);
    workspace.write({ 'infra/prod.yml': target(', template_bucket: big-templates') });
    const { code, stdout } = await render(workspace);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/journal of all flows trusts 60 apps[\s\S]*until its quota "Role trust policy length" is raised/),
    ]);
    const text = readFileSync(workspace.path('out/template.json'), 'utf8');
    expect(text.split('\n').filter((line) => line.includes('"AWS::IAM::Role"')).length).toBe(61);
    expect(readFileSync(workspace.path('out/README.md'), 'utf8')).toContain('--template-file template.json --s3-bucket big-templates ');
    const { Resources } = JSON.parse(text) as { Resources: Record<string, { Type: string }> };
    expect(Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Role').length).toBe(61);
    workspace.write({ 'infra/prod.yml': target(', template_bucket: lake, buckets: { lake: { made: true } }') });
    expect((await render(workspace)).stderr).toMatch(
      /infra\/prod\.yml:4:1 {2}HYG-1133[\s\S]*put into `lake`, which the template itself creates/,
    );
  });

  test('a policy over 10,240 characters, which no folder makes shorter', async () => {
    const side = (bucket: string) => `{ path: "s3://${bucket}/x", ${role('wide')} }`;
    const entities = Array.from(
      { length: 40 },
      (_, at) => `  - { name: e${at}, home: ${side(`landing-${at}`)}, store: ${side(`lake-${at}`)} }\n`,
    );
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: Big\n',
      'flows/wide/flow.yml': `entities:\n${entities.join('')}`,
      'infra/prod.yml': target(''),
    });
    const { code, stderr } = await render(workspace);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/HYG-1133[\s\S]*policy of the role of the flow wide has \d\d,\d{3} characters, but IAM accepts at most 10,240/),
    ]);
  });
});

test('an audience that a tenant may refuse to register is reported, with one that it takes', async () => {
  using workspace = new TestWorkspace(shore);
  const [, written = ''] = /Entra ID accepts: entra_audience: (\S+)/.exec((await render(workspace)).stdout) ?? [];
  expect(written).toBe('api://55555555-5555-5555-5555-555555555555/hygge-aws');
  for (const audience of [written, 'api://northwind.example/hygge-aws', 'api://0a1b2c3d-1111-2222-3333-444455556666']) {
    for (const [file, text] of Object.entries(shore)) workspace.write({ [file]: text.replaceAll('api://hygge-aws', audience) });
    const { code, stdout } = await render(workspace);
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('refuses to register')]);
  }
});

test('a folder that a policy cannot spell is told of, as its role reaches further', async () => {
  using workspace = new TestWorkspace({
    ...shore,
    'flows/crm/flow.yml': `${shore['flows/crm/flow.yml']}`.replace('s3://shore-lake/crm', 's3://shore-lake/crm/データ'),
  });
  const { code, stdout } = await render(workspace);
  expect([code, stdout]).toEqual([0, expect.stringContaining('everything that begins with: arn:aws:s3:::shore-lake/crm/*.')]);
});

test('an account of China is entered by its own ARNs, and a role of elsewhere is not taken', async () => {
  const inChina = (text: string) => text.replaceAll('eu-central-1', 'cn-north-1');
  using workspace = new TestWorkspace(Object.fromEntries(Object.entries(shore).map(([file, text]) => [file, inChina(text)])));
  const elsewhere = await render(workspace);
  expect([elsewhere.code, elsewhere.stderr]).toEqual([
    2,
    expect.stringContaining('role_arn: arn:aws-cn:iam::123456789012:role/hygge-shore-crm-i78zo9o1'),
  ]);
  for (const [file, text] of Object.entries(shore)) workspace.write({ [file]: inChina(text).replaceAll('arn:aws:iam', 'arn:aws-cn:iam') });
  expect((await render(workspace)).code).toBe(0);
  const template = readFileSync(workspace.path('out/template.json'), 'utf8');
  expect([template.match(/arn:aws:/), template.match(/arn:aws-cn:(s3|kms):/g)?.length]).toEqual([null, expect.any(Number)]);
});

test('a key of KMS is one that those ask for who name it: a home that reads what it encrypts is told to', async () => {
  const home = (more: string) =>
    `home: { path: "s3://shore-lake/web/visits", region: eu-central-1, role_arn: "arn:aws:iam::123456789012:role/hygge-shore-crm-i78zo9o1", entra_audience: "api://hygge-aws"${more} }`;
  const crm = (more: string) => ({ 'flows/crm/flow.yml': `${shore['flows/crm/flow.yml']}`.replace(/^home: .*$/m, home(more)) });
  using workspace = new TestWorkspace({ ...shore, ...crm('') });
  const without = await render(workspace);
  const [, keys = ''] =
    /The home of crm\.crm reads data that the store of web\.visits encrypts with alias\/lake, [\s\S]* Write in the home: (.*)/.exec(
      without.stdout,
    ) ?? [];
  expect(keys).toBe('server_side_encryption: aws:kms, kms_key_id: alias/lake');
  workspace.write(crm(`, ${keys}`));
  const asking = await render(workspace);
  expect([asking.code, asking.stdout]).toEqual([0, expect.not.stringContaining('alias/lake')]);
  const { Resources } = JSON.parse(readFileSync(workspace.path('out/template.json'), 'utf8')) as {
    Resources: Record<string, { Properties: object }>;
  };
  const crmRole = JSON.stringify(
    Object.values(Resources).find(({ Properties }) => 'RoleName' in Properties && Properties.RoleName === 'hygge-shore-crm-i78zo9o1'),
  );
  expect(crmRole).toContain('"kms:Decrypt"');
  expect(crmRole).not.toContain('kms:GenerateDataKey');
  // Whoever writes there without a key would need rights on one that is the default of the bucket.
  expect(JSON.stringify(Resources)).not.toContain('KMSMasterKeyID');
});

describe('policies', () => {
  const asking = (folder: string): readonly RequestedAction[] => [
    { action: 's3:ListBucket', arn: 'arn:aws:s3:::lake', below: folder },
    { action: 's3:GetObject', arn: `arn:aws:s3:::lake/${folder}*`, below: '' },
  ];

  test('have room for hundreds of folders, by the folder that these are in', () => {
    const { statements, widened } = policyOf(Array.from({ length: 400 }, (_, at) => asking(`landing/crm/entity-number-${at}/`)).flat());
    expect(widened).toEqual(['arn:aws:s3:::lake/landing/crm/*']);
    expect(JSON.stringify(statements).length).toBeLessThan(1000);
    expect(statements.map(({ Resource, Condition }) => [...Resource, Condition])).toEqual([
      ['arn:aws:s3:::lake', { StringLike: { 's3:prefix': ['landing/crm/*'] } }],
      ['arn:aws:s3:::lake', { Null: { 's3:prefix': ['true'] } }],
      ['arn:aws:s3:::lake/landing/crm/*', undefined],
    ]);
    expect(policyOf([...asking('a/'), ...asking('b/')]).widened).toEqual([]);
  });

  test('have no character that a policy does not know', () => {
    expect(policyText('arn:aws:s3:::lake/Löhne/*')).toBe('arn:aws:s3:::lake/Löhne/*');
    expect(policyText('arn:aws:s3:::lake/データ/*')).toBe('arn:aws:s3:::lake/*');
    expect(JSON.stringify(policyOf(asking('データ/')).statements)).toMatch(/^[\u0020-\u00ff]+$/);
  });
});
