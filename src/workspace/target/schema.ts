import * as z from 'zod';

/** `infra/<target>.yml`: settings of a deployment target that the workspace does not contain. All of these settings are public. */

const nowhere = '00000000-0000-0000-0000-000000000000';

const subscription = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { error: 'the id of a subscription: `az account show --query id`' })
  .refine((id) => id !== nowhere, { error: 'the id of a subscription: `az account show --query id`' });

const group = z.string().regex(/^[\w().-]{0,89}[\w()-]$/, {
  error: 'the name of a resource group: letters, digits, `_`, `-`, `.` and brackets, up to 90 of them',
});

const elsewhere = z.strictObject({
  resource_group: group.describe('Its resource group.'),
  subscription: subscription.optional().describe('Its subscription, if it differs.'),
  endpoint: z.enum(['own', 'asked', 'none']).optional().meta({
    description:
      'How the account or server is reached from the network. own: by a private endpoint that the deploying account approves. asked: by a private endpoint that its owner must approve. none: by its public address.',
    default: 'own',
  }),
});

const account = elsewhere.extend({
  rights: z.enum(['container', 'folder']).optional().meta({
    description:
      'The scope of rights on its containers. folder: only the folder that a home or store names, by a condition on the path. If no folder is named: the whole container.',
    default: 'container',
  }),
});

/** The network is split into two subnets: the platform needs /27 or larger for the subnet of the apps. */
const addressSpace = z.string().refine(isNetwork, {
  error: 'a network from /16 to /26, written with its first address: `10.20.0.0/24`',
});

function isNetwork(text: string): boolean {
  const [, address = '', bits = ''] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d\d)$/.exec(text) ?? [];
  const parts = address.split('.').map(Number);
  const size = Number(bits);
  if (parts.length !== 4 || parts.some((one) => one > 255) || size < 16 || size > 26) return false;
  const number = parts.reduce((sum, one) => sum * 256 + one, 0);
  return number % 2 ** (32 - size) === 0;
}

const network = z.strictObject({
  address_space: addressSpace.describe(
    'The address range of the network. Half of it is for the apps, half for private endpoints. The range must not overlap with those of connected networks.',
  ),
  fixed_address: z.boolean().optional().meta({
    description: 'true: the apps call out from one fixed address, which firewalls elsewhere can allow (a NAT gateway).',
    default: true,
  }),
  closed: z.boolean().optional().meta({
    description:
      'true: the apps, their storage, the storage of the config and the vault reject the internet, and have private endpoints in the network. Then deploying, pushing the config and calling an app work only from inside the network.',
    default: false,
  }),
});

const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'the name of a bucket' });

const bucket = z.strictObject({
  made: z
    .boolean()
    .optional()
    .meta({ description: 'true: hygge creates the bucket. Otherwise it must exist already, and stays unchanged.', default: false }),
  abort_uploads: z
    .int()
    .min(8, { error: '8 or more, because a run may take a week to finish an upload' })
    .max(365)
    .optional()
    .meta({ description: 'Days after which unfinished uploads are deleted.', default: 8 }),
  expire_versions: z.int().min(1).max(3650).optional().meta({ description: 'Days that replaced versions are kept.', default: 30 }),
  archive: z
    .record(z.string().min(1), z.int().min(1).max(3650))
    .optional()
    .describe('Days after which objects with a prefix are archived: `{ old/: 90 }`. The prefix must not be a place where a store settles.'),
  object_lock: z.boolean().optional().meta({
    description: 'Whether its objects are protected from removal. Not possible for a bucket where a store settles.',
    default: false,
  }),
});

const aws = z.strictObject({
  account: z
    .string()
    .regex(/^\d{12}$/, { error: 'the twelve digits of an account, in quotes' })
    .describe('The account, in quotes: aws sts get-caller-identity.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'a region as AWS writes it, such as `eu-central-1`' })
    .describe('The region of new buckets, such as eu-central-1.'),
  tenant: z
    .string()
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { error: 'the id of a tenant: `az account show --query tenantId`' })
    .describe('The Entra tenant of the apps. The roles trust its tokens.'),
  provider: z.enum(['made', 'existing']).optional().meta({
    description:
      'existing: the account already has a provider for the tenant (it can have only one). The provider must allow the audiences of the apps.',
    default: 'made',
  }),
  template_bucket: bucketName
    .optional()
    .describe('An existing bucket for templates larger than 51,200 bytes. CloudFormation reads them from there.'),
  buckets: z
    .record(bucketName, bucket)
    .optional()
    .describe('Buckets of the flows, by name: `made` creates one. Buckets that are not listed must exist already.'),
});

export const targetFile = z.strictObject({
  subscription: subscription.describe('The subscription for everything that is created.'),
  region: z
    .string()
    .regex(/^[a-z][a-z0-9]{2,}$/, { error: 'a region as Azure writes it, such as `westeurope`' })
    .describe('The region, such as westeurope.'),
  resource_group: group.describe('The resource group of the apps. It must exist already.'),
  apps: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/, { error: 'up to 60 letters, digits, `_` and `-`, a letter first' }),
      z.array(z.string()).min(1),
    )
    .optional()
    .describe('Apps that serve several flows: `{ nightly: [crm, erp] }`. A flow that is not listed gets its own app.'),
  exclude: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Flows that are not deployed, such as flows that use files on your machine: `[hello]`.'),
  accounts: z
    .record(z.string().regex(/^[a-z0-9-]{1,63}$/, { error: 'the name of an account, without its domain' }), account)
    .optional()
    .describe('Storage accounts that the flows use, with their resource groups. The apps get their rights there.'),
  variables: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, { error: 'the name of a variable' }), z.string())
    .optional()
    .describe('Values of config variables for this target. Secrets do not belong here: they are in the vault.'),
  network: network
    .optional()
    .describe(
      'A separate network for the apps, with private endpoints for `accounts` and `servers`. Without it the apps call out from shared addresses of Azure.',
    ),
  servers: z
    .record(z.string().regex(/^[a-z0-9-]{1,63}$/, { error: 'the name of a server, without its domain' }), elsewhere)
    .optional()
    .describe('Servers of Azure SQL, PostgreSQL and MySQL that the flows name and that get a private endpoint in `network`.'),
  aws: aws.optional().describe('The account of AWS that flows read from or write to by roles.'),
  memory: z
    .literal([2048, 4096], { error: '2048 or 4096' })
    .optional()
    .meta({ description: 'Memory of an instance in megabytes. Use 4096 for wide or many slices.', default: 2048 }),
  max_instances: z.int().min(40).max(1000).optional().meta({ description: 'How many instances an app may have at once.', default: 40 }),
  always_ready: z
    .int()
    .min(0)
    .max(20)
    .optional()
    .meta({ description: 'How many instances are always kept warm, and paid for.', default: 0 }),
  keep_logs: z.int().min(30).max(730).optional().meta({ description: 'Days that logs are kept.', default: 90 }),
  redundancy: z.enum(['zone', 'local']).optional().meta({
    description:
      'Redundancy of the apps’ storage: in three zones of the region, or in one if the region has no zones. It can’t be changed later.',
    default: 'zone',
  }),
  alert: z
    .array(z.email({ error: 'an e-mail address' }))
    .optional()
    .meta({ description: 'Who gets a message when a load fails, is late or did not happen. Empty: no alerts.' }),
  tags: z.record(z.string().max(512), z.string().max(256)).optional().describe('Tags of everything that is created.'),
});

export type TargetSettings = z.output<typeof targetFile>;
