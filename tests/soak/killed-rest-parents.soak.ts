import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { type Growing, growingParquet, growingRows, killRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const kills = 20;
const startMs = Date.UTC(2024, 0, 1);
const second = (id: number) => Math.floor(id / 7);
// A slice reads several of them.
const parents = 130;
const pageRows = 50;
/** As `growingRows` makes them. */
const rowOf = (id: number) => ({
  id,
  at: new Date(startMs + second(id) * 1000).toISOString().slice(0, 19),
  noise: createHash('md5').update(String(id)).digest('hex'),
});

it('killed while parents are listed and their rows are read, the rows of an API settle once', async () => {
  let rows = 0;
  // The bound keeps behind the lag and its unit.
  const headers = () => ({ date: new Date(startMs + (second(rows - 1) + 3) * 1000).toUTCString() });
  const pageOf = (all: readonly object[], page: string | undefined, size: number) => {
    const from = (Number(page) - 1) * size;
    return { headers: headers(), body: JSON.stringify({ data: all.slice(from, from + size) }) };
  };
  // The numbers of a parent's rows leave its own as their rest; the list of parents takes its time.
  await using api = await scriptedApi(async ({ path, query }) => {
    const found = /^\/groups\/(\d+)\/items$/.exec(path);
    if (found === null) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return pageOf(
        Array.from({ length: parents }, (_, id) => ({ id })),
        query.page,
        40,
      );
    }
    const since = query.since === undefined ? 0 : Math.max(0, Math.floor((Date.parse(query.since) - startMs) / 1000) * 7);
    const own: object[] = [];
    for (let id = Number(found[1]); id < rows; id += parents) if (id >= since) own.push(rowOf(id));
    return pageOf(own, query.page, pageRows);
  });
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: ${api.url}
  endpoint: "{entity}"
  records: data
  pagination: { type: page, start: 1 }
entities:
  - groups
  - name: f
    home: { from: groups, endpoint: "groups/{id}/items", window: { from: since }, types: { at: timestamp }, zone: UTC }
    run_type: incremental
    watermark: { column: at, lag: 1s }
store: lake
`,
  });
  const listed = (of: TestWorkspace) => `'${of.path('lake', 'f')}/*.parquet'`;
  const growing: Growing = {
    ...growingParquet,
    // No two rows of one second come at different times: the boundary is open.
    step: 7 * 1_100,
    command: ['go', '-e', 'f.f'],
    async write(to, from, until) {
      await to.parquet(`in/${from}.parquet`, growingRows(from, until));
      rows = until;
    },
    listed,
    settled: listed,
  };
  const { hit } = await killRounds(workspace, kills, seeded(SEED), growing);
  expect(hit).toBeGreaterThan(0);
});
