import { describe, expect, test } from 'vitest';
import { LookPaused, type PausedLook } from '../../src/engine/verify/paused-comparison.ts';
import { type ComparedContent, type ComparedSides, comparedContent } from '../../src/engine/verify/rows/comparison.ts';
import type { ReadSide, SidePosition, SideRows } from '../../src/engine/verify/sides.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { Schema } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { seeded } from '../support/kill-rounds.ts';
import { cases, SEED } from '../support/samples.ts';

const schema: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: true },
    { name: 'text', type: { kind: 'string' }, nullable: true },
    { name: 'at', type: { kind: 'int64' }, nullable: true },
  ],
};
const columns = schema.columns.map(({ name, type }) => ({ name, type }));

type Row = readonly [id: number, text: string, at: number];

/** A side of slices in two windows, which can go on behind each of them. Rows above `due` are not due. */
function sideOf(slices: readonly (readonly Row[])[], due: number): ReadSide {
  const half = Math.ceil(slices.length / 2);
  const windows = [slices.slice(0, half), slices.slice(half)].map((some, n) =>
    some.map((_, at) => ({ ref: { slice: n * half + at }, rows: null, bytes: null })),
  );
  return {
    async *read(_, from: SidePosition = { window: 0, left: null }): AsyncGenerator<SideRows> {
      for (const [window, all] of windows.entries()) {
        if (window < from.window) continue;
        const left = (window === from.window ? from.left : null) ?? all;
        for (const [at, { ref }] of left.entries()) {
          const rows = slices[(ref as { slice: number }).slice] ?? [];
          for (const isDue of [true, false]) {
            const some = rows.filter((row) => row[2] <= due === isDue);
            const builder = await frameBuilder(schema);
            for (const [id, text, mark] of some) builder.append([BigInt(id), text, BigInt(mark)] as readonly Cell[]);
            if (some.length > 0) yield { due: isDue, frame: await builder.take() };
          }
          yield { reached: { window, left: left.slice(at + 1) } };
        }
      }
    },
  };
}

interface Scene {
  readonly source: readonly (readonly Row[])[];
  readonly destination: readonly (readonly Row[])[];
  readonly due: number;
}

function sidesOf({ source, destination, due }: Scene, pausing: ComparedSides['pausing']): ComparedSides {
  return {
    ...{ source: sideOf(source, due), destination: sideOf(destination, 1e9) },
    ...{
      columns,
      key: columns.slice(0, 1).map((column) => ({ ...column, inSource: column.name })),
      how: { keyed: true, keepsVersions: true, keepsNewest: false, comparesDeletes: false },
      versionMark: columns[2] ?? null,
      ranges: null,
    },
    request: { by: 'checksums', range: null, columns: null, key: null, sample: 1, rows: 10, pauseMs: 0, maxSnapshotMs: 1000, proof: false },
    ...{ hidesValues: false, areUnchanged: async () => true, ports: { clock: { sleep: async () => undefined } as never } },
    ...{ signal: new AbortController().signal, tell: () => undefined, pausing, settledSums: null },
  };
}

/** @param pauses whether a step is over behind its next slice. @returns what was found, and how many steps it took. */
async function inSteps(scene: Scene, pauses: () => boolean): Promise<{ readonly found: ComparedContent; readonly steps: number }> {
  let look: PausedLook | null = null;
  for (let steps = 1; ; steps++) {
    try {
      return { found: await comparedContent(sidesOf(scene, { look, isOver: pauses })), steps };
    } catch (error) {
      if (!(error instanceof LookPaused)) throw error;
      look = JSON.parse(JSON.stringify(error.look)) as PausedLook;
    }
  }
}

/** Rows in slices of random size, some changed, lost, doubled or updated on one side. */
function randomScene(random: () => number, differs: boolean): Scene {
  const rows: Row[] = Array.from({ length: 200 + Math.floor(random() * 200) }, (_, id) => [id, `text ${id}`, id]);
  const sliced = (all: readonly Row[]) => {
    const slices: (readonly Row[])[] = [];
    for (let at = 0; at < all.length; ) {
      const size = 1 + Math.floor(random() * 60);
      slices.push(all.slice(at, at + size));
      at += size;
    }
    return slices;
  };
  const updated = new Set(rows.filter(() => random() < 0.02).map(([id]) => id));
  const source = rows.map(([id, text, at]): Row => (updated.has(id) ? [id, `${text} later`, 1000 + id] : [id, text, at]));
  const destination = rows.filter(() => !differs || random() > 0.02).flatMap((row) => (differs && random() < 0.02 ? [row, row] : [row]));
  return { source: sliced(source), destination: sliced(destination), due: 999 };
}

describe('a comparison in steps', () => {
  test.each([false, true])('finds what one in a single step finds, wherever it pauses (differences: %s)', async (differs) => {
    const random = seeded(Number(SEED));
    let paused = 0;
    for (let n = 0; n < cases(10).numRuns; n++) {
      const scene = randomScene(random, differs);
      const whole = await comparedContent(sidesOf(scene, null));
      const { found, steps } = await inSteps(scene, () => random() < 0.4);
      expect(found).toEqual(whole);
      expect((await inSteps(scene, () => true)).found).toEqual(whole);
      paused += steps - 1;
    }
    expect(paused).toBeGreaterThan(0);
  });
});
