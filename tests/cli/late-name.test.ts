import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { count, duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const rows = 9_000;
const workspace = new TestWorkspace({
  'flows/f/flow.yml': 'home: { path: in/events.ndjson }\nstore: { path: lake, format: parquet }\nrun_type: full_drop\n',
});
afterAll(() => workspace[Symbol.dispose]());

/** Lines of more than 64 MB together: a run looks at its beginning, its end and two places between. `odd` is the record in the middle. */
async function write(odd: string): Promise<void> {
  mkdirSync(workspace.path('in'), { recursive: true });
  const file = createWriteStream(workspace.path('in/events.ndjson'));
  for (let id = 0; id < rows; id++) {
    const line = id === rows / 2 ? odd : JSON.stringify({ id, text: `${id} `.padEnd(8000, 'x') });
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
}

async function go() {
  const run = await workspace.run(['go', '--output', 'json']);
  const events = (name: string) => run.events.filter(({ event }) => event === name);
  return { ...run, plans: events('plan').length, retries: events('retry'), summary: events('summary')[0] };
}

const lake = () => `read_parquet('${workspace.path('lake/*.parquet')}')`;

beforeAll(() => write(JSON.stringify({ id: rows / 2, text: 'like the others' })));

it('a large file whose records are alike is looked at in places, and read once', async () => {
  const run = await go();
  expect(run).toMatchObject({ code: 0, plans: 1, retries: [], summary: { rows } });
  expect(await count(`select count(*) as n from ${lake()} where text like 'like%'`)).toBe(1);
});

it('a name in one record that was not sampled is a column all the same, and nothing settles without it', async () => {
  await write(JSON.stringify({ id: rows / 2 + 0.5, late: 'O\u2019Brien "x"' }));
  await workspace.run(['reset', 'f.f', '--yes']);
  const run = await go();
  expect(run).toMatchObject({ code: 0, plans: 2, summary: { rows, entities: [{ rows, rows_read: rows }] } });
  expect(run.retries).toMatchObject([
    { step: 'plan', error: { code: 'HYG-3210', what: expect.stringContaining('Line 4501 of in/events.ndjson') } },
  ]);
  expect(
    await duck(`select count(*)::int as all, sum(id)::text as sum, count(late)::int as late, max(late) as name from ${lake()}`),
  ).toEqual([{ all: rows, sum: `${(rows * (rows - 1)) / 2 + 0.5}`, late: 1, name: 'O\u2019Brien "x"' }]);
  expect([...workspace.tree('lake').keys()].filter((path) => path.includes('staging'))).toEqual([]);
});
