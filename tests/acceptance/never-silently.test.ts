import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Run } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

const byTime = 'home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at }\n';
const byFile = 'home: in\nstore: lake\nrun_type: incremental\n';
const rows = (from: number, to: number, day = 1) =>
  `select range as id, timestamp '2024-01-0${day}' + interval (range) second as "at" from range(${from}, ${to})`;

const errorOf = (run: Run) => run.events.find((event) => event.event === 'error');
const go = (workspace: TestWorkspace, ...args: string[]) => workspace.run(['go', '--output', 'json', ...args]);
const ids = async (workspace: TestWorkspace) =>
  (await workspace.settled('lake', 'f', 'f')).map((row) => Number(row.id)).sort((a, b) => a - b);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

function flow(text: string): TestWorkspace {
  return new TestWorkspace({ 'flows/f/flow.yml': text });
}

describe('an incremental run never turns into something else by itself', () => {
  it('keeps the rows at the watermark when the source forgets them (daily extracts), and says so', async () => {
    using workspace = flow(byTime.replace('column: at', 'column: day'));
    await workspace.parquet('in/1.parquet', "select range as id, date '2024-01-01' as day from range(1000)");
    expect((await go(workspace)).events.at(-1)).toMatchObject({ pass: 1, rows: 1000 });
    await workspace.parquet('in/1.parquet', "select 1000 + range as id, date '2024-01-02' as day from range(10)");
    const run = await go(workspace);
    expect(run.events.at(-1)).toMatchObject({
      warn: 1,
      rows: 10,
      entities: [{ message: expect.stringContaining('no longer has the 1,000 rows') }],
    });
    expect(await ids(workspace)).toEqual(upTo(1010));
    expect((await go(workspace)).events.at(-1)).toMatchObject({ skip: 1 });
  });

  it('stops when its watermark is taken out of the config, or another one put in', async () => {
    using workspace = flow(byTime);
    await workspace.parquet('in/1.parquet', rows(0, 100));
    await go(workspace);
    await workspace.parquet('in/1.parquet', rows(200, 210));
    for (const text of [byFile, byTime.replace('column: at', 'column: id')]) {
      workspace.write({ 'flows/f/flow.yml': text });
      expect(errorOf(await go(workspace))).toMatchObject({ code: 'HYG-2007' });
    }
    expect(await ids(workspace)).toEqual(upTo(100));
    expect((await go(workspace, '-d')).code).toBe(0);
    expect(await ids(workspace)).toEqual(upTo(210).slice(200));
  });

  it('goes on by file after a full load, with the files of that load taken', async () => {
    using workspace = flow(byFile);
    await workspace.parquet('in/1.parquet', rows(0, 10));
    await go(workspace);
    await go(workspace, '-d');
    rmSync(workspace.path('in', '1.parquet'));
    await workspace.parquet('in/2.parquet', rows(10, 15));
    expect((await go(workspace)).events.at(-1)).toMatchObject({ pass: 1, rows: 5 });
    expect(await ids(workspace)).toEqual(upTo(15));
  });

  it('turns a full load into an incremental one for a run (-i), by the files it has taken', async () => {
    using workspace = flow('home: in\nstore: lake\n');
    await workspace.parquet('in/1.parquet', rows(0, 10));
    await go(workspace);
    await workspace.parquet('in/2.parquet', rows(10, 15));
    expect((await go(workspace, '-i')).events.at(-1)).toMatchObject({ pass: 1, rows: 5 });
    expect(await ids(workspace)).toEqual(upTo(15));
  });
});

describe('taking a destination over', () => {
  it('changes nothing when the watermark given makes no sense', async () => {
    using workspace = flow(byTime);
    await workspace.parquet('in/1.parquet', rows(0, 10));
    await go(workspace);
    const adopt = await workspace.run(['reset', 'f.f', '--adopt', '--watermark', 'banana', '--yes']);
    expect(adopt.code).not.toBe(0);
    expect((await go(workspace)).events.at(-1)).toMatchObject({ skip: 1 });
  });

  it('is refused when nothing tells where to go on', async () => {
    for (const text of [byTime, byFile]) {
      using workspace = flow(text);
      await workspace.parquet('in/1.parquet', rows(0, 10));
      await workspace.parquet('lake/theirs.parquet', rows(0, 10));
      const adopt = await workspace.run(['reset', 'f.f', '--adopt', '--yes']);
      expect(adopt.stderr + adopt.stdout).toContain('HYG-2017');
      expect(adopt.code).toBe(1);
    }
  });
});
