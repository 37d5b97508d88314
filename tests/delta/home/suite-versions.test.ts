import { expect, it } from 'vitest';
import { duck } from '../../support/duck.ts';
import { sampled } from '../../support/samples.ts';
import { describeSuites } from '../../support/suites.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { type AboutTable, aboutTable, GrowingTable, rowsFile } from './growing-table.ts';

/** Tables whose columns stay, and whose rows others added, updated, deleted, moved to other files, and restored. */
const names = sampled(
  [
    ...['checkpoint-classic', 'checkpoint-v2-json', 'log-compacted-kernel', 'log-cleaned', 'ict-midway'],
    ...['dv-delete-rounds', 'dv-optimize', 'dv-restore', 'dv-update', 'dv-partitioned', 'dv-all-rows', 'mixed-dv', 'cdf-dv'],
    ...['op-dynamic-overwrite', 'op-replace-where', 'op-restore', 'op-optimize', 'op-merge', 'op-truncate', 'op-update-delete'],
    ...['rs-delete-update', 'rs-merge', 'rs-overwrite-predicate', 'part-two'],
  ],
  4,
);

describeSuites('a store of files behind tables that others wrote, with changed_files: replace', () => {
  it('has the rows of each version after the run that comes behind it', async () => {
    using workspace = new TestWorkspace();
    const tables = names
      .map(aboutTable)
      .map((about) => ({ about, growing: new GrowingTable(about.name, workspace.path('in', about.name)) }));
    workspace.write({
      'flows/f/flow.yml': `home: { path: in, format: delta }\nstore: out\nrun_type: incremental\nchanged_files: replace\nentities: [${names.join(', ')}]\n`,
    });
    const last = Math.max(...tables.map(({ about }) => about.version));
    for (let version = 0; version <= last; version++) {
      const due = tables.filter(({ about, growing }) => version <= about.version && version >= growing.first);
      if (due.length === 0) continue;
      for (const { growing } of due) growing.growTo(version);
      const run = await workspace.run(['go', '--output', 'json', ...due.flatMap(({ about }) => ['-e', `f.${about.name}`])]);
      expect(run.events.filter(({ event }) => event === 'error')).toEqual([]);
      for (const { about } of due) {
        const settled = await workspace.settled(`out/${about.name}`, 'f', about.name, 'out');
        expect(settled.length, `${about.name}, version ${version}`).toBe(about.rowCounts[version]);
        await mustBeEqual(settled, about, version);
      }
    }
  });
});

async function mustBeEqual(settled: readonly Record<string, unknown>[], about: AboutTable, version: number): Promise<void> {
  const file = rowsFile(about, version);
  if (file === undefined) return;
  const expected = await duck(`select * from read_parquet('${file}') order by all`);
  const texts = (rows: readonly Record<string, unknown>[]) => rows.map((row) => JSON.stringify(row)).sort();
  expect(texts(settled), `${about.name}, version ${version}`).toEqual(texts(expected));
}
