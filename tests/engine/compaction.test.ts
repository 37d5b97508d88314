/** What a compaction refuses: rows that are not those of the files that it read. */
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Compaction } from '../../src/engine/contracts/replacing.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { compactParts } from '../../src/engine/move/move-compaction.ts';
import type { SliceContext } from '../../src/engine/move/slice-context.ts';
import { decided, run, staged, storeOn } from '../files/settling.ts';
import { but } from '../support/but.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { adding, type Row, rowsOfFrame, SimFrame, simulatedTools } from '../support/sim/rows.ts';

async function compacting(changes: (compaction: Compaction) => Partial<Compaction>, budgetMs = 60_000) {
  const files = new MemoryFileSystem();
  const store = storeOn(files);
  const parts = [...(await staged(store, run(1), 3)), ...(await staged(store, run(1), 2)), ...(await staged(store, run(1), 4))];
  await store.commit(await decided(store, run(1), parts));
  const own = store.compaction as Compaction;
  const [slice] = (await own.plan({ bySource: false, readAgain: null })).slices;
  if (slice === undefined) throw new Error('three small files are put together');
  const compaction: Compaction = {
    frameBytes: own.frameBytes,
    plan: (scope) => own.plan(scope),
    open: (part, schema) => own.open(part, schema),
    stage: (request, frames, how) => own.stage(request, frames, how),
    oldFiles: (how) => own.oldFiles(how),
    ...changes(own),
  };
  const ports = {
    store: async (): Promise<Store> => but(store, { compaction }),
    budget: { acquire: async () => () => undefined },
    clock: { monotonicMs: () => 0, now: () => '2026-01-01T00:00:00.000Z' },
    frames: simulatedTools,
    state: { read: async () => ({ row: { epoch: 2 }, etag: '1' }) },
  };
  const of = {
    ports,
    spec: { flow: 'f', entity: 'f' },
    plan: { prev: (await store.head())?.id, writing: adding, watermarkAs: null, run: 'run-2', lineage: 'mine', epoch: 2 },
    slice,
    request: { slice: 0, attempt: 1, budgetMs },
    watching: { signal: new AbortController().signal, onRows: () => undefined },
  } as unknown as SliceContext;
  return { of };
}

const changed = (frame: Frame, change: (rows: readonly Row[]) => readonly Row[]) => new SimFrame(frame.schema, change(rowsOfFrame(frame)));

describe('a compaction', () => {
  it('stages the rows of all parts as one', async () => {
    const { of } = await compacting(() => ({}));
    const { parts, found, rowsRead, next } = await compactParts(of, undefined);
    expect(parts).toMatchObject([{ rows: 9, role: 'data' }]);
    expect(found).toMatchObject({ compacted: { files: 3, left: [] }, rewritten: [{ kept: 3 }, { kept: 2 }, { kept: 4 }] });
    expect({ rowsRead, next }).toEqual({ rowsRead: 9, next: null });
  });

  it('goes on at the next part where the time of a step is up', async () => {
    const { of } = await compacting(() => ({}), 0);
    const first = await compactParts(of, undefined);
    expect(first).toMatchObject({ found: { rewritten: [{ kept: 3 }] }, next: { cursor: { part: 1 } } });
    const second = await compactParts(of, first.next?.cursor ?? undefined);
    expect(second).toMatchObject({ found: { rewritten: [{ kept: 2 }] }, next: { cursor: { part: 2 } } });
    expect(await compactParts(of, second.next?.cursor ?? undefined)).toMatchObject({ found: { rewritten: [{ kept: 4 }] }, next: null });
  });

  it.each([
    ['a value is another one', (rows: readonly Row[]) => rows.map((one, i) => (i === 1 ? { ...one, id: 77 } : one))],
    ['a row is missing', (rows: readonly Row[]) => rows.slice(1)],
    ['a row is there twice', (rows: readonly Row[]) => [...rows, ...rows.slice(0, 1)]],
  ])('is refused where %s in what was written', async (_, change) => {
    const { of } = await compacting((own) => ({
      stage: (request, frames, how) => own.stage(request, frames, { ...how, readBack: (frame) => how.readBack(changed(frame, change)) }),
    }));
    await expect(compactParts(of, undefined)).rejects.toMatchObject({ code: 'HYG-4117' });
  });

  it('is refused where a file gives fewer rows than settled in it', async () => {
    const { of } = await compacting((own) => ({
      async open(part, schema) {
        const opened = await own.open(part, schema);
        if ('left' in opened) return opened;
        return {
          async *read(signal) {
            for await (const frame of opened.read(signal)) yield changed(frame, (rows) => rows.slice(1));
          },
        };
      },
    }));
    await expect(compactParts(of, undefined)).rejects.toMatchObject({ code: expect.stringMatching(/^HYG-/) });
  });

  it('leaves one part alone as it is', async () => {
    const { of } = await compacting((own) => ({
      open: async (part, schema) =>
        part.rows === 3 ? own.open(part, schema) : { left: { name: 'x', column: 'c', why: 'not settled' as const } },
    }));
    expect(await compactParts(of, undefined)).toMatchObject({
      parts: [],
      rowsRead: 0,
      found: { rewritten: [], compacted: { files: 0, left: [{}, {}] } },
    });
  });
});
