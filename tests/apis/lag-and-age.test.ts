import { describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { restRuns } from '../support/apis/rest-runs.ts';

const scene = restRuns();
const { go } = scene;

interface Row {
  readonly id: number;
  readonly at: string;
}

let rows: readonly Row[] = [];
const minute = 60_000;
const at = (msAgo: number) => new Date(Date.now() - msAgo).toISOString();

function api({ home = 'types: { at: timestamptz }', watermark = 'column: at' } = {}): void {
  scene.api.script = ({ query }) => ({
    headers: { date: new Date().toUTCString() },
    body: JSON.stringify(rows.filter((row) => (query.since ?? '') <= row.at)),
  });
  restFlow(scene.workspace, scene.api.url, {
    home: `window: { from: since }\n${home}`,
    flow: `run_type: incremental\nwatermark: { ${watermark} }`,
  });
}

describe('a lag', () => {
  test.each([
    ['of zero is none', 'lag: 0s', ['1', '2']],
    ['that is not set is one minute', '', ['1']],
  ])('%s', async (_, lag, settled) => {
    api({ watermark: `column: at${lag && `, ${lag}`}` });
    rows = [
      { id: 1, at: at(2 * minute) },
      { id: 2, at: at(5_000) },
    ];
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(settled);
  });
});

describe('an answer that a cache has kept', () => {
  test('with a time of the cache bounds the run by its age', async () => {
    api({ watermark: 'column: at, lag: 2s' });
    const start = Date.now();
    rows = [
      { id: 1, at: at(minute) },
      { id: 2, at: at(5_000) },
    ];
    const all = rows;
    scene.api.script = () => ({
      headers: { date: new Date(start).toUTCString(), age: '8' },
      body: JSON.stringify(all.slice(0, 1)),
    });
    expect((await go()).code).toBe(0);
    scene.api.script = () => ({ headers: { date: new Date(Date.now() + minute).toUTCString() }, body: JSON.stringify(all) });
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(['1', '2']);
  });

  test.each([
    ['is asked for once more', true, 0, ['1', '2', '3'], true],
    ['stops the run where the cache returns no other one', false, 1, [], true],
    ['and shows an old Date alone is asked for once more', true, 0, ['1', '2', '3'], false],
    ['and shows an old Date alone stops the run where the cache returns no other one', false, 1, [], false],
  ])('on a later page %s', async (_, obeys, code, settled, hasAge) => {
    rows = [
      { id: 1, at: at(3 * minute) },
      { id: 2, at: at(2 * minute) },
      { id: 3, at: at(30_000) },
    ];
    api({ watermark: 'column: at, lag: 1s', home: 'types: { at: timestamptz }\npagination: { type: page, end: empty }' });
    scene.api.script = ({ query, headers }) => {
      const isKept = query.page === '2' && !(obeys && headers['cache-control'] === 'no-cache');
      const body = query.page === '1' ? rows.slice(0, 2) : query.page === '2' && !isKept ? rows.slice(2) : [];
      const date = new Date(Date.now() - (isKept && !hasAge ? minute : 0)).toUTCString();
      return { headers: { date, ...(isKept && hasAge ? { age: '60' } : {}) }, body: JSON.stringify(body) };
    };
    const ran = await go();
    expect([ran.code, ran.error]).toEqual([code, obeys ? undefined : 'HYG-3636']);
    if (obeys) expect(await settledRows(scene.workspace)).toEqual(settled);
  });
});
