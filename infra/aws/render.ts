import { ConfigError } from '../../src/errors/hygge-error.ts';
import { ConfigErrors } from '../../src/workspace/load/load.ts';
import { appNames } from '../azure/names.ts';
import { type Command, type Step, shownStep } from '../commands.ts';
import { type Deployment, distinct } from '../deployment.ts';
import { stackName } from './names.ts';
import { type BucketUse, bucketsOf, type Role, rolesOf } from './roles.ts';
import { checkPolicySizes, identityParameter, templateOf, wrongBuckets } from './template.ts';

export interface RenderedAws {
  /** Files by path below the folder, in order. */
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  readonly steps: readonly Step[];
}

/** The AWS resources of a workspace, as CloudFormation. The same workspace always gives the same result. Throws `ConfigErrors`. */
export function renderAws(deployment: Deployment): RenderedAws {
  const { target, apps, workspace } = deployment;
  const { aws } = target.settings;
  if (aws === undefined) throw new ConfigErrors([withoutAccount(target.file)]);
  const { roles, errors, notes: about } = rolesOf(deployment, aws);
  const buckets = bucketsOf(apps);
  const wrong = [...errors, ...wrongBuckets(target, aws, buckets)];
  if (wrong.length > 0) throw new ConfigErrors(distinct(wrong));
  const template = templateOf({ workspace, target, aws, roles });
  const large = checkPolicySizes({ text: template, roles, target, aws });
  if (large.errors.length > 0) throw new ConfigErrors(large.errors);
  const made = Object.entries(aws.buckets ?? {}).flatMap(([name, one]) => (one.made === true ? [name] : []));
  if (roles.length === 0 && made.length === 0) throw new ConfigErrors([nothingThere(target.file, about)]);
  const audiences = [...new Set(roles.map(({ audience }) => audience))].sort();
  const known = aws.provider === 'existing' && audiences.length > 0 ? [`The existing provider must allow ${audiences.join(', ')}.`] : [];
  const notes = [...about, ...known, ...large.notes, ...audiences.flatMap((one) => refusedAudience(one, aws.tenant))];
  const there = [...buckets.values()].filter(({ name, settled }) => !made.includes(name) && settled.length > 0);
  const steps = stepsOf(deployment, roles);
  const files = new Map<string, string>([
    ['README.md', readme(deployment, { steps, roles, notes, there })],
    ...(roles.length === 0 ? [] : [['entra.sh', registration(roles)] as const]),
    ['template.json', template],
  ]);
  return { files, notes, steps };
}

function withoutAccount(file: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1122',
    what: `${file} names no account of AWS.`,
    tryThis: [`Add one to ${file}: \`aws: { account: "123456789012", region: eu-central-1, tenant: … }\``],
  });
}

function nothingThere(file: string, notes: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'HYG-1122',
    what: 'No flow uses an AWS role with the identity of its app, and no bucket needs to be created.',
    why: notes,
    tryThis: ['Sign in by a role: `role_arn` with `entra_audience` next to the path in S3.', `Or remove \`aws\` from ${file}.`],
  });
}

interface RenderedFacts {
  readonly steps: readonly Step[];
  readonly roles: readonly Role[];
  readonly notes: readonly string[];
  /** Existing buckets in which stores settle. */
  readonly there: readonly BucketUse[];
}

/** The identity of each parameter, and the command that looks it up. */
function identitiesOf(
  deployment: Deployment,
  roles: readonly Role[],
): readonly { readonly parameter: string; readonly identity: string }[] {
  const { subscription, resource_group: resourceGroup } = deployment.target.settings;
  const scope = { subscription, resourceGroup, workspace: deployment.workspace };
  return [...new Set(roles.flatMap(({ apps }) => apps))].sort().map((app) => ({
    parameter: identityParameter(app),
    identity: appNames(scope, { name: app, flows: [] }).identity,
  }));
}

/** The commands that deploy the rendered folder, in order. Options: https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy.html */
function stepsOf(deployment: Deployment, roles: readonly Role[]): readonly Step[] {
  const { subscription, resource_group: group, aws } = deployment.target.settings;
  const scope = { subscription, resourceGroup: group, workspace: deployment.workspace };
  const step = (command: Command): Step => ({ kind: 'aws', folder: 'aws', app: null, command });
  const identities = identitiesOf(deployment, roles);
  const inGroup = ['--subscription', subscription, '--resource-group', group];
  const ids = identities.map(({ parameter, identity }) =>
    step({
      program: 'az',
      args: ['identity', 'show', ...inGroup, '--name', identity, '--query', 'principalId', '--output', 'tsv'],
      saves: parameter,
    }),
  );
  const overrides = identities.map(({ parameter }) => ({ before: `${parameter}=`, saved: parameter }));
  const bucket = aws?.template_bucket === undefined ? [] : ['--s3-bucket', aws.template_bucket];
  const stack = ['--region', aws?.region ?? '', '--stack-name', stackName(scope), '--template-file', 'template.json', ...bucket];
  return [
    ...(roles.length === 0 ? [] : [step({ program: 'bash', args: ['entra.sh'] })]),
    ...ids,
    step({
      program: 'aws',
      args: [
        'cloudformation',
        'deploy',
        ...stack,
        '--no-fail-on-empty-changeset',
        '--capabilities',
        'CAPABILITY_NAMED_IAM',
        ...(overrides.length === 0 ? [] : ['--parameter-overrides', ...overrides]),
      ],
    }),
  ];
}

function readme(deployment: Deployment, { steps, roles, notes, there }: RenderedFacts): string {
  const { target, workspace } = deployment;
  const list = (heading: string, items: readonly string[]) =>
    items.length === 0 ? [] : ['', heading, '', ...items.map((one) => `- ${one}`)];
  return `${[
    `# ${workspace} in ${target.name}: AWS`,
    '',
    `Rendered by \`hygge infra render aws --target ${target.name}\` from the workspace and ${target.file}. Change the workspace or that file, and render again. Changes in this folder are lost.`,
    '',
    `\`hygge deploy --target ${target.name}\` runs all these commands. To run them by hand: in this folder, after the apps exist in Azure, and in this order:`,
    '',
    '```bash',
    ...steps.flatMap(shownStep),
    '```',
    ...list(
      'Roles:',
      roles.map(({ name, for: who }) => `${name}: ${who}`),
    ),
    ...list(
      'Existing buckets, which are left unchanged. Each should block public access, accept only TLS, delete unfinished uploads after 8 days or more, and neither lock nor archive settled files:',
      there.map(({ name }) => name),
    ),
    ...list('To know:', notes),
    '',
    'A CDK app includes the template unchanged:',
    '',
    '```ts',
    "new CfnInclude(stack, 'Hygge', { templateFile: 'template.json' });",
    '```',
  ].join('\n')}\n`;
}

/** Tenants may reject an identifier that does not contain the tenant’s id: https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions */
function refusedAudience(audience: string, tenant: string): readonly string[] {
  const [, name = ''] = /^api:\/\/([^/.]+)$/.exec(audience) ?? [];
  if (name === '' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name)) return [];
  return [
    `Entra ID refuses to register ${audience} if the policy of the tenant requires its id in such a name. Policies of new tenants do. Entra ID accepts: entra_audience: api://${tenant}/${name}`,
  ];
}

/** The audience of tokens must be an app registration in Entra ID, which has no rights. */
function registration(roles: readonly Role[]): string {
  const audiences = [...new Set(roles.map(({ audience }) => audience))].sort();
  return `#!/usr/bin/env bash
# Registrations in Entra ID that tokens for AWS are made for. They have no secret and no right. With 'undo' as its argument they are removed.
set -euo pipefail

register() { # audience
  id=$(az ad app list --identifier-uri "$1" --query '[0].appId' --output tsv)
  if [ "\${undo:-}" = undo ]; then
    if [ -n "$id" ]; then az ad app delete --id "$id"; fi
  elif [ -z "$id" ]; then
    id=$(az ad app create --display-name "hygge: $1" --identifier-uris "$1" --query appId --output tsv)
    az ad sp create --id "$id" --output none
  fi
}

undo=\${1:-}
${audiences.map((audience) => `register '${audience.replaceAll("'", "'\\''")}'`).join('\n')}
`;
}
