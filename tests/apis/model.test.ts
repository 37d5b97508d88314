import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChangingRows, Stamp } from '../support/apis/changing-rows.ts';
import { type Paging, pagings, windowLine } from '../support/apis/pagings.ts';
import { startShiftingPages } from '../support/apis/shifting-pages.ts';
import { duck } from '../support/duck.ts';
import { here, type RunHere } from '../support/here.ts';
import { quickWaitsInEachTest } from '../support/quick-waits.ts';
import { cases, sampled } from '../support/samples.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

quickWaitsInEachTest();

type Change = 'insert' | 'update' | 'remove' | 'slow insert' | 'no answer';
interface Case {
  readonly kind: Paging;
  readonly since: 'inclusive' | 'strict';
  readonly until: 'inclusive' | 'strict';
  readonly stamp: Stamp;
  readonly lagMs: number;
  readonly stepMs: number;
  /** How long after the changes of a run the next one begins beside changes. The index may not show all of them yet. */
  readonly gapMs: number;
  readonly rows: number;
  /** A part of a window that is a walk of its own. */
  readonly slice: string | undefined;
  /** Before each request of the runs that are not alone. */
  readonly changes: readonly (readonly [Change, number])[];
}

const bounds = fc.constantFrom('inclusive', 'strict' as const);
const someCase: fc.Arbitrary<Case> = fc
  .record({
    kind: fc.constantFrom(...pagings),
    ...{ since: bounds, until: bounds },
    stamp: fc.constantFrom<Stamp>('iso_ms', 'iso_seconds', 'epoch_seconds', 'epoch_ms'),
    lagMs: fc.constantFrom(0, 20_000),
    stepMs: fc.integer({ min: 0, max: 1500 }),
    gapMs: fc.constantFrom(0, 5_000, 90_000),
    rows: fc.integer({ min: 0, max: 20 }),
    slice: fc.constantFrom(undefined, '1m'),
    changes: fc.array(fc.tuple(fc.constantFrom<Change>('insert', 'update', 'update', 'remove', 'slow insert', 'no answer'), fc.nat(1000)), {
      maxLength: 40,
    }),
  })
  // Without a window no form says that integers count time.
  // Of a cap, as many records of a second as no half of a window is too many.
  .map((one) => (one.kind.cap === undefined ? one : { ...one, stepMs: one.stepMs + 1_000 }))
  // An API that begins behind the last value leaves out others of that time.
  .map((one) => (one.kind.isAnchored ? { ...one, since: 'inclusive' as const } : one))
  // Without links, a page takes as many records of one time as it has.
  .map((one) => (one.kind.traits.position === 'nothing' ? { ...one, stepMs: one.stepMs + 1_000 } : one))
  .map((one) => (one.kind.newestFirst && one.stamp.startsWith('epoch') ? { ...one, stamp: 'iso_ms' as const } : one));

/** The server with its rows, and each version that a row ever had. */
async function scene({ kind, since, until, stamp, lagMs, stepMs, gapMs, rows: count, changes }: Case) {
  const clock = { ms: Date.parse('2026-03-01T12:00:00.400Z') };
  const filter = kind.newestFirst ? ({ since: 'none', until: 'none' } as const) : { since, until };
  const server = await startShiftingPages({ ...kind.traits, ...filter, stamp, lagMs }, { nowMs: () => clock.ms });
  const rows: ChangingRows = server.rows('/items');
  const versions = new Map<number, number>();
  let next = 1;
  const put = (id: number, slow = false) => {
    versions.set(id, (versions.get(id) ?? 0) + 1);
    rows.put(id, { v: versions.get(id) }, slow ? { visibleMs: clock.ms + 30_000 } : {});
  };
  const waiting = changes.filter(([what]) => what !== kind.without);
  const change = ([what, which]: readonly [Change, number]) => {
    if (what === 'no answer') throw new Error('an answer that fails');
    const ids = rows.all().map(({ id }) => id);
    const id = ids[which % Math.max(1, ids.length)];
    if (what === 'insert' || what === 'slow insert' || id === undefined) put(next++, what === 'slow insert');
    else if (what === 'update') put(id);
    else rows.remove(id);
  };
  for (let i = 0; i < count; i++) {
    put(next++);
    clock.ms += stepMs;
  }
  let isBusy = false;
  server.between = () => {
    clock.ms += stepMs;
    const now = isBusy ? waiting.shift() : undefined;
    if (now) change(now);
  };
  const quiet = (is: boolean) => {
    isBusy = !is;
    clock.ms += is ? 90_000 : gapMs;
  };
  return { server, rows, versions, quiet, put, clock };
}

/** How a stamp is declared. Integers count time. */
const forms = {
  iso_ms: ['iso_ms', 'timestamptz'],
  iso_seconds: ['iso', 'timestamptz'],
  epoch_seconds: ['epoch_s', 'int64'],
  epoch_ms: ['epoch_ms', 'int64'],
} satisfies Record<Stamp, readonly [string, string]>;

const flow = (url: string, { kind, stamp, slice }: Case, more: string) => ({
  'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: ${url}
  endpoint: "{entity}"
  records: data
  pagination: ${kind.pagination}${kind.twice ? '\n  whole: two_passes' : ''}
  ${windowLine(kind, forms[stamp][0], slice === undefined ? '' : `, slice: ${slice}`)}
  types: { id: int64, v: int64, updated_at: ${forms[stamp][1]} }
${more}
entities: [items]
`,
});

/** A run beside changes settles, or says that the list shifted or that the API does not answer; or that the record it went on from is gone. */
function mayStop({ error, events }: RunHere, kind: Paging, { isFull = false } = {}): void {
  if (error === undefined || /^HYG-(3605|6404)$/.test(error) || (kind.cap !== undefined && error === 'HYG-3632')) return;
  // A full load has no bound above which a changed record is one of a later run.
  if (isFull && error === 'HYG-3646') return;
  // As many new rows as a page has show the page before once more.
  if (kind.newestFirst && error === 'HYG-3604') return;
  expect([kind.name, JSON.stringify(events.filter(({ event }) => event === 'error'))]).toEqual([
    'ids',
    expect.stringContaining('resource_missing'),
  ]);
}

/** Two runs beside changes, and one that nothing disturbs, which has to settle. */
async function goThrice(workspace: TestWorkspace, kind: Paging, quiet: (is: boolean) => void): Promise<void> {
  for (const isAlone of [false, false, true]) {
    quiet(isAlone);
    const ran = await here(workspace, 'go');
    if (isAlone) expect(ran.error).toBeUndefined();
    else mayStop(ran, kind);
  }
}

const listed = (rows: ChangingRows) =>
  rows
    .all()
    .map(({ id, fields }) => `${id} v${fields.v}`)
    .sort();

describe('lists that change while they are read', () => {
  test('a full load next to changes is whole after one more run', async () => {
    await fc.assert(
      fc.asyncProperty(someCase, async (of) => {
        const { server, rows, quiet } = await scene(of);
        await using _ = server;
        using workspace = new TestWorkspace(
          flow(server.url, of, `store: lake${of.kind.cap === undefined ? '' : '\nwatermark: { column: updated_at }'}`),
        );
        quiet(false);
        mayStop(await here(workspace, 'go'), of.kind, { isFull: true });
        quiet(true);
        expect((await here(workspace, 'go')).error).toBeUndefined();
        const found =
          rows.all().length === 0 ? [] : await duck(`select id || ' v' || v as one from '${workspace.path('lake/items/*.parquet')}'`);
        expect(found.map(({ one }) => String(one)).sort()).toEqual(listed(rows));
      }),
      cases(20),
    );
  });

  test.each(
    sampled(
      pagings.filter(({ cap, twice }) => cap === undefined && !twice),
      6,
    ),
  )('rows that the index shows late are not lost to a run that comes before: $name', async (kind) => {
    const of: Case = {
      ...{ kind, since: 'inclusive', until: 'inclusive', stamp: 'iso_ms', lagMs: 20_000, stepMs: 100, gapMs: 1_000, rows: 4 },
      ...{ slice: undefined, changes: [] },
    };
    const { server, rows, quiet, put, clock } = await scene(of);
    await using _ = server;
    using workspace = new TestWorkspace(flow(server.url, of, 'store: lake\nrun_type: incremental\nwatermark: { column: updated_at }'));
    quiet(true);
    expect((await here(workspace, 'go')).error).toBeUndefined();
    // At once, and again while the index does not have it.
    put(100, true);
    clock.ms += 1_000;
    put(101);
    for (const isAlone of [false, false, true]) {
      quiet(isAlone);
      expect((await here(workspace, 'go')).error).toBeUndefined();
    }
    const found = await duck(`select id || ' v' || v as one from '${workspace.path('lake/items/*.parquet')}'`);
    expect(found.map(({ one }) => String(one)).sort()).toEqual(listed(rows));
  });

  test('increments next to changes lose nothing, by a key', async () => {
    await fc.assert(
      fc.asyncProperty(someCase, async (of) => {
        const { server, rows, versions, quiet } = await scene(of);
        await using _ = server;
        using workspace = new TestWorkspace();
        const path = workspace.path('out.db');
        const more = `store: { type: sqlite, path: ${path}, table: items }\nrun_type: incremental\nwatermark: { column: updated_at, key: [id] }`;
        workspace.write(flow(server.url, of, more));
        await goThrice(workspace, of.kind, quiet);
        const found = versions.size === 0 ? [] : (asked(path, "select id || ' v' || v as one from items")[0] ?? []);
        const settled = found.map(({ one }) => String(one)).sort();
        const live = listed(rows);
        expect(live.filter((one) => !settled.includes(one))).toEqual([]);
        // What was deleted stays, in a version that it had.
        const ids = new Set(rows.all().map(({ id }) => id));
        expect(settled.filter((one) => !live.includes(one) && ids.has(Number.parseInt(one, 10)))).toEqual([]);
      }),
      cases(20),
    );
  });

  test('increments next to changes lose nothing and settle no version twice, in plain files', async () => {
    await fc.assert(
      fc.asyncProperty(someCase, async (of) => {
        const { server, rows, versions, quiet } = await scene(of);
        await using _ = server;
        using workspace = new TestWorkspace(flow(server.url, of, 'store: lake\nrun_type: incremental\nwatermark: { column: updated_at }'));
        await goThrice(workspace, of.kind, quiet);
        const found =
          versions.size === 0 ? [] : await duck(`select id || ' v' || v as one from '${workspace.path('lake/items/*.parquet')}'`);
        const settled = found.map(({ one }) => String(one)).sort();
        expect(listed(rows).filter((one) => !settled.includes(one))).toEqual([]);
        expect(settled.filter((one, i) => one === settled[i - 1])).toEqual([]);
      }),
      cases(20),
    );
  });
});
