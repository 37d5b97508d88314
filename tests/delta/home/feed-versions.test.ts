import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { duck } from '../../support/duck.ts';
import { sampled } from '../../support/samples.ts';
import { describeSuites } from '../../support/suites.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { aboutTable, GrowingTable, rowsFile } from './growing-table.ts';

/** The version from which on the table has a feed. */
const tables = {
  'cdf-basic': 0,
  'cdf-midway': 2,
  'cdf-partitioned': 0,
  'cm-dv-cdf': 0,
  'mixed-cdf': 0,
  'rs-cdf': 0,
  'cdf-dv': 0,
  'cdf-schema-grows': 0,
};

describeSuites('the change feed of tables that others wrote, version by version', () => {
  it.each(sampled(Object.entries(tables), 4))('%s: a store that merges has the rows of each version', async (name, from) => {
    const about = aboutTable(name);
    using workspace = new TestWorkspace();
    const growing = new GrowingTable(name, workspace.path('in'));
    const key = about.key?.join(', ') ?? '';
    workspace.write({
      'flows/f/flow.yml': `home: { path: in, format: delta }\nstore: { type: sqlite, path: out.sqlite }\nrun_type: incremental\nwatermark: { changes: change_feed, key: [${key}] }\n`,
    });
    for (let version = 0; version <= about.version; version++) {
      growing.growTo(version);
      const run = await workspace.run(['go', '--output', 'json']);
      const error = run.events.find((event) => event.event === 'error');
      expect(error?.code, `${JSON.stringify(error)}`).toBe(version < from ? 'HYG-3905' : undefined);
      if (version < from) continue;
      using file = new DatabaseSync(workspace.path('out.sqlite'), { readOnly: true });
      const ids = file
        .prepare(`SELECT ${key} AS id FROM f ORDER BY 1`)
        .all()
        .map(({ id }) => id);
      expect(ids, `version ${version}`).toHaveLength(about.rowCounts[version] ?? 0);
      const rows = rowsFile(about, version);
      if (rows !== undefined)
        expect(ids.map(String)).toEqual((await duck(`select ${key} as id from '${rows}' order by 1`)).map(({ id }) => String(id)));
    }
  });
});
