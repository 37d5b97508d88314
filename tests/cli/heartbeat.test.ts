import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Webhook, webhook } from '../support/webhook.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { hygge } from './workspace.ts';

let hook: Webhook;
beforeEach(async () => {
  hook = await webhook();
});
afterEach(() => hook[Symbol.asyncDispose]());

const address = () => `${hook.url}ping/4c1f-s3cret`;

function till(heartbeat: string): TestWorkspace {
  const workspace = new TestWorkspace({
    'flows/till/flow.yml': `home: data/*.csv\nstore: lake\nrun_type: incremental\nheartbeat: ${heartbeat}\n`,
  });
  workspace.write({ 'data/a.csv': 'id\n1\n' });
  return workspace;
}

describe('the heartbeat of a flow', () => {
  it('is a POST after each run without a failure, one with nothing new too', async () => {
    using workspace = till(address());
    const first = await hygge(['go'], workspace.root);
    expect(first.stdout + first.stderr).toMatch(/`heartbeat` is written out in the file/);
    expect(first.stdout + first.stderr).not.toContain('s3cret');
    await hygge(['go'], workspace.root);
    await hygge(['go', '--dry-run'], workspace.root);
    expect(hook.calls).toMatchObject([
      { method: 'POST', path: '/ping/4c1f-s3cret', body: { version: 1, flow: 'till', status: 'ok', counts: { pass: 1 } } },
      { body: { status: 'ok', counts: { pass: 0, skip: 1 } } },
    ]);
  });

  it('is none after a failure, and one of fail_url where there is one', async () => {
    using plain = till(address());
    plain.write({ 'data/a.csv': '' });
    expect((await hygge(['go'], plain.root)).code).toBe(1);
    expect(hook.calls).toEqual([]);
    using both = till(`{ url: "${address()}", fail_url: "${address()}/fail" }`);
    both.write({ 'data/a.csv': '' });
    await hygge(['go'], both.root);
    expect(hook.calls).toMatchObject([{ path: '/ping/4c1f-s3cret/fail', body: { status: 'fail', counts: { error: 1 } } }]);
  });

  it('that is refused is a warning without the address, and the run passes', async () => {
    hook.status = 404;
    using workspace = till(address());
    const told = await hygge(['go', '--output', 'json'], workspace.root);
    expect(told.code).toBe(0);
    expect(told.stdout).toContain('the heartbeat could not be sent: It answered 404');
    expect(told.stdout + told.stderr).not.toContain('s3cret');
  });

  it('has an address that no message quotes', async () => {
    using workspace = till('{ url: "ftp://example.org/4c1f-s3cret", fail_url: 7 }');
    const told = await hygge(['check'], workspace.root);
    expect(told.code).toBe(2);
    expect(told.stdout + told.stderr).toContain('an https:// address');
    expect(told.stdout + told.stderr).not.toContain('s3cret');
  });
});
