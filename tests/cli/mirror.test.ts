import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';

async function hygge(workspace: TestWorkspace, ...args: string[]) {
  const surroundings = fakeSurroundings(workspace.root);
  const code = await run(args, surroundings);
  return { code, stdout: surroundings.stdout(), stderr: surroundings.stderr() };
}

type Row = Record<string, unknown>;

/** The journal as the command line tells it, without the runs of the mirror itself. */
async function journalOf(workspace: TestWorkspace): Promise<Row[]> {
  const { stdout } = await hygge(workspace, 'journal', '--limit', '100000', '--output', 'json');
  const rows = stdout.trim().split('\n').filter(Boolean);
  return rows.map((line) => JSON.parse(line) as Row).filter(({ flow }) => flow !== '_journal');
}

const reader: Readonly<Record<string, string>> = { parquet: 'read_parquet', csv: 'read_csv', ndjson: 'read_json' };

async function mirrored(workspace: TestWorkspace, format = 'parquet'): Promise<readonly Row[]> {
  const files = `${workspace.path('published', 'hygge_journal')}/*.${format}`;
  const text = "strftime(timezone('UTC', finished_at::timestamptz), '%Y-%m-%dT%H:%M:%S.%gZ')";
  return duck(
    `select * replace (${text} as finished_at, ${text.replace('finished_at', 'started_at')} as started_at) from ${reader[format]}('${files}') order by entity_run_id`,
  );
}

function shop(format = 'parquet', entities = 'entities: [customers, orders]\n'): TestWorkspace {
  return new TestWorkspace({
    'hygge.yml': `name: northwind\noptions: { continue_on_error: true }\njournal: { mirror: { path: published, format: ${format} } }\n`,
    'flows/shop/flow.yml': `home: data\nstore: lake\n${entities}`,
  });
}

const byId = (rows: readonly Row[]) => [...rows].sort((a, b) => (String(a.entity_run_id) < String(b.entity_run_id) ? -1 : 1));

describe('journal: mirror', () => {
  it('publishes every entity run once, as the journal has it', async () => {
    const format = 'csv';
    using workspace = shop(format);
    await workspace.parquet('data/customers/1.parquet', 'select 1 as id');
    expect((await hygge(workspace, 'go')).code).toBe(1);
    expect(await mirrored(workspace, format)).toHaveLength(2);
    await workspace.parquet('data/orders/1.parquet', 'select 1 as id from range(3)');
    expect((await hygge(workspace, 'go')).code).toBe(0);
    const journal = byId(await journalOf(workspace));
    const published = await mirrored(workspace, format);
    expect(published.map(({ entity_run_id }) => entity_run_id)).toEqual(journal.map(({ entity_run_id }) => entity_run_id));
    const asText = (row: Row) =>
      Object.entries(row).flatMap(([name, value]) =>
        value == null || value === '' ? [] : [`${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`],
      );
    expect(published.map((row) => asText(row).sort())).toEqual(journal.map((row) => asText(row).sort()));
  });

  it('that fails is a warning, and the next run publishes what it left out', async () => {
    using workspace = shop();
    await workspace.parquet('data/customers/1.parquet', 'select 1 as id');
    await workspace.parquet('data/orders/1.parquet', 'select 1 as id');
    workspace.write({ published: 'a file where a folder should be' });
    const { code, stdout } = await hygge(workspace, 'go');
    expect(code).toBe(0);
    expect(stdout).toMatch(/! shop {2}the journal could not be published: \S/);
    expect(stdout).toContain('PASS=2 WARN=0 ERROR=0');
    rmSync(workspace.path('published'));
    expect((await hygge(workspace, 'go')).stdout).not.toContain('could not be published');
    expect(byId(await journalOf(workspace)).map(({ entity_run_id }) => entity_run_id)).toEqual(
      (await mirrored(workspace)).map(({ entity_run_id }) => entity_run_id),
    );
  });
});
