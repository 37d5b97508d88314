import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsOf, startHygge } from '../support/run-hygge.ts';
import { eventSchema } from './event-schema.ts';
import { everyFile, exampleWorkspace, hold, hygge } from './workspace.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for exactly these
const control = /[\u0000-\u0009\u000b-\u001f\u007f]/;

async function ran(args: readonly string[], directory: string) {
  const ended = await hygge(args, directory);
  return { ...ended, events: eventsOf(args, ended.stdout) };
}

describe('hygge go in a fresh example', () => {
  it('settles everything, and the second time only what is new', async () => {
    await using workspace = await exampleWorkspace();
    const first = await ran(['go'], workspace.root);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('Safe and sound: 1,050 rows settled');
    expect(first.stdout.endsWith('Done. PASS=2 WARN=0 ERROR=0 SKIP=0 TOTAL=2\n')).toBe(true);
    expect(first.stdout).not.toMatch(control);
    const second = await ran(['start'], workspace.root);
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/– shop\.orders {2}nothing new since 2026-/);
    expect(second.stdout.endsWith('Done. PASS=1 WARN=0 ERROR=0 SKIP=1 TOTAL=2\n')).toBe(true);
  });

  it('speaks only contracted events in JSON, the summary last, with the words on stderr', async () => {
    await using workspace = await exampleWorkspace();
    const run = await ran(['go', '--output', 'json'], workspace.root);
    expect(run.code).toBe(0);
    for (const event of run.events) expect(eventSchema.safeParse(event).error).toBeUndefined();
    expect(run.events.map((event) => event.event)).toEqual(
      expect.arrayContaining(['run_start', 'plan', 'progress', 'entity_done', 'summary']),
    );
    expect(run.events.at(-1)).toMatchObject({ event: 'summary', pass: 2, total: 2, rows: 1050 });
    expect(new Set(run.events.map((event) => event.invocation_id)).size).toBe(1);
    expect(run.stderr).toContain('Safe and sound');
    expect(run.stderr).not.toMatch(control);
  });

  it('takes with --failed what failed last time, whatever was stopped or kept out since, and with nothing failed says so', async () => {
    await using workspace = await exampleWorkspace();
    const orders = join(workspace.root, 'data/inbox/orders.parquet');
    const none = await ran(['go', '--failed'], workspace.root);
    expect([none.code, none.stdout]).toEqual([0, expect.stringMatching(/There was nothing to do\.[\s\S]*TOTAL=0\n$/)]);
    await rename(orders, `${orders}.away`);
    expect((await ran(['go'], workspace.root)).code).toBe(1);
    await hold(workspace.root, { flow: 'shop', entity: 'orders' });
    expect((await ran(['go', 'shop.orders'], workspace.root)).code).toBe(3);
    await rm(join(workspace.root, '.hygge/state/shop/orders.state.yml'));
    await rename(`${orders}.away`, orders);
    expect((await ran(['go', '--failed', '-e', 'shop.customers'], workspace.root)).stdout).toMatch(/TOTAL=0\n$/);
    const plan = await ran(['go', '--failed', '--dry-run', '--output', 'json'], workspace.root);
    expect(plan.events.filter(({ event }) => event === 'plan')).toEqual([expect.objectContaining({ entity: 'orders' })]);
    expect((await ran(['go', '--failed'], workspace.root)).stdout).toMatch(/PASS=1 WARN=0 ERROR=0 SKIP=0 TOTAL=1\n$/);
    expect((await ran(['go', '--failed', 'sh*', '--exclude', 'shop.customers'], workspace.root)).stdout).toMatch(/TOTAL=0\n$/);
  });

  it('tells with --failed of a flow whose files are wrong, which never ran, unless it is not named', async () => {
    await using workspace = await exampleWorkspace();
    const orders = join(workspace.root, 'data/inbox/orders.parquet');
    await mkdir(join(workspace.root, 'flows/wrong'));
    await writeFile(join(workspace.root, 'flows/wrong/flow.yml'), 'home: data/x.csv\nstoer: lake/wrong\n');
    expect((await ran(['go'], workspace.root)).stdout).toMatch(/PASS=2 WARN=0 ERROR=1 SKIP=0 TOTAL=3\n$/);
    const alone = await ran(['go', '--failed'], workspace.root);
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('flows/wrong/flow.yml:2')]);
    const others = await ran(['go', '--failed', '--exclude', 'wrong'], workspace.root);
    expect([others.code, others.stdout]).toEqual([0, expect.stringContaining('There was nothing to do.')]);
    await rename(orders, `${orders}.away`);
    expect((await ran(['go', 'shop'], workspace.root)).code).toBe(1);
    await rename(`${orders}.away`, orders);
    const beside = await ran(['go', '--failed'], workspace.root);
    expect([beside.code, beside.stdout]).toEqual([1, expect.stringMatching(/PASS=0 WARN=0 ERROR=1 SKIP=1 TOTAL=2\n$/)]);
  });

  it('goes on when the reader of its output has left', async () => {
    await using workspace = await exampleWorkspace();
    await using running = startHygge(['go'], { cwd: workspace.root });
    running.child.stdout.destroy();
    expect((await running.done).code).toBe(0);
    const status = await ran(['status', '--output', 'json'], workspace.root);
    expect(status.stdout.match(/"status":"pass"/g)).toHaveLength(2);
  });
});

describe('hygge go --dry-run', () => {
  it('shows the whole plan and leaves every file as it is', async () => {
    await using workspace = await exampleWorkspace();
    const before = await everyFile(workspace.root);
    const fresh = await ran(['go', '--dry-run'], workspace.root);
    expect(fresh.code).toBe(0);
    for (const part of ['from      data/inbox/orders.parquet', 'to        data/lake/orders  (new)', 'order_id', 'Nothing was moved']) {
      expect(fresh.stdout).toContain(part);
    }
    expect(await everyFile(workspace.root)).toEqual(before);
    await ran(['go'], workspace.root);
    const settled = await everyFile(workspace.root);
    const again = await ran(['go', '--dry-run', '--output', 'json'], workspace.root);
    for (const event of again.events) expect(eventSchema.safeParse(event).error).toBeUndefined();
    expect(again.events.filter((event) => event.event === 'plan')).toHaveLength(2);
    expect(await everyFile(workspace.root)).toEqual(settled);
  });
});

describe('what goes wrong', () => {
  it('in one entity ends with 1, names the entity, and leaves the others alone', async () => {
    await using workspace = await exampleWorkspace();
    await rm(join(workspace.root, 'data/inbox/orders.parquet'));
    const run = await ran(['go', '--output', 'json'], workspace.root);
    expect(run.code).toBe(1);
    expect(run.events.at(-1)).toMatchObject({ event: 'summary', pass: 1, error: 1 });
    const told = run.events.filter((event) => event.event === 'error');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ flow: 'shop', entity: 'orders' });
    for (const event of run.events) expect(eventSchema.safeParse(event).error).toBeUndefined();
    expect(run.stderr).toContain('hygge debug');
  });

  it('in the config ends with 2, shows place and line, and nothing has run', async () => {
    await using workspace = await exampleWorkspace();
    await writeFile(join(workspace.root, 'flows/shop/flow.yml'), 'home: data/inbox/{entity}.parquet\nstroe: data/lake\n');
    const run = await ran(['go'], workspace.root);
    expect(run.code).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('flows/shop/flow.yml:2:1');
    expect(run.stderr).toContain('stroe: data/lake');
    const json = await ran(['go', '--output', 'json'], workspace.root);
    expect(json.code).toBe(2);
    expect(json.events[0]).toMatchObject({ event: 'error', where: { file: 'flows/shop/flow.yml', line: 2, column: 1 } });
    expect(json.events.at(-1)?.event).toBe('summary');
    for (const event of json.events) expect(eventSchema.safeParse(event).error).toBeUndefined();
  });

  it('outside any workspace ends with 2 and leads to init', async () => {
    const run = await ran(['go'], '/');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('hygge init');
  });
});

describe('an entity that another run holds', () => {
  const orders = { flow: 'shop', entity: 'orders' };

  it('is waited for until SIGTERM, which ends with 143 and changes nothing', async () => {
    await using workspace = await exampleWorkspace();
    await hold(workspace.root, orders);
    const before = await everyFile(join(workspace.root, '.hygge/state'));
    await using running = startHygge(['go', '--wait', '-e', 'shop.orders', '--output', 'json'], { cwd: workspace.root });
    await running.says(/is locked by another run/);
    running.kill('SIGTERM');
    const run = await running.done;
    expect(run.code).toBe(143);
    expect(run.events.map((event) => event.event)).toContain('interrupted');
    expect(run.events.at(-1)?.event).toBe('summary');
    for (const event of run.events) expect(eventSchema.safeParse(event).error).toBeUndefined();
    expect(await everyFile(join(workspace.root, '.hygge/state'))).toEqual(before);
  });
});
