/** An API that lists so many records at most, and says nothing of the others. */
import { describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { ids, restRuns } from '../support/apis/rest-runs.ts';
import { hour, iso, minute, start } from '../support/apis/window-times.ts';

const scene = restRuns();
const { go, settled } = scene;

interface Row {
  readonly id: number;
  readonly at: string;
}

let rows: readonly Row[] = [];
let now = start;
const some = (count: number): readonly Row[] =>
  Array.from({ length: count }, (_, id) => ({ id, at: iso(start - (count - id) * 7 * minute) }));

type Order = 'ascending' | 'descending' | 'by chance';
const orders: Readonly<Record<Order, (a: Row, b: Row) => number>> = {
  ascending: (a, b) => a.id - b.id,
  descending: (a, b) => b.id - a.id,
  'by chance': (a, b) => ((a.id * 7) % 11) - ((b.id * 7) % 11) || a.id - b.id,
};

function serve({ cap = 1_000, order = 'ascending' as Order, isPaged = false } = {}): void {
  scene.api.script = ({ query }) => {
    const found = rows
      .filter(({ at }) => Date.parse(at) <= now && at >= (query.since ?? '') && at <= (query.until ?? '9'))
      .toSorted(orders[order]);
    const from = isPaged ? (Number(query.page ?? 1) - 1) * cap : 0;
    return { headers: { date: new Date(now).toUTCString() }, body: JSON.stringify(found.slice(from, from + cap)) };
  };
}

function flow(home: string): void {
  restFlow(scene.workspace, scene.api.url, {
    home: `${home}\ntypes: { at: timestamptz }`,
    flow: 'run_type: incremental\nwatermark: { column: at }',
  });
}

describe('a window whose answer is cut at a round number', () => {
  test.each<[Order, string]>([['by chance', 'from: since, to: until']])(
    'of a list that is %s (%s) stops the first load, and each remedy reads all',
    async (order, window) => {
      rows = some(45);
      now = start;
      serve({ cap: 20, order, isPaged: true });
      flow(`window: { ${window} }`);
      const ran = await go();
      expect([ran.code, ran.error, ran.all]).toEqual([1, 'HYG-3647', expect.stringContaining('pagination: { type: page }')]);
      expect(ran.all).toContain('cap: 20');
      for (const remedy of [`window: { ${window} }\npagination: { type: page }`, 'window: { from: since, to: until, cap: 20 }']) {
        flow(remedy);
        expect((await go('-d')).error).toBeUndefined();
        expect(await settled()).toEqual(ids(45));
      }
    },
  );
});

describe('a list that ends at a cap', () => {
  const day = 24 * hour;
  const dayOf = (text: string) => text.slice(0, 10);
  const serveDays = (order: Order) => {
    scene.api.script = ({ query }) => {
      const isIn = ({ at }: Row) => dayOf(at) >= dayOf(query.since ?? '') && dayOf(at) <= dayOf(query.until ?? '9');
      const found = rows.filter((row) => Date.parse(row.at) <= now && isIn(row)).toSorted(orders[order]);
      return { headers: { date: new Date(now).toUTCString() }, body: JSON.stringify(found.slice(0, 20)) };
    };
  };

  test.each<[string, Order, number, (order: Order) => void]>([
    ['of more records of one day, where the API compares days alone', 'descending', 3 * day, serveDays],
  ])('%s (%s) stops the run where others lie further out', async (_, order, apart, api) => {
    rows = Array.from({ length: 50 }, (_, id) => ({ id, at: iso(start - 2 * minute - (id < 25 ? apart : 0)) }));
    now = start;
    api(order);
    flow('window: { from: since, to: until }');
    expect((await go()).error).toBe('HYG-3647');
  });

  const answer = (found: readonly Row[]) => ({ headers: { date: new Date(now).toUTCString() }, body: JSON.stringify(found.slice(0, 20)) });
  test.each<[string, string, readonly Row[], () => void]>([
    [
      'all of its records have one time',
      'the same watermark',
      some(25).map((row) => ({ ...row, at: iso(start - hour) })),
      () => serve({ cap: 20 }),
    ],
    [
      'the filter has no effect',
      'The filter has no effect',
      some(25),
      () => {
        scene.api.script = () => answer(rows);
      },
    ],
  ])('stops a first load where %s, and goes on where the printed line says that it is whole', async (_, why, listed, api) => {
    rows = listed;
    now = start;
    api();
    flow('window: { from: since, to: until }');
    const cut = await go();
    expect([cut.error, cut.all]).toEqual(['HYG-3647', expect.stringContaining(why)]);
    rows = listed.slice(0, 20);
    const ran = await go();
    expect([ran.error, ran.all]).toEqual(['HYG-3647', expect.stringContaining('pagination: { type: none, ignore_next: true }')]);
    flow('window: { from: since, to: until }\npagination: { type: none, ignore_next: true }');
    expect([(await go()).error, (await settledRows(scene.workspace)).length]).toEqual([undefined, 20]);
  });
});

test('a window that has a round number of records passes', async () => {
  rows = some(100);
  serve();
  flow('window: { from: since, to: until }');
  for (const count of [20, 50, 100]) {
    now = Date.parse(rows[count - 1]?.at ?? '') + 2 * minute;
    expect((await go()).error).toBeUndefined();
    expect(await settled()).toEqual(ids(count));
  }
});

describe('a window whose answer is cut at a number that is not round', () => {
  test.each<[Order, string]>([['by chance', 'from: since, to: until']])(
    'of a list that is %s (%s) stops the first load',
    async (order, window) => {
      rows = some(60);
      now = start;
      serve({ cap: 37, order });
      flow(`window: { ${window} }`);
      expect((await go()).error).toBe('HYG-3647');
    },
  );

  test('stops the first increment that has as many, and those that had fewer settle', async () => {
    rows = some(60);
    serve({ cap: 13 });
    flow('window: { from: since, to: until }');
    for (const count of [11, 23]) {
      now = Date.parse(rows[count - 1]?.at ?? '') + 2 * minute;
      expect((await go()).error).toBeUndefined();
      expect(await settled()).toEqual(ids(count));
    }
    now = start;
    expect((await go()).error).toBe('HYG-3647');
    expect(await settled()).toEqual(ids(23));
  });
});

describe('a list that begins with the newest record, of a window without an upper bound,', () => {
  const advised = (ran: Awaited<ReturnType<typeof go>>) =>
    [...ran.all.matchAll(/(window|pagination): \{[^}]*\}/g)].map(([line]) => JSON.parse(`"${line}"`) as string);

  test('stops at a round number, and each line of the advice runs', async () => {
    rows = some(45);
    now = start;
    serve({ cap: 20, order: 'descending', isPaged: true });
    flow('window: { from: since }');
    const ran = await go();
    expect([ran.code, ran.error]).toEqual([1, 'HYG-3647']);
    const [pages = '', halved = '', whole = ''] = advised(ran);
    for (const [home, count] of [
      [`window: { from: since }\n${pages}`, 45],
      [halved, 45],
      [`window: { from: since }\n${whole}`, 20],
    ] as const) {
      flow(home);
      expect((await go('-d')).error).toBeUndefined();
      expect(await settled()).toHaveLength(count);
    }
  });

  test('stops at any number where newer records come and the oldest one goes', async () => {
    rows = some(60);
    serve({ cap: 37, order: 'descending' });
    flow('window: { from: since }');
    now = Date.parse(rows[50]?.at ?? '') + 2 * minute;
    expect((await go()).error).toBeUndefined();
    now = start;
    expect((await go()).error).toBe('HYG-3647');
  });
});

describe('a list without a window that has a round number of records', () => {
  const noted = 'exactly 20 records, and no pagination is set';
  test.each([
    ['is noted', '', 20, true],
    ['is not noted of another number', '', 21, false],
  ])('%s', async (_, home, count, isNoted) => {
    rows = some(count);
    now = start + hour;
    serve({ cap: 30, isPaged: true });
    restFlow(scene.workspace, scene.api.url, { home: home === '' ? 'types: { at: timestamptz }' : home });
    const ran = await go();
    expect([ran.error, ran.all.includes(noted)]).toEqual([undefined, isNoted]);
  });
});
