import { describe, expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { here, settledIds } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (more = '', home = 'in') => ({
  'flows/f/flow.yml': `home: ${home}\nstore: { type: parquet, path: lake }\nrun_type: incremental\nwatermark: { column: at${more} }\n`,
});

/** Rows of the past, one of tomorrow and one from the end of time among them. */
const past = 300;
function rows(kind: 'date' | 'timestamp', more: readonly string[] = []): string {
  const time = `timestamp '2020-01-01' + interval (range * 1000) second`;
  const all = [
    `select range::bigint as id, (${time})::${kind} as "at" from range(${past})`,
    `select ${past}::bigint, (now()::timestamp + interval 3 day)::${kind}`,
    `select ${past + 1}::bigint, '9999-12-31'::${kind}`,
    ...more,
  ];
  return `set timezone = 'UTC'; select * from (${all.join(' union all ')}) t order by hash(id)`;
}

const formats = {
  parquet: { path: 'in/1.parquet', options: 'format parquet, row_group_size 2048', home: '{ type: parquet, path: in }' },
  csv: { path: 'in/1.csv', options: 'format csv, header', home: '{ type: local, path: in, format: csv }' },
} as const;

async function written(workspace: TestWorkspace, path: string, query: string, options: string): Promise<void> {
  workspace.write({ [path]: '' });
  const [set = '', select = ''] = query.includes(';') ? query.split(';') : ['select 1', query];
  await duck(set, `copy (${select}) to '${workspace.path(path)}' (${options})`);
}

describe('rows from the future', () => {
  for (const [format, { path, options, home }] of Object.entries(formats))
    for (const kind of ['date', 'timestamp'] as const) {
      if ((format === 'parquet') === (kind === 'timestamp')) continue;
      it(`wait, are counted, and hide no later row (${format}, ${kind})`, async () => {
        using workspace = new TestWorkspace(flow('', home));
        await written(workspace, path, rows(kind), options);
        const first = await here(workspace, 'go');
        expect(first.summary).toMatchObject({ warn: 1, rows: past });
        expect(first.summary.entities[0]).toMatchObject({
          message: expect.stringMatching(/^2 rows have at in the future \(up to 9999-12-31.*\) and wait until that time has come$/),
          watermark: expect.stringMatching(/^20\d\d-/),
        });
        const again = await here(workspace, 'go');
        expect(again.summary).toMatchObject({
          warn: 1,
          rows: 0,
          entities: [{ message: expect.stringContaining('2 rows have at in the future') }],
        });
        const late = `select ${past + 5}::bigint, (now()::timestamp - interval 1 hour)::${kind}`;
        await written(workspace, path.replace('1.', '2.'), rows(kind, [late]).replaceAll(`range(${past})`, 'range(0)'), options);
        expect((await here(workspace, 'go')).summary).toMatchObject({
          warn: 1,
          entities: [{ message: expect.stringContaining('4 rows have at') }],
        });
        expect(await settledIds(workspace)).toEqual([...Array.from({ length: past }, (_, i) => i), past + 5]);
      });
    }

  it('wait as well when files are unified, and when the watermark is in the name of a folder', async () => {
    using workspace = new TestWorkspace(flow());
    await written(workspace, 'in/a.parquet', `select 1::bigint as id, timestamp_ms '2024-01-01' as "at"`, 'format parquet');
    await written(
      workspace,
      'in/b.parquet',
      `select * from (values (2::bigint, timestamp '2024-01-02', 'x'), (3::bigint, timestamp '9999-12-31', 'y')) t(id, "at", more)`,
      'format parquet',
    );
    expect((await here(workspace, 'go')).summary).toMatchObject({ warn: 1, rows: 2 });
    await written(workspace, 'in/c.parquet', `select 4::bigint as id, timestamp_ms '9998-01-01' as "at"`, 'format parquet');
    expect((await here(workspace, 'go')).summary.entities[0]?.message).toContain('2 rows have at in the future');
    expect(await settledIds(workspace)).toEqual([1, 2]);

    using folders = new TestWorkspace(flow());
    for (const day of ['2024-01-01', '9999-12-31'])
      await written(folders, `in/at=${day}/1.parquet`, `select 7::bigint as id from range(10)`, 'format parquet');
    expect((await here(folders, 'go')).summary).toMatchObject({ warn: 1, rows: 10 });
    expect((await here(folders, 'go')).summary.entities[0]?.message).toContain('10 rows have at in the future (up to 9999-12-31)');
  });

  it('of which one has become the watermark stop the run, and a full load helps', async () => {
    using workspace = new TestWorkspace(flow(', future: take'));
    await written(workspace, 'in/1.parquet', rows('timestamp'), 'format parquet');
    await here(workspace, 'go');
    workspace.write(flow());
    for (const more of [[], ['--dry-run']]) expect(await here(workspace, 'go', ...more)).toMatchObject({ code: 1, error: 'HYG-2064' });
    expect((await here(workspace, 'go', '-d', '-e', 'f.f')).summary).toMatchObject({ warn: 1, rows: past });
    expect((await here(workspace, 'go')).summary).toMatchObject({ warn: 1, rows: 0 });
  });
});
