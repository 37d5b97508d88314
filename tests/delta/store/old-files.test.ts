/** Which data files `hygge compact` deletes: those that commits of the entity removed from the table, once their time is over. */
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OtherCommitter } from '../../support/delta/other-committer.ts';
import type { Run } from '../../support/run-hygge.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const flow = 'home: { path: in.csv }\nstore: { type: local, path: lake/orders, format: delta }\nif_exists: replace\n';
const csv = (...ids: readonly number[]) => ['id,name', ...ids.map((id) => `${id},n${id}`), ''].join('\n');
const dayMs = 86_400_000;

class Scene implements Disposable {
  readonly workspace = new TestWorkspace({ 'flows/f/flow.yml': flow, 'in.csv': '' });
  readonly table = this.workspace.path('lake/orders');
  readonly others = new OtherCommitter(this.table);

  async load(...ids: readonly number[]): Promise<string> {
    this.workspace.write({ 'in.csv': csv(...ids) });
    const run = await this.workspace.run(['go', '--output', 'json']);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    return this.others.state().files[0]?.path ?? '';
  }

  compact(...args: readonly string[]): Promise<Run> {
    return this.workspace.run(['compact', 'f.f', '--output', 'json', ...args]);
  }

  /** As if all that is there had been written that many days ago. */
  age(days: number): void {
    for (const folder of ['', '_delta_log'])
      for (const name of readdirSync(join(this.table, folder))) {
        const path = join(this.table, folder, name);
        const then = new Date(Date.now() - days * dayMs);
        if (statSync(path).isFile()) utimesSync(path, then, then);
      }
  }

  isThere(path: string): boolean {
    return existsSync(join(this.table, decodeURIComponent(path)));
  }

  [Symbol.dispose](): void {
    this.workspace[Symbol.dispose]();
  }
}

const codes = (run: Run) => run.events.flatMap((event) => ('codes' in event ? (event.codes ?? []) : []));

describe('hygge compact of a Delta table', () => {
  it('deletes what commits of the entity removed more than seven days ago, says so before, and keeps what is younger', async () => {
    using scene = new Scene();
    const first = await scene.load(1);
    const second = await scene.load(2);
    scene.age(8);
    const third = await scene.load(3);
    const fourth = await scene.load(4);
    expect(codes(await scene.compact('--dry-run'))).toEqual(expect.arrayContaining(['delta.old_files', 'delta.old_files_kept']));
    expect([first, second, third, fourth].map((path) => scene.isThere(path))).toEqual([true, true, true, true]);
    expect(codes(await scene.compact())).toEqual(expect.arrayContaining(['delta.old_files_removed', 'delta.old_files_kept']));
    // The second file left the table a moment ago.
    expect([first, second, third, fourth].map((path) => scene.isThere(path))).toEqual([false, true, true, true]);
    scene.age(8);
    await scene.compact();
    expect([second, third, fourth].map((path) => scene.isThere(path))).toEqual([false, false, true]);
    expect(codes(await scene.compact())).not.toContain('delta.old_files_removed');
    await scene.load(5);
    scene.age(8);
    await scene.compact();
    expect(scene.isThere(fourth)).toBe(false);
  });

  it('says in a line of its own that it deleted files, also if nothing was compacted', async () => {
    using scene = new Scene();
    await scene.load(1);
    await scene.load(2);
    scene.age(8);
    const { stdout, stderr } = await scene.workspace.run(['compact', 'f.f']);
    expect(stdout + stderr).toMatch(/1 file of earlier versions \(\d+ bytes\) of lake\/orders were deleted/);
  });

  it('has the plan and status show what waits, by what the last run saw', async () => {
    using scene = new Scene();
    await scene.load(1);
    await scene.load(2);
    const sizes = readdirSync(scene.table).flatMap((name) => (name.endsWith('.parquet') ? [statSync(join(scene.table, name)).size] : []));
    const [one = 0] = sizes;
    expect(codes(await scene.workspace.run(['go', '--dry-run', '--output', 'json']))).toContain('old_files');
    await scene.load(3);
    const status = async () => JSON.parse((await scene.workspace.run(['status', '--output', 'json'])).stdout.split('\n')[0] ?? '');
    expect(await status()).toMatchObject({ old_files: { where: 'lake/orders', files: 1, bytes: one } });
    expect((await scene.workspace.run(['status'])).stdout).toContain('1 file of earlier versions');
    scene.age(8);
    await scene.compact();
    expect((await status()).old_files).toBeUndefined();
    for (const id of [4, 5, 6]) await scene.load(id);
    expect(await status()).toMatchObject({ old_files: { files: 2 } });
  });

  it('has status show after a run with nothing new what the run before left', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml':
        'home: { path: in.csv }\nstore: { type: local, path: lake/orders, format: delta }\nrun_type: incremental\nwatermark: { column: id }\n',
      'in.csv': 'id,name\n1,a\n2,b\n',
    });
    const go = async () => expect(await workspace.run(['go'])).toMatchObject({ code: 0 });
    await go();
    // Another row of the last watermark: the file of the open group is replaced.
    workspace.write({ 'in.csv': 'id,name\n1,a\n2,b\n2,c\n' });
    await go();
    await go();
    const { stdout } = await workspace.run(['status', '--output', 'json']);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ old_files: { where: 'lake/orders', files: 1 } });
    expect((await workspace.run(['status'])).stdout).toContain('hygge compact f.f');
  });

  it('keeps files as long as the table says', async () => {
    using scene = new Scene();
    const first = await scene.load(1);
    scene.others.setProperty('delta.deletedFileRetentionDuration', 'interval 30 days');
    await scene.load(2);
    scene.age(8);
    await scene.compact();
    expect(scene.isThere(first)).toBe(true);
    scene.age(31);
    await scene.compact();
    expect(scene.isThere(first)).toBe(false);
  });

  it('leaves files that another program wrote, or removed, and those that are in the table again', async () => {
    using scene = new Scene();
    const removedByOthers = await scene.load(1);
    await scene.others.optimize();
    const [{ path: theirs } = { path: '' }] = scene.others.state().files;
    const back = await scene.load(2);
    const own = await scene.load(3);
    await scene.load(4);
    scene.others.restore(back);
    scene.age(8);
    expect((await scene.compact()).code).not.toBe(0);
    expect([removedByOthers, theirs, back, own].map((path) => scene.isThere(path))).toEqual([true, true, true, true]);
    scene.others.drop(back);
    scene.age(8);
    const run = await scene.compact();
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect([removedByOthers, theirs, back, own].map((path) => scene.isThere(path))).toEqual([true, true, true, false]);
  });
});
