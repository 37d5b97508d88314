/** How long a merge of many rows takes: its statements stand in the golden files, with the index that it makes. */
import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { measure } from '../../bench/measure.ts';
import { mariadb, postgres, sqlite } from '../databases/databases.ts';
import { OtherCommitter } from '../support/delta/other-committer.ts';
import { duck } from '../support/duck.ts';
import { asked } from '../support/mariadb.ts';
import { buildOnce, hyggeCommand } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

const rowsFrom = (first: number, last: number, day: string, note: string) => {
  const lines = ['id,tenant,code,at,note'];
  // The last one is the newest: what settles is of two parts, which no table takes the place of as it is.
  for (let id = first; id <= last; id++) lines.push(`${id},1,c${id},${day}T00:00:0${id === last ? 1 : 0}Z,${note}${id}`);
  return `${lines.join('\n')}\n`;
};

/** Row by row through the other table it would be 1.5 thousand million comparisons: minutes. */
const muchLongerThanItTakes = 90_000;

// Texts of MariaDB have no hash that it joins by: hygge makes an index of them, also behind a number that all rows share.
describe.each(asked([postgres, mariadb, sqlite]))('a merge into a table of $name that hygge made', (kind) => {
  const { missing, open } = kind;
  test.skipIf(missing !== '').each(['id', '[tenant, code]'])(
    'takes as long as the two are large, not one times the other: by %s',
    async (key) => {
      await using database = await open();
      using workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': `home: in/*.csv\nstore: { connection: c, table: e${database.keys} }\nwrite_strategy: merge\nrun_type: incremental\nwatermark: { column: at, key: ${key}, overlap: 400d }\n`,
        'in/a.csv': rowsFrom(1, 50_000, '2024-01-01', 'a'),
      });
      const env = { SHOP_SECRET: database.password };
      let startedAt = performance.now();
      const first = await workspace.run(['go'], { env });
      expect(first.stdout + first.stderr).toContain('50,000 rows settled');
      expect(performance.now() - startedAt).toBeLessThan(muchLongerThanItTakes);
      workspace.write({ 'in/b.csv': rowsFrom(35_001, 65_000, '2024-02-01', 'b') });
      startedAt = performance.now();
      const second = await workspace.run(['go'], { env });
      expect(second.code, second.stdout + second.stderr).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(muchLongerThanItTakes);
      expect(
        await database.sql(
          "select count(*) as n, count(distinct id) as ids, sum(case when note like 'b%' then 1 else 0 end) as later from e",
        ),
      ).toEqual(['65000 65000 30000']);
    },
  );
});

/** Rows of the larger Delta table; the smaller one has a fifth. */
const rows = Number(process.env.ROWS ?? 100_000_000);
const megabyte = 1024 * 1024;
const mostMegabytes = 450;

const columns = (note: string, day: number) =>
  `i as id, (i % 1000)::int as qty, ((i % 99999) / 100)::decimal(12,2) as amount, timestamptz '2026-01-0${day} 00:00:00+00' + (i % 80000) * interval '1 second' as at, 'c' || i % 5000 as code, ${note} as note`;

describe('a merge into a Delta table', () => {
  test.each([
    { total: rows / 5, changed: rows / 1_000, merge: 'deletion_vectors' },
    { total: rows / 5, changed: rows / 1_000, merge: 'copy_on_write' },
    { total: rows, changed: rows / 100, merge: 'deletion_vectors' },
  ] as const)('of $changed rows into $total by $merge stays within its memory', async ({ total, changed, merge }) => {
    buildOnce();
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: large\n',
      'flows/f/flow.yml': `home: in/*.parquet\nstore: { type: local, path: lake/f, format: delta, merge: ${merge} }\nrun_type: incremental\nwatermark: { column: at, key: id }\n`,
    });
    const made = (name: string, rowsOf: string) =>
      duck(`copy (${rowsOf}) to '${workspace.path(`in/${name}.parquet`)}' (format parquet, row_group_size 500000)`);
    const go = () => measure({ name: 'hygge', args: [hyggeCommand, 'go'], cwd: workspace.root });
    mkdirSync(workspace.path('in'), { recursive: true });
    await made('a', `select ${columns("'note ' || i", 1)} from range(${total}) t(i)`);
    const load = await go();
    const others = new OtherCommitter(workspace.path('lake/f'));
    const before = new Set(others.state().files.map(({ path }) => path));
    // What a run needs to read the first file again is no cost of the merge.
    rmSync(workspace.path('in/a.parquet'));
    // The keys are spread over all files.
    await made('b', `select ${columns("'changed ' || i", 3)} from (select j * ${total / changed} as i from range(${changed}) t(j))`);
    const run = await go();
    const { files } = others.state();
    const added = files.filter(({ path }) => !before.has(path));
    const marks = files.flatMap(({ deletionVector }) => deletionVector ?? []);
    const rowsIn = (some: typeof files) => some.reduce((sum, { stats }) => sum + Number(JSON.parse(stats ?? '{}').numRecords), 0);
    expect(rowsIn(files) - marks.reduce((sum, { cardinality }) => sum + cardinality, 0)).toBe(total);
    const names = added.map(({ path }) => `'${workspace.path(`lake/f/${path}`)}'`);
    expect(await duck(`select count(*)::int as n from read_parquet([${names}]) where note like 'changed %'`)).toEqual([{ n: changed }]);
    const written = added.reduce((sum, { size }) => sum + size, 0) + marks.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0);
    const inMegabytes = (bytes: number) => `${(bytes / megabyte).toFixed(bytes < 10 * megabyte ? 1 : 0)} MB`;
    const seconds = ({ wallMs, cpuMs }: typeof run) => `${(wallMs / 1000).toFixed(0)} s (${(cpuMs / 1000).toFixed(0)} of a processor)`;
    record(
      `${changed.toLocaleString('en')} rows merged into ${total.toLocaleString('en')} of a Delta table by ${merge}`,
      `${seconds(run)}, at most ${inMegabytes(run.peakBytes ?? 0)}, read ${inMegabytes(run.readBytes ?? 0)}, written ${inMegabytes(written)} of data and vectors; ${before.size} files with keys of the run; the load before took ${seconds(load)}`,
    );
    expect((run.peakBytes ?? 0) / megabyte).toBeLessThanOrEqual(mostMegabytes);
  });
});
