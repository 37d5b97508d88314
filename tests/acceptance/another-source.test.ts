import { describe, expect, it } from 'vitest';
import { hygge } from '../cli/workspace.ts';
import { here, settledIds } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (home: string, more = '') => ({ 'flows/f/flow.yml': `home: ${home}\nstore: { type: parquet, path: lake }\n${more}` });
const files = (format: string) => `{ type: local, path: in, format: ${format} }`;
const byFile = 'run_type: incremental\n';
const csv = (from: number, to: number) =>
  `id,name,total\n${Array.from({ length: to - from }, (_, i) => `${from + i},n${i},${i}.5\n`).join('')}`;
const page = '<!DOCTYPE html>\n<html><head></head>\n<body>503 Service Unavailable</body>\n</html>\n';
const ndjson = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${JSON.stringify({ id: from + i, name: `n${i}`, total: i })}\n`).join('');

/** Stops the run with the code, and leaves what is settled as it was. */
async function isRefused(workspace: TestWorkspace, code = 'HYG-2065'): Promise<void> {
  const before = await settledIds(workspace);
  expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: code });
  expect(await settledIds(workspace)).toEqual(before);
}

describe('a full load of a source that is another one now', () => {
  it('stops: a CSV that became an error page, until a person has looked at it', async () => {
    using workspace = new TestWorkspace({ ...flow(files('csv')), 'in/a.csv': csv(0, 50) });
    await here(workspace, 'go');
    workspace.write({ 'in/a.csv': page });
    await isRefused(workspace, 'HYG-3312');
    workspace.write({ 'in/a.csv': 'key,label,amount\n1,a,2\n' });
    await isRefused(workspace);
    const accepted = await hygge(['schema', 'accept', 'f.f', '--yes'], workspace.root);
    expect(accepted.code).toBe(0);
    expect((await here(workspace, 'go')).summary).toMatchObject({ error: 0, rows: 1 });
  });

  it('goes on where remove_columns: ignore is written, and where half of the columns are left', async () => {
    using workspace = new TestWorkspace({ ...flow(files('csv')), 'in/a.csv': csv(0, 50) });
    await here(workspace, 'go');
    workspace.write({ 'in/a.csv': 'id,total,x\n1,2,3\n' });
    expect((await here(workspace, 'go')).summary).toMatchObject({ warn: 1, rows: 1 });
    workspace.write({ ...flow(files('csv'), 'schema: { mode: adapt }\n'), 'in/a.csv': 'q,r\n1,2\n' });
    await isRefused(workspace);
    workspace.write(flow(files('csv'), 'schema_evolution: { remove_columns: ignore }\n'));
    expect((await here(workspace, 'go')).summary).toMatchObject({ error: 0, rows: 1 });
  });
});

describe('a file that is something else', () => {
  it('stops the run though new columns would be left out', async () => {
    using workspace = new TestWorkspace({
      ...flow(files('ndjson'), `${byFile}schema_evolution: { add_columns: ignore }\n`),
      'in/a.ndjson': ndjson(0, 50),
    });
    await here(workspace, 'go');
    workspace.write({ 'in/b.ndjson': '{"error":"too many requests"}\n' });
    await isRefused(workspace);
  });

  it('stops a full load of many files, and the first among them is fine', async () => {
    using workspace = new TestWorkspace(flow('in'));
    for (const n of [1, 2, 3])
      await workspace.parquet(`in/${n}.parquet`, `select range + ${n * 1000} as id, 1 as a, 2 as b from range(1000)`);
    await here(workspace, 'go');
    await workspace.parquet('in/2.parquet', "select 'x' as x, 'y' as y from range(10)");
    await isRefused(workspace);
    await workspace.parquet('in/2.parquet', 'select range + 9000 as id, 7 as c from range(10)');
    expect((await here(workspace, 'go')).code).toBe(1);
    await workspace.parquet('in/2.parquet', 'select range + 9000 as id, 7 as a, 7 as c from range(10)');
    expect((await here(workspace, 'go')).summary).toMatchObject({ warn: 1, rows: 2010 });
  });
});
