import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realHost } from '../../src/adapters/real-host.ts';
import { parseEvents } from '../support/run-hygge.ts';
import { everyFile, exampleWorkspace, hold, hygge } from './workspace.ts';

describe('hygge init', () => {
  it('never overwrites: it refuses, names what is in the way, and writes nothing', async () => {
    await using workspace = await exampleWorkspace();
    await rm(join(workspace.root, 'flows'), { recursive: true });
    const before = await everyFile(workspace.root);
    const run = await hygge(['init', '.', '--example'], workspace.root);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('hygge.yml is there');
    const elsewhere = await hygge(['init', workspace.root, '--example'], tmpdir());
    expect(elsewhere.stderr).toContain(`hygge debug -C ${relative(tmpdir(), workspace.root)}`);
    expect(await everyFile(workspace.root)).toEqual(before);
  });

  it('without an example makes a workspace whose config is valid and whose first error says what is missing', async () => {
    await using workspace = await exampleWorkspace();
    const inside = join(workspace.root, 'a new one');
    expect((await hygge(['init', 'a new one'], workspace.root)).stdout).toContain("cd 'a new one'");
    const debug = await hygge(['debug'], inside);
    expect(debug.code).toBe(1);
    expect(debug.stdout).toContain('✓ The config is valid');
    expect(debug.stdout).toMatch(/✗ home: .*orders\.parquet/);
  });
});

describe('hygge debug', () => {
  it('passes in a workspace that is ready, before and after a run, and leaves nothing behind but names for the editor', async () => {
    await using workspace = await exampleWorkspace();
    const files = async () =>
      Object.entries(await everyFile(workspace.root)).filter(([path]) => !path.endsWith('/.hygge/schema/names.json'));
    const before = await files();
    expect(await hygge(['debug'], workspace.root)).toMatchObject({ code: 0, stdout: expect.stringContaining('You are ready') });
    expect(await files()).toEqual(before);
    await hygge(['go'], workspace.root);
    const after = await hygge(['debug'], workspace.root);
    expect(after.stdout).toContain('state and destination agree: 1,000 rows settled');
    expect(after.code).toBe(0);
  });

  it('finds what only a plan can tell: a watermark column that the source has not', async () => {
    await using workspace = await exampleWorkspace();
    const file = join(workspace.root, 'flows/shop/entities/orders.yml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('placed_at', 'placed_on'));
    const run = await hygge(['debug'], workspace.root);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/✗ HYG-2011 .*placed_on/);
    expect(run.stdout).toMatch(/\n {6}why {2}It has: order_id/);
    expect(run.stdout).toContain('✓ next run: full load, 50 rows');
  });

  it('ends with 1 when a source is gone, a state file is torn, or the destination was emptied', async () => {
    await using workspace = await exampleWorkspace();
    await hygge(['go'], workspace.root);
    await rm(join(workspace.root, 'data/lake/_hygge'), { recursive: true });
    const emptied = await hygge(['debug', '-e', 'shop.customers'], workspace.root);
    expect(emptied.code).toBe(1);
    expect(emptied.stdout).toMatch(/✗ .*\n {6}why .*\n {6}try /);
    await writeFile(join(workspace.root, '.hygge/state/shop/orders.state.yml'), 'version: 1\nent');
    const torn = await hygge(['debug', '--output', 'json'], workspace.root);
    expect(torn.code).toBe(1);
    const findings = torn.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { ok: boolean; what: string; tryThis: string[] });
    expect(findings.filter((finding) => !finding.ok).length).toBeGreaterThan(1);
    for (const finding of findings) expect(finding.tryThis.length > 0).toBe(!finding.ok);
  });
});

describe('hygge status of an entity that is held', () => {
  it('names the holder, and says when it is gone', async () => {
    await using workspace = await exampleWorkspace();
    await hold(workspace.root, { flow: 'shop', entity: 'orders' });
    const alive = await hygge(['status'], workspace.root);
    expect(alive.stdout).toMatch(new RegExp(`shop\\.orders.*\\n {4}held by another hygge on .*, process ${process.pid}\\n`));
    await hold(workspace.root, { flow: 'shop', entity: 'customers' }, { ...realHost().self, started: '1', program: 'hygge go' });
    expect((await hygge(['status'], workspace.root)).stdout).toMatch(
      /shop\.customers +none yet\n {4}left by hygge go on .*, which no longer runs: the next run takes over\n/,
    );
    const shown = await hygge(['state', 'show', 'shop.customers'], workspace.root);
    expect(shown.stdout).toMatch(/left by +hygge go on .*, which no longer runs/);
    expect(shown.stdout).not.toContain('held by');
  });
});

describe('status, journal, list and state show', () => {
  it('say in words, not in JSON, that an entity has no state', async () => {
    await using workspace = await exampleWorkspace();
    const run = await hygge(['state', 'show', 'shop.orders', '--output', 'json'], workspace.root);
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('it has never run') });
  });
});

describe('hygge reset', () => {
  it('asks first; with --yes the next run is a full load that replaces the settled rows', async () => {
    await using workspace = await exampleWorkspace();
    await hygge(['go'], workspace.root);
    const asked = await hygge(['reset', 'shop.orders'], workspace.root);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('--yes');
    expect((await hygge(['go', '-e', 'shop.orders'], workspace.root)).stdout).toContain('SKIP=1');
    const reset = await hygge(['reset', 'shop.orders', '--yes'], workspace.root);
    expect(reset.code).toBe(0);
    expect(reset.stdout).toContain('the next run is a full load that replaces the settled rows');
    const status = await hygge(['status'], workspace.root);
    expect(status.stdout).toContain('next run is a full load');
    const again = await hygge(['go', '-e', 'shop.orders', '--output', 'json'], workspace.root);
    expect(parseEvents(again.stdout).at(-1)).toMatchObject({ pass: 1, rows: 1000 });
    expect((await hygge(['debug', '-e', 'shop.orders'], workspace.root)).stdout).toContain('agree: 1,000 rows settled');
  });
});

describe('hygge state mv', () => {
  it('refuses a name whose destination does not know the last commit, and changes nothing', async () => {
    await using workspace = await exampleWorkspace();
    await hygge(['go'], workspace.root);
    await writeFile(join(workspace.root, 'flows/shop/entities/purchases.yml'), 'name: purchases\nsource: orders\n');
    const before = await everyFile(join(workspace.root, '.hygge/state'));
    const run = await hygge(['state', 'mv', 'shop.orders', 'shop.purchases'], workspace.root);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(
      'The data is where shop.orders settled (data/lake/orders), but shop.purchases would look in another place',
    );
    expect(await everyFile(join(workspace.root, '.hygge/state'))).toEqual(before);
  });

  it('takes the advice it gives: with the old place below the flow’s, the state moves', async () => {
    await using workspace = await exampleWorkspace();
    await hygge(['go'], workspace.root);
    const file = join(workspace.root, 'flows/shop/entities/purchases.yml');
    const entity = 'name: purchases\nsource: orders\nrun_type: incremental\nwatermark: { column: placed_at }\n';
    await writeFile(file, entity);
    await rm(join(workspace.root, 'flows/shop/entities/orders.yml'));
    const refused = await hygge(['state', 'mv', 'shop.orders', 'shop.purchases'], workspace.root);
    await writeFile(file, `${entity}${/store: \{.*\}/.exec(refused.stderr)?.[0]}\n`);
    expect((await hygge(['state', 'mv', 'shop.orders', 'shop.purchases'], workspace.root)).code).toBe(0);
    expect((await hygge(['go', '-e', 'shop.purchases'], workspace.root)).stdout).toContain('SKIP=1');
  });

  /** orders has settled, and the config calls it purchases by now. */
  async function renamedInItsPlace() {
    const workspace = await exampleWorkspace();
    await hygge(['go'], workspace.root);
    const entity = 'name: purchases\nsource: orders\nrun_type: incremental\nwatermark: { column: placed_at }\nstore: { path: orders }\n';
    await writeFile(join(workspace.root, 'flows/shop/entities/purchases.yml'), entity);
    await rm(join(workspace.root, 'flows/shop/entities/orders.yml'));
    return workspace;
  }

  /** The head is what its readers go by, and what the next run compares the state with. */
  it.each([
    ['a run holds the old name', 'is held by another hygge', (root: string) => hold(root, { flow: 'shop', entity: 'orders' })],
    [
      'the new name has state of its own',
      'shop.purchases has state of its own',
      async (root: string) => {
        const state = join(root, '.hygge/state/shop');
        const row = await readFile(join(state, 'orders.state.yml'), 'utf8');
        const other = row
          .replace(/^entity: .*$/m, 'entity: purchases')
          .replace(/^( *lineage: ).*$/m, '$1other56789')
          .replace(/^( *write_id: ).*$/m, '$1other00000');
        await writeFile(join(state, 'purchases.state.yml'), other);
      },
    ],
  ])('refuses when %s, and the heads of both names stay as they are', async (_, why, prepare) => {
    await using workspace = await renamedInItsPlace();
    await prepare(workspace.root);
    const heads = join(workspace.root, 'data/lake/_hygge/shop');
    const before = [await everyFile(heads), await everyFile(join(workspace.root, '.hygge/state'))];
    const run = await hygge(['state', 'mv', 'shop.orders', 'shop.purchases'], workspace.root);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(why)]);
    expect([await everyFile(heads), await everyFile(join(workspace.root, '.hygge/state'))]).toEqual(before);
    expect(Object.keys(before[0] ?? {})).toContainEqual(expect.stringContaining('orders/current.json'));
  });

  it('that breaks off leaves the head of the old name, and asking again finishes it', async () => {
    await using workspace = await renamedInItsPlace();
    const heads = join(workspace.root, 'data/lake/_hygge/shop');
    const head = await readFile(join(heads, 'orders/current.json'), 'utf8');
    const inTheWay = join(workspace.root, '.hygge/objects/shop/purchases');
    await writeFile(inTheWay, 'a file where a folder should be');
    expect((await hygge(['state', 'mv', 'shop.orders', 'shop.purchases'], workspace.root)).code).toBe(1);
    expect(await readFile(join(heads, 'orders/current.json'), 'utf8')).toBe(head);
    await rm(inTheWay);
    expect((await hygge(['state', 'mv', 'shop.orders', 'shop.purchases'], workspace.root)).code).toBe(0);
    expect(
      Object.keys(await everyFile(heads))
        .filter((path) => path.endsWith('current.json'))
        .sort(),
    ).toEqual([expect.stringContaining('customers/'), expect.stringContaining('purchases/')]);
    expect((await hygge(['go', '-e', 'shop.purchases'], workspace.root)).stdout).toContain('SKIP=1');
  });
});

describe('hygge go --dry-run --count', () => {
  it('pays for exact counts of what an incremental run would read', async () => {
    await using workspace = await exampleWorkspace();
    await hygge(['go'], workspace.root);
    // A source that is as it was is not read again.
    const later = new Date(Date.now() + 60_000);
    await utimes(join(workspace.root, 'data/inbox/orders.parquet'), later, later);
    const rough = parseEvents((await hygge(['go', '--dry-run', '-e', 'shop.orders', '--output', 'json'], workspace.root)).stdout);
    expect(rough[0]).toMatchObject({ event: 'plan', rows: { exact: false } });
    const exact = parseEvents(
      (await hygge(['go', '--dry-run', '--count', '-e', 'shop.orders', '--output', 'json'], workspace.root)).stdout,
    );
    expect(exact[0]).toMatchObject({ event: 'plan', rows: { n: 1, exact: true } });
    expect(exact.at(-1)?.event).toBe('summary');
  });
});
