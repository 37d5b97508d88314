import { describe, expect, test } from 'vitest';
import { type ComparedContent, type ComparedSides, comparedContent, mostRowsKept } from '../../src/engine/verify/rows/comparison.ts';
import { DifferingRangesGatherer } from '../../src/engine/verify/rows/differing-ranges.ts';
import type { ReadSide, SidePosition, SideRows } from '../../src/engine/verify/sides.ts';
import { continuesWith, type LeftComparison, LookPaused, type PausedLook } from '../../src/engine/verify/steps/paused-comparison.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { Schema } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import type { DifferingRanges } from '../../src/ports/answers/comparison.ts';
import { seeded } from '../support/kill-rounds.ts';
import { whole as isSoak, SEED } from '../support/samples.ts';

test('a step continues an earlier one only over the same settled rows', () => {
  const left = { head: 'h1', moved: 1 } as LeftComparison;
  expect(continuesWith(left, { head: 'h1', moved: 1 })).toBe(true);
  for (const [one, now] of [
    [undefined, { head: 'h1', moved: 1 }],
    [null, { head: 'h1', moved: 1 }],
    [left, { head: 'h2', moved: 1 }],
    [left, { head: 'h1', moved: 2 }],
  ] as const)
    expect(continuesWith(one, now)).toBe(false);
});

const schema: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: true },
    { name: 'part', type: { kind: 'int64' }, nullable: true },
    { name: 'text', type: { kind: 'string' }, nullable: true },
    { name: 'at', type: { kind: 'int64' }, nullable: true },
  ],
};
const columns = schema.columns.map(({ name, type }) => ({ name, type }));

type Row = readonly [id: number | null, part: number, text: string, at: number];

interface Slice {
  readonly rows: readonly Row[];
  /** Rows that break a rule. */
  readonly broken?: readonly Row[];
  /** Rows that are marked as deleted. */
  readonly marked?: readonly Row[];
}

async function frameOf(rows: readonly Row[]) {
  const builder = await frameBuilder(schema);
  for (const [id, part, text, at] of rows)
    builder.append([id === null ? null : BigInt(id), BigInt(part), text, BigInt(at)] as readonly Cell[]);
  return await builder.take();
}

interface SlicedSide {
  readonly slices: readonly Slice[];
  /** Rows in quarantine, which come before the slices. */
  readonly apart?: readonly Row[];
}

/** A side of slices in two windows, which can go on behind each of them. Rows above `due` are not due. @param onSlice called for each slice that is read. */
function sideOf({ slices, apart = [] }: SlicedSide, due: number, onSlice: () => void): ReadSide {
  const half = Math.ceil(slices.length / 2);
  const windows = [slices.slice(0, half), slices.slice(half)].map((some, n) =>
    some.map((_, at) => ({ ref: { slice: n * half + at }, rows: null, bytes: null })),
  );
  return {
    async *read(_, from: SidePosition = { window: 0, left: null }): AsyncGenerator<SideRows> {
      if (from.window === 0 && from.left === null && apart.length > 0) yield { due: true, frame: await frameOf(apart), apart: true };
      for (const [window, all] of windows.entries()) {
        if (window < from.window) continue;
        const left = (window === from.window ? from.left : null) ?? all;
        for (const [at, { ref }] of left.entries()) {
          onSlice();
          const { rows = [], broken = [], marked = [] } = slices[(ref as { slice: number }).slice] ?? {};
          for (const isDue of [true, false]) {
            const some = rows.filter((row) => row[3] <= due === isDue);
            if (some.length > 0) yield { due: isDue, frame: await frameOf(some) };
          }
          if (broken.length > 0) yield { leftOut: await frameOf(broken), rows: broken.length };
          if (marked.length > 0) yield { deleted: marked.length, marked: await frameOf(marked) };
          yield { reached: { window, left: left.slice(at + 1) } };
        }
      }
    },
  };
}

interface Scene {
  readonly source: SlicedSide;
  readonly destination: SlicedSide;
  readonly due: number;
  readonly key: 'none' | 'id' | 'id and part';
  readonly how?: Partial<ComparedSides['how']>;
  readonly of?: Partial<Pick<ComparedSides, 'hidesValues' | 'mostKept'>>;
}

const keyOf = { none: 0, id: 1, 'id and part': 2 };

function sidesOf({ source, destination, due, key, how, of }: Scene, pausing: ComparedSides['pausing'], onSlice = () => {}): ComparedSides {
  return {
    ...{ source: sideOf(source, due, onSlice), destination: sideOf(destination, 1e9, onSlice) },
    ...{
      columns,
      key: columns.slice(0, keyOf[key]).map((column) => ({ ...column, inSource: column.name })),
      how: {
        keyed: key !== 'none',
        keepsVersions: false,
        keepsNewest: false,
        comparesDeletes: false,
        ignoresDeletes: false,
        knowsSettledVersions: false,
        ...how,
      },
      versionMark: columns[3] ?? null,
      settledVersion: null,
      ranges: new DifferingRangesGatherer({
        ...{ column: 'at', type: { kind: 'int64' }, precision: 'exact', mergesByKey: how?.keepsNewest ?? false },
        edge: { text: `${due}`, inclusive: true },
      }),
    },
    request: { by: 'checksums', range: null, columns: null, key: null, sample: 1, rows: 10, pauseMs: 0, maxSnapshotMs: 1000, proof: false },
    ...{ hidesValues: false, sourceSince: async () => 'same', ports: { clock: { sleep: async () => undefined } as never } },
    ...{ signal: new AbortController().signal, tell: () => undefined, pausing, settledSums: null, mostKept: mostRowsKept, ...of },
  };
}

interface Told {
  readonly content: ComparedContent;
  readonly ranges: DifferingRanges | undefined;
}

async function inOneStep(scene: Scene): Promise<Told> {
  const sides = sidesOf(scene, null);
  return { content: await comparedContent(sides), ranges: sides.ranges?.found() };
}

/** @param pauses whether a step is over behind its next slice. @returns what was found, how many steps it took, and the most slices that one of them read. */
async function inSteps(
  scene: Scene,
  pauses: () => boolean,
  onPause: (left: string) => void = () => undefined,
): Promise<{ readonly told: Told; readonly steps: number; readonly most: number }> {
  let look: PausedLook | null = null;
  let most = 0;
  for (let steps = 1; ; steps++) {
    let read = 0;
    const sides = sidesOf(scene, { look, isOver: pauses }, () => read++);
    try {
      const content = await comparedContent(sides);
      return { told: { content, ranges: sides.ranges?.found() }, steps, most: Math.max(most, read) };
    } catch (error) {
      if (!(error instanceof LookPaused)) throw error;
      most = Math.max(most, read);
      const left = JSON.stringify(error.look);
      onPause(left);
      look = JSON.parse(left) as PausedLook;
    }
  }
}

/** What is done to the rows of a scene. */
type Happening = 'changed' | 'moved' | 'missing' | 'extra' | 'doubled' | 'earlier' | 'updated' | 'broken' | 'apart' | 'marked' | 'no id';

interface Shape {
  readonly happens: readonly Happening[];
  readonly key?: Scene['key'];
  readonly how?: Scene['how'];
  readonly of?: Scene['of'];
  /** Counts that are not 0. */
  readonly meets?: readonly string[];
}

/** Rows in slices of random size, to which what the shape names happens here and there. */
function randomScene(random: () => number, { happens, key = 'id', how, of }: Shape): Scene {
  const rows: Row[] = Array.from({ length: (of?.mostKept === undefined ? 50 : 24) + Math.floor(random() * 20) }, (_, n) => [
    n,
    n % 3,
    `text ${n}`,
    n,
  ]);
  const sliced = (all: readonly Row[]): Slice[] => {
    const slices: Slice[] = [];
    for (let at = 0; at < all.length; ) {
      const size = 5 + Math.floor(random() * 40);
      slices.push({ rows: all.slice(at, at + size) });
      at += size;
    }
    return slices.length === 0 ? [{ rows: [] }] : slices;
  };
  let [source, destination] = [[...rows], [...rows]];
  const [broken, apart, marked]: [Row[], Row[], Row[]] = [[], [], []];
  const happensTo = ([id]: Row) => happens.filter((_, at) => random() < 0.06 || id === at + 3 || id === at + 16);
  for (const row of rows)
    for (const what of happensTo(row)) {
      const [id, part, text, at] = row;
      const without = (all: readonly Row[]) => all.filter((one) => one !== row);
      if (what === 'changed') destination = destination.map((one) => (one === row ? [id, part, `${text} edited`, at] : one));
      if (what === 'moved') destination = destination.map((one) => (one === row ? [id, part, text, at + 100] : one));
      if (what === 'missing') destination = without(destination);
      if (what === 'extra') source = without(source);
      if (what === 'doubled') destination.push(row);
      if (what === 'earlier') destination.push([id, part, `${text} before`, at - 1]);
      if (what === 'updated') source = source.map((one) => (one === row ? [id, part, `${text} later`, 1000 + at] : one));
      if (what === 'no id') source = source.map((one) => (one === row ? [null, part, text, at] : one));
      if (what === 'broken') {
        source = without(source);
        broken.push([(id ?? 0) % 4 === 0 ? null : id, part, `${text} broken`, at + 1]);
      }
      if (what === 'apart') {
        destination = without(destination);
        apart.push(row);
      }
      if (what === 'marked') {
        destination = without(destination);
        marked.push(row);
      }
    }
  const [slices, there] = [sliced(source.sort(() => random() - 0.5)), sliced(destination)];
  const spread = (all: Slice[], name: 'broken' | 'marked', some: readonly Row[]) => {
    for (const row of some) {
      const at = Math.floor(random() * all.length);
      all[at] = { ...(all[at] as Slice), [name]: [...(all[at]?.[name] ?? []), row] };
    }
  };
  spread(slices, 'broken', broken);
  spread(there, 'marked', marked);
  return { source: { slices }, destination: { slices: there, apart }, due: 999, key, ...(how && { how }), ...(of && { of }) };
}

const all: readonly Happening[] = [
  'changed',
  'moved',
  'missing',
  'extra',
  'doubled',
  'earlier',
  'updated',
  'broken',
  'apart',
  'marked',
  'no id',
];

const shapes: Readonly<Record<string, Shape>> = {
  'rows that are updated': { happens: ['updated'], how: { keepsVersions: true }, meets: ['updated_since', 'not_yet_due'] },
  'rows in quarantine': { happens: ['apart', 'broken', 'changed'] },
  'last good rows': { happens: ['broken'], meets: ['left_out', 'last_good', 'unknown_keys'] },
  'rows that are marked': { happens: ['marked', 'changed', 'extra'], meets: ['marked_deleted', 'only_in_source', 'only_in_destination'] },
  'deletes that are due': { happens: ['extra'], how: { comparesDeletes: true }, meets: ['deletes_due'] },
  versions: { happens: ['earlier', 'changed', 'updated'], how: { keepsVersions: true }, meets: ['earlier_versions', 'changed'] },
  'a merge of what a source has twice': { happens: ['earlier', 'changed', 'extra'], how: { keepsNewest: true } },
  'rows that were moved, and rows that are missing': { happens: ['moved', 'missing'], meets: ['changed', 'only_in_source'] },
  'all of it': { happens: all, how: { keepsVersions: true } },
  'all of it, by two columns': { happens: all, key: 'id and part' },
  'all of it, without a key': { happens: all, key: 'none' },
  'all of it, with values that are hidden': { happens: all, of: { hidesValues: true } },
  'all of it, in rounds': { happens: all, of: { mostKept: 12 } },
  'all of it, in more rounds than are made': { happens: all, of: { mostKept: 2 } },
};

describe('a comparison in steps', () => {
  test.each(Object.entries(shapes))('finds what one in a single step finds, wherever it pauses: %s', async (name, shape) => {
    const random = seeded(Number(SEED) + Object.keys(shapes).indexOf(name));
    const met = new Set<string>();
    for (let n = 0; n < (isSoak ? 10 : 1); n++) {
      const scene = randomScene(random, shape);
      const whole = await inOneStep(scene);
      if (isSoak || (shape.happens === all && shape.of === undefined))
        expect((await inSteps(scene, () => random() < 0.4)).told).toEqual(whole);
      const { told, steps, most } = await inSteps(scene, () => true);
      expect(told).toEqual(whole);
      expect(most).toBe(1);
      expect(steps).toBeGreaterThan(scene.source.slices.length);
      const counts = Object.entries({ ...whole.content.differences, ...whole.content.rows });
      for (const [count, found] of counts) if (found) met.add(count);
    }
    expect([...met]).toEqual(expect.arrayContaining([...(shape.meets ?? [])]));
  });

  test('keeps no value between two steps where the config hides them', async () => {
    const edited: Row = [1, 0, 'a word that no one may read', 5];
    const scene: Scene = {
      ...{ source: { slices: [{ rows: [edited] }, { rows: [] }] }, destination: { slices: [{ rows: [[1, 0, 'elsewhere', 5]] }] } },
      ...{ due: 999, key: 'id', of: { hidesValues: true } },
    };
    const left: string[] = [];
    const { told } = await inSteps(
      scene,
      () => true,
      (look) => left.push(look),
    );
    expect(told.content.differing).toEqual([
      { found: 'changed', key: null, times: 1, columns: [{ column: 'text', source: null, destination: null }] },
    ]);
    expect(left.some((look) => look.includes('"texts":[['))).toBe(true);
    expect(left.filter((look) => look.includes('no one') || look.includes('elsewhere'))).toEqual([]);
  });
});
