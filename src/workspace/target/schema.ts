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
  resource_group: group.describe('The resource group that the account is in.'),
  subscription: subscription.optional().describe('Its subscription, where that is another one.'),
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
  accounts: z
    .record(z.string().regex(/^[a-z0-9-]{1,63}$/, { error: 'the name of an account, without its domain' }), elsewhere)
    .optional()
    .describe('Storage accounts that the flows name, and where they are: that is where rights are given.'),
  variables: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, { error: 'the name of a variable' }), z.string())
    .optional()
    .describe('What variables of the config stand for there. Those of secrets are not here: they are in the vault.'),
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
  alert: z
    .array(z.email({ error: 'an e-mail address' }))
    .optional()
    .meta({ description: 'Who is told when a load fails, is late or was not seen. Nobody: no alerts.' }),
  tags: z.record(z.string().max(512), z.string().max(256)).optional().describe('Tags of everything that is made.'),
});

export type TargetSettings = z.output<typeof targetFile>;
