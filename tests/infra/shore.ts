// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
/** Flows over S3: by roles, by a key, in what only speaks like it; with a key of KMS, and the journal there as well. */
const role = (of: string) => `role_arn: "arn:aws:iam::123456789012:role/${of}", entra_audience: "api://hygge-aws"`;

export const shore: Readonly<Record<string, string>> = {
  'hygge.yml': [
    'name: Shore',
    `journal: { mirror: { path: "s3://shore-ops/journal", region: eu-central-1, ${role('hygge-shore-the-journal-x1nzgy3t')} } }`,
    '',
  ].join('\n'),
  'flows/web/flow.yml': `home: { path: "s3://shore-landing/web/{date}", region: eu-central-1, ${role('hygge-shore-web-5bvm1l0i')} }\nstore: { path: "s3://shore-lake/web", region: eu-central-1, ${role('hygge-shore-web-5bvm1l0i')}, server_side_encryption: "aws:kms", kms_key_id: alias/lake }\nentities: [visits, orders]\n`,
  'flows/crm/flow.yml': `home: abfss://landing@shorelake.dfs.core.windows.net/crm\nstore: { path: "s3://shore-lake/crm", region: eu-central-1, ${role('hygge-shore-crm-i78zo9o1')} }\n`,
  'flows/keyed/flow.yml':
    'home: { path: "s3://partner/drop", region: eu-central-1, access_key_id: AKIDEXAMPLE, secret_access_key: "${PARTNER_KEY}" }\nstore: abfss://keyed@shorelake.dfs.core.windows.net/keyed\n',
  'infra/prod.yml': [
    'subscription: 44444444-4444-4444-4444-444444444444',
    'region: germanywestcentral',
    'resource_group: shore-prod',
    'apps: { nightly: [crm, web] }',
    'accounts: { shorelake: { resource_group: lake } }',
    'aws:',
    '  account: "123456789012"',
    '  region: eu-central-1',
    '  tenant: 55555555-5555-5555-5555-555555555555',
    '  buckets:',
    '    shore-lake: { made: true, archive: { old/: 90 } }',
    '    shore-landing: { made: true, abort_uploads: 14, expire_versions: 7 }',
    'tags: { owner: data }',
    '',
  ].join('\n'),
};
