/** A rule sees each row once, wherever files, row groups and batches end, and says the same of it in any order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgedRows } from '../support/contracts/cells.ts';
import { duck } from '../support/duck.ts';
import { cases } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const contract = (more = '') => `columns:
  email: { type: string, nullable: false }
  amount: { type: "decimal(10,2)", min: 0, max: 999.99 }
  country: { type: string, in: [DK, SE, NO] }
  label: { type: string, length: { max: 5 } }
rules:
  - { name: small ones have countries, check: country IS NOT NULL, when: amount < 100, severity: warn }
complete: false
${more}`;
const checks = [
  'completeness, column: email, threshold: 1, rows: read',
  'range, column: amount, of: sum, max: 0',
  'range, column: big, of: distinct, max: 1',
];
const quality = `quality: { checks: [${checks.map((check) => `{ type: ${check}, on_fail: warn }`).join(', ')}] }`;
const flow = (home = '') => `home: { path: in/*.parquet${home} }
store: lake
run_type: incremental
watermark: { column: step }
validation: { contract: contract.yml, mode: quarantine, ${quality} }
`;

async function went(workspace: TestWorkspace) {
  const { code, events, stdout, stderr } = await workspace.run(['go', '--output', 'json']);
  expect(code, stdout + stderr).toBe(0);
  const all = events as unknown as readonly Readonly<Record<string, unknown>>[];
  const told = all
    .filter(({ event }) => event === 'check')
    .map(({ name, outcome, rows = null, of = null, found = null }) => JSON.stringify({ name, outcome, rows, of, found }))
    .sort();
  const done = all.find(({ event }) => event === 'entity_done');
  return { status: done?.status, rows: done?.rows, told };
}

async function apart(workspace: TestWorkspace): Promise<readonly string[]> {
  const rows = await duck(`select id, _rule, _id from '${workspace.path('lake/_hygge/f/f/quarantine')}/*.parquet' order by all`);
  return rows.map(({ id, _rule, _id }) => `${String(id)} ${String(_rule)} ${String(_id)}`);
}

const settled = async (workspace: TestWorkspace) =>
  (await workspace.settled('lake', 'f', 'f')).map(({ id }) => Number(id)).sort((a, b) => a - b);

/** How the same rows are laid out. */
interface Layout {
  /** After which of the rows, in their order here, a file ends. */
  readonly ends: readonly number[];
  readonly seed: number;
  readonly rowGroup: number;
  readonly batch: number;
}

const count = 60;
const layouts = fc.record({
  ends: fc.array(fc.integer({ min: 1, max: count - 1 }), { maxLength: 4 }),
  seed: fc.nat(),
  rowGroup: fc.integer({ min: 1, max: count }),
  batch: fc.integer({ min: 1, max: count }),
});

async function outcomeOf({ ends, seed, rowGroup, batch }: Layout) {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow(`, batch_size: ${batch}`), 'contract.yml': contract() });
  const cuts = [...new Set([0, ...ends, count])].sort((a, b) => a - b);
  const mixed = `select *, row_number() over (order by hash(id + ${seed})) as place from (${judgedRows(count)})`;
  for (const [i, from] of cuts.slice(0, -1).entries())
    await workspace.parquet(
      `in/${i}.parquet`,
      `select * exclude (place) from (${mixed}) where place > ${from} and place <= ${cuts[i + 1]} order by place`,
      `, row_group_size ${rowGroup}`,
    );
  return { ...(await went(workspace)), apart: await apart(workspace), settled: await settled(workspace) };
}

describe('the same rows', () => {
  test('are judged alike, however they are cut and ordered', async () => {
    const usual = await outcomeOf({ ends: [], seed: 0, rowGroup: count, batch: count });
    expect([usual.status, usual.apart.length + usual.settled.length, usual.told.length]).toEqual(['warn', count, 8]);
    await fc.assert(
      fc.asyncProperty(layouts, async (layout) => {
        expect(await outcomeOf(layout)).toEqual(usual);
      }),
      { ...cases(20), endOnFailure: true },
    );
  });

  test('at the watermark are no other ones by another rule, and only new rows are judged by it', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow(), 'contract.yml': contract() });
    await workspace.parquet('in/0.parquet', judgedRows(32));
    await went(workspace);
    const [before, there] = [await settled(workspace), await apart(workspace)];
    workspace.write({ 'contract.yml': 'columns: { id: { type: int64, max: 33 } }\ncomplete: false\n' });
    expect(await went(workspace)).toMatchObject({ status: 'skip', rows: 0 });
    expect([await settled(workspace), await apart(workspace)]).toEqual([before, there]);
    // Above the watermark: what is at it or below has been judged.
    await workspace.parquet('in/1.parquet', `select * from (${judgedRows(40)}) where id >= 35`);
    expect(await went(workspace)).toMatchObject({ rows: 0 });
    expect(await settled(workspace)).toEqual(before);
    expect((await apart(workspace)).filter((row) => !there.includes(row)).map((row) => row.split(' ').slice(0, 3).join(' '))).toEqual(
      [35, 36, 37, 38, 39].map((id) => `${id} id max`),
    );
  });

  test('that are read again with their group lie in quarantine as often as before', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow(), 'contract.yml': contract() });
    for (const rows of [31, 32, 33, 34]) {
      await workspace.parquet('in/0.parquet', judgedRows(rows));
      await went(workspace);
      const [settledNow, apartNow] = [await settled(workspace), (await apart(workspace)).map((row) => Number(row.split(' ')[0]))];
      expect([...settledNow, ...apartNow].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, id) => id));
    }
  });
});
