import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Step } from '../../src/engine/contracts/frame.ts';
import type { CommitOutcome, Intent } from '../../src/engine/contracts/intent.ts';
import type { Supersede } from '../../src/engine/contracts/store.ts';
import type { FilesHead } from '../../src/files/store/head/head-log.ts';
import type { AppendableFileSystem } from '../../src/ports/filesystem.ts';
import type { Json } from '../../src/ports/values.ts';
import { but } from '../support/but.ts';
import { collect } from '../support/collect.ts';
import { type Bench, run, text } from '../support/connector-conformance/bench.ts';
import type { Fabric } from '../support/fabric-replicator/fabric.ts';
import {
  dying,
  few,
  Killed,
  type LandingTables,
  losing,
  startLandingTables,
  type LandingTable as Table,
} from '../support/fabric-replicator/landing-tables.ts';
import { numbered } from '../support/fabric-replicator/scene.ts';
import { sampled } from '../support/samples.ts';
import type { Row } from '../support/sim/rows.ts';

const minute = 60_000;
const all: Supersede = { what: 'all', foreign: 'keep' };
/** Files of a full load here: any later one is an increment. */
const filesOfLoad = 2;

let zone: LandingTables;
let fabric: Fabric;
let files: AppendableFileSystem;
beforeAll(async () => {
  zone = await startLandingTables({
    lastFileStays: true,
    disappearsAfter: 10 * minute,
    reappearsAfter: 10 * minute,
    isIncrement: ({ name }) => Number(name.slice(0, 20)) > filesOfLoad,
  });
  ({ fabric, files } = zone);
});
afterAll(() => zone[Symbol.asyncDispose]());
const newTable = () => zone.newTable();
const told = () => zone.told();

/** Time passes, and Fabric works now and then. */
async function pass(ms: number): Promise<void> {
  const until = fabric.clock.now + ms;
  while (fabric.clock.now < until) {
    await fabric.replicator.turn();
    fabric.clock.now = Math.min(until, fabric.clock.now + Math.max(minute, ms / 4));
  }
  await fabric.replicator.turn();
}

/** Calls a step until it is done; Fabric works while it waits. */
async function done<T>(step: (cursor: Json | undefined) => Promise<Step<T>>, waits: string[] = []): Promise<T> {
  for (let cursor: Json | undefined; ; ) {
    const answer = await step(cursor);
    if ('done' in answer) return answer.done;
    cursor = answer.again;
    if (answer.waitsFor !== undefined && waits.at(-1) !== answer.waitsFor) waits.push(answer.waitsFor);
    if (answer.notBefore !== undefined) await pass(Math.max(0, Date.parse(answer.notBefore) - fabric.clock.now));
  }
}

/** As the engine calls them: the turn, `prepare`. */
async function decide(bench: Bench, epoch: number, rows: readonly Row[], supersede: Supersede, waits?: string[]): Promise<Intent> {
  const half = Math.ceil(rows.length / 2);
  const parts = await bench.stage(run(epoch), [{ rows: rows.slice(0, half) }], { slice: 0 });
  const others = await bench.stage(run(epoch), [{ rows: rows.slice(half) }], { slice: 1 });
  const store = await bench.under.open();
  await done((cursor) => store.replica?.awaitTurn(supersede, cursor) ?? Promise.resolve({ done: 'ready' }), waits);
  return await bench.decide(run(epoch), [...parts, ...others], supersede);
}

async function commit(bench: Bench, intent: Intent, waits?: string[]): Promise<CommitOutcome> {
  const store = await bench.under.open();
  return await done((cursor) => store.commit(intent, cursor), waits);
}

/** A table that Fabric has, with rows 1 to 4. */
async function settledTable(): Promise<Table> {
  const table = newTable();
  const first = await decide(table.bench, 1, few(1, 4), { what: 'nothing' });
  expect(await commit(table.bench, first)).toBe('committed');
  expect(await table.replicated()).toEqual(text(few(1, 4)));
  return table;
}

/** An increment after it settles, and the table is that of the source. */
async function goesOn(table: Table, loaded: readonly Row[], epoch = 3): Promise<void> {
  const increment = await decide(table.bench, epoch, few(90, 91), { what: 'nothing' });
  expect(await commit(table.bench, increment)).toBe('committed');
  expect(await table.replicated()).toEqual(text([...loaded, ...few(90, 91)]));
  expect(table.violations()).toEqual([]);
}

const isLeft = async ({ records }: Table) =>
  (await collect(files.list(records))).map(({ path }) => path.slice(records.length + 1).split('/')[0]);

describe('a full load', () => {
  test('deletes the folder, waits until the table is gone, and begins at number 1; increments wait until it is there again', async () => {
    const table = await settledTable();
    const waits: string[] = [];
    const load = await decide(table.bench, 2, few(11, 14), all, waits);
    expect(waits).toEqual([]);
    expect(await commit(table.bench, load, waits)).toBe('committed');
    expect(waits).toEqual(['Fabric has to remove the table from the mirrored database first']);
    expect(await table.names()).toEqual([numbered(1), numbered(2), '_metadata.json']);
    await fabric.replicator.turn();
    expect(fabric.replicator.table(table.name)).toBeUndefined();
    expect((await (await table.bench.under.open()).head())?.rows).toBe(4);
    const increment = await decide(table.bench, 3, few(13, 16), { what: 'nothing' }, waits);
    expect(waits.slice(1)).toEqual(['Fabric has to make the table first']);
    expect(await commit(table.bench, increment)).toBe('committed');
    expect(await table.replicated()).toEqual(text(few(11, 16)));
    expect(await isLeft(table)).toEqual(['current.json']);
    // The next one asks nothing any more.
    const later = await decide(table.over(files, { ask: () => Promise.reject(new Error('asked')) }), 4, few(17, 18), { what: 'nothing' });
    expect(await commit(table.bench, later)).toBe('committed');
    expect(await table.replicated()).toEqual(text(few(11, 18)));
    expect(table.violations()).toEqual([]);
  });

  test('after a full load waits until Fabric has made the table of that', async () => {
    const table = await settledTable();
    expect(await commit(table.bench, await decide(table.bench, 2, few(11, 14), all))).toBe('committed');
    const waits: string[] = [];
    const load = await decide(table.bench, 3, few(21, 24), all, waits);
    expect(waits).toEqual(['Fabric has to make the table first']);
    expect(await commit(table.bench, load)).toBe('committed');
    await goesOn(table, few(21, 24), 4);
  });

  test('of no rows leaves a table without any', async () => {
    const table = await settledTable();
    const store = await table.bench.under.open();
    const parts = await table.bench.stage(run(2), [], { emptyPart: true });
    await done((cursor) => store.replica?.awaitTurn(all, cursor) ?? Promise.resolve({ done: 'ready' }));
    expect(await commit(table.bench, await table.bench.decide(run(2), parts, all))).toBe('committed');
    await pass(30 * minute);
    expect(fabric.replicator.table(table.name)).toMatchObject({ processedRows: 0, taken: [numbered(1)] });
    expect(table.violations()).toEqual([]);
  });

  test('by two finishers at once happens once', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    const outcomes = await Promise.all([1, 2, 3].map(() => commit(table.bench, load)));
    for (const outcome of outcomes) expect(outcome).toMatch(/^(committed|already)$/);
    await goesOn(table, few(11, 14));
  });

  test('that comes back after six days changes nothing, whatever it was about to do', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    const late: (() => Promise<unknown>)[] = [];
    const slept = but(files, {
      removeFolder: async (path, condition) => {
        late.push(async () => await files.removeFolder?.(path, condition));
        return 'absent';
      },
      put: (path, body, how) => {
        if (late.length === 0) return files.put(path, body, how);
        late.push(() => files.put(path, body, how));
        return new Promise(() => undefined);
      },
    });
    const gone = async () => ({ ...told(), tables: [] });
    void commit(table.over(slept, { ask: gone }), load).catch(() => undefined);
    await expect.poll(() => late.length).toBe(2);
    expect(await commit(table.bench, load)).toBe('committed');
    await pass(6 * 24 * 60 * minute);
    for (const write of late) await write();
    expect(await commit(table.bench, load)).toBe('already');
    await goesOn(table, few(11, 14));
  });

  test('that was overtaken touches nothing', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    await table.bench.fence((await (await table.bench.under.open()).head())?.id ?? null, 2);
    expect(await commit(table.bench, load)).toBe('fenced');
    expect(await table.replicated()).toEqual(text(few(1, 4)));
  });

  test('takes the place of files that are not numbers of its own only where it may', async () => {
    const table = await settledTable();
    await files.put(`${table.folder}/${numbered(9)}`, Buffer.from('x'), { ifNoneMatch: '*' });
    await expect(decide(table.bench, 2, few(11, 14), all)).rejects.toThrow(expect.objectContaining({ code: 'HYG-4111' }));
    const load = await decide(table.bench, 3, few(11, 14), { what: 'all', foreign: 'replace' });
    expect(await commit(table.bench, load)).toBe('committed');
    await pass(30 * minute);
    expect(await table.replicated()).toEqual(text(few(11, 14)));
  });

  test('stops where another writer has made the folder again, and continues once that is gone', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    await collect(files.list(table.folder));
    const etag = (await files.folderEtag?.(table.folder)) ?? '';
    expect(await files.removeFolder?.(table.folder, { ifMatch: etag })).toBe('removed');
    await files.put(`${table.folder}/_metadata.json`, Buffer.from('{}'), { ifNoneMatch: '*' });
    await expect(commit(table.bench, load)).rejects.toThrow(expect.objectContaining({ code: 'HYG-4119' }));
    expect(await table.names()).toEqual(['_metadata.json']);
    expect(await files.removeFolder?.(table.folder, { ifMatch: (await files.folderEtag?.(table.folder)) ?? '' })).toBe('removed');
    expect(await commit(table.bench, load)).toBe('committed');
  });
});

describe('a full load that is given up', () => {
  const reason = { code: 'HYG-9000', reason: 'a test' };

  test('before its folder is deleted is no published one, also where the same bytes are published already', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(1, 4), all);
    const store = await table.bench.under.open();
    expect(load.parts.map(({ checksum }) => checksum)).toEqual(((await store.head()) as FilesHead).files.map(({ checksum }) => checksum));
    expect(await store.giveUp(load, reason, 'by force')).toEqual({ removed: [] });
    expect(await commit(table.bench, load)).toBe('given up');
    await goesOn(table, few(1, 4));
  });

  test('after its folder is deleted says so to every finisher, however often it is asked', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    const store = await table.bench.under.open();
    expect(await store.commit(load)).toMatchObject({ again: expect.anything(), waitsFor: expect.stringContaining('remove the table') });
    expect(await table.names()).toEqual([]);
    for (const finisher of [store, store, await table.bench.under.open()])
      expect(await finisher.giveUp(load, reason, 'by force')).toEqual({ removed: [], fullNext: 'target gone' });
    expect(await commit(table.bench, load)).toBe('given up');
    const next = await decide(table.bench, 3, few(21, 24), all);
    expect(await commit(table.bench, next)).toBe('committed');
    await goesOn(table, few(21, 24), 4);
  });

  test.each([
    ['decides about its folder', 'put'],
    ['deletes its folder', 'removeFolder'],
  ] as const)('while a finisher is paused before it %s is given up for good', async (_at, call) => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    let goOn = () => undefined as unknown;
    const paused = new Promise<void>((arrived) => {
      const pause = new Promise<void>((resume) => {
        goOn = resume;
      });
      const stopAt = async <T>(then: () => Promise<T>): Promise<T> => {
        arrived();
        await pause;
        return await then();
      };
      const slow = but(files, {
        ...(call === 'put' ? { put: (path, body, how) => stopAt(() => files.put(path, body, how)) } : {}),
        ...(call === 'removeFolder'
          ? { removeFolder: (path, how) => stopAt(async () => (await files.removeFolder?.(path, how)) ?? 'absent') }
          : {}),
      });
      ended = commit(table.over(slow), load).catch((error: unknown) => error);
    });
    await paused;
    const given = await (await table.bench.under.open()).giveUp(load, reason, 'by force');
    expect(given).toEqual({ removed: [], ...(call === 'removeFolder' && { fullNext: 'target gone' }) });
    if (call === 'put') {
      await goesOn(table, few(1, 4));
      goOn();
      await ended;
      await goesOn(table, few(1, 4), 4);
      return;
    }
    const next = await decide(table.bench, 3, few(21, 24), all);
    expect(await commit(table.bench, next)).toBe('committed');
    goOn();
    await ended;
    await goesOn(table, few(21, 24), 4);
  });

  test('of a table that was gone before says that it still is', async () => {
    const table = await settledTable();
    await collect(files.list(table.folder));
    await files.removeFolder?.(table.folder, { ifMatch: (await files.folderEtag?.(table.folder)) ?? '' });
    const load = await decide(table.bench, 2, few(11, 14), all);
    expect(await (await table.bench.under.open()).giveUp(load, reason, 'by force')).toEqual({ removed: [], fullNext: 'target gone' });
  });

  test('leaves the table there if its parts are lost before, whatever is published already', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(1, 4), all);
    for await (const file of files.staged(`${table.records}/staging`)) await files.discard(file);
    expect(await commit(table.bench, load)).toBe('parts lost');
    expect(await table.replicated()).toEqual(text(few(1, 4)));
  });

  test('with nothing but metadata published leads on to another one at once', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    const dead = but(files, { publish: () => Promise.reject(new Killed()) });
    await expect(commit(table.over(dead), load)).rejects.toThrow(Killed);
    expect(await table.names()).toEqual(['_metadata.json']);
    expect(await (await table.bench.under.open()).giveUp(load, reason, 'by force')).toEqual({ removed: [], fullNext: 'target gone' });
    const waits: string[] = [];
    const next = await decide(table.bench, 3, few(21, 24), all, waits);
    expect(await commit(table.bench, next, waits)).toBe('committed');
    expect(waits).toEqual([]);
    await goesOn(table, few(21, 24), 4);
  });
});

test('a table without a schema of its own is not gone while Fabric names it in its default schema', async () => {
  const table = await settledTable();
  const load = await decide(table.bench, 2, few(11, 14), all);
  const inDefault = async () => ({ ...told(), tables: told().tables.map((one) => ({ ...one, schema: 'dbo' })) });
  const waits: string[] = [];
  expect(await commit(table.over(files, { ask: inDefault }), load, waits)).toBe('committed');
  expect(waits).toEqual(['Fabric has to remove the table from the mirrored database first']);
  await goesOn(table, few(11, 14));
});

describe('while a full load waits', () => {
  test('a mirrored database that is stopped ends the run, and the next one goes on', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    fabric.replicator.status = 'Stopped';
    await expect(commit(table.bench, load)).rejects.toThrow(expect.objectContaining({ code: 'HYG-4119' }));
    await pass(minute);
    fabric.replicator.status = 'Running';
    expect(await commit(table.bench, load)).toBe('committed');
    await goesOn(table, few(11, 14));
  });

  test('one that starts tells of no table, which is not taken for gone', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    let asked = 0;
    const starting = async () => (++asked < 4 ? { ...told(), status: 'Starting', tables: [] } : told());
    const waits: string[] = [];
    expect(await commit(table.over(files, { ask: starting }), load, waits)).toBe('committed');
    expect(waits[0]).toBe('The mirrored database is starting');
    await goesOn(table, few(11, 14));
  });

  test('six hours end it, and the next one continues', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    const still = told();
    const since = fabric.clock.now;
    let looks = 0;
    const never = async () => {
      looks++;
      return { ...still, status: 'Running' };
    };
    await expect(commit(table.over(files, { ask: never }), load)).rejects.toThrow(expect.objectContaining({ code: 'HYG-4119' }));
    expect(fabric.clock.now - since).toBeGreaterThanOrEqual(6 * 60 * minute);
    expect(looks).toBeLessThan(60);
    expect(await commit(table.bench, load)).toBe('committed');
    await goesOn(table, few(11, 14));
  });

  test('a table that Fabric never made is loaded again once six hours have passed since its commit, and increments say so at once', async () => {
    const table = newTable();
    const without = { ask: async () => ({ ...told(), tables: told().tables.filter((one) => one.table !== table.name) }) };
    const bench = table.over(files, without);
    expect(await commit(bench, await decide(bench, 1, few(1, 4), all))).toBe('committed');
    const waits: string[] = [];
    const load = await decide(bench, 2, few(11, 14), all, waits);
    expect(waits).toEqual(['Fabric has to make the table first']);
    expect(await commit(bench, load)).toBe('committed');
    // The next runs of a day later: none of them waits once more.
    fabric.clock.now += 24 * 60 * minute;
    const asked = fabric.clock.now;
    const refused = decide(bench, 3, few(15, 16), { what: 'nothing' });
    const tryThis = expect.arrayContaining(['Load the table again: hygge reset FLOW.ENTITY, then hygge go']);
    await expect(refused).rejects.toThrow(expect.objectContaining({ code: 'HYG-4119', tryThis }));
    const again = await decide(bench, 4, few(21, 24), all);
    expect(fabric.clock.now - asked).toBeLessThan(minute);
    expect(await commit(table.bench, again)).toBe('committed');
    await goesOn(table, few(21, 24), 5);
  });

  test('a folder that Fabric reads from is deleted later', async () => {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    let busy = 2;
    const reading = but(files, {
      removeFolder: async (path, condition) => (busy-- > 0 ? 'busy' : ((await files.removeFolder?.(path, condition)) ?? 'busy')),
    });
    const waits: string[] = [];
    expect(await commit(table.over(reading), load, waits)).toBe('committed');
    expect(waits[0]).toBe('The folder of the table must be deleted first, and Fabric still reads from it');
    await goesOn(table, few(11, 14));
  });
});

let ended: Promise<unknown>;

test('a full load that dies at any call is finished exactly, at once or later', async () => {
  const dies = (at: number, when: 'before' | 'after') => {
    const died = dying(files, at, when);
    return { ...died, ask: () => died.call(told) };
  };
  const counting = dies(Number.POSITIVE_INFINITY, 'before');
  const whole = await settledTable();
  expect(await commit(whole.over(counting.files, counting), await decide(whole.bench, 2, few(11, 14), all))).toBe('committed');
  expect(counting.calls()).toBeGreaterThan(20);
  const every = Array.from({ length: counting.calls() }, (_, i) =>
    (['before', 'after'] as const).flatMap((when) => [0, 30 * minute].map((later) => ({ at: i + 1, when, later }))),
  );
  for (const { at, when, later } of sampled(every.flat(), 200)) {
    const table = await settledTable();
    const load = await decide(table.bench, 2, few(11, 14), all);
    const died = dies(at, when);
    await expect(commit(table.over(died.files, died), load)).rejects.toThrow(Killed);
    await pass(later);
    expect(await commit(table.bench, load)).toMatch(/committed|already/);
    await goesOn(table, few(11, 14));
    expect(await isLeft(table)).toEqual(['current.json']);
  }
});

test('a full load whose answers are lost happens once', async () => {
  const table = await settledTable();
  const load = await decide(table.bench, 2, few(11, 14), all);
  const lost = new Set<string>();
  expect(await commit(table.over(losing(files, lost)), load)).toBe('committed');
  // With the record of its numbers, which is written and removed.
  expect(lost.size).toBe(12);
  await goesOn(table, few(11, 14));
});
