import { describe, expect, it } from 'vitest';
import { duck } from '../../support/duck.ts';
import { describeSuites } from '../../support/suites.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { aboutTable, GrowingTable, rowsFile, suiteTables } from './growing-table.ts';

/** Tables whose increments stop, with the code: their files point to a folder that the suite has not, or have a column that hygge does not carry over. */
const refused: Readonly<Record<string, string>> = {
};

/** Rows as texts, sorted: maps are lists of entries where hygge wrote them. */
async function rowsOf(source: string, columns: readonly string[]): Promise<readonly string[]> {
  if (columns.length === 0) return [];
  const list = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
  const rows = await duck(`select to_json({${columns.map((name, i) => `c${i}: "${name.replaceAll('"', '""')}"`).join(', ')}})::varchar as row from (select ${list} from ${source})`);
  return rows.map(({ row }) => String(row)).sort();
}

describeSuites('increments over the versions of tables that others wrote', () => {
  describe('changed_files: replace', () => {
    it('has the rows of each version after the run that comes behind it', async () => {
      using workspace = new TestWorkspace({ 'hygge.yml': 'name: test\noptions: { continue_on_error: true }\n' });
      const tables = suiteTables().map(aboutTable).filter(({ broken, version }) => !broken && version > 0 && version <= 12);
      const growing = new Map(tables.map((about) => [about.name, new GrowingTable(about.name, workspace.path('in', about.name))]));
      const entities = tables.map(({ name }) => `  - name: ${name}\n    home: { path: in/${name}, format: delta }\n`).join('');
      workspace.write({
        'flows/f/flow.yml': `store: out\nrun_type: incremental\nchanged_files: replace\nschema_evolution: { add_columns: auto }\nentities:\n${entities}`,
      });
      const found: string[] = [];
      for (let version = 0; version <= 12; version++) {
        const due = tables.filter((about) => version <= about.version && version >= (growing.get(about.name)?.first ?? 0));
        if (due.length === 0) continue;
        for (const { name } of due) growing.get(name)?.growTo(version);
        const run = await workspace.run(['go', '--output', 'json', ...due.flatMap(({ name }) => ['-e', `f.${name}`])]);
        for (const about of due) {
          const done = run.events.find((event) => event.event === 'entity_done' && event.entity === about.name);
          const error = done?.error as { code: string; what: string } | undefined;
          if (!done) { found.push(`${about.name} v${version}: ${run.stderr.slice(0, 300)}`); continue; }
          if (error) { found.push(`${about.name} v${version}: ${error.code} ${error.what}`); continue; }
          const count = (await workspace.settled(`out/${about.name}`, 'f', about.name, 'out').catch((e) => [String(e)])).length;
          if (about.rowCounts[version] !== undefined && count !== about.rowCounts[version]) found.push(`${about.name} v${version}: ${count} rows, not ${about.rowCounts[version]}`);
        }
      }
      console.log(found.join('\n'));
      expect(found.length).toBe(0);
    });
  });
});
