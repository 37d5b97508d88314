import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (more: string) => ({
  'hygge.yml': `
name: q
flows:
  f: { home: { path: in, format: csv, types: { id: int64, at: date }, bad_rows: quarantine }, store: lake, ${more} }
`,
});

async function apart(workspace: TestWorkspace): Promise<readonly string[]> {
  const folder = workspace.path('lake/_hygge/f/f/quarantine');
  const rows = !existsSync(folder) ? [] : await duck(`select source, line, text from '${folder}/*.parquet' order by all`);
  return rows.map(({ source, line, text }) => `${String(source)}:${String(line)} ${String(text)}`);
}

async function run(workspace: TestWorkspace, ...more: readonly string[]) {
  const { code, events } = await workspace.run(['go', '--output', 'json', ...more]);
  const summary = events.find((one) => one.event === 'entity_done');
  return { code, rows: summary?.rows, message: String(summary?.message ?? '') };
}

describe('rows that cannot be read', () => {
  test('of a file that grows lie in quarantine once, however often it is read again, and are counted once', async () => {
    using workspace = new TestWorkspace(flow('run_type: incremental, watermark: { column: at }'));
    const lines = ['id,at', '1,2024-01-01', 'two,2024-01-02', '3,2024-01-02'];
    const write = () => workspace.write({ 'in/a.csv': `${lines.join('\n')}\n` });
    write();
    expect(await run(workspace)).toMatchObject({ code: 0, rows: 2, message: expect.stringContaining('1 row that can') });
    lines.push('4,2024-01-03');
    write();
    expect(await run(workspace)).toMatchObject({ code: 0, rows: 1, message: expect.stringContaining('1 row that can') });
    lines.push('5,2024-01-03', 'six,2024-01-04');
    write();
    expect(await run(workspace)).toMatchObject({ code: 0, rows: 1 });
    lines.push('7,2024-01-05');
    write();
    expect(await run(workspace)).toMatchObject({ code: 0, rows: 1, message: expect.stringContaining('2 rows that can') });
    expect(await apart(workspace)).toEqual(['in/a.csv:3 two,2024-01-02', 'in/a.csv:7 six,2024-01-04']);
    expect((await workspace.settled('lake', 'f', 'f')).length).toBe(5);
  });

  test('of files that settle together go with their own file, and those of the others stay', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': `
name: q
flows:
  f: { home: { path: in, format: csv, types: { id: int64 }, bad_rows: quarantine }, store: lake, run_type: incremental, watermark: { column: day } }
`,
    });
    const write = (day: number, ...ids: readonly string[]) =>
      workspace.write({ [`in/day=2024-01-0${day}/a.csv`]: `id\n${ids.join('\n')}\n` });
    const kept = (...of: readonly (readonly [number, string])[]) => of.map(([day, text]) => `in/day=2024-01-0${day}/a.csv:3 ${text}`);
    for (const [day, bad] of [
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ] as const)
      write(day, `${day}`, bad);
    expect(await run(workspace)).toMatchObject({ code: 0, rows: 3 });
    expect(await apart(workspace)).toEqual(kept([1, 'one'], [2, 'two'], [3, 'three']));
    // The day at the watermark is read again, the others are not.
    write(4, '4', 'four');
    expect(await run(workspace)).toMatchObject({ code: 0, rows: 1 });
    expect(await apart(workspace)).toEqual(kept([1, 'one'], [2, 'two'], [3, 'three'], [4, 'four']));
    write(1, '1', '11');
    expect((await workspace.run(['backfill', 'f.f', '--from', '2024-01-01', '--to', '2024-01-02'])).code).toBe(0);
    expect(await apart(workspace)).toEqual(kept([2, 'two'], [3, 'three'], [4, 'four']));
    expect((await workspace.settled('lake', 'f', 'f')).map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 11]);
  });

  test('and are corrected below the watermark are a warning, with the backfill that brings them in', async () => {
    using workspace = new TestWorkspace(flow('run_type: incremental, watermark: { column: at }'));
    const write = (...rows: readonly string[]) => workspace.write({ 'in/a.csv': `id,at\n${rows.join('\n')}\n` });
    const ids = async () => (await workspace.settled('lake', 'f', 'f')).map(({ id }) => Number(id)).sort();
    write('1,2024-01-01', 'two,2024-01-02', '3,2024-01-03');
    await run(workspace);
    write('1,2024-01-01', '2,2024-01-02', '3,2024-01-03', '4,2024-01-04');
    const { message } = await run(workspace);
    expect(message).toContain('1 row from quarantine can be read now');
    expect([await ids(), await apart(workspace)]).toEqual([[1, 3, 4], []]);
    const advice = /hygge (backfill f\.f --from VALUE --to 2024-01-03)/.exec(message)?.[1]?.replace('VALUE', '2024-01-01');
    expect((await workspace.run(advice?.split(' ') ?? [])).code).toBe(0);
    expect(await ids()).toEqual([1, 2, 3, 4]);
    write('1,2024-01-01', '2,2024-01-02', '3,2024-01-03', '4,2024-01-04', '5,2024-01-05');
    expect(await run(workspace)).toMatchObject({ code: 0, rows: 1, message: '' });
  });

  test('of a file that is read again are told with a way that brings them in, wherever in time they lie', async () => {
    using workspace = new TestWorkspace(flow('run_type: incremental, watermark: { column: at }'));
    const write = (...rows: readonly string[]) => workspace.write({ 'in/a.csv': `id,at\n${rows.join('\n')}\n` });
    write('1,2024-01-01', 'two,2024-01-02', '3,2024-01-03');
    await run(workspace);
    write('1,2024-01-01', 'two,2024-01-02', '3,2024-01-03', '4,2024-01-04', '5,2024-01-05');
    const { message } = await run(workspace);
    write('1,2024-01-01', '2,2024-01-02', '3,2024-01-03', '4,2024-01-04', '5,2024-01-05');
    const [, advice = ''] = /once it is corrected, hygge ([^,]*?)(?:, then| brings)/.exec(message) ?? [];
    expect((await workspace.run([...advice.split(' '), ...(advice.startsWith('reset') ? ['--yes'] : [])])).code).toBe(0);
    await run(workspace);
    expect((await workspace.settled('lake', 'f', 'f')).map(({ id }) => Number(id)).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test('are kept and told where nothing else is new', async () => {
    using workspace = new TestWorkspace(flow('run_type: incremental, watermark: { column: at }'));
    workspace.write({ 'in/a.csv': 'id,at\n1,2024-01-01\n' });
    expect(await run(workspace)).toMatchObject({ code: 0, rows: 1, message: '' });
    workspace.write({ 'in/b.csv': 'id,at\ntwo,2024-01-02\nthree,2024-01-03\n' });
    expect(await run(workspace)).toMatchObject({ code: 0, rows: 0, message: expect.stringContaining('2 rows that can') });
    expect(await apart(workspace)).toEqual(['in/b.csv:2 two,2024-01-02', 'in/b.csv:3 three,2024-01-03']);
  });

  test('go with the rows that a full load replaces', async () => {
    using workspace = new TestWorkspace(flow('run_type: full_drop'));
    workspace.write({ 'in/a.csv': 'id,at\n1,2024-01-01\ntwo,2024-01-02\n' });
    await run(workspace);
    workspace.write({ 'in/a.csv': 'id,at\n1,2024-01-01\n2,2024-01-02\nthree,2024-01-03\n' });
    await run(workspace);
    expect(await apart(workspace)).toEqual(['in/a.csv:4 three,2024-01-03']);
  });

  test('go with the file that they came from when it has changed, and those of other files stay', async () => {
    using workspace = new TestWorkspace(flow('run_type: incremental, changed_files: replace'));
    workspace.write({ 'in/a.csv': 'id,at\n1,2024-01-01\ntwo,2024-01-02\n' });
    await run(workspace);
    workspace.write({ 'in/b.csv': 'id,at\nb,2024-01-01\n' });
    await run(workspace);
    workspace.write({ 'in/a.csv': 'id,at\n1,2024-01-01\n2,2024-01-02\nx,2024-01-05\n' });
    await run(workspace);
    expect(await apart(workspace)).toEqual(['in/a.csv:4 x,2024-01-05', 'in/b.csv:2 b,2024-01-01']);
  });
});
