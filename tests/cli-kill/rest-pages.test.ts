import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { type Growing, growingParquet, growingRows, killRounds, seeded } from '../support/kill-rounds.ts';
import { SEED, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const kills = whole ? 40 : 2;
const startMs = Date.UTC(2024, 0, 1);
const second = (id: number) => Math.floor(id / 7);
/** As `growingRows` makes them. */
const rowOf = (id: number) => ({
  id,
  at: new Date(startMs + second(id) * 1000).toISOString().slice(0, 19),
  noise: createHash('md5').update(String(id)).digest('hex'),
});

it('killed at random moments between pages and after them, records of an API settle once', async () => {
  let rows = 0;
  // Its clock stands at the newest row, so that rows with the same time still come.
  await using api = await scriptedApi(({ query }) => {
    const since = query.since === undefined ? 0 : Math.max(0, Math.floor((Date.parse(query.since) - startMs) / 1000) * 7);
    const from = Math.min(rows, since) + (Number(query.page) - 1) * 2_000;
    const data = Array.from({ length: Math.max(0, Math.min(rows, from + 2_000) - from) }, (_, i) => rowOf(from + i));
    return { headers: { date: new Date(startMs + (second(rows - 1) + 1) * 1000).toUTCString() }, body: JSON.stringify({ data }) };
  });
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: ${api.url}
  endpoint: items
  records: data
  pagination: { type: page, start: 1 }
  window: { from: since }
  types: { at: timestamp }
  zone: UTC
store: lake
run_type: incremental
watermark: { column: at, lag: 1s }
`,
  });
  const growing: Growing = {
    ...growingParquet,
    step: 9_000,
    async write(to, from, until) {
      await to.parquet(`in/${from}.parquet`, growingRows(from, until));
      rows = until;
    },
  };
  const { hit } = await killRounds(workspace, kills, seeded(SEED), growing);
  expect(hit).toBeGreaterThan(0);
});
