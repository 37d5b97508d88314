// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const northwind = {
  'hygge.yml': [
    'name: northwind',
    'connections:',
    '  pg: { type: postgres, host: db.example.com, port: 6432, database: erp, user: hygge, password: "${PG_PASSWORD}" }',
    'notify: { webhook: "${TEAMS_WEBHOOK}" }',
    'state: { type: table_storage, account_url: "https://northwind.table.core.windows.net" }',
    'journal: { mirror: "abfss://ops@northwind.dfs.core.windows.net/journal" }',
    '',
  ].join('\n'),
  'flows/crm/flow.yml': [
    'home: s3://landing/crm',
    'store: abfss://raw@northwind.dfs.core.windows.net/crm',
    'schedule: "0 0 2 * * *"',
    'entities: [Account, Contact]',
    '',
  ].join('\n'),
  'flows/erp/flow.yml': [
    'home: { connection: pg, table: "public.{entity}" }',
    'store: "abfss://raw@northwind.dfs.core.windows.net/${ERP_FOLDER:-erp}"',
    'entities: [orders]',
    '',
  ].join('\n'),
};

interface Row {
  readonly kind: string;
  readonly flow?: string;
  readonly [key: string]: unknown;
}

async function explained(workspace: TestWorkspace, ...args: readonly string[]): Promise<readonly Row[]> {
  const { code, stdout, stderr } = await workspace.run(['infra', 'explain', '--output', 'json', ...args]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

const rightsOf = (rows: readonly Row[], flow: string) =>
  rows.filter((row) => row.kind === 'right' && row.flow === flow).map((row) => `${row.right} on ${row.on}`);

describe('hygge infra explain', () => {
  test('names each right of a flow with the line that asks for it, those of state, mirror and app among them', async () => {
    using workspace = new TestWorkspace(northwind);
    const rows = await explained(workspace);
    expect(rightsOf(rows, 'crm')).toEqual([
      's3:ListBucket on arn:aws:s3:::landing',
      's3:GetObject on arn:aws:s3:::landing/crm/Account/*',
      'Storage Blob Data Contributor on filesystem raw of northwind.dfs.core.windows.net',
      's3:GetObject on arn:aws:s3:::landing/crm/Contact/*',
      'Storage Table Data Contributor on table hygge of northwind.table.core.windows.net',
      'Storage Blob Data Contributor on container hygge-state of northwind.blob.core.windows.net',
      'Storage Blob Data Contributor on filesystem ops of northwind.dfs.core.windows.net',
      'Storage Blob Data Owner on account <app>.blob.core.windows.net',
      'Storage Queue Data Contributor on account <app>.queue.core.windows.net',
      'Storage Table Data Contributor on account <app>.table.core.windows.net',
      'Storage Blob Data Reader on container hygge-config of <config>.blob.core.windows.net',
    ]);
    expect(rightsOf(rows, 'erp')).toContain('SELECT on table public.orders of erp of db.example.com:6432');
    expect(rows.find((row) => row.kind === 'right' && row.right === 'SELECT')).toMatchObject({
      for: ['home of erp.orders'],
      where: [{ file: 'flows/erp/flow.yml', line: 1 }],
    });
    expect(rows.find((row) => row.kind === 'right' && String(row.on).includes('table hygge'))).toMatchObject({
      for: ['the state of crm'],
      where: [{ file: 'hygge.yml', line: 5 }],
    });
  });

  test('gives each flow the variables that it reads, and no other; a connection’s go to who uses it', async () => {
    using workspace = new TestWorkspace(northwind);
    const variables = (await explained(workspace))
      .filter(({ kind }) => kind === 'variable')
      .map(({ flow, name, secret, has_default }) => ({ flow, name, secret, has_default }));
    expect(variables).toEqual([
      { flow: 'crm', name: 'TEAMS_WEBHOOK', secret: true, has_default: false },
      { flow: 'erp', name: 'PG_PASSWORD', secret: true, has_default: false },
      { flow: 'erp', name: 'TEAMS_WEBHOOK', secret: true, has_default: false },
      { flow: 'erp', name: 'ERP_FOLDER', secret: false, has_default: true },
    ]);
  });

  test('never says what a secret is, and asks for the host of a webhook only where it is known', async () => {
    using workspace = new TestWorkspace(northwind);
    const env = { PG_PASSWORD: 'canary-1f3', TEAMS_WEBHOOK: 'https://hooks.example.com/canary-1f3' };
    const { code, stdout, stderr } = await workspace.run(['infra', 'explain'], { env });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('hooks.example.com:443');
    expect(stdout).not.toContain('canary');
    expect(stdout).toContain('PG_PASSWORD');
  });

  test('names two flows that share a container, with the change that narrows the right', async () => {
    using workspace = new TestWorkspace(northwind);
    const { stdout } = await workspace.run(['infra', 'explain', '-f', 'crm']);
    expect(stdout).toContain(
      [
        '! Storage Blob Data Contributor on filesystem raw of northwind.dfs.core.windows.net is wider than needed (flows/crm/flow.yml:2, +1)',
        '    why  crm, erp share filesystem raw, and a right covers all of it.',
        '    try  Give each flow a filesystem of its own.',
      ].join('\n'),
    );
    workspace.write({ 'flows/erp/flow.yml': northwind['flows/erp/flow.yml'].replace('raw@', 'erp@') });
    expect((await explained(workspace)).filter(({ kind }) => kind === 'wide')).toEqual([]);
  });

  test('names a home at the root of a container, and one that is read by a query', async () => {
    using workspace = new TestWorkspace({
      ...northwind,
      'flows/all/flow.yml': 'home: "s3://landing/*.parquet"\nstore: gs://lake/all\n',
      'flows/asked/flow.yml': 'home: { connection: pg, query: "select 1 as one" }\nstore: gs://other/asked\n',
    });
    const wide = (await explained(workspace)).filter(({ kind }) => kind === 'wide').map(({ flows, right }) => `${flows}: ${right}`);
    expect(wide).toContain('asked: SELECT');
    expect(wide.some((one) => one.startsWith('all: s3:ListBucket'))).toBe(true);
  });

  test('a variable that says where something lies has to be set', async () => {
    using workspace = new TestWorkspace({ ...northwind, 'flows/erp/flow.yml': 'home: s3://landing/${FOLDER}\nstore: lake/erp\n' });
    const { code, stderr } = await workspace.run(['infra', 'explain']);
    expect(code).toBe(2);
    expect(stderr).toContain('HYG-1020');
    expect(stderr).toContain('flows/erp/flow.yml:1');
  });
});

test('hygge debug says what state, the mirror and messages need as well', async () => {
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: test\nnotify: { webhook: "${HOOK}" }\n',
    'flows/crm/flow.yml': 'home: in\nstore: out\n',
  });
  await workspace.parquet('in/1.parquet', 'select 1 as id');
  const { stdout } = await workspace.run(['debug'], { env: { HOOK: 'https://hooks.example.com/x' } });
  expect(stdout).toMatch(
    / {2}secret {4}HOOK \(webhook\) {2}for messages of crm, hygge\.yml:2\n {2}host {6}hooks\.example\.com {2}for messages of crm/,
  );
});
