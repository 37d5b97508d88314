import { mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { seeded } from '../support/kill-rounds.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = {
  'flows/f/flow.yml':
    'home: { path: in, format: ndjson, types: { day: date } }\nstore: { path: lake, format: ndjson, compression: gzip }\nrun_type: incremental\nwatermark: { column: day }\n',
};

/** Days of rows with ties at the newest, nested and null values; a name that only later files have is there from the start as null. */
async function write(workspace: TestWorkspace, from: number, to: number): Promise<void> {
  const columns =
    "range as id, date '2026-01-01' + (range // 9000)::int as day, case when range % 3 > 0 then md5(range::varchar) end as noise, {x: range * 0.5, l: [range, null]} as g";
  mkdirSync(workspace.path('in'), { recursive: true });
  await duck(`copy (select ${columns} from range(${from}, ${to})) to '${workspace.path('in', `${from}.ndjson`)}' (format json)`);
}

const columns = "{id: 'BIGINT', day: 'DATE', noise: 'VARCHAR', g: 'STRUCT(x DOUBLE, l BIGINT[])'}";
const read = (workspace: TestWorkspace, files: string) =>
  `(select * from read_json('${workspace.path(files)}', format = 'newline_delimited', columns = ${columns}))`;

it('killed at random moments, lines settle whole as lines', { timeout: 180_000 }, async () => {
  using workspace = new TestWorkspace(flow);
  const fraction = seeded(20261122);
  let hit = 0;
  let usualMs = 900;
  for (let round = 0; round < 16; round++) {
    if (round % 4 === 0) await write(workspace, round * 5_000, (round + 4) * 5_000);
    const startedAt = performance.now();
    const running = workspace.start(['go', '--output', 'json']);
    const timer = setTimeout(() => running.kill('SIGKILL'), fraction() * usualMs * 1.1);
    const { signal, code, stdout } = await running.done;
    clearTimeout(timer);
    if (signal === 'SIGKILL') hit++;
    else {
      expect(code, stdout).toBe(0);
      usualMs = (usualMs + performance.now() - startedAt) / 2;
    }
  }
  const clean = await workspace.run(['go', '--output', 'json']);
  expect(clean.code, clean.stdout).toBe(0);
  expect((await workspace.run(['go', '--output', 'json'])).events.at(-1)).toMatchObject({ skip: 1 });
  const [lake, source] = [read(workspace, 'lake/*.ndjson.gz'), read(workspace, 'in/*.ndjson')];
  expect(
    await duck(`select count(*)::int n from ((from ${lake} except all from ${source}) union all (from ${source} except all from ${lake}))`),
  ).toEqual([{ n: 0 }]);
  expect(await duck(`select count(*)::int n from ${lake}`)).toEqual([{ n: 80_000 }]);
  expect([...workspace.tree('.').keys()].filter((path) => /staging|\/plans\/|\/receipts\/|\/intents\/|\.hygge-tmp-/.test(path))).toEqual(
    [],
  );
  expect(hit).toBeGreaterThan(5);
});
