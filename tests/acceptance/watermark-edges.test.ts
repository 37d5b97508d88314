import { describe, expect, it } from 'vitest';
import { hygge } from '../cli/workspace.ts';
import { here, settledIds } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (more = '') => ({ 'flows/f/flow.yml': `home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at${more} }\n` });

/** One row each: an id and its day of January, or null. */
function rows(days: Readonly<Record<number, number | null>>): string {
  const each = Object.entries(days).map(
    ([id, day]) => `(${id}, ${day === null ? 'null' : `timestamp '2024-01-01' + interval (${day - 1}) day`})`,
  );
  return `select id::bigint as id, "at"::timestamp as "at" from (values ${each.join(', ')}) t(id, "at")`;
}

describe('rows without a watermark', () => {
  it('are refused together with an open boundary, which never reads them again', async () => {
    using workspace = new TestWorkspace(flow(', nulls: include, boundary: open'));
    await workspace.parquet('in/1.parquet', rows({ 1: 1, 2: null }));
    expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-2061' });
    workspace.write(flow(', nulls: include'));
    await here(workspace, 'go');
    await workspace.parquet('in/2.parquet', rows({ 3: 2, 4: null }));
    await here(workspace, 'go');
    expect(await settledIds(workspace)).toEqual([1, 2, 3, 4]);
  });

  it('are told where they went below the watermark, with the backfill that brings them back; above it they settle', async () => {
    using workspace = new TestWorkspace(flow(', nulls: include'));
    await workspace.parquet('in/1.parquet', rows({ 1: 1, 2: null, 3: 3, 4: null }));
    await here(workspace, 'go');
    await workspace.parquet('in/1.parquet', rows({ 1: 1, 2: null, 3: 3, 4: 4 }));
    expect((await here(workspace, 'go')).summary).toMatchObject({ pass: 1, warn: 0 });
    expect(await settledIds(workspace)).toEqual([1, 2, 3, 4]);
    await workspace.parquet('in/1.parquet', rows({ 1: 1, 2: 2, 3: 3, 4: 4 }));
    const run = await hygge(['go'], workspace.root);
    expect(await settledIds(workspace)).toEqual([1, 3, 4]);
    const [, advised] = /If it has a smaller at now, hygge backfill f\.f --from VALUE --to (\S+) restores it/.exec(run.stdout) ?? [];
    expect(advised).toMatch(/^2024-01-04/);
    await hygge(['backfill', 'f.f', '--from', '2024-01-01', '--to', advised ?? ''], workspace.root);
    expect(await settledIds(workspace)).toEqual([1, 2, 3, 4]);
  });

  it('take rows at the watermark with them that the source has no more, which the run says', async () => {
    using workspace = new TestWorkspace(flow(', nulls: include'));
    await workspace.parquet('in/1.parquet', rows({ 1: 1, 2: 3, 5: 3, 6: 3 }));
    await here(workspace, 'go');
    await workspace.parquet('in/1.parquet', rows({ 3: 4, 4: null }));
    const run = await hygge(['go'], workspace.root);
    expect(run.stdout).toMatch(/WARN=1/);
    expect(run.stdout).toMatch(/1 row that had settled at 2024-01-03\S* or without at no longer exists in the source, and was removed/);
    expect(await settledIds(workspace)).toEqual([1, 3, 4]);
  });

  it('settle once where the rows at the watermark are as they were and later ones come', async () => {
    using workspace = new TestWorkspace(flow(', nulls: include'));
    await workspace.parquet('in/1.parquet', rows({ 1: 1, 2: null, 3: 3 }));
    expect((await here(workspace, 'go')).summary).toMatchObject({ pass: 1 });
    for (const id of [4, 5, 6]) {
      await workspace.parquet(`in/${id}.parquet`, rows({ [id]: id }));
      expect((await here(workspace, 'go')).summary).toMatchObject({ pass: 1, rows: 1 });
      expect(await settledIds(workspace)).toEqual([1, 2, 3, 4, 5, 6].slice(0, id));
    }
  });

  it('stop the run where nothing tells which of them are settled, until everything is loaded again', async () => {
    using workspace = new TestWorkspace(flow(', nulls: include'));
    await workspace.parquet('in/1.parquet', rows({ 1: 1, 2: null, 3: 3 }));
    await here(workspace, 'go');
    await hygge(['reset', 'f.f', '--adopt', '--watermark', '2024-01-02', '--yes'], workspace.root);
    await workspace.parquet('in/2.parquet', rows({ 4: 4, 5: null }));
    expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-2062' });
    expect(await here(workspace, 'go', '-d', '-e', 'f.f')).toMatchObject({ code: 0 });
    await workspace.parquet('in/3.parquet', rows({ 6: 6, 7: null }));
    expect((await here(workspace, 'go')).summary).toMatchObject({ pass: 1 });
    expect(await settledIds(workspace)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('are read with an overlap as well, and refused when the group at the watermark is not known', async () => {
    using workspace = new TestWorkspace(flow(', boundary: open, nulls: exclude, overlap: 1d'));
    await workspace.parquet('in/1.parquet', rows({ 1: 1, 2: null, 3: 3 }));
    await here(workspace, 'go');
    workspace.write(flow(', nulls: include, overlap: 1d'));
    await workspace.parquet('in/2.parquet', rows({ 4: 4 }));
    expect(await here(workspace, 'go')).toMatchObject({ error: 'HYG-2062' });
    await here(workspace, 'go', '-d');
    await workspace.parquet('in/3.parquet', rows({ 5: 5, 6: null }));
    await here(workspace, 'go');
    expect(await settledIds(workspace)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('rows below watermark.initial', () => {
  it('never settle, though the first run finds nothing else', async () => {
    using workspace = new TestWorkspace(flow(', initial: 2024-01-10'));
    await workspace.parquet('in/1.parquet', rows({ 1: 1, 2: 5 }));
    expect((await here(workspace, 'go')).summary).toMatchObject({ rows: 0 });
    expect((await here(workspace, 'go')).summary).toMatchObject({ skip: 1 });
    await workspace.parquet('in/2.parquet', rows({ 3: 5, 4: 7 }));
    await here(workspace, 'go');
    expect(await settledIds(workspace)).toEqual([]);
    await workspace.parquet('in/3.parquet', rows({ 5: 9, 6: 10, 7: 11 }));
    expect((await here(workspace, 'go')).summary).toMatchObject({ pass: 1, rows: 2 });
    await workspace.parquet('in/4.parquet', rows({ 8: 9, 9: 12 }));
    await here(workspace, 'go');
    expect(await settledIds(workspace)).toEqual([6, 7, 9]);
  });

  it('never settle with rows without a watermark beside them', async () => {
    using workspace = new TestWorkspace(flow(', initial: 2024-01-10, nulls: include'));
    await workspace.parquet('in/1.parquet', rows({ 1: 1, 2: null }));
    await here(workspace, 'go');
    await workspace.parquet('in/2.parquet', rows({ 3: 1, 4: null, 5: 11 }));
    await here(workspace, 'go');
    await workspace.parquet('in/3.parquet', rows({ 6: 2, 7: null, 8: 12 }));
    await here(workspace, 'go');
    expect(await settledIds(workspace)).toEqual([2, 4, 5, 7, 8]);
  });
});
