import * as z from 'zod';

/** `infra/<target>.yml`: what a place to deploy to is, beside what the workspace itself says. Nothing in it is a secret. */

const nowhere = '00000000-0000-0000-0000-000000000000';

const subscription = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { error: 'the id of a subscription: `az account show --query id`' })
  .refine((id) => id !== nowhere, { error: 'the id of a subscription: `az account show --query id`' });

const group = z.string().regex(/^[\w().-]{0,89}[\w()-]$/, {
  error: 'the name of a resource group: letters, digits, `_`, `-`, `.` and brackets, up to 90 of them',
});

const elsewhere = z.strictObject({
  resource_group: group.describe('The resource group that it is in.'),
  subscription: subscription.optional().describe('Its subscription, where that is another one.'),
  endpoint: z.enum(['own', 'asked', 'none']).optional().meta({
    description:
      'In a network: own: it gets a private endpoint, which the deploying account approves. asked: one that its owner has to approve. none: it is called by its public address.',
    default: 'own',
  }),
});

const account = elsewhere.extend({
  rights: z.enum(['container', 'folder']).optional().meta({
    description:
      'The scope of rights on its containers. folder: the folder that a home or store names, by a condition on the path; the container if no folder is named.',
    default: 'container',
  }),
});

/** Halves of it are subnets: the platform wants 27 bits or fewer for that of apps. */
const addressSpace = z.string().refine(isNetwork, {
  error: 'a network from /16 to /26, written by its first address: `10.20.0.0/24`',
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
    'Its addresses: half of them are for the apps, half for private endpoints. No network that it is joined to may have the same.',
  ),
  fixed_address: z.boolean().optional().meta({
    description: 'Whether everything that the apps call sees one address, which firewalls elsewhere can know: a NAT gateway.',
    default: true,
  }),
  closed: z.boolean().optional().meta({
    description:
      'Whether the apps, their storage, the storage of the config and the vault refuse the internet, and have private endpoints in the network. Who deploys, pushes the config or calls an app does so from inside of the network then.',
    default: false,
  }),
});

const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'the name of a bucket' });

const bucket = z.strictObject({
  made: z
    .boolean()
    .optional()
    .meta({ description: 'Whether it is made. Without it, it is there already and stays unchanged.', default: false }),
  abort_uploads: z
    .int()
    .min(8, { error: '8 or more: a run may take a week to finish what it began' })
    .max(365)
    .optional()
    .meta({ description: 'Days after which uploads that no one finished are given up.', default: 8 }),
  expire_versions: z
    .int()
    .min(1)
    .max(3650)
    .optional()
    .meta({ description: 'Days that versions are kept that others replaced.', default: 30 }),
  archive: z
    .record(z.string().min(1), z.int().min(1).max(3650))
    .optional()
    .describe('Days after which what begins with a prefix is archived: `{ old/: 90 }`. Nowhere that a store settles.'),
  object_lock: z
    .boolean()
    .optional()
    .meta({ description: 'Whether its resources are protected from removal. Not where a store settles.', default: false }),
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
    .describe('The Entra tenant of the apps, whose tokens the roles trust.'),
  provider: z.enum(['made', 'existing']).optional().meta({
    description:
      'existing: the account knows the tenant already (it can be known only once). Its audiences have to be among those of the provider.',
    default: 'made',
  }),
  template_bucket: bucketName
    .optional()
    .describe('An existing bucket for templates of more than 51,200 bytes: CloudFormation reads them from there.'),
  buckets: z
    .record(bucketName, bucket)
    .optional()
    .describe('Buckets that the flows name and that are made. Buckets that are not listed exist already.'),
});

export const targetFile = z.strictObject({
  subscription: subscription.describe('The subscription that everything is made in.'),
  region: z
    .string()
    .regex(/^[a-z][a-z0-9]{2,}$/, { error: 'a region as Azure writes it, such as `westeurope`' })
    .describe('The region, such as westeurope.'),
  resource_group: group.describe('The resource group of the apps. It has to be there.'),
  apps: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/, { error: 'letters, digits, `_` and `-`, a letter first, up to 60 of them' }),
      z.array(z.string()).min(1),
    )
    .optional()
    .describe('Apps that serve several flows: `{ nightly: [crm, erp] }`. A flow that is in none of them has an app of its own.'),
  exclude: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Flows that are not deployed, such as those that read or settle on your machine: `[hello]`.'),
  accounts: z
    .record(z.string().regex(/^[a-z0-9-]{1,63}$/, { error: 'the name of an account, without its domain' }), account)
    .optional()
    .describe('Storage accounts that the flows name, and where they are: that is where rights are given.'),
  variables: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, { error: 'the name of a variable' }), z.string())
    .optional()
    .describe('The values of variables of the config there. Variables of secrets are not here: they are in the vault.'),
  network: network
    .optional()
    .describe(
      'A network of their own for the apps, with private endpoints for `accounts` and `servers`. Without it they call from addresses of Azure.',
    ),
  servers: z
    .record(z.string().regex(/^[a-z0-9-]{1,63}$/, { error: 'the name of a server, without its domain' }), elsewhere)
    .optional()
    .describe('Servers of Azure SQL, PostgreSQL and MySQL that the flows name and that get a private endpoint in `network`.'),
  aws: aws.optional().describe('The account of AWS that flows read from or write to by roles.'),
  memory: z
    .literal([2048, 4096], { error: '2048 or 4096' })
    .optional()
    .meta({ description: 'Megabytes of an instance: 4096 where slices are wide or many.', default: 2048 }),
  max_instances: z.int().min(40).max(1000).optional().meta({ description: 'How many instances an app may have at once.', default: 40 }),
  always_ready: z
    .int()
    .min(0)
    .max(20)
    .optional()
    .meta({ description: 'Instances that are kept warm, and paid for, at all times.', default: 0 }),
  keep_logs: z.int().min(30).max(730).optional().meta({ description: 'Days that logs are kept.', default: 90 }),
  redundancy: z.enum(['zone', 'local']).optional().meta({
    description:
      'How the apps’ storage is kept: in three zones of the region, or in one where the region has none. It can’t be changed later.',
    default: 'zone',
  }),
  alert: z
    .array(z.email({ error: 'an e-mail address' }))
    .optional()
    .meta({ description: 'Who gets a message when a load fails, is late or was not seen. No one: no alerts.' }),
  tags: z.record(z.string().max(512), z.string().max(256)).optional().describe('Tags of everything that is made.'),
});

export type TargetSettings = z.output<typeof targetFile>;
