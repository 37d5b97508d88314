import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { webhook } from '../support/webhook.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';

function shop(more = ''): TestWorkspace {
  return new TestWorkspace({
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the config's own
    'hygge.yml': 'name: northwind\nnotify: { on: [error, recovered, warn], webhook: "${HOOK}" }\n',
    'flows/shop/flow.yml': `home: data\nstore: lake\nentities: [customers, orders]\n${more}`,
  });
}

async function go(workspace: TestWorkspace, HOOK: string, ...args: string[]) {
  const surroundings = fakeSurroundings(workspace.root, { environment: { HOOK: `${HOOK}s3cret` } });
  const code = await run(['go', ...args], surroundings);
  return { code, stdout: surroundings.stdout(), stderr: surroundings.stderr() };
}

const both = async (workspace: TestWorkspace) => {
  for (const entity of ['customers', 'orders']) await workspace.parquet(`data/${entity}/1.parquet`, 'select 1 as id');
};

describe('hygge go with notify', () => {
  it('tells of an entity that failed, and of its recovery, each once', async () => {
    await using told = await webhook();
    using workspace = shop();
    await workspace.parquet('data/customers/1.parquet', 'select 1 as id');
    expect((await go(workspace, told.url)).code).toBe(1);
    await both(workspace);
    expect((await go(workspace, told.url)).code).toBe(0);
    expect((await go(workspace, told.url)).code).toBe(0);
    expect(told.calls).toMatchObject([
      {
        type: 'application/json',
        body: { what: 'error', version: 1, workspace: 'northwind', flow: 'shop', counts: { error: 1 }, failed: [{ entity: 'orders' }] },
      },
      { type: 'application/json', body: { what: 'recovered', flow: 'shop', recovered: ['orders'], counts: { error: 0 } } },
    ]);
    expect(told.calls[0]?.body.text).toMatch(/^✗ shop: 1 of 2 entities failed\norders {2}HYG-\d{4}\n/);
  });

  it('plans, tries out and stays quiet', async () => {
    await using told = await webhook();
    using workspace = shop();
    await workspace.parquet('data/customers/1.parquet', 'select 1 as id');
    await go(workspace, told.url, '--dry-run');
    await go(workspace, told.url, '--limit', '1', '--to', 'try');
    expect(told.calls).toEqual([]);
  });

  it('warns when the webhook answers 302, without its address; the run is what it was', async () => {
    await using told = await webhook(302);
    using workspace = shop();
    await workspace.parquet('data/customers/1.parquet', 'select 1 as id');
    const { code, stdout, stderr } = await go(workspace, told.url);
    expect(code).toBe(1);
    expect(stdout).toContain(`! shop  The webhook of flow shop did not accept the message about this run. It answered 302.`);
    expect(stdout).toMatch(/Done\. PASS=\d WARN=0 ERROR=1/);
    expect(told.calls).toHaveLength(1);
    expect(stdout + stderr).not.toContain('s3cret');
  });
});
