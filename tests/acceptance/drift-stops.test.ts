import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Run } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

const load = 'run_type: incremental\nwatermark: { column: id }\n';

const rows = (columns: string, to: number) => `select range as id, ${columns} from range(1, ${to + 1})`;
const plain = ', compression uncompressed, row_group_size 2048';
const errorOf = (run: Run) => run.events.find((event) => event.event === 'error');
const go = (workspace: TestWorkspace) => workspace.run(['go', '--output', 'json']);

/** Every byte between the first magic and the footer, turned: columns, types and statistics can be told, not one value. */
function unreadable(path: string): void {
  const file = readFileSync(path);
  const footer = file.length - 8 - file.readUInt32LE(file.length - 8);
  for (let at = 4; at < footer; at += 1) file[at] = (file[at] ?? 0) ^ 0xff;
  writeFileSync(path, file);
}

/** All there is but what may change: who has the entity, and the journal. */
function unmoved(workspace: TestWorkspace): ReadonlyMap<string, string> {
  return new Map([...workspace.tree()].filter(([path]) => !/^\.hygge\/(state|journal|logs)\//.test(path)));
}

async function given(evolution = ''): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: in\nstore: lake\n${load}${evolution}` });
  await workspace.parquet('in/1.parquet', rows("range * 11 as v, 'x' || range as w", 5000), plain);
  expect((await go(workspace)).code).toBe(0);
  return workspace;
}

/** The source as it was with another type, a column more and one less, and rows more. Not one of them can be read. */
async function drifted(workspace: TestWorkspace): Promise<void> {
  await workspace.parquet('in/1.parquet', rows("'y' || range as v, range as extra", 6000), plain);
  unreadable(workspace.path('in', '1.parquet'));
}

describe('an incremental run of a source whose columns changed', () => {
  it('stops before it reads a row, and moves nothing', async () => {
    using workspace = await given();
    await drifted(workspace);
    const before = unmoved(workspace);
    const run = await go(workspace);
    expect(errorOf(run)).toMatchObject({ code: 'HYG-2012', why: expect.arrayContaining([expect.stringMatching(/\bv\b.*int64.*string/)]) });
    expect(run.events.some((event) => event.event === 'progress' && event.stage === 'reading')).toBe(false);
    expect(unmoved(workspace)).toEqual(before);
  });

  it('says the same when it is only planned, with nothing changed at all', async () => {
    using workspace = await given();
    await drifted(workspace);
    const before = workspace.tree();
    const run = await workspace.run(['go', '--dry-run', '--output', 'json']);
    expect(run.code).toBe(1);
    expect(errorOf(run)).toMatchObject({ code: 'HYG-2012' });
    expect(workspace.tree()).toEqual(before);
  });

  it('reads, and so finds the damage, when the policies let it through', async () => {
    using workspace = await given('schema_evolution: { type_changes: new_column }\n');
    await drifted(workspace);
    const run = await go(workspace);
    expect(run.code).toBe(1);
    expect(errorOf(run)?.code).toBe('HYG-3105');
  });
});
