// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, BootstraplessSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logicalId, roleName } from '../../infra/aws/names.ts';
import { type Asked, policyOf, writable } from '../../infra/aws/policy.ts';
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
function inCdk(file: string): Template {
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true }, analyticsReporting: false });
  const stack = new Stack(app, 'Shore', { synthesizer: new BootstraplessSynthesizer({}) as IStackSynthesizer });
  new CfnInclude(stack, 'Hygge', { templateFile: file });
  return Template.fromStack(stack);
}

describe('the template', () => {
  const file = join(golden, 'template.json');

  test('is one that CDK takes in and finds nothing wrong with', () => {
    const template = inCdk(file);
    template.resourceCountIs('AWS::IAM::Role', 3);
    template.resourceCountIs('AWS::IAM::OIDCProvider', 1);
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    template.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'hygge-shore-crm-8v7ztzvx',
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

  test('with a misspelt property it would be found', () => {
    using workspace = new TestWorkspace();
    writeFileSync(workspace.path('template.json'), readFileSync(file, 'utf8').replace('"BucketName"', '"BucketNme"'));
    expect(() => inCdk(workspace.path('template.json'))).toThrow();
  });

  const { error, stdout } = spawnSync('cfn-lint', ['--version'], { encoding: 'utf8' });
  const missing = error === undefined && /cfn-lint \d/.test(stdout) ? '' : ' (skipped: there is no cfn-lint on the PATH)';
  test.skipIf(missing !== '')(`has nothing that cfn-lint objects to${missing}`, () => {
    const { status, stdout } = spawnSync('cfn-lint', [file], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, '']);
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
    const told = await refused({ 'flows/crm/flow.yml': (text) => text.replace('hygge-shore-crm-8v7ztzvx', 'hygge') });
    expect(told).toContain('flows/crm/flow.yml:2:16  HYG-1119');
    expect(told).toContain('role_arn: arn:aws:iam::123456789012:role/hygge-shore-crm-8v7ztzvx');
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

  test.each([
    ['archive: { old/: 90 }', 'archive: { crm/old/: 90 }', /infra\/prod\.yml:11:\d+ {2}HYG-1121/],
    ['archive: { old/: 90 }', 'archive: { cr: 90 }', /infra\/prod\.yml:11:\d+ {2}HYG-1121/],
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
    expect(told).toContain('The home of keyed.keyed signs in to AWS as somebody else than the app');
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
        const names = flows.map((flow) => roleName({ account: '123456789012', workspace: 'Ünïcødé & Söhne '.repeat(9) }, flow));
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

describe('policies', () => {
  const asking = (folder: string): readonly Asked[] => [
    { action: 's3:ListBucket', arn: 'arn:aws:s3:::lake', below: folder },
    { action: 's3:GetObject', arn: `arn:aws:s3:::lake/${folder}*`, below: '' },
  ];

  test('have room for hundreds of folders, by the folder that these lie in', () => {
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
    expect(writable('arn:aws:s3:::lake/Löhne/*')).toBe('arn:aws:s3:::lake/Löhne/*');
    expect(writable('arn:aws:s3:::lake/データ/*')).toBe('arn:aws:s3:::lake/*');
    expect(JSON.stringify(policyOf(asking('データ/')).statements)).toMatch(/^[\u0020-\u00ff]+$/);
  });
});
