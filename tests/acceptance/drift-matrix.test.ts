import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/narrate/run/running-entity.ts';
import { type DriftCase, driftCases } from '../support/drift-cases.ts';
import { duck } from '../support/duck.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

// Rows 1 to 4 settle; then the source has other columns, and rows 5 and 6 as well. Row 4 is at the watermark: it is read again and replaced.
const rows = (columns: string, to: number, name: string) =>
  `select ${columns} from (select range as id, range * 11 as n from range(1, ${to + 1})) as ${name}`;

/** What a policy means does not hang on the format: of the others a case each is enough where the mode is written as well. */
const casesFor = (format: string) =>
  driftCases.filter(({ name }) => format === 'parquet' || !name.endsWith(', strict') || name.startsWith('reordered'));

const readers: Readonly<Record<string, (files: string) => string>> = {
  parquet: (files) => `read_parquet(${files}, union_by_name = true, hive_partitioning = false)`,
  csv: (files) => `read_csv(${files}, union_by_name = true, hive_partitioning = false, header = true, all_varchar = true)`,
  ndjson: (files) => `read_json(${files}, union_by_name = true, hive_partitioning = false, format = 'newline_delimited')`,
};

describe.each(Object.keys(readers))('drift and what the policies say of it, settled as %s', (format) => {
  const cases = sampled(casesFor(format), 12);
  let workspace: TestWorkspace;
  let summary: EventOf<'summary'>;
  const events = new Map<string, EventOf<'error'>>();
  const before = new Map<string, unknown>();
  const entityOf = (one: DriftCase) => `e${cases.indexOf(one)}`;

  const settled = async (one: DriftCase) => {
    const entity = entityOf(one);
    const { files } = JSON.parse(readFileSync(workspace.path('lake', one.load, '_hygge', one.load, entity, 'current.json'), 'utf8')) as {
      files: { name: string }[];
    };
    const names = files.map(({ name }) => `'${workspace.path('lake', one.load, name)}'`);
    return textOf(`from ${readers[format]?.(`[${names.join(', ')}]`)}`);
  };

  beforeAll(async () => {
    workspace = new TestWorkspace({ 'hygge.yml': 'name: drift\noptions: { continue_on_error: true }\n' });
    for (const load of ['full', 'incremental'] as const) {
      const entities = cases
        .filter((one) => one.load === load)
        .map((one) => `  - { name: ${entityOf(one)}${one.config ? `, ${one.config}` : ''} }`);
      const how = load === 'full' ? '' : 'run_type: incremental\nwatermark: { column: id }\n';
      workspace.write({
        [`flows/${load}/flow.yml`]: `home: in/{entity}.parquet\nstore: { path: lake/${load}, format: ${format} }\n${how}entities:\n${entities.join('\n')}\n`,
      });
    }
    for (const one of cases) await workspace.parquet(`in/${entityOf(one)}.parquet`, rows(one.before, 4, 's'));
    const first = await workspace.run(['go', '--output', 'json']);
    expect(first.code, first.stdout).toBe(0);
    for (const one of cases) {
      before.set(one.name + one.load, await settled(one));
      await workspace.parquet(`in/${entityOf(one)}.parquet`, rows(one.after, 6, 's'));
    }
    const run = await workspace.run(['go', '--output', 'json']);
    summary = run.events.at(-1) as EventOf<'summary'>;
    for (const event of run.events) if (event.event === 'error') events.set(event.entity ?? '', event);
  });

  afterAll(() => workspace[Symbol.dispose]());

  it.each(cases.map((one) => [`${one.load}: ${one.name}`, one] as const))('%s', async (_name, one) => {
    const ended = summary.entities.find(({ entity }) => entity === entityOf(one));
    if (one.expected === null) {
      expect([ended?.status, events.get(entityOf(one))?.code]).toEqual(['error', 'HYG-2012']);
      expect(await settled(one)).toEqual(before.get(one.name + one.load));
      return;
    }
    const fresh = `select ${one.expected.fresh} from (${rows(one.after, 6, 's')})`;
    const old = `select ${one.expected.old} from (${rows(one.before, 4, 's')})`;
    const expected = one.load === 'full' ? fresh : `(${old} where id < 4) union all by name (${fresh} where id >= 4)`;
    expect([ended?.status, events.get(entityOf(one))]).toEqual([one.expected.status, undefined]);
    expect(await settled(one)).toEqual(await textOf(expected));
  });
});

/** Names of the columns, and every row as text, in an order of their own. CSV has no types, and JSON fewer. */
async function textOf(query: string): Promise<{ columns: string[]; rows: readonly unknown[] }> {
  const columns = (await duck(`describe ${query}`)).map(({ column_name }) => String(column_name));
  const list = columns.map((name) => `"${name}"::varchar as "${name}"`).join(', ');
  return { columns, rows: await duck(`select ${list} from (${query}) order by all`) };
}
