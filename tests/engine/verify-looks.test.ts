import { describe, expect, test } from 'vitest';
import { judge } from '../../src/engine/verify/judge.ts';
import { type ComparedSides, comparedContent, mostRowsKept } from '../../src/engine/verify/rows/comparison.ts';
import type { SideRows } from '../../src/engine/verify/sides.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { Schema } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';

const schema: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: true },
    { name: 'text', type: { kind: 'string' }, nullable: true },
    { name: 'at', type: { kind: 'int64' }, nullable: true },
  ],
};
const columns = schema.columns.map(({ name, type }) => ({ name, type }));

type Row = readonly [id: number | null, text: string, at: number | null];

/** Rows of the source above `due` are not due. */
async function* pieces(rows: readonly Row[], due: number): AsyncGenerator<SideRows> {
  for (const isDue of [false, true]) {
    const some = rows.filter(([, , at]) => (at ?? 0) <= due === isDue);
    const builder = await frameBuilder(schema);
    for (const [id, text, at] of some)
      builder.append([id === null ? null : BigInt(id), text, at === null ? null : BigInt(at)] as readonly Cell[]);
    if (some.length > 0) yield { due: isDue, frame: await builder.take() };
  }
}

/** @param looks the rows of both sides in the first look, and in later ones. */
function compared(
  source: readonly (readonly Row[])[],
  destination: readonly Row[],
  of: { readonly keepsVersions?: boolean; readonly comparesDeletes?: boolean; readonly due?: number; readonly mostKept?: number } = {},
) {
  let looks = 0;
  const sides = {
    source: { read: () => pieces(source[Math.min(looks++, source.length - 1)] ?? [], of.due ?? 1000) },
    destination: { read: () => pieces(destination, 1e9) },
    columns,
    key: columns.slice(0, 1),
    how: {
      keyed: true,
      keepsVersions: of.keepsVersions ?? false,
      keepsNewest: false,
      comparesDeletes: of.comparesDeletes ?? false,
      ignoresDeletes: false,
      knowsSettledVersions: false,
    },
    versionMark: columns[2] ?? null,
    settledVersion: null,
    ranges: null,
    request: { range: null, columns: null, key: null, sample: 1, rows: 10, pauseMs: 0, maxSnapshotMs: 1000 },
    hidesValues: false,
    sourceSince: async () => 'unknown',
    ports: { clock: { sleep: async () => undefined } },
    signal: new AbortController().signal,
    tell: () => undefined,
    mostKept: of.mostKept ?? mostRowsKept,
  } as unknown as ComparedSides;
  return comparedContent(sides);
}

test('a row that differs and changes meanwhile, and differs all the same, is a difference', async () => {
  const { differences } = await compared([[[1, 'other', 10]], [[1, 'other again', 10]]], [[1, 'settled', 10]]);
  expect(differences).toMatchObject({ changed: 1, source_changed: 0 });
});

test('a row that differs at first is none where it is equal later, or where its newer version is not due', async () => {
  const equal = await compared([[[1, 'other', 10]], [[1, 'settled', 10]]], [[1, 'settled', 10]]);
  expect(equal.differences).toMatchObject({ changed: 0, source_changed: 1 });
  const updated = await compared([[[1, 'other', 10]], [[1, 'newer', 2000]]], [[1, 'settled', 10]]);
  expect(updated.differences).toMatchObject({ changed: 0, only_in_destination: 0, source_changed: 1 });
});

test.each<readonly [string, readonly Row[], readonly Row[], number, number]>([
  [
    'an older row of a key is an earlier version',
    [[1, 'new', 20]],
    [
      [1, 'old', 10],
      [1, 'new', 20],
    ],
    1,
    0,
  ],
  [
    'a row with a watermark is an earlier version of one that lost it',
    [[1, 'new', null]],
    [
      [1, 'old', 10],
      [1, 'new', null],
    ],
    1,
    0,
  ],
  [
    'a row without a watermark is one of a row that got it: its group stays where the source has no row of it any more',
    [[1, 'new', 20]],
    [
      [1, 'old', null],
      [1, 'new', 20],
    ],
    1,
    0,
  ],
  [
    'two without a watermark differ',
    [[1, 'new', null]],
    [
      [1, 'old', null],
      [1, 'new', null],
    ],
    0,
    1,
  ],
  [
    'a newer one is a difference: the source went back',
    [[1, 'old', 10]],
    [
      [1, 'old', 10],
      [1, 'new', 20],
    ],
    0,
    1,
  ],
  [
    'one of the same watermark is a difference',
    [[1, 'new', 20]],
    [
      [1, 'other', 20],
      [1, 'new', 20],
    ],
    0,
    1,
  ],
  [
    'a doubled one is a difference',
    [[1, 'new', 20]],
    [
      [1, 'new', 20],
      [1, 'new', 20],
    ],
    0,
    1,
  ],
])('in a store that appends %s', async (_, source, destination, versions, only) => {
  const { rows, differences } = await compared([source], destination, { keepsVersions: true });
  expect({ versions: rows.earlier_versions, only: differences.only_in_destination }).toEqual({ versions, only });
});

test('a key with a null tells no rows apart: none is taken for the older version of another', async () => {
  const { rows, differences } = await compared(
    [
      [
        [null, 'a', 1],
        [null, 'b', 2],
        [null, 'c', 2000],
      ],
    ],
    [
      [null, 'a', 1],
      [null, 'x', 2],
    ],
  );
  expect(rows.updated_since).toBe(0);
  expect(differences).toMatchObject({ only_in_source: 1, only_in_destination: 1 });
});

test('a key with several rows in the source, one of them not due, differs in none of them', async () => {
  const { rows, differences } = await compared(
    [
      [
        [1, 'a', 1],
        [1, 'b', 2000],
        [2, 'c', 3],
      ],
    ],
    [
      [1, 'a', 1],
      [2, 'c', 3],
    ],
  );
  expect(rows).toMatchObject({ not_yet_due: 1, updated_since: 1 });
  expect(differences).toMatchObject({ only_in_source: 0, changed: 0, not_visible_yet: 0 });
});

describe('more rows than are held at once', () => {
  const request = { range: null, key: null, sample: 1 };
  const many = (version: string, at: number): Row[] => Array.from({ length: 400 }, (_, id): Row => [id, version, at + id]);
  const judged = (content: Awaited<ReturnType<typeof compared>>, keepsVersions = false) =>
    judge(content, {
      request,
      hasKey: true,
      keepsVersions,
      mostDeletes: 0,
      hasUnkeyedVersions: false,
      ignoresDeletes: false,
      otherContents: null,
      settledRows: null,
    });

  test('are compared in rounds: versions of rows of the source are not differences', async () => {
    const content = await compared([many('new', 500)], [...many('old', 0), ...many('new', 500)], { keepsVersions: true, mostKept: 100 });
    expect(content.differences).toMatchObject({ only_in_destination: 0, all_counted: true });
    expect(judged(content, true)).toMatchObject({ verdict: 'same', rows: { earlier_versions: 400 } });
  });

  test.each([0, 266])('differ where the versions of row %i hide one that was edited, in whichever round', async (id) => {
    const there = many('new', 500).map((row): Row => (row[0] === id ? [id, 'edited', row[2]] : row));
    const content = await compared([many('new', 500)], [...many('old', 0), ...there], { keepsVersions: true, mostKept: 100 });
    expect(judged(content, true)).toMatchObject({ verdict: 'differs', differences: { all_counted: true } });
    expect(content.differing.every(({ key }) => key?.id === `${id}`)).toBe(true);
    expect(content.rows.earlier_versions).toBe(400);
  });

  test('of more rounds than are made are not told to be the same, nor to differ where all that were looked at are versions', async () => {
    const content = await compared([many('new', 500)], [...many('old', 0), ...many('new', 500)], { keepsVersions: true, mostKept: 20 });
    expect(content.differences).toMatchObject({ only_in_destination: 0, all_counted: false });
    expect(judged(content, true)).toMatchObject({ verdict: 'not told', because: 'many versions' });
  });

  test('of more rounds than are made differ where one of those that were looked at does', async () => {
    const content = await compared([many('new', 500)], many('other', 500), { mostKept: 10 });
    expect(content.differences.changed).toBeLessThan(400);
    expect(judged(content, true)).toMatchObject({ verdict: 'differs', differences: { all_counted: false } });
  });

  test('of one bucket have no round, and take none from others', async () => {
    const same = Array.from({ length: 30 }, (): Row => [7, 'seven', 1]);
    const content = await compared([[...same, [8, 'eight', 1]]], [...same, ...same, [8, 'edited', 1]], { mostKept: 20 });
    expect(content.differences).toMatchObject({ changed: 1, all_counted: false });
  });

  test('that differ at first, of which those that were looked at again are the same, may all be', async () => {
    const content = await compared([many('old', 500), many('old', 500), many('new', 500)], many('new', 500), { mostKept: 20 });
    expect(judged(content)).toMatchObject({ verdict: 'not told', because: 'changed meanwhile' });
  });

  test('are all looked at where few of them differ', async () => {
    const source = many('same', 500).map((row, at): Row => (at === 77 ? [row[0], 'planted', row[2]] : row));
    const content = await compared([source], many('same', 500), { mostKept: 100 });
    expect(content.differences).toMatchObject({ changed: 1, all_counted: true });
    expect(content.differing).toMatchObject([{ key: { id: '77' } }]);
  });

  test('of more keys than are looked at again are not differences where all that were are equal by then, and one where they are not', async () => {
    const all = (version: string) => Array.from({ length: 10_500 }, (_, id): Row => [id, version, 500]);
    const [before, now] = [all('old'), all('new')];
    const settling = await compared([before, now], now);
    expect(settling.differences).toMatchObject({ changed: 0, source_changed: 10_000, all_counted: false });
    expect(judged(settling)).toMatchObject({ verdict: 'not told', because: 'changed meanwhile' });
    const edited = await compared([before], now);
    expect(judged(edited)).toMatchObject({ verdict: 'differs', differences: { changed: 10_500, all_counted: true } });
  });
});
