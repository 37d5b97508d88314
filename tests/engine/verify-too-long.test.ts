import { expect, test } from 'vitest';
import { judge } from '../../src/engine/verify/judge.ts';
import { type ComparedSides, comparedContent, mostRowsKept, type SourceSince } from '../../src/engine/verify/rows/comparison.ts';
import type { SideRows } from '../../src/engine/verify/sides.ts';
import { TimeOver } from '../../src/engine/verify/steps/paused-comparison.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';

const columns = [
  { name: 'id', type: { kind: 'int64' } as const },
  { name: 'text', type: { kind: 'string' } as const },
];

async function* pieces(rows: readonly (readonly [bigint, string])[], isDue = true): AsyncGenerator<SideRows> {
  const builder = await frameBuilder({ columns: columns.map((column) => ({ ...column, nullable: true })) });
  for (const row of rows) builder.append(row);
  if (rows.length > 0) yield { due: isDue, frame: await builder.take() };
}

interface Scene {
  readonly how?: Partial<ComparedSides['how']>;
  readonly since?: SourceSince;
  /** What the comparison is given up for while rows are read again. */
  readonly reason?: Error;
  readonly notDue?: true;
  readonly isSame?: true;
}

/** One row differs, and the time is over when the source is read again. */
async function givenUp({ how, since = 'unknown', reason = new TimeOver(), notDue, isSame }: Scene) {
  const stop = new AbortController();
  let looks = 0;
  const sides = {
    source: {
      async *read() {
        if (looks++ > 0) {
          stop.abort(reason);
          throw reason;
        }
        yield* pieces([
          [1n, 'one'],
          [2n, isSame ? 'two' : 'edited'],
        ]);
        if (notDue) yield* pieces([[3n, 'later']], false);
      },
    },
    destination: {
      read: () =>
        pieces([
          [1n, 'one'],
          [2n, 'two'],
        ]),
    },
    ...{ columns, key: how?.keyed === false ? [] : columns.slice(0, 1), versionMark: null, settledVersion: null, ranges: null },
    how: {
      keyed: true,
      keepsVersions: false,
      keepsNewest: false,
      comparesDeletes: false,
      ignoresDeletes: false,
      knowsSettledVersions: false,
      ...how,
    },
    request: { range: null, columns: null, key: null, sample: 1, rows: 10, pauseMs: 0, maxSnapshotMs: 1000 },
    ...{ hidesValues: false, sourceSince: async () => since, ports: { clock: { sleep: async () => undefined } } },
    ...{ signal: stop.signal, tell: () => undefined, pausing: null, settledSums: null, mostKept: mostRowsKept },
  } as unknown as ComparedSides;
  const content = await comparedContent(sides);
  const request = { range: null, key: null, sample: 1 };
  return judge(content, {
    request,
    hasKey: sides.how.keyed,
    keepsVersions: false,
    mostDeletes: 0,
    hasUnkeyedVersions: false,
    ignoresDeletes: false,
    otherContents: null,
    settledRows: null,
  });
}

test.each(['same', 'unknown'] as const)(
  'two sums that differ are a difference where there is no time to name the rows (source: %s)',
  async (since) => {
    expect(await givenUp({ since })).toMatchObject({
      verdict: 'differs',
      rows: { source: 2, destination: 2 },
      differences: { changed: 0, all_counted: false },
    });
  },
);

test.each<readonly [string, Scene]>([
  ['the source has changed since', { since: 'changed' }],
  ['a person stopped it', { reason: new Error('stopped') }],
  ['versions may explain the sums', { how: { keepsVersions: true } }],
  ['rows that a newer one has followed may explain them', { how: { keepsNewest: true } }],
  ['deletes that are due may explain them', { how: { comparesDeletes: true } }],
  ['rows without a key that are not yet due may explain them', { how: { keyed: false }, notDue: true }],
])('a comparison that is given up tells no difference where %s', async (_, scene) => {
  await expect(givenUp(scene)).rejects.toThrow();
});

test('sums that are the same need no second look', async () => {
  expect(await givenUp({ isSame: true })).toMatchObject({ verdict: 'same' });
});
