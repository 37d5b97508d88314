import { mkdirSync, renameSync, rmSync } from 'node:fs';
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

  it('stops when a flow by file gets a watermark', async () => {
    using workspace = flow(byFile);
    await workspace.parquet('in/1.parquet', rows(0, 100));
    await go(workspace);
    workspace.write({ 'flows/f/flow.yml': byTime });
    expect(errorOf(await go(workspace))).toMatchObject({ code: 'HYG-2007' });
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

  it('never leaves two schemas in one destination, adding a full copy included', async () => {
    using workspace = flow('home: in\nstore: lake\nif_exists: append\n');
    await workspace.parquet('in/1.parquet', rows(0, 10));
    await go(workspace);
    await workspace.parquet('in/1.parquet', "select 'text' as id");
    expect(errorOf(await go(workspace))).toMatchObject({ code: 'HYG-2012' });
  });
});

describe('rows younger than the lag', () => {
  it('are not read, neither by the first run nor by a later one, and nothing is committed for them', async () => {
    using workspace = flow(byTime.replace('column: at', 'column: at, lag: 1d'));
    await workspace.parquet(
      'in/1.parquet',
      "select range as id, (now() at time zone 'utc')::timestamp - interval (range) minute as at from range(10)",
    );
    expect((await go(workspace)).code).toBe(0);
    expect(await ids(workspace)).toEqual([]);
    expect((await go(workspace)).events.at(-1)).toMatchObject({ skip: 1 });
    await workspace.parquet('in/2.parquet', "select 100 + range as id, timestamp '2024-01-01' as at from range(5)");
    expect((await go(workspace)).events.at(-1)).toMatchObject({ pass: 1, rows: 5 });
    expect(await ids(workspace)).toEqual([100, 101, 102, 103, 104]);
  });
});

describe('an empty source', () => {
  it('is committed once, and skipped from then on', async () => {
    using workspace = flow(byTime);
    await workspace.parquet('in/1.parquet', rows(0, 0));
    expect((await go(workspace)).events.at(-1)).toMatchObject({ pass: 1 });
    const before = workspace.tree('lake');
    expect((await go(workspace)).events.at(-1)).toMatchObject({ skip: 1 });
    expect(workspace.tree('lake')).toEqual(before);
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

  it('goes on strictly above the watermark given, even where state and record are lost', async () => {
    using workspace = flow(byTime);
    await workspace.parquet('in/1.parquet', rows(0, 100));
    await go(workspace);
    rmSync(workspace.path('.hygge'), { recursive: true });
    rmSync(workspace.path('lake', '_hygge'), { recursive: true });
    expect((await workspace.run(['reset', 'f.f', '--adopt', '--watermark', '2024-01-01 00:01:39', '--yes'])).code).toBe(0);
    await workspace.parquet('in/2.parquet', rows(100, 120));
    expect((await go(workspace)).events.at(-1)).toMatchObject({ pass: 1, rows: 20 });
    expect(await ids(workspace)).toEqual(upTo(120));
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

  it('is followed by a full load that replaces what was taken over', async () => {
    using workspace = flow('home: in\nstore: lake\n');
    await workspace.parquet('in/1.parquet', rows(0, 10));
    await workspace.parquet('lake/theirs.parquet', rows(500, 510));
    expect((await workspace.run(['reset', 'f.f', '--adopt', '--yes'])).code).toBe(0);
    expect((await go(workspace)).events.at(-1)).toMatchObject({ pass: 1 });
    expect(await ids(workspace)).toEqual(upTo(10));
  });
});

describe('records that something else removed', () => {
  it('stop the run, with a way back that works', async () => {
    using workspace = flow(byFile);
    await workspace.parquet('in/1.parquet', rows(0, 10));
    await go(workspace);
    mkdirSync(workspace.path('aside'));
    renameSync(workspace.path('.hygge', 'objects', 'f', 'f', 'seen'), workspace.path('aside', 'seen'));
    expect(errorOf(await go(workspace))).toMatchObject({
      code: 'HYG-5006',
      tryThis: expect.arrayContaining([expect.stringContaining('hygge reset f.f')]),
    });
    expect((await workspace.run(['reset', 'f.f', '--yes'])).code).toBe(0);
    expect((await go(workspace)).events.at(-1)).toMatchObject({ pass: 1, rows: 10 });
    expect(await ids(workspace)).toEqual(upTo(10));
  });
});
