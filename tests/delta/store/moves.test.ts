import { describe, expect, test } from 'vitest';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import { checkpointBytes, RawState } from '../../../src/delta/write/checkpoint.ts';
import { DeltaHead } from '../../../src/files/delta-store/head.ts';
import { LogCache } from '../../../src/files/delta-store/log-cache.ts';
import { deltaStore } from '../../../src/files/delta-store/store.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import { but } from '../../support/but.ts';
import { Bench, run, text } from '../../support/connector-conformance/bench.ts';
import { simFrame } from '../../support/connector-conformance/frames.ts';
import { Unscheduled } from '../../support/sim/at-once.ts';
import { announceForeign, deltaDestination } from '../../support/sim/delta-destination.ts';
import { Disk, SimFileSystem } from '../../support/sim/disk.ts';
import { jsonLines } from '../../support/sim/jsonl-format.ts';
import { baseSchema, row, rowText } from '../../support/sim/rows.ts';
import { rowsApart } from '../../support/sim/rows-apart.ts';

const entryName = (version: number) => `_delta_log/${String(version).padStart(20, '0')}.json`;
const clock = realClock();

/** What another program does right before a call of ours; once. */
interface Before {
  publish?: (() => Promise<void>) | undefined;
  record?: (() => Promise<void>) | undefined;
  entry?: (() => Promise<void>) | undefined;
}

/** Logs are kept by their addresses, so each scene has an address of its own. */
let scenes = 0;

class Scene {
  readonly disk = new Disk(`memory://lake-${++scenes}`);
  readonly #clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly before: Before = {};
  readonly bench: Bench;
  readonly files: FileSystem;
  readonly place: FilePlace;

  constructor(partitionBy: readonly string[] = [], now: Pick<Clock, 'now' | 'monotonicMs'> = clock) {
    this.#clock = now;
    const plain = new SimFileSystem(new Unscheduled('test', () => undefined), this.disk, { name: 'lake', step: () => undefined });
    const once = async (which: keyof Before) => {
      const act = this.before[which];
      this.before[which] = undefined;
      await act?.();
    };
    this.files = but<FileSystem>(plain, {
      publish: async (staged) => {
        await once('publish');
        return plain.publish(staged);
      },
      put: async (path, body, condition) => {
        if (path.startsWith('_delta_log/')) await once('entry');
        if (path.startsWith('_hygge/') && path.includes('/commits/')) await once('record');
        return plain.put(path, body, condition);
      },
    });
    const place = {
      type: 'test',
      root: 'lake',
      folder: '',
      flow: 'f',
      entity: 'e',
      layout: 'plain',
      extension: jsonLines.extension,
    } as const;
    this.place = partitionBy.length === 0 ? place : { ...place, partitionBy };
    const scratch = realScratch();
    const open = async (at: FilePlace = this.place) =>
      deltaStore({
        files: this.files,
        place: at,
        clock: now,
        where: 'lake',
        format: jsonLines,
        targetBytes: 1_000_000,
        apart: rowsApart,
        random: realRandom(),
        scratch,
      });
    this.bench = new Bench({
      open,
      at: (at) => open(at as unknown as FilePlace),
      frame: simFrame,
      settled: async () => deltaDestination(this.disk, '').rows().map(rowText).sort(),
      [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
    });
  }

  head(): DeltaHead {
    return new DeltaHead(this.files, this.place, { clock: this.#clock, checkpoint: async () => false, cache: new LogCache() });
  }

  settled(): Promise<readonly string[]> {
    return this.bench.under.settled();
  }

  get newest(): number {
    return [...this.disk.bodies.keys()].filter((path) => /^_delta_log\/\d+\.json$/.test(path)).length - 1;
  }

  text(version: number): string {
    return new TextDecoder().decode(this.disk.bodies.get(entryName(version)));
  }

  appendTheirs(): void {
    const rows = [row(90, 90)];
    this.disk.plant(
      'theirs.jsonl',
      `${[JSON.stringify(baseSchema), ...rows.map((one) => JSON.stringify(one)), `"rows ${rows.length}"`].join('\n')}\n`,
    );
    announceForeign(this.disk, 'theirs.jsonl');
  }

  /** Every file is written anew under another name, which changes no row. */
  async compactTheirs(): Promise<void> {
    const active = [...((await this.head().table())?.active ?? [])];
    const lines = active.flatMap(([name, { path, bytes, stats }], i) => {
      this.disk.plant(`other-${i}.jsonl`, this.disk.bodies.get(name) as Uint8Array);
      const add = { path: `other-${i}.jsonl`, partitionValues: {}, size: bytes, modificationTime: 1, dataChange: false, stats };
      return [{ remove: { path, deletionTimestamp: 1, dataChange: false } }, { add }];
    });
    this.disk.plant(
      entryName(this.newest + 1),
      [{ commitInfo: { operation: 'OPTIMIZE' } }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
  }

  /** Entries up to the newest go, three empty versions come, and a checkpoint is made of the last of them. */
  cleanLog(kept: readonly number[] = []): void {
    const state = new RawState();
    const last = this.newest;
    for (let version = 0; version <= last; version++)
      state.apply(
        this.text(version)
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      );
    for (let version = 0; version <= last; version++) {
      if (kept.includes(version)) continue;
      this.disk.bodies.delete(entryName(version));
      void this.disk.raw.remove(entryName(version));
    }
    const version = last + 3;
    this.disk.plant(entryName(version), `${JSON.stringify({ commitInfo: { operation: 'WRITE' } })}\n`);
    this.disk.plant(entryName(version).replace('.json', '.checkpoint.parquet'), checkpointBytes(state.actions(0)));
  }
}

describe('a commit of another program while ours is under way', () => {
  test('that took the name of our entry stays, and ours comes behind it', async () => {
    const scene = new Scene();
    await scene.bench.settle(1, [{ rows: [row(1, 1)] }]);
    let theirs = '';
    scene.before.entry = async () => {
      scene.appendTheirs();
      theirs = scene.text(1);
    };
    await scene.bench.settle(2, [{ rows: [row(2, 2)] }]);
    expect(scene.text(1)).toBe(theirs);
    expect(await scene.settled()).toEqual(text([row(1, 1), row(2, 2), row(90, 90)]));
    expect(scene.newest).toBe(2);
  });

  test('that put our files together is followed before ours is built', async () => {
    const scene = new Scene();
    await scene.bench.settle(1, [{ rows: [row(1, 1)] }]);
    scene.before.publish = () => scene.compactTheirs();
    await scene.bench.settle(2, [{ rows: [row(2, 2)] }]);
    expect(await scene.settled()).toEqual(text([row(1, 1), row(2, 2)]));
    const head = await scene.head().read();
    expect(head?.head.files.map(({ name, role }) => [name.startsWith('other-'), role])).toContainEqual([true, 'data']);
  });

  test('that came in the same millisecond leaves the head readable once the log was cleaned', async () => {
    const scene = new Scene([], { now: () => '2030-01-01T00:00:00.000Z', monotonicMs: () => 0 });
    await scene.bench.settle(1, [{ rows: [row(1, 1)] }]);
    scene.before.entry = async () => scene.appendTheirs();
    await scene.bench.settle(2, [{ rows: [row(2, 2)] }]);
    scene.cleanLog();
    const found = await scene.head().read();
    expect([found?.head.epoch, found?.record.version]).toEqual([2, 2]);
  });

  test('that made the table first is seen by the first load', async () => {
    const scene = new Scene();
    scene.before.entry = async () => scene.appendTheirs();
    await scene.bench.settle(1, [{ rows: [row(1, 1)] }]);
    expect(await scene.settled()).toEqual(text([row(1, 1), row(90, 90)]));
  });

  test('whose log was cleaned, so that the name of our entry is free again, does not make ours count there', async () => {
    const scene = new Scene();
    await scene.bench.settle(1, [{ rows: [row(1, 1)] }]);
    scene.before.entry = async () => scene.cleanLog();
    await scene.bench.settle(2, [{ rows: [row(2, 2)] }]);
    const found = await scene.head().read();
    expect(found?.found.snapshot.version).toBe(4);
    expect(found?.head.files).toHaveLength(2);
    for (const { name } of found?.head.files ?? []) expect(found?.found.active.has(name)).toBe(true);
  });
});

describe('a machine that sleeps for a month', () => {
  const month = 30 * 24 * 3_600_000;
  /** A scene with one commit. Before the second one has its entry, the machine sleeps and the log is cleaned. */
  async function asleep(moves: 'wall' | 'monotonic') {
    const hands = { wall: Date.parse('2030-01-01'), monotonic: 0 };
    const scene = new Scene([], { now: () => new Date(hands.wall).toISOString(), monotonicMs: () => hands.monotonic });
    await scene.bench.settle(1, [{ rows: [row(1, 1)] }]);
    scene.before.record = async () => {
      hands[moves] += month;
      scene.cleanLog();
    };
    await scene.bench.settle(2, [{ rows: [row(2, 2)] }]);
    return scene;
  }

  test.each(['wall', 'monotonic'] as const)('puts no entry on what it read before, by its %s clock', async (moves) => {
    const scene = await asleep(moves);
    expect(scene.disk.bodies.has(entryName(1))).toBe(false);
    const found = await scene.head().read();
    expect([found?.record.version, found?.head.files.length]).toEqual([4, 2]);
  });

  test('does not count an entry in a gap of the log, though the versions before and after it are there', async () => {
    const scene = new Scene();
    await scene.bench.settle(1, [{ rows: [row(1, 1)] }]);
    scene.before.entry = async () => {
      scene.cleanLog([0]);
      scene.disk.plant(entryName(2), `${JSON.stringify({ commitInfo: { operation: 'WRITE' } })}\n`);
    };
    await scene.bench.settle(2, [{ rows: [row(2, 2)] }]);
    const found = await scene.head().read();
    expect([found?.record.version, found?.head.files.length]).toEqual([4, 2]);
  });
});

describe('a table that another program made in the place of ours', () => {
  test('gets no entry of a commit that was built on ours, though both have the same version', async () => {
    const scene = new Scene();
    await scene.bench.settle(1, [{ rows: [row(1, 1)] }]);
    scene.before.publish = async () => {
      const theirs = scene
        .text(0)
        .split('\n')
        .filter((line) => !/^\{"(add|txn|commitInfo)"/.test(line));
      for (const path of [...scene.disk.bodies.keys()]) if (/^_(delta_log|hygge)\b.*json$/.test(path)) await scene.files.remove(path);
      scene.disk.plant(entryName(0), [JSON.stringify({ commitInfo: { operation: 'CREATE TABLE' } }), ...theirs].join('\n'));
    };
    const of = run(2);
    const intent = await scene.bench.decide(of, await scene.bench.stage(of, [{ rows: [row(2, 2)] }]));
    expect(await scene.bench.commit(intent)).not.toBe('committed');
    expect(scene.disk.bodies.has(entryName(1))).toBe(false);
  });
});

describe('a fence that comes before every commit', () => {
  test.each([{ by: [] }, { by: ['mark'] }])(
    'makes a table that can be read, and the first load makes its columns: partitioned by $by',
    async ({ by }) => {
      const scene = new Scene(by);
      const fence = await scene.bench.fence(null);
      expect((await scene.head().table())?.snapshot.metadata).toMatchObject({ partitionColumns: [], schema: { fields: [] } });
      expect(await scene.bench.inspect()).toMatchObject({ content: 'ours' });
      const of = { ...run(20), lineage: 'l2' };
      const intent = await scene.bench.decide(of, await scene.bench.stage(of, [{ rows: [row(1, 1)] }]));
      expect([typeof fence, await scene.bench.commit(intent)]).toEqual(['object', 'committed']);
      expect((await scene.head().table())?.snapshot.metadata).toMatchObject({
        partitionColumns: by,
        schema: { fields: [{ name: 'id' }, { name: 'mark' }] },
      });
    },
  );
});
