import { describe, expect, test } from 'vitest';
import type { Home } from '../../src/engine/contracts/home.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { Part, Store } from '../../src/engine/contracts/store.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { readable } from '../../src/errors/readable.ts';
import { projection } from '../../src/files/home/projection.ts';
import { manifestHeads } from '../../src/files/store/head/manifest.ts';
import { recordsFolder } from '../../src/files/store/layout.ts';
import { carryHead } from '../../src/files/store/rename-entity.ts';
import type { EntitySummary } from '../../src/ports/events.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import { decided, place, run, staged, storeOn } from '../files/settling.ts';
import { without } from '../support/abilities.ts';
import { but } from '../support/but.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { idsOf } from '../support/sim/actors.ts';
import { simulated } from '../support/sim/at-once.ts';
import { baseSchema, SimFrame, withColumn } from '../support/sim/rows.ts';
import type { SpecChanges } from '../support/sim/world.ts';

/** Runs an entity of two rows through the engine, with a home or store that misbehaves. */
async function outcomeWith(
  change: { readonly home?: (home: Home) => Home; readonly store?: (store: Store) => Store },
  spec: SpecChanges = { watermark: null, runType: 'full_drop' },
): Promise<EntitySummary> {
  const { world, ports } = simulated({ spec });
  const altered: EnginePorts = {
    ...ports,
    home: async (...of) => (change.home ?? ((home) => home))(await ports.home(...of)),
    store: async (...of) => (change.store ?? ((store) => store))(await ports.store(...of)),
  };
  const how = { workspace: 'simulated', runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(2) };
  return runEntity({ ids: idsOf('A'), spec: world.spec, ...how, signal: new AbortController().signal }, altered);
}

function staging(alter: (part: Part) => Part) {
  return { store: (store: Store) => but(store, { stage: async (...of) => (await store.stage(...of)).map(alter) }) };
}

describe('the guard rails stop a run', () => {
  test('whose store wrote fewer rows than were read', async () => {
    const { status, error, rows } = await outcomeWith(staging((part) => ({ ...part, rows: part.rows - 1 })));
    expect({ status, code: error?.code, rows }).toEqual({ status: 'error', code: 'HYG-2008', rows: 0 });
  });

  test('whose store wrote a null where there was a value', async () => {
    const { status, error } = await outcomeWith(staging((part) => ({ ...part, nulls: part.nulls.map((count) => count + 1) })));
    expect({ status, code: error?.code }).toEqual({ status: 'error', code: 'HYG-2009' });
  });

  test('of which one slice has another column than the others', async () => {
    const wider = (home: Home) =>
      but(home, {
        async *read(slice, ...of) {
          for await (const frame of home.read(slice, ...of))
            yield frame instanceof SimFrame && JSON.stringify(slice).includes('"odd":1')
              ? new SimFrame(withColumn(frame.schema, 'extra'), frame.list)
              : frame;
        },
      });
    const { status, error } = await outcomeWith({ home: wider }, { runType: 'full_drop' });
    expect({ status, code: error?.code }).toEqual({ status: 'error', code: 'HYG-2013' });
  });
});

describe('what cannot be done is said before anything is read', () => {
  test('a window read again, in a store that replaces whole parts only', async () => {
    const coarse = { store: (store: Store) => but(store, without(store, 'range')) };
    const { error } = await outcomeWith(coarse, { watermark: { overlapMs: 60_000 } });
    expect(error).toMatchObject({ code: 'HYG-2014', what: expect.stringContaining('watermark.overlap') });
  });

  test('an incremental run with nothing that tells new rows from old ones', async () => {
    const unordered = (home: Home) => but(home, { files: undefined } as unknown as Partial<Home>);
    const { error } = await outcomeWith({ home: unordered }, { watermark: null, runType: 'incremental' });
    expect(error?.code).toBe('HYG-2015');
  });
});

test('a system that never answers ends the run as such, not as a fault of hygge', async () => {
  const silent = (home: Home) => but(home, { describe: () => Promise.reject(new OutcomeUnknown('the source')) });
  const summary = await outcomeWith({ home: silent });
  expect(summary).toMatchObject({ status: 'error', error: { code: 'HYG-6001' } });
  // Nobody threw it as an error of ours, so nobody but this test has seen it.
  noteWithin(summary);
});

test('an unforeseen failure is told as a fault of hygge, with what to do about it', () => {
  expect(readable(new TypeError('x is not a function'))).toMatchObject({
    code: 'HYG-9001',
    what: 'hygge met something that it did not expect: x is not a function',
    tryThis: [expect.stringContaining('-v')],
  });
});

describe('a source file', () => {
  test('without a column that the config names is not taken for one that has it', () => {
    expect(() => projection(baseSchema, ['id', 'nmae'], null)).toThrow(expect.objectContaining({ code: 'HYG-3205' }));
    expect(() => projection(baseSchema, null, ['gone'])).toThrow(expect.objectContaining({ code: 'HYG-3205' }));
  });
});

describe("the destination's record", () => {
  async function settledOnce() {
    const files = new MemoryFileSystem();
    const store = storeOn(files);
    const intent = await decided(store, run(1), await staged(store, run(1)));
    await store.commit(intent);
    return { files, store, intent };
  }

  test.each([
    ['torn', '{"version": 1, "id'],
    ['not a record', '[]'],
    ['without its files', '{"version": 1, "id": "x", "epoch": 1}'],
  ])('that is %s is not guessed', async (_, text) => {
    const { files, store } = await settledOnce();
    files.plant(`${recordsFolder(place)}/current.json`, text);
    await expect(store.head()).rejects.toMatchObject({ code: 'HYG-4101' });
  });

  test('of a newer hygge is left alone', async () => {
    const { files, store } = await settledOnce();
    files.plant(`${recordsFolder(place)}/current.json`, '{"version": 4}');
    await expect(store.head()).rejects.toMatchObject({ code: 'HYG-4102' });
  });

  test('is not carried over the record of another entity', async () => {
    const { files } = await settledOnce();
    const to = { ...place, entity: 'other' };
    files.plant(`${recordsFolder(to)}/current.json`, '{"version": 1, "id": "theirs", "epoch": 1, "files": []}');
    const logs = { from: manifestHeads.open(files, place), to: manifestHeads.open(files, to) };
    await expect(carryHead(to, logs)).rejects.toMatchObject({ code: 'HYG-4104' });
  });

  test('of a commit is never the record of another one', async () => {
    const { files, store } = await settledOnce();
    const next = await decided(store, run(2), await staged(store, run(2)));
    for await (const { path } of files.list('')) expect(path).not.toContain(next.id);
    files.plant(`${recordsFolder(place)}/commits/00000000000000000002-${next.id}.json`, '{"id": "another"}');
    await expect(store.commit(next)).rejects.toMatchObject({ code: 'HYG-9002' });
  });
});
