import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import type { JournalRow } from '../../src/ports/state.ts';
import { filesState } from '../../src/state/files.ts';
import { journalRowOf } from '../support/state-rows.ts';
import { exampleWorkspace, hygge } from './workspace.ts';

/** Three runs: one that settles, one that finds nothing new in orders, one in which customers fail. */
async function threeRuns() {
  const workspace = await exampleWorkspace();
  await hygge(['go'], workspace.root);
  await hygge(['go', '-e', 'shop.orders'], workspace.root);
  const source = join(workspace.root, 'data/inbox/customers.parquet');
  const whole = await readFile(source);
  await writeFile(source, '');
  await hygge(['go'], workspace.root);
  await writeFile(source, whole);
  return workspace;
}

/** Looked at only: one for all. */
let workspace: Awaited<ReturnType<typeof threeRuns>>;
beforeAll(async () => {
  workspace = await threeRuns();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const journal = (root: string, ...args: readonly string[]) => hygge(['journal', ...args], root);

async function rows(root: string, ...args: readonly string[]): Promise<readonly JournalRow[]> {
  const { stdout } = await journal(root, ...args, '--output', 'json');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalRow);
}

describe('hygge journal', () => {
  it('is a table, newest first, with what a run failed with below it', async () => {
    const { stdout } = await journal(workspace.root);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^finished +entity +status +rows +took +watermark +run$/);
    expect(lines).toHaveLength(1 + 5 + 1);
    expect(stdout).toMatch(/shop\.customers +error .*\n {4}HYG-3102 data\/inbox\/customers\.parquet is empty/);
    expect(stdout).toMatch(/shop\.orders +pass +1,000 +\S+ s +2026-01-28T00:32:00 +\w{6}\n/);
  });

  it.each([
    [['--failed'], 1],
    [['-e', 'shop.orders'], 3],
    [['-f', 'nobody'], 0],
    [['--since', '2d'], 5],
    [['--since', '2020-01-01T00:00'], 5],
    [['-n', '2'], 2],
    [['--failed', '-e', 'shop.orders'], 0],
  ])('%j finds %i', async (args, expected) => {
    expect(await rows(workspace.root, ...args)).toHaveLength(expected);
  });

  it('tells what the journal keeps as codes in words, and for programs by code as well', async () => {
    const skipped = (await rows(workspace.root, '-e', 'shop.orders')).filter(({ status }) => status === 'skip');
    expect(skipped.length).toBeGreaterThan(0);
    for (const row of skipped) expect(row).toMatchObject({ message: 'nothing new', codes: ['nothing_new'] });
    const files = await readdir(join(workspace.root, '.hygge/journal'));
    const stored = await Promise.all(files.map((file) => readFile(join(workspace.root, '.hygge/journal', file), 'utf8')));
    expect(stored.join('')).toContain('"notes":[{"code":"nothing_new"}]');
    expect(stored.join('')).not.toContain('nothing new');
  });

  it('that finds nothing leads on', async () => {
    await using fresh = await exampleWorkspace();
    expect((await journal(fresh.root)).stdout).toContain('`hygge go` starts the first');
    expect((await journal(fresh.root, '--failed')).stdout).toContain('No entity run matches. All of them: hygge journal');
    expect(await journal(fresh.root, '--run', 'last', '--log')).toMatchObject({ code: 1, stderr: expect.stringContaining('HYG-5030') });
  });

  it.each(['yesterday', '2026-13-01'])('--since %s ends with 2', async (when) => {
    const { code, stderr } = await journal(workspace.root, '--since', when);
    expect(code).toBe(2);
    expect(stderr).toContain('--since 2d');
  });
});

describe('hygge journal --run', () => {
  it('shows the first run whole: what moved, how far, and from what on', async () => {
    const first = (await rows(workspace.root)).at(-1);
    const { stdout } = await journal(workspace.root, '--run', first?.run_id ?? '');
    expect(stdout).toContain(`run ${first?.run_id}  shop`);
    expect(stdout).toMatch(/✓ shop\.orders {2}full load, 1,000 rows settled in 2 files · /);
    expect(stdout).toContain('watermark placed_at up to 2026-01-28T00:32:00.000');
    expect(stdout).toMatch(/PASS=2 WARN=0 ERROR=0 SKIP=0 TOTAL=2\n$/);
  });

  it('last shows the newest invocation, with code and message of what failed', async () => {
    const { stdout } = await journal(workspace.root, '--run', 'last');
    expect(stdout).toMatch(/✗ shop\.customers {2}full load, nothing settled · .*\n {4}HYG-3102 .*is empty/);
    expect(stdout).toMatch(/– shop\.orders {2}nothing new · .*\n(.*\n)? {4}watermark placed_at unchanged: 2026-01-28T00:32:00\.000/);
    expect(stdout).toMatch(/PASS=0 WARN=0 ERROR=1 SKIP=1 TOTAL=2\n$/);
  });

  it('takes the end of an id as the table shows it, an invocation, or an entity run', async () => {
    const [newest] = await rows(workspace.root);
    const shown = newest?.run_id.slice(-6).toLowerCase() ?? '';
    expect(await rows(workspace.root, '--run', shown)).toHaveLength(2);
    expect(await rows(workspace.root, '--run', newest?.invocation_id ?? '')).toHaveLength(2);
    expect(await rows(workspace.root, '--run', newest?.entity_run_id ?? '')).toEqual([newest]);
  });

  it('of an ending that several runs have ends with 2; of one that none has with 1', async () => {
    const nobody = await journal(workspace.root, '--run', 'ZZZZZZZZ');
    expect(nobody).toMatchObject({ code: 1, stdout: expect.stringContaining('No run of this id') });
    const several = await journal(workspace.root, '--run', '.1');
    expect(several.code).toBe(2);
    expect(several.stderr).toContain('3 runs have an id that ends in .1');
  });
});

describe('hygge journal --log', () => {
  it('shows what a run said, to people and to programs, for as long as the journal is kept', async () => {
    await using workspace = await exampleWorkspace();
    const logs = join(workspace.root, '.hygge/logs');
    await mkdir(logs, { recursive: true });
    // Of 2016, and of 2257.
    await writeFile(join(logs, '01ARZ3NDEKTSV4RRFFQ69G5FAV.ndjson'), '');
    await writeFile(join(logs, '0834Q8K3ZV4RRFFQ69G5FAVXXX.ndjson'), '{"event":"torn');
    const run = await hygge(['go', '--output', 'json'], workspace.root);
    const kept = (await readdir(logs)).sort();
    expect(kept).toHaveLength(2);
    expect(await readFile(join(logs, kept[0] ?? ''), 'utf8')).toBe(run.stdout);
    const shown = await hygge(['journal', '--run', 'last', '--log'], workspace.root);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/Safe and sound: 1,050 rows settled[\s\S]*Done\. PASS=2/)]);
    const events = await hygge(['journal', '--run', (kept[0] ?? '').slice(16, 26), '--log', '--output', 'json'], workspace.root);
    expect(events.stdout).toBe(run.stdout);
    expect((await hygge(['journal', '--run', 'AVXXX', '--log'], workspace.root)).code).toBe(0);
    await hygge(['go', '--dry-run'], workspace.root);
    expect((await readdir(logs)).sort()).toEqual(kept);
  });

  it('says why there is none', async () => {
    await using workspace = await exampleWorkspace();
    const none = await hygge(['journal', '--run', 'last', '--log'], workspace.root);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('HYG-5030')]);
    expect((await hygge(['journal', '--log'], workspace.root)).code).toBe(2);
    // Where logs can't be kept the run goes on.
    await writeFile(join(workspace.root, '.hygge/logs'), '').catch(async () => {
      await mkdir(join(workspace.root, '.hygge'));
      await writeFile(join(workspace.root, '.hygge/logs'), '');
    });
    expect((await hygge(['go', 'shop.orders'], workspace.root)).code).toBe(0);
  });
});

it('--run shows all entities of a run, however many they are', async () => {
  await using many = await exampleWorkspace();
  const state = filesState({ files: localFileSystem(many.root) });
  for (let n = 1; n <= 25; n++) await state.appendJournal(journalRowOf(`MANY.${n}`, '2026-11-20T08:00:00.000Z', { entity: `e${n}` }));
  expect(await rows(many.root, '--run', 'MANY')).toHaveLength(25);
  expect((await journal(many.root, '--run', 'last')).stdout).toContain('TOTAL=25');
  expect(await rows(many.root)).toHaveLength(20);
});
