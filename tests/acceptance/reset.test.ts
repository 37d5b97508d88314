import { cpSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hygge } from '../cli/workspace.ts';
import type { Run } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = 'home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at }\n';
const byFile = 'home: in\nstore: lake\nrun_type: incremental\n';
const rows = (from: number, to: number) =>
  `select range as id, timestamp '2024-01-01' + interval (range) second as "at" from range(${from}, ${to})`;

async function settled(text = flow): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': text });
  await workspace.parquet('in/1.parquet', rows(0, 100));
  expect((await workspace.run(['go'])).code).toBe(0);
  await workspace.parquet('in/2.parquet', rows(100, 150));
  expect((await workspace.run(['go'])).code).toBe(0);
  return workspace;
}

const errorOf = (run: Run) => run.events.find((event) => event.event === 'error');
const go = (workspace: TestWorkspace) => workspace.run(['go', '--output', 'json']);
const ids = async (workspace: TestWorkspace) =>
  (await workspace.settled('lake', 'f', 'f')).map((row) => Number(row.id)).sort((a, b) => a - b);
const dataFiles = (workspace: TestWorkspace) => readdirSync(workspace.path('lake')).filter((name) => name.endsWith('.parquet'));
const listed = (workspace: TestWorkspace) =>
  (JSON.parse(readFileSync(workspace.path('lake/_hygge/f/f/current.json'), 'utf8')) as { files: { name: string }[] }).files;
const all = Array.from({ length: 150 }, (_, i) => i);

describe('when the destination is not what was settled', () => {
  it.each([
    ['the record of commits is lost', (workspace: TestWorkspace) => rmSync(workspace.path('lake', '_hygge'), { recursive: true })],
    ['the last settled file is lost', (workspace: TestWorkspace) => rmSync(workspace.path('lake', listed(workspace).at(-1)?.name ?? ''))],
  ])('where %s, advice and take-over say that late rows at the watermark will not be read', async (_what, spoil) => {
    using workspace = await settled();
    spoil(workspace);
    await workspace.parquet('in/late.parquet', `select 999 as id, timestamp '2024-01-01 00:02:29' as "at"`);
    const above = 'strictly above 2024-01-01T00:02:29.000000';
    expect(errorOf(await go(workspace))).toMatchObject({ tryThis: expect.arrayContaining([expect.stringContaining(above)]) });
    const adopted = await workspace.run(['reset', 'f.f', '--adopt', '--yes']);
    expect([adopted.code, adopted.stdout + adopted.stderr]).toEqual([0, expect.stringContaining(above)]);
    expect((await go(workspace)).code).toBe(0);
    expect((await workspace.run(['go', '-d', '-e', 'f.f'])).code).toBe(0);
    expect(await ids(workspace)).toEqual([...all, 999]);
  });

  it('nothing is there twice after a reset, where the record is lost and rows are partitioned otherwise', async () => {
    const [before, after] = ['store: { path: lake, partition_by: [p] }', 'store: { path: lake, partition_by: [q] }'];
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow.replace('store: lake', before) });
    await workspace.parquet('in/1.parquet', `select *, id % 3 as p, id % 2 as q from (${rows(0, 30)})`);
    expect((await hygge(['go'], workspace.root)).code).toBe(0);
    rmSync(workspace.path('lake', '_hygge'), { recursive: true });
    workspace.write({ 'flows/f/flow.yml': flow.replace('store: lake', after) });
    expect((await hygge(['reset', 'f.f', '--yes'], workspace.root)).code).toBe(0);
    expect((await hygge(['go'], workspace.root)).code).toBe(0);
    expect(await ids(workspace)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    const files = readdirSync(workspace.path('lake'), { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('_'));
    expect(files.filter((name) => /\.(parquet|csv)$/.test(name)).sort()).toEqual(
      listed(workspace)
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('missing files stop the run; what is left can be taken over', async () => {
    using workspace = await settled();
    const [first = ''] = readdirSync(workspace.path('lake')).filter((name) => name.endsWith('.parquet'));
    rmSync(workspace.path('lake', first));
    expect(errorOf(await go(workspace))).toMatchObject({ code: 'HYG-2004', why: [expect.stringContaining(first)] });
    expect((await workspace.run(['reset', 'f.f', '--adopt', '--yes'])).code).toBe(0);
    expect((await go(workspace)).events.at(-1)).toMatchObject({ error: 0 });
  });

  it('nothing left at all is not taken over: the watermark would hide the loss', async () => {
    using workspace = await settled();
    for (const name of readdirSync(workspace.path('lake'))) if (name.endsWith('.parquet')) rmSync(workspace.path('lake', name));
    const adopt = await workspace.run(['reset', 'f.f', '--adopt', '--yes']);
    expect(adopt.code).toBe(1);
    expect(adopt.stderr + adopt.stdout).toContain('HYG-4103');
    expect((await workspace.run(['reset', 'f.f', '--yes'])).code).toBe(0);
    expect((await go(workspace)).events.at(-1)).toMatchObject({ pass: 1, rows: 150 });
    expect(await ids(workspace)).toEqual(all);
  });

  it('an older destination that was put back is filled again from files that have not changed', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow });
    await workspace.parquet('in/1.parquet', rows(0, 100));
    expect((await workspace.run(['go'])).code).toBe(0);
    cpSync(workspace.path('lake'), workspace.path('backup'), { recursive: true });
    await workspace.parquet('in/2.parquet', rows(100, 150));
    expect((await workspace.run(['go'])).code).toBe(0);
    rmSync(workspace.path('lake'), { recursive: true });
    renameSync(workspace.path('backup'), workspace.path('lake'));
    expect((await workspace.run(['reset', 'f.f', '--adopt', '--yes'])).code).toBe(0);
    expect((await go(workspace)).events.at(-1)).toMatchObject({ pass: 1, rows: 50 });
    expect(await ids(workspace)).toEqual(all);
  });

  it('foreign data is left alone, added to, or replaced, as if_exists says', async () => {
    for (const [ifExists, count] of [
      ['fail', null],
      ['append', 103],
      ['replace', 100],
    ] as const) {
      using workspace = new TestWorkspace({ 'flows/f/flow.yml': `${flow}if_exists: ${ifExists}\n` });
      await workspace.parquet('in/1.parquet', rows(0, 100));
      await workspace.parquet('lake/theirs.parquet', rows(900, 903));
      const run = await go(workspace);
      if (count === null) expect(errorOf(run)).toMatchObject({ code: 'HYG-2002' });
      else expect((await ids(workspace)).length).toBe(count);
    }
  });
});

describe('reset --adopt by file, after the state was lost,', () => {
  const ofFile = (file: number) => rows(file * 10, file * 10 + 10);
  async function lost(text: string, ...files: readonly number[]): Promise<TestWorkspace> {
    const workspace = new TestWorkspace({ 'flows/f/flow.yml': text });
    for (const file of files) await workspace.parquet(`in/${file}.parquet`, ofFile(file));
    expect((await workspace.run(['go'])).code).toBe(0);
    rmSync(workspace.path('.hygge'), { recursive: true });
    return workspace;
  }
  const adopted = async (workspace: TestWorkspace) => {
    expect((await workspace.run(['reset', 'f.f', '--adopt', '--yes'])).code).toBe(0);
    return (await go(workspace)).events.at(-1);
  };

  it.each([
    ['settled together', byFile, 2],
    ['settled in a part each', `${byFile}changed_files: replace\n`, 3],
  ])('knows files that %s, and takes only what is new', async (_, text, parts) => {
    using workspace = await lost(text, 0, 1, 2);
    expect(dataFiles(workspace)).toHaveLength(parts);
    expect(await adopted(workspace)).toMatchObject({ skip: 1, rows: 0 });
    await workspace.parquet('in/3.parquet', ofFile(3));
    expect((await go(workspace)).events.at(-1)).toMatchObject({ pass: 1, rows: 10 });
    expect(await ids(workspace)).toEqual(all.slice(0, 40));
  });

  it('knows files that settled after a load without rows, whose part names none', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': byFile });
    await workspace.parquet('in/0.parquet', rows(0, 0));
    expect((await workspace.run(['go'])).code).toBe(0);
    await workspace.parquet('in/1.parquet', ofFile(1));
    expect((await workspace.run(['go'])).code).toBe(0);
    rmSync(workspace.path('.hygge'), { recursive: true });
    expect(await adopted(workspace)).toMatchObject({ error: 0, rows: 0 });
    expect(await ids(workspace)).toEqual(all.slice(10, 20));
  });

  it('refuses to guess where only some of the parts name their files, as partitions of several files do not', async () => {
    const partitioned = byFile.replace('store: lake', 'store: { path: lake, partition_by: [day] }');
    const ofDay = (file: number) => `select *, 'mon' as day from (${ofFile(file)})`;
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': partitioned });
    for (const file of [0, 1, 2]) await workspace.parquet(`in/${file}.parquet`, ofDay(file));
    expect((await workspace.run(['go'])).code).toBe(0);
    const naming = listed(workspace).filter((file) => 'source' in file || 'sources' in file);
    expect([naming.length, listed(workspace).length]).toEqual([1, 2]);
    rmSync(workspace.path('.hygge'), { recursive: true });
    const before = workspace.tree('lake');
    const refused = await workspace.run(['reset', 'f.f', '--adopt', '--yes', '--output', 'json']);
    expect(errorOf(refused)).toMatchObject({ code: 'HYG-2017', what: 'f.f: the files that it has read are not known.' });
    expect(workspace.tree('lake')).toEqual(before);
  });

  it('replaces the rows of a file that has changed since they settled', async () => {
    using workspace = await lost(`${byFile}changed_files: replace\n`, 0, 1, 2);
    await workspace.parquet('in/1.parquet', rows(10, 15));
    utimesSync(workspace.path('in/1.parquet'), 1_800_000_000, 1_800_000_000);
    expect(await adopted(workspace)).toMatchObject({ pass: 1, rows: -5 });
    expect(await ids(workspace)).toEqual([...all.slice(0, 15), ...all.slice(20, 30)]);
    expect((await go(workspace)).events.at(-1)).toMatchObject({ skip: 1 });
  });
});

describe('what hygge keeps for people', () => {
  it('goes when it is older than keep', async () => {
    using workspace = await settled(`${flow}keep: 30d\n`);
    writeFileSync(workspace.path('.hygge', 'journal', '2020-01.ndjson'), '');
    const commits = workspace.path('lake', '_hygge', 'f', 'f', 'commits');
    const [oldest = ''] = readdirSync(commits);
    utimesSync(`${commits}/${oldest}`, new Date('2020-01-01'), new Date('2020-01-01'));
    await workspace.parquet('in/3.parquet', rows(150, 160));
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(readdirSync(workspace.path('.hygge', 'journal'))).not.toContain('2020-01.ndjson');
    expect(readdirSync(commits)).not.toContain(oldest);
    expect((await ids(workspace)).length).toBe(160);
  });
});
