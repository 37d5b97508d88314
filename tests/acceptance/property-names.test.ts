import { describe, expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Names that a frame of nodejs-polars, or any object of JavaScript, has for itself. */
const names = [
  'height',
  'width',
  'shape',
  'columns',
  'lazy',
  'select',
  'schema',
  'dtypes',
  'filter',
  'collect',
  'length',
  'then',
  'constructor',
  'toString',
  '__proto__',
  '_df',
];

const quoted = (name: string) => `"${name}"`;
const values = (row: number) => names.map((name, i) => `${row * 100 + i} as ${quoted(name)}`).join(', ');
const source = `select 'é' || id::varchar as id, 'x'::blob as raw, * exclude (id) from (select 1 as id, ${values(1)} union all select 2, ${values(2)})`;

const homes = {
  parquet: '(format parquet)',
  csv: '(format csv, header)',
  ndjson: '(format json)',
} as const;

const stores = {
  parquet: (folder: string) => `read_parquet('${folder}/*.parquet')`,
  csv: (folder: string) => `read_csv('${folder}/*.csv', header = true)`,
  ndjson: (folder: string) => `read_json('${folder}/*.ndjson', format = 'newline_delimited')`,
} as const;

const pairs = [
  ['parquet', 'csv'],
  ['csv', 'ndjson'],
  ['ndjson', 'parquet'],
] as const;

describe('columns that are named like the properties of a frame', () => {
  it.each(pairs)('arrive from %s in %s', async (home, store) => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: in.${home}\nstore: { path: lake, format: ${store} }\n`,
    });
    await duck(`copy (${source}) to '${workspace.path(`in.${home}`)}' ${homes[home]}`);
    const run = await workspace.run(['go']);
    expect(run.stderr + run.stdout).toContain('2 rows');
    const rows = await duck(
      `select ${names.map((name, i) => `${quoted(name)} as c${i}`).join(', ')} from ${stores[store](workspace.path('lake'))} order by height`,
    );
    const read = rows.map((row) => names.map((_, i) => Number(row[`c${i}`])));
    expect(read).toEqual([1, 2].map((row) => names.map((_, i) => row * 100 + i)));
  });

  it('are a watermark, hash ids and evolve', async () => {
    const home = 'ndjson';
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: in.${home}\nstore: { path: lake, polish: { hash_ids: [{ name: hash, from_columns: [height, lazy] }] } }\nrun_type: incremental\nwatermark: { column: height }\n`,
    });
    const write = (rows: string) => duck(`copy (${rows}) to '${workspace.path(`in.${home}`)}' ${homes[home]}`);
    await write(source);
    expect((await workspace.run(['go'])).code).toBe(0);
    await write(
      `select *, 'late' as late, 'b'::blob as "select2" from (${source}) union all select * exclude (i), 'late', 'b'::blob from (select 3 as i, '3' as id, 'x'::blob as raw, ${values(3)})`,
    );
    const again = await workspace.run(['go']);
    expect([again.code, again.stdout + again.stderr]).toEqual([0, expect.stringContaining('1 row')]);
    const rows = await duck(
      `select height, width, hash, late from read_parquet('${workspace.path('lake')}/*.parquet', union_by_name = true) order by height`,
    );
    expect(rows.map(({ height, width, late }) => [Number(height), Number(width), late])).toEqual([
      [100, 101, null],
      [200, 201, 'late'],
      [300, 301, 'late'],
    ]);
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(3);
  });
});
