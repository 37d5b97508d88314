import { describe, expect, it } from 'vitest';
import { here, settledIds } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (home: string) => ({
  'flows/f/flow.yml': `home: ${home}\nstore: { type: parquet, path: lake }\nrun_type: incremental\nwatermark: { column: at }\n`,
});
const csv = '{ path: in, format: csv }';
const rows = (from: number, ...texts: readonly string[]) => `id;at\n${texts.map((text, i) => `${from + i};${text}\n`).join('')}`;

describe('a watermark of text', () => {
  it('is refused where a later day comes before an earlier one', async () => {
    using workspace = new TestWorkspace({ ...flow(csv), 'in/1.csv': rows(1, '2024-1-30', '2024-1-31') });
    for (const more of [['--dry-run'], []]) expect(await here(workspace, 'go', ...more)).toMatchObject({ code: 1, error: 'HYG-3314' });
  });

  it('is refused where a word stands above days, in a first run and in a later one, and its advice leads on', async () => {
    using first = new TestWorkspace({ ...flow(csv), 'in/1.csv': rows(1, '2024-01-30', '2024-01-31', 'n/a') });
    expect(await here(first, 'go')).toMatchObject({ code: 1, error: 'HYG-3316' });
    first.write({
      'flows/f/flow.yml': `home: { path: in, format: csv, null_values: ["n/a", ""] }\nstore: lake\nrun_type: incremental\nwatermark: { column: at, nulls: exclude }\n`,
    });
    expect(await here(first, 'go')).toMatchObject({ code: 0 });
    expect(await settledIds(first)).toEqual([1, 2]);

    using later = new TestWorkspace({
      ...flow('{ path: in, format: csv, types: { at: string } }'),
      'in/1.csv': rows(1, '2024-01-30', '2024-01-31'),
    });
    expect(await here(later, 'go')).toMatchObject({ code: 0 });
    later.write({ 'in/2.csv': rows(3, 'n/a') });
    for (const more of [['--dry-run'], []]) expect(await here(later, 'go', ...more)).toMatchObject({ code: 1, error: 'HYG-3316' });
    expect(await settledIds(later)).toEqual([1, 2]);
  });

  it('warns where it is a number: one with more digits may come before one with fewer', async () => {
    using workspace = new TestWorkspace(flow('in'));
    await workspace.parquet('in/1.parquet', `select range::bigint as id, range::varchar as "at" from range(90, 100)`);
    const { summary } = await here(workspace, 'go');
    expect(summary).toMatchObject({ warn: 1, rows: 10, entities: [{ message: expect.stringContaining('at is text') }] });
    await workspace.parquet('in/2.parquet', `select range::bigint as id, range::varchar as "at" from range(100, 105)`);
    for (const _ of ['the first time', 'and again'])
      expect((await here(workspace, 'go')).summary).toMatchObject({
        warn: 1,
        rows: 0,
        entities: [{ message: expect.stringContaining('"10" sorts before "9"') }],
      });
  });

  it('is refused where times are mixed in two forms, in a file that grows and in one that comes', async () => {
    const texts = ['2026-01-01T08:00', '2026-01-02T09:00'];
    using workspace = new TestWorkspace(flow('{ path: in, format: ndjson, types: { at: string } }'));
    const write = (file: string, ...values: readonly string[]) =>
      workspace.write({ [`in/${file}.ndjson`]: values.map((at, id) => `${JSON.stringify({ id, at })}\n`).join('') });
    write('1', ...texts);
    expect(await here(workspace, 'go')).toMatchObject({ code: 0, summary: { pass: 1, rows: 2 } });
    write('1', ...texts, '2026-01-02 10:00');
    for (const more of [['--dry-run'], []]) expect(await here(workspace, 'go', ...more)).toMatchObject({ code: 1, error: 'HYG-3314' });
    write('1', ...texts);
    write('2', '2026-01-02T11:00+02:00', '2026-01-02T10:30+01:00');
    expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-3314' });
    write('2', '2026-01-03 11:00');
    expect((await here(workspace, 'go')).summary).toMatchObject({ warn: 1, rows: 1 });
    expect((await workspace.run(['go'])).stdout).toContain('two forms of time');
    // What settled is gone from the source, and what is new is later and comes before it.
    write('1', '1/3/2026 10:00');
    write('2', '1/4/2026 11:00');
    expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-3314' });
  });
});
