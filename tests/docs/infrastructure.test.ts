import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const page = ['infrastructure', 'infrastructure-network']
  .map((name) => readFileSync(join(import.meta.dirname, '..', '..', 'docs', `${name}.md`), 'utf8'))
  .join('\n');
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }));

test('the pages about infrastructure can be followed from top to bottom, with the settings that they show', async () => {
  const store = (container: string) => `abfss://${container}@northwind.dfs.core.windows.net/out`;
  using workspace = new TestWorkspace({
    'flows/crm/flow.yml': `home: ${store('landing')}\nstore: ${store('crm')}\nschedule: "%CRM_SCHEDULE%"\n`,
    'hygge.yml': 'name: northwind\nconnections:\n  ms: { type: sqlserver, server: erp.database.windows.net, database: erp }\n',
    'flows/erp/flow.yml': `home: { connection: ms, table: "dbo.{entity}" }\nstore: ${store('erp')}\nentities: [orders]\n`,
    'flows/web/flow.yml': `home: ${store('web')}\nstore: { path: "s3://northwind-lake/web", region: eu-central-1 }\n`,
  });
  const commands: string[] = [];
  let settings = '';
  for (const { language, text } of blocks) {
    if (language === 'text') {
      settings += text;
      workspace.write({ 'infra/prod.yml': settings });
    }
    if (language !== 'bash') continue;
    for (const line of text.trim().split('\n')) {
      const { code, stderr } = await workspace.run(line.split(/\s+/).slice(1));
      expect([line, code, stderr]).toEqual([line, 0, '']);
      commands.push(line);
    }
  }
  expect(commands.length).toBe(8);
  expect(await workspace.run(commands[3]?.split(/\s+/).slice(1) ?? [])).toMatchObject({ code: 0, stderr: '' });
  const made = workspace.tree('out/prod');
  for (const file of ['data.bicep', 'apps.bicep', 'modules/app.bicep', 'network.bicep', 'hosts.txt', 'README.md']) {
    expect(page).toContain(`\`${file}\``);
    expect([...made.keys()]).toContain(`out/prod/${file}`);
  }
  expect(readFileSync(workspace.path('out/prod/apps.bicep'), 'utf8')).toContain('nightly: crm, erp');
});

test('every key of the settings is on the page', async () => {
  const { targetFile } = await import('../../src/workspace/target/schema.ts');
  expect(Object.keys(targetFile.shape).filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
});

test('the subnet that docs/infrastructure-network.md writes by hand is asked for once in each app, and no later render loses it', async () => {
  const [, empty = '', own = ''] = /^\| `(subnetId: '')` \| `(subnetId: '[^`]+')` \|$/m.exec(page) ?? [];
  const store = (container: string) => `abfss://${container}@northwind.dfs.core.windows.net/out`;
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: northwind\n',
    'flows/crm/flow.yml': `home: ${store('landing')}\nstore: ${store('crm')}\n`,
    'flows/erp/flow.yml': `home: ${store('landing')}\nstore: ${store('erp')}\n`,
    'infra/prod.yml':
      'subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: northwind-prod\naccounts: { northwind: { resource_group: lake } }\n',
  });
  const render = ['infra', 'render', 'azure', '--target', 'prod', '--out', 'out/prod'];
  expect(await workspace.run(render)).toMatchObject({ code: 0 });
  const apps = readFileSync(workspace.path('out/prod/apps.bicep'), 'utf8');
  expect(apps.split(empty)).toHaveLength(3);
  workspace.write({ 'out/prod/apps.bicep': apps.replaceAll(empty, own) });
  const again = await workspace.run(render);
  expect([again.code, again.stderr]).toEqual([
    2,
    expect.stringContaining('HYG-1117 out/prod/apps.bicep has changed since it was rendered.'),
  ]);
});
