import { readdirSync } from 'node:fs';
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
  const rows = readdirSync(folder).length === 0 ? [] : await duck(`select source, line, text from '${folder}/*.parquet' order by all`);
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
