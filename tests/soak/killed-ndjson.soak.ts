import { mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { type Growing, killRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = {
  'flows/f/flow.yml':
    'home: { path: in, format: ndjson, types: { day: date } }\nstore: { path: lake, format: ndjson, compression: gzip }\nrun_type: incremental\nwatermark: { column: day }\n',
};

const columns = "{id: 'BIGINT', day: 'DATE', noise: 'VARCHAR', g: 'STRUCT(x DOUBLE, l BIGINT[])'}";
const read = (path: string) => `(select * from read_json('${path}', format = 'newline_delimited', columns = ${columns}))`;

/** Days of rows with ties at the newest, nested and null values. */
const growingLines: Growing = {
  step: 20_000,
  async write(workspace, from, to) {
    const values =
      "range as id, date '2026-01-01' + (range // 9000)::int as day, case when range % 3 > 0 then md5(range::varchar) end as noise, {x: range * 0.5, l: [range, null]} as g";
    mkdirSync(workspace.path('in'), { recursive: true });
    await duck(`copy (select ${values} from range(${from}, ${to})) to '${workspace.path('in', `${from}.ndjson`)}' (format json)`);
  },
  source: (workspace) => read(workspace.path('in/*.ndjson')),
  listed: (workspace) => read(workspace.path('lake/*.ndjson.gz')),
};

const kills = 40;

it('killed at random moments, lines settle whole as lines', async () => {
  using workspace = new TestWorkspace(flow);
  const { hit } = await killRounds(workspace, kills, seeded(SEED), growingLines);
  expect(hit).toBeGreaterThan(kills / 4);
});
