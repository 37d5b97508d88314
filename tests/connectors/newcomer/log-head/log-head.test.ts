import { describe, expect, test } from 'vitest';
import { realRandom } from '../../../../src/adapters/real-random.ts';
import { realScratch } from '../../../../src/adapters/real-scratch.ts';
import type { FilesHead, HeadKind } from '../../../../src/files/store/head/head-log.ts';
import type { FilePlace } from '../../../../src/files/store/layout.ts';
import { fileStore } from '../../../../src/files/store/store.ts';
import { but } from '../../../support/but.ts';
import type { StoreUnderTest } from '../../../support/connector-conformance/bench.ts';
import { simFrame } from '../../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../../support/connector-conformance/store.ts';
import { MemoryFileSystem } from '../../../support/memory-filesystem.ts';
import { SEED, sampled } from '../../../support/samples.ts';
import { Unscheduled } from '../../../support/sim/at-once.ts';
import { deaths, matrix } from '../../../support/sim/deaths.ts';
import { filesDestination, type HeadReader } from '../../../support/sim/destination.ts';
import { directing, type Move } from '../../../support/sim/directed.ts';
import { Disk, SimFileSystem } from '../../../support/sim/disk.ts';
import { drowsy, execute, explain, type Plot, seeded } from '../../../support/sim/explore.ts';
import { jsonLines } from '../../../support/sim/jsonl-format.ts';
import { baseSchema, rowText } from '../../../support/sim/rows.ts';
import { rowsApart } from '../../../support/sim/rows-apart.ts';
import { isFor, references, scenarios } from '../../../support/sim/scenarios.ts';
import { directed } from '../../../support/sim/schedules.ts';
import type { Pair } from '../../../support/sim/world.ts';
import { logHeads, replay } from './log.ts';

/** Reads the log past every port; what it read last is kept, since the oracle looks after each call. */
function logReader(): HeadReader {
  let last: { readonly bodies: readonly Uint8Array[]; readonly head: FilesHead | null } = { bodies: [], head: null };
  return (disk) => {
    const bodies: Uint8Array[] = [];
    const folder = [...disk.bodies.keys()].find((path) => /^_hygge\/.*\/_log\/\d+\.json$/.test(path))?.replace(/\d+\.json$/, '');
    for (let number = 1; ; number++) {
      const body = disk.bodies.get(`${folder}${String(number).padStart(20, '0')}.json`);
      if (!body) break;
      bodies.push(body);
    }
    const isSame = bodies.length === last.bodies.length && bodies.every((body, i) => body === last.bodies[i]);
    if (!isSame) last = { bodies, head: bodies.reduce<ReturnType<typeof replay>>(replay, undefined)?.head ?? null };
    return last.head;
  };
}

function placeOf(partitionBy?: readonly string[]): FilePlace {
  const where = { type: 'test', root: 'lake', folder: 'crm/e', flow: 'f', entity: 'e', extension: jsonLines.extension };
  return { ...where, layout: 'plain', ...(partitionBy ? { partitionBy } : {}) };
}

async function inMemory(partitionBy?: readonly string[]): Promise<StoreUnderTest> {
  const disk = new Disk('memory://lake');
  const files = new SimFileSystem(new Unscheduled('test', () => undefined), disk, { name: 'lake', step: () => undefined });
  const scratch = realScratch();
  const open = async (place: FilePlace = placeOf(partitionBy)) =>
    fileStore({
      files,
      place,
      heads: logHeads,
      where: 'lake/crm/e',
      format: jsonLines,
      targetBytes: 1_000_000,
      apart: rowsApart,
      random: realRandom(),
      scratch,
    });
  const reader = logReader();
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: simFrame,
    settled: async () => filesDestination(disk, 'crm/e', reader).rows().map(rowText).sort(),
    plantForeign: async (rows) => {
      const lines = [JSON.stringify(baseSchema), ...rows.map((one) => JSON.stringify(one)), `"rows ${rows.length}"`];
      disk.plant('crm/e/theirs.jsonl', `${lines.join('\n')}\n`);
    },
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

const layouts = [
  ['files in memory whose head is a log', undefined],
  ['files in memory whose head is a log, partitioned', ['mark']],
] as const;
for (const [name, partitionBy] of sampled(layouts, 2)) storeConformance(`${name}`, () => inMemory(partitionBy));

const logPair = (store: 'plain' | 'versioned' | 'partitioned' | 'uploads', kind: HeadKind = logHeads): Pair => ({
  store,
  state: 'memory',
  head: { kind, reader: logReader },
});

const kinds = ['plain', 'versioned', 'partitioned', 'uploads'] as const;

/** `stride` as in the crash matrix of the stores that hygge brings. */
const stride = 32 * Object.keys(deaths).length + 1;

describe('killed or refused at a call, with a log for a head', () => {
  const cells = kinds
    .map((store) => logPair(store))
    .flatMap((pair, at) =>
      sampled(references.entries(), 12, SEED + 3 * at).flatMap(([i, scenario]) =>
        isFor(scenario, pair) ? [{ name: `${scenario.name}, ${pair.store}`, scenario, pair, i }] : [],
      ),
    );
  test.each(cells)('$name loses nothing and doubles nothing', async ({ scenario, pair, i }) => {
    const { calls, runs, wounds } = await matrix({ scenario, pair }, { stride, first: SEED + i });
    expect(wounds).toEqual([]);
    expect(calls).toBeGreaterThan(4);
    expect(runs).toBeGreaterThan(0);
  });
});

describe('seeded runs over a log for a head', () => {
  test.each(kinds.map((store, i) => ({ store, i })))('settle the source, whatever goes wrong: $store', async ({ store, i }) => {
    const pair = logPair(store);
    const failures: string[] = [];
    for (const [at, scenario] of sampled(scenarios.filter((one) => isFor(one, pair)).entries(), 12, SEED + 3 * i)) {
      const plot: Plot = { scenario, pair };
      const seed = SEED + at * 4 + i;
      for (const pickBy of sampled([seeded, drowsy], 2, (SEED >> 1) + at))
        if ((await execute(plot, pickBy(seed), true)).violation !== null)
          failures.push([`${seed}: ${scenario.name}`, ...(await explain(plot, pickBy(seed), true))].join('\n'));
    }
    expect(failures).toEqual([]);
  });

  /** A run stops right before it moves the head, and the head moves to a fence meanwhile. */
  const fenced = directed.find(({ scenario }) => scenario.name === 'fenced between the look at the head and its move')?.scenario;
  const moves: readonly Move[] = [
    { process: 'adopt', until: /state list $/, more: 3 },
    { process: 'B', before: /put if none .*_log/ },
    { process: 'adopt' },
    { process: 'B' },
  ];

  async function overtaken(kind: HeadKind): Promise<string | null> {
    if (!fenced) throw new Error('no such scenario');
    const plot = { scenario: fenced, pair: logPair('plain', kind) };
    return (await execute(plot, directing(moves), true)).violation;
  }

  test('a run whose head was moved by another does not count as the winner', async () => {
    expect(await overtaken(logHeads)).toBeNull();
  });

  test('a log that takes every move for won does not pass', async () => {
    const careless: HeadKind = {
      ...logHeads,
      open(files, place) {
        const log = logHeads.open(files, place);
        return but(log, {
          move: async (from, to) => {
            await log.move(from, to);
            return 'moved';
          },
        });
      },
    };
    expect(await overtaken(careless)).not.toBeNull();
  });
});

describe('a log for a head', () => {
  const place = placeOf();
  const head = (id: string, prev: string | null): FilesHead => ({
    id,
    prev,
    epoch: 1,
    lineage: 'mine',
    state: 'files',
    flow: 'f',
    entity: 'e',
    watermark: null,
    boundary: null,
    schema: null,
    rows: 0,
    bytes: 0,
    files: [{ name: `crm/e/${id}.jsonl`, bytes: 1, rows: 0, role: 'data' }],
  });

  test('moves once from each position, and each entry says only what changed', async () => {
    const files = new MemoryFileSystem();
    const [mine, yours] = [logHeads.open(files, place), logHeads.open(files, place)];
    expect(await mine.move(undefined, head('a', null))).toBe('moved');
    expect(await yours.move(undefined, head('b', null))).toBe('overtaken');
    const from = await mine.read();
    expect(await yours.move(from, head('c', 'a'))).toBe('moved');
    expect(await mine.move(from, head('d', 'a'))).toBe('overtaken');
    expect((await mine.read())?.head).toEqual(head('c', 'a'));
    const entry = await files.get('_hygge/f/e/_log/00000000000000000002.json');
    expect(JSON.parse(new TextDecoder().decode(entry?.body))).toMatchObject({
      adds: [{ name: 'crm/e/c.jsonl' }],
      removes: ['crm/e/a.jsonl'],
    });
  });

  test('is not moved by an entry that was on its way when the log was removed', async () => {
    const files = new MemoryFileSystem();
    const log = logHeads.open(files, place);
    await log.move(undefined, head('a', null));
    const old = await log.read();
    await log.drop();
    await log.move(old, head('late', 'a'));
    expect(await log.read()).toBeUndefined();
    expect(await log.move(undefined, head('new', null))).toBe('moved');
    expect((await log.read())?.head.id).toBe('new');
    expect(await log.move(await log.read(), head('next', 'new'))).toBe('moved');
    expect((await log.read())?.head.id).toBe('next');
  });
});
