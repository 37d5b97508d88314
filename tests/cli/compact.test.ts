import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { filesState } from '../../src/state/files.ts';
import { blocksOf } from '../docs/blocks.ts';
import { TestWorkspace } from '../support/workspace.ts';

const upTo = (n: number) => `select i as id, i as n from range(1, ${n + 1}) t(i)`;

async function filled() {
  const workspace = new TestWorkspace({
    'flows/f/flow.yml': 'home: "in/{entity}.parquet"\nstore: lake\nrun_type: incremental\nwatermark: { column: n }\nentities: [e]\n',
  });
  for (const rows of [3, 5, 7]) {
    await workspace.parquet('in/e.parquet', upTo(rows));
    await workspace.run(['go']);
  }
  return workspace;
}

/** Sizes and times differ from day to day. */
const plain = (text: string) => text.replaceAll(/[\d.]+ (kB|B)\b/g, 'SIZE').replaceAll(/[\d.]+ s\b/g, 'TIME');

describe('hygge compact on the screen', () => {
  it('shows the plan of a dry run, and writes nothing', async () => {
    using workspace = await filled();
    const before = workspace.tree('lake');
    const { code, stdout } = await workspace.run(['compact', 'f.e', '--dry-run']);
    expect(code).toBe(0);
    expect(workspace.tree('lake')).toEqual(before);
    expect(plain(stdout)).toMatchInlineSnapshot(`
      "
      f.e  small files put together
          in        lake/e
          · 5 small files of SIZE would become about 1 file of up to 134 MB

      During the commit, readers of _hygge/…/current.json see the old rows or the new, never a mix; a listing of the folder may briefly show both, never less.

      That is the plan. Nothing was written.

      next  hygge compact f.e    to do it

      Done. PASS=1 WARN=0 ERROR=0 SKIP=0 TOTAL=1
      "
    `);
  });

  it('says what became of the files, and that there is nothing left to do', async () => {
    using workspace = await filled();
    const first = await workspace.run(['compact', 'f.e']);
    expect(first.code).toBe(0);
    expect(plain(first.stdout)).toMatchInlineSnapshot(`
      "test: 1 entity in 1 flow.
        f.e  Small files in lake/e.
        f.e  Writing 6 rows anew as full files…
        f.e  6 rows written and read back; row sums are equal. Publishing…
      ✓ f.e  compact  5 files of SIZE became 1 file of 857 bytes, with equal row sums · TIME → lake/e

      Compacted: the same rows in fewer files. (TIME)

      next  hygge status    to see what is settled, and when each flow goes next

      Done. PASS=1 WARN=0 ERROR=0 SKIP=0 TOTAL=1
      "
    `);
    const second = await workspace.run(['compact', 'f.e']);
    expect(second.code).toBe(0);
    expect(plain(second.stdout)).toMatchInlineSnapshot(`
      "test: 1 entity in 1 flow.
        f.e  Small files in lake/e.
        f.e  Looking for small files…
      – f.e  compact  nothing to compact: no partition has two small files · TIME

      Nothing to compact. (TIME)

      next  hygge status    to see what is settled, and when each flow goes next

      Done. PASS=0 WARN=0 ERROR=0 SKIP=1 TOTAL=1
      "
    `);
    expect(plain((await workspace.run(['journal', '--limit', '2'])).stdout)).toContain('f.e');
    const status = await workspace.run(['status', '--output', 'json']);
    expect(status.stdout).toContain('"watermark"');
  });

  it('leaves a failed load as the last run in hygge status, whether it compacts or not', async () => {
    using workspace = await filled();
    rmSync(workspace.path('in', 'e.parquet'));
    expect((await workspace.run(['go'])).code).toBe(1);
    const told = async () => {
      const [{ status, error, last_run: at, rows }] = JSON.parse(`[${(await workspace.run(['status', '--output', 'json'])).stdout}]`);
      return { status, code: error?.code, at, rows };
    };
    const before = await told();
    expect(before).toMatchObject({ status: 'error', code: 'HYG-3201' });
    for (const said of ['became 1 file', 'nothing to compact']) {
      const { code, stdout } = await workspace.run(['compact', 'f.e']);
      expect(code).toBe(0);
      expect(stdout).toContain(said);
      expect(await told()).toEqual(before);
    }
    // A run that fails before it gets the lease has the newest row, and is not the last run of the state.
    const state = filesState({ files: localFileSystem(workspace.root) });
    const [compaction] = await state.journal({ flow: 'f', entity: 'e', limit: 1 });
    if (compaction?.lane !== 'compact') throw new Error('the newest row is of no compaction');
    const finished_at = new Date(Date.parse(compaction.finished_at) + 1).toISOString();
    await state.appendJournal({ ...compaction, run_id: 'LATER', entity_run_id: 'LATER.1', finished_at, lane: 'live', status: 'error' });
    expect(await state.journal({ flow: 'f', entity: 'e', limit: 1 })).toMatchObject([{ run_id: 'LATER' }]);
    expect(await told()).toEqual(before);
    await workspace.parquet('in/e.parquet', upTo(9));
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(await told()).toMatchObject({ status: 'pass', code: undefined });
  });

  it('is refused while another run has the entity, and names it', async () => {
    using workspace = await filled();
    const state = workspace.path('.hygge', 'state', 'f', 'e.state.yml');
    const row = readFileSync(state, 'utf8');
    const lease =
      '{ run: "another.1", until: "2099-01-01T00:00:00.000Z", holder: { host: there, boot: b, pid: 7, started: s, program: hygge go } }';
    const held = row.replace(/^( *"?owner"?): .*$/m, `$1: ${lease}`);
    expect(held).not.toBe(row);
    writeFileSync(state, held);
    const { code, stdout } = await workspace.run(['compact', 'f.e']);
    expect(code).toBe(3);
    expect(stdout).toContain('HYG-2001');
    expect(stdout).toContain('there');
    expect(stdout).toContain('hygge compact f.e --wait');
    expect((await workspace.run(['compact', 'f.e', '--take-over'])).code).toBe(0);
  });

  it('names the entities when it is given none of them', async () => {
    using workspace = await filled();
    const { code, stderr } = await workspace.run(['compact', 'f.nothing']);
    expect(code).toBe(2);
    expect(stderr).toContain('It has: e');
  });
});

describe('docs/compact.md', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'compact.md'), 'utf8');
  const [commands] = blocksOf(page).filter(({ language }) => language === 'text');

  it('has commands that work as they stand', async () => {
    using workspace = new TestWorkspace({
      'flows/shop/flow.yml':
        'home: "in/{entity}.parquet"\nstore: lake\nrun_type: incremental\nwatermark: { column: n }\nentities: [orders]\n',
    });
    for (const rows of [3, 5]) {
      await workspace.parquet('in/orders.parquet', upTo(rows));
      await workspace.run(['go']);
    }
    const lines = commands?.text.trim().split('\n') ?? [];
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const { code, stdout } = await workspace.run(line.split(' ').slice(1));
      expect(code, line).toBe(0);
      expect(stdout).toContain('3 ');
    }
  });
});
