import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StoreError } from '../../src/errors/hygge-error.ts';
import { FileCompaction } from '../../src/files/store/compaction.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { filesState } from '../../src/state/files.ts';
import { blocksOf } from '../docs/blocks.ts';
import { noteSaid } from '../support/raised-codes.ts';
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

describe('hygge compact on the screen', () => {
  it('shows the plan of a dry run, and writes nothing', async () => {
    using workspace = await filled();
    const before = workspace.tree('lake');
    const { code, stdout } = await workspace.run(['compact', 'f.e', '--dry-run']);
    expect(code).toBe(0);
    expect(workspace.tree('lake')).toEqual(before);
    expect(stdout).toMatch(/5 small files of \S+ \S+ would become about 1 file of up to 134 MB/);
    expect(stdout).toContain('That is the plan. Nothing was written.');
    expect(stdout).toContain('next  hygge compact f.e ');
  });

  it('stops at a file that was edited under its size and time, and so does a backfill that writes it anew', async () => {
    using workspace = await filled();
    const [name = ''] = [...workspace.tree('lake').keys()].filter((file) => file.endsWith('.parquet'));
    const path = workspace.path(name);
    // To the nanosecond, which Node's own call can't.
    const times = workspace.path('times');
    writeFileSync(times, '');
    execFileSync('touch', ['-r', path, times]);
    const bytes = readFileSync(path);
    // The first values, in a page without compression of its own length.
    bytes[bytes.length >> 2] = (bytes[bytes.length >> 2] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    execFileSync('touch', ['-r', times, path]);
    const before = workspace.tree('lake');
    for (const args of [
      ['compact', 'f.e'],
      ['backfill', 'f.e', '--from', '2', '--to', '3'],
    ]) {
      const { code, stdout, stderr } = await workspace.run(args);
      expect([args[0], code, `${stdout}${stderr}`]).toEqual([
        args[0],
        1,
        expect.stringMatching(/HYG-4110.*the content of the file differs from the settled content/s),
      ]);
      expect(workspace.tree('lake')).toEqual(before);
    }
  });

  it('leaves a failed load as the last run in hygge status, whether it compacts or not', async () => {
    using workspace = await filled();
    rmSync(workspace.path('in', 'e.parquet'));
    expect((await workspace.run(['go'])).code).toBe(1);
    const told = async () => {
      const [{ status, error, last_run: at, rows, settled_at }] = JSON.parse(
        `[${(await workspace.run(['status', '--output', 'json'])).stdout}]`,
      );
      return { status, code: error?.code, at, rows, settled_at };
    };
    const before = await told();
    expect(before).toMatchObject({ status: 'error', code: 'HYG-3201', settled_at: expect.stringMatching(/^\d{4}-/) });
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
});

const damaged = new StoreError({ code: 'HYG-4114', what: 'A settled file is not what settled.', tryThis: ['Look at it'] });

describe('compact: { every }', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const dayMs = 86_400_000;
  const start = Date.parse('2026-03-02T02:00:00Z');
  /** A flow that runs each night, and moves two rows. */
  async function nights(compact = '{ every: 3d }') {
    const workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: "in/{entity}.parquet"\nstore: lake\nrun_type: incremental\nwatermark: { column: n }\ncompact: ${compact}\nentities: [e]\n`,
    });
    let night = 0;
    const goes = async (...args: readonly string[]) => {
      vi.useFakeTimers({ toFake: ['Date'], now: start + night * dayMs });
      night++;
      await workspace.parquet('in/e.parquet', upTo(night * 2));
      const run = await workspace.run(['go', ...args]);
      noteSaid(run);
      return run;
    };
    const files = () => [...workspace.tree('lake').keys()].filter((name) => name.endsWith('.parquet'));
    const lanes = async () =>
      (await workspace.run(['journal', '--output', 'json'])).stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map(({ lane, status }) => `${lane} ${status}`);
    return { workspace, goes, files, lanes, [Symbol.dispose]: () => workspace[Symbol.dispose]() };
  }

  it('puts the files of three days together on the fourth night, says so, and goes on', async () => {
    using place = await nights();
    for (let night = 1; night < 4; night++) expect((await place.goes('--output', 'json')).stdout).not.toContain('"compact"');
    expect(place.files()).toHaveLength(6);
    expect((await place.workspace.run(['go', '--dry-run', '-v'])).stdout).toContain(
      'small files are combined after the first run from 2026-03-05 02:00 UTC on',
    );
    const fourth = await place.goes();
    expect(fourth.code).toBe(0);
    expect(fourth.stdout).toMatch(
      /✓ f\.e {2}2 rows settled in 2 files.*✓ f\.e {2}compact {2}7 files of .* became 1 file of .*, with equal row sums .*Safe and sound: 2 rows settled/s,
    );
    expect(fourth.stdout).toContain('PASS=1 WARN=0 ERROR=0 SKIP=0 TOTAL=1');
    expect(place.files()).toHaveLength(2);
    expect(await place.lanes()).toEqual(['compact pass', ...Array.from({ length: 4 }, () => 'live pass')]);
    expect(await place.workspace.settled('lake/e', 'f', 'e', 'lake')).toHaveLength(8);
    expect((await place.goes()).stdout).not.toContain('compact');
    expect((await place.workspace.run(['verify', 'f.e', '--output', 'json'])).stdout).toContain('"verdict":"same"');
    expect((await place.workspace.run(['state', 'show', 'f.e'])).stdout).toMatch(/lane +compact: 2026-03-05T02:00/);
  });

  it('ends well with a warning where it fails, says so in status, journal and page, and does it the next night', async () => {
    using place = await nights('{ every: 2d }');
    for (let night = 1; night < 3; night++) await place.goes();
    const fails = vi.spyOn(FileCompaction.prototype, 'stage').mockRejectedValue(damaged);
    const third = await place.goes();
    expect(third.code).toBe(0);
    expect(third.stdout).toContain('✗ f.e  compact  HYG-4114 A settled file is not what settled.\n    try  Look at it\n    stopped after');
    expect(third.stdout).toContain('Safe and sound: 2 rows settled');
    expect(third.stdout).toContain('PASS=0 WARN=1 ERROR=0 SKIP=0 TOTAL=1');
    expect(await place.lanes()).toEqual(['compact error', 'live pass', 'live pass', 'live pass']);
    const said = async (...args: readonly string[]) => (await place.workspace.run(args)).stdout;
    expect(await said('status')).toMatch(/f\.e +pass .*\n {4}not compacted .*: HYG-4114 A settled file is not what settled/);
    expect(JSON.parse(await said('status', '--output', 'json'))).toMatchObject({
      status: 'pass',
      error: null,
      compaction: { code: 'HYG-4114' },
    });
    expect((await said('journal')).split('\n').slice(1, 3)).toEqual([
      expect.stringMatching(/f\.e +error .* compact +\w{6}$/),
      expect.stringContaining('HYG-4114'),
    ]);
    const page = await said('report', '--out', '-');
    expect(page).toContain('compact, failed at');
    expect(page).not.toContain('All is well again');
    // What failed is no failed run: there is nothing to run again.
    expect(await said('go', '--failed')).toContain('TOTAL=0');
    fails.mockRestore();
    expect((await place.goes()).code).toBe(0);
    expect((await place.lanes()).slice(0, 2)).toEqual(['compact pass', 'live pass']);
    expect(await said('status')).not.toContain('not compacted');
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
