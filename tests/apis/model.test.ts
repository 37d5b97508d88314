import { describe, expect, test } from 'vitest';
import { restFlow } from '../support/apis/rest-flow.ts';
import { type PageTraits, startShiftingPages } from '../support/apis/shifting-pages.ts';
import { day, sampled } from '../support/day.ts';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { seeded } from '../support/kill-rounds.ts';
import { TestWorkspace } from '../support/workspace.ts';

const hour = 3_600_000;

interface Kind {
  readonly name: string;
  readonly traits: Partial<PageTraits>;
  readonly pagination: string;
}

const kinds: readonly Kind[] = [
  {
    name: 'pages with a total',
    traits: { position: 'page', total: 'body' },
    pagination: '{ type: page, total_at: total }',
  },
  {
    name: 'offsets with a total',
    traits: { position: 'offset', total: 'header' },
    pagination: '{ type: offset, page_size: 3, size_param: per_page, total_header: X-Total-Count }',
  },
  {
    name: 'cursors that hold a place',
    traits: { position: 'cursor', next: 'cursor' },
    pagination: '{ type: cursor, param: cursor, at: next_cursor }',
  },
  { name: 'addresses', traits: { position: 'cursor', next: 'url' }, pagination: '{ type: next_url, at: next }' },
  {
    name: 'links of a list as it was at first',
    traits: { position: 'cursor', next: 'link', cursor: 'snapshot' },
    pagination: '{ type: link_header }',
  },
];

/** One history: runs while rows are inserted, changed and removed between requests, and now and then an answer fails. Then the list stands still for a run. */
async function lived({ traits, pagination }: Kind, seed: number, incremental: boolean): Promise<void> {
  let hoursAgo = 40;
  const now = () => Date.now() - hoursAgo * hour;
  const fraction = seeded(seed);
  const pick = (most: number) => Math.floor(fraction() * most);
  await using server = await startShiftingPages(traits, { nowMs: now });
  using workspace = new TestWorkspace();
  const rows = server.rows('/items');
  let last = 0;
  const change = () => {
    const { length } = rows.all();
    const some = rows.all()[pick(length)]?.id;
    const kind = pick(3);
    // What an increment can not see is left out of its model.
    if (kind === 0 || some === undefined || (incremental && kind === 2)) rows.put(++last, { n: pick(100) });
    else if (kind === 1) rows.put(some, { n: pick(100) });
    else rows.remove(some);
  };
  for (let i = 0; i < 12; i++) rows.put(++last, {}, { stampMs: now() - hour + i * 1000 });
  const window = '\nwindow: { from: updated_since, to: updated_until, format: iso_ms }\ntypes: { updated_at: timestamptz, n: int64 }';
  restFlow(workspace, server.url, {
    home: `records: data\npagination: ${pagination}${window}`,
    flow: incremental ? 'run_type: incremental\nwatermark: { column: updated_at }' : '',
  });
  for (let run = 0; run < 4; run++) {
    let changes = pick(4);
    server.between = () => {
      if (changes-- > 0) change();
      else if (pick(12) === 0) throw new Error('an answer that fails');
    };
    const { code, error } = await here(workspace, 'go');
    if (code !== 0) expect(error).toMatch(/^HYG-(3605|6404)$/);
    hoursAgo -= 2;
  }
  server.between = () => undefined;
  expect((await here(workspace, 'go')).code).toBe(0);
  const shown = `concat_ws(' ', id, epoch_ms(updated_at))`;
  const settled = await duck(`select ${shown} as one from read_parquet('${workspace.path('lake/items/*.parquet')}', union_by_name = true)`);
  const texts = settled.map(({ one }) => String(one)).sort();
  const model = rows.all().map(({ id, stampMs }) => `${id} ${stampMs}`);
  // No version of a row settles twice, and the present one of each is there.
  expect(texts).toEqual([...new Set(texts)]);
  if (incremental) expect(texts).toEqual(expect.arrayContaining(model));
  else expect(texts).toEqual(model.sort());
}

describe(`a list that changes while it is read (SEED=${day})`, () => {
  const all = kinds.flatMap((kind) =>
    [true, false].map((incremental) => [kind.name, incremental ? 'increments' : 'full loads', kind] as const),
  );

  test.each(sampled(all, 3))('%s, %s: what settled is what the list has once it stands still', async (_, load, kind) => {
    for (const seed of [day * 10, day * 10 + 1]) await lived(kind, seed, load === 'increments');
  });
});
